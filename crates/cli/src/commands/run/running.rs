//! What `keyloom run` fetches, and the command that it becomes.

use keyloom_live::connections::{self, CommandError};
use keyloom_runtime::connections::ConnectionError;

use crate::args::Run;
use crate::commands::connection::asking;
use crate::exit_code;
use crate::io::Io;

pub(super) fn run(args: &Run, io: &Io) -> u8 {
    if let Some(wrong) = args.connections.iter().find(|name| name.trim().is_empty()) {
        let wrong = if wrong.is_empty() { "an empty name" } else { "a name of spaces alone" };
        io.say(&format!("error: --connections holds {wrong}; write NAME,NAME"));
        return exit_code::OURS;
    }
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
    }
}

/// The variables of the command, or all that is in the way of them.
fn fetched(args: &Run) -> Result<connections::Variables, Vec<String>> {
    let mut names = Vec::new();
    // `a, b` is written as easily as `a,b`.
    for name in args.connections.iter().map(|name| name.trim()) {
        if !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    }
    let said = |errors: Vec<_>| errors.iter().flat_map(ConnectionError::lines).collect::<Vec<_>>();
    let all = asking::backend(&args.backend).map_err(|error| said(vec![error]))?;
    let fetched = asking::block_on(connections::fetch(&all, &names));
    let fetched = fetched.map_err(|error| vec![error.to_string()])?.map_err(said)?;
    let parent = std::env::vars_os().collect();
    let variables = connections::variables(&fetched, all.backend().word(), args.keep_credentials, &parent);
    variables.map_err(|clashes| clashes.iter().map(ToString::to_string).collect())
}
