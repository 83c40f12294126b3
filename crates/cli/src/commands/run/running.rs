//! What `keyloom run` fetches, and the command that it becomes.

use keyloom_live::connections::{self, CommandError, Credentials};
use keyloom_runtime::connections::ConnectionError;

use crate::args::Run;
use crate::commands::connection::asking;
use crate::exit_code;
use crate::io::Io;

pub(super) fn run(args: &Run, io: &Io) -> u8 {
    let variables = match fetched(args) {
        Ok(variables) => variables,
        Err(lines) => {
            lines.iter().for_each(|line| io.say(&format!("error: {line}")));
            return exit_code::OURS;
        }
    };
    for name in &variables.replaced {
        io.say(&format!(
            "note: the variable {name} of the environment is replaced by a field of a connection"
        ));
    }
    for name in &variables.unsaid {
        io.say(&format!(
            "note: the variable {name} of the environment is taken out: its connection does not say that field"
        ));
    }
    let error = connections::run(&args.command, &variables);
    io.say(&format!("error: {error}"));
    match error {
        CommandError::Missing(_) => exit_code::NOT_FOUND,
        CommandError::Refused(..) => exit_code::NOT_RUN,
        // It is what keyloom adds that does not fit.
        CommandError::TooLarge(_) => exit_code::OURS,
    }
}

/// The variables of the command, or all that is in the way of them: of the command line, of the backend and of the connections.
fn fetched(args: &Run) -> Result<connections::Variables, Vec<String>> {
    let (mut names, mut wrong) = named(&args.connections);
    let (chosen, mischosen) = connections::chosen(&args.env, &names);
    wrong.extend(mischosen.iter().map(ToString::to_string));
    if args.connections.is_empty() {
        chosen.iter().for_each(|it| add(&mut names, &it.connection));
    }
    if names.is_empty() {
        return Err(wrong);
    }
    let all = match asking::backend(&args.backend) {
        Ok(all) => all,
        Err(error) => {
            wrong.extend(error.lines());
            return Err(wrong);
        }
    };
    let (fetched, errors) = match asking::block_on(connections::fetch(&all, &names)) {
        Ok(fetched) => fetched,
        Err(error) => {
            wrong.push(error.to_string());
            return Err(wrong);
        }
    };
    wrong.extend(errors.iter().flat_map(ConnectionError::lines));
    let (values, unsaid) = connections::values(&chosen, &fetched);
    wrong.extend(unsaid.iter().map(ToString::to_string));
    let parent = std::env::vars_os().collect();
    let credentials = if args.keep_credentials { Credentials::Kept } else { Credentials::Removed };
    match connections::variables(&fetched, values, all.backend().word(), credentials, &parent) {
        Ok(variables) if wrong.is_empty() => Ok(variables),
        Ok(_) => Err(wrong),
        Err(clashes) => {
            wrong.extend(clashes.iter().map(ToString::to_string));
            Err(wrong)
        }
    }
}

/// The names of --connections, each once, and what is none.
fn named(said: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut names, mut wrong) = (Vec::new(), Vec::new());
    for name in said {
        if name.trim().is_empty() {
            let what = if name.is_empty() { "an empty name" } else { "a name of spaces alone" };
            wrong.push(format!("--connections holds {what}; write NAME,NAME"));
        } else {
            // `a, b` is written as easily as `a,b`.
            add(&mut names, name.trim());
        }
    }
    (names, wrong)
}

fn add(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|it| it == name) {
        names.push(name.to_owned());
    }
}
