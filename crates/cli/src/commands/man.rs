//! `keyloom man`: manual pages, from the definitions of the command line. No date and no version is in them, so that
//! packages of one source hold the same bytes.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man as Page;
use keyloom_syntax::suggest::suggest;

use crate::args::{Args, Man};
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;
use crate::report::text::one_line;

pub(super) fn run(args: &Man, io: &mut Io) -> Result<u8, Failure> {
    let mut commands = commands();
    match (&args.out, &args.verb) {
        (Some(dir), _) => write_all(&commands, dir, io)?,
        (None, verb) => {
            let wanted = verb.as_deref().unwrap_or("keyloom");
            let at = commands.iter().position(|command| name(command) == wanted);
            let Some(at) = at else { return Err(unknown(wanted, &commands)) };
            let text = page(commands.swap_remove(at))?;
            io.write(|out| out.write_all(&text))?;
        }
    }
    Ok(exit_code::CLEAN)
}

/// The command itself, its verbs, and theirs.
fn commands() -> Vec<Command> {
    // `keyloom help` has no page of its own.
    let mut whole = Args::command().disable_help_subcommand(true);
    whole.build();
    let mut all = vec![whole];
    let mut at = 0;
    while let Some(command) = all.get(at) {
        let verbs: Vec<_> = command.get_subcommands().filter(|it| it.get_name() != "help").cloned().collect();
        all.extend(verbs);
        at += 1;
    }
    all
}

/// What a page is asked for by: `connection-get`.
fn name(command: &Command) -> &str {
    let whole = command.get_display_name().unwrap_or_else(|| command.get_name());
    whole.strip_prefix("keyloom-").unwrap_or(whole)
}

fn write_all(commands: &[Command], dir: &Path, io: &Io) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Failure::Write { path, source }
    };
    fs::create_dir_all(dir).map_err(failed(dir))?;
    for command in commands {
        let path = dir.join(Page::new(command.clone()).get_filename());
        fs::write(&path, page(command.clone())?).map_err(failed(&path))?;
    }
    io.say(&format!("{}: wrote {} pages", dir.display(), commands.len()));
    Ok(())
}

fn unknown(verb: &str, commands: &[Command]) -> Failure {
    let near = suggest(verb, commands.iter().map(name));
    let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    Failure::Usage(format!("there is no page about {}{hint}", one_line(verb)))
}

/// A page. What stands behind the help is shown as it stands there: it has columns and commands.
fn page(command: Command) -> io::Result<Vec<u8>> {
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let verbs = command.has_subcommands();
    let page = Page::new(command).source("keyloom").manual("Keyloom");
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if verbs {
        page.render_subcommands_section(&mut text)?;
    }
    if !after.is_empty() {
        writeln!(text, ".SH NOTES\n.nf")?;
        for line in after.lines() {
            writeln!(text, "{}", escaped(line))?;
        }
        writeln!(text, ".fi")?;
    }
    Ok(text)
}

/// A line of text as roff takes it: a backslash begins an escape, and a dot or a quote at the front a request.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-");
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_stay_lines() {
        assert_eq!(super::escaped(".a \\n --b"), "\\&.a \\en \\-\\-b");
        assert_eq!(super::escaped("  a | b"), "  a | b");
    }
}
