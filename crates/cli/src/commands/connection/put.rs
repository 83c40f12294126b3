//! `keyloom connection put`: a connection that is checked, and then written.

use std::io::{self, IsTerminal};
use std::path::Path;

use keyloom_connections::{Connection, Problem, Secret, name_problems};
use keyloom_live::connections::{Part, Written, compose, put};
use keyloom_runtime::connections::{Connections, Failure as Refusal, Over, Shown};

use super::asking;
use crate::args::Put;
use crate::exit_code;
use crate::failure::Failure;
use crate::inputs;
use crate::io::Io;
use crate::report::text::one_line;

pub(super) fn run(args: &Put, io: &mut Io) -> Result<u8, Failure> {
    let odd = name_problems(&args.name);
    for problem in &odd {
        let word = if problem.is_warning() { "warning" } else { "error" };
        io.say(&format!("{word}: {}; {}", one_line(&problem.to_string()), problem.remedy()));
    }
    if !odd.iter().all(Problem::is_warning) {
        return Ok(exit_code::USAGE);
    }
    let text = match &args.r#type {
        Some(word) => match composed(args, word) {
            Ok(text) => text,
            Err(lines) => {
                lines.iter().for_each(|line| io.say(&format!("error: {line}")));
                return Ok(exit_code::USAGE);
            }
        },
        None => read(args.file.as_deref().unwrap_or(Path::new("-")))?,
    };
    let connection = match Connection::parse(&args.name, &text) {
        Ok(read) => {
            for warning in &read.warnings {
                io.say(&format!("warning: {warning}; {}", warning.remedy()));
            }
            read.connection
        }
        Err(problems) => {
            for problem in &problems {
                let word = if problem.is_warning() { "warning" } else { "error" };
                io.say(&format!("{word}: {problem}; {}", problem.remedy()));
            }
            io.say("nothing is written");
            return Ok(exit_code::FINDINGS);
        }
    };
    let all = match asking::backend(&args.backend) {
        Ok(all) => all,
        Err(error) => return Ok(asking::failed(&error, io)),
    };
    let over = if args.force { Over::Anything } else { Over::Nothing };
    let written = asking::block_on(put(&all, &connection, &text, over))?;
    Ok(told(&connection, &place(&all), written, io))
}

/// The backend, or the file where it is one.
fn place(all: &Connections) -> String {
    let settings = all.settings().into_iter();
    let file = settings.filter(|setting| setting.name == "file").find_map(|setting| match setting.shown {
        Shown::Value(path) => Some(path),
        Shown::Credential | Shown::LeftTo(_) | Shown::Unset => None,
    });
    file.map_or_else(|| all.backend().word().to_owned(), |path| format!("the file {}", one_line(&path)))
}

fn told(connection: &Connection, backend: &str, written: Result<Written, Refusal>, io: &Io) -> u8 {
    let name = one_line(connection.name());
    match written {
        Ok(Written::New) => {
            io.say(&format!("connection '{name}' ({}) is written to {backend}", connection.kind().word));
            exit_code::CLEAN
        }
        Ok(Written::Same) => {
            io.say(&format!("connection '{name}' is there already, with the same fields"));
            exit_code::CLEAN
        }
        Ok(Written::Replaced(changes)) => {
            changes.iter().for_each(|change| io.say(&format!("  {change}")));
            io.say(&format!("connection '{name}' ({}) is replaced in {backend}", connection.kind().word));
            exit_code::CLEAN
        }
        Ok(Written::Kept(changes)) => {
            io.say(&format!("error: connection '{name}' is there already, and this one is different; to replace it, add --force"));
            changes.iter().for_each(|change| io.say(&format!("  {change}")));
            exit_code::FINDINGS
        }
        Err(failure) => {
            io.say(&format!("error: {failure}"));
            asking::code_of_writing(failure.kind)
        }
    }
}

fn read(path: &Path) -> Result<Secret, Failure> {
    if inputs::is_stdin(path) && io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "nothing is on standard input; hand the connection over as JSON there, name a file with --file, or write --type".to_owned(),
        ));
    }
    let text = inputs::text(path, &inputs::budget_of(None))?;
    Ok(Secret::new(text))
}

/// The JSON of the flags, or all that is wrong with them.
fn composed(args: &Put, word: &str) -> Result<Secret, Vec<String>> {
    let mut wrong = Vec::new();
    let mut parts = Vec::new();
    for said in &args.set {
        match said.split_once('=') {
            Some((field, value)) => {
                parts.push(Part {
                    field: field.to_owned(),
                    value: Secret::new(value.to_owned()),
                    open: true,
                });
            }
            None => wrong.push("--set takes FIELD=VALUE".to_owned()),
        }
    }
    for said in &args.set_from_env {
        let Some((field, variable)) = said.split_once('=') else {
            wrong.push("--set-from-env takes FIELD=VARIABLE".to_owned());
            continue;
        };
        match std::env::var(variable) {
            Ok(value) => parts.push(Part { field: field.to_owned(), value: Secret::new(value), open: false }),
            Err(std::env::VarError::NotPresent) if is_name(variable) => {
                wrong.push(format!("the variable {variable} for `{field}` is not set"));
            }
            // It may be the value itself, by mistake.
            Err(std::env::VarError::NotPresent) => {
                wrong.push(format!(
                    "what is written for `{field}` is no variable that is set; write its name"
                ));
            }
            Err(std::env::VarError::NotUnicode(_)) => {
                wrong.push(format!("the variable {variable} for `{field}` does not hold UTF-8"));
            }
        }
    }
    match compose(word, &parts) {
        Ok(text) if wrong.is_empty() => Ok(text),
        Ok(_) => Err(wrong),
        Err(refused) => {
            wrong.extend(refused.iter().map(ToString::to_string));
            Err(wrong)
        }
    }
}

/// Whether it looks like the name of a variable, and not like a value that was put there.
fn is_name(text: &str) -> bool {
    text.len() <= 64 && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}
