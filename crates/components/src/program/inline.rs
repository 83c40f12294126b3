//! The inline runner: the stock command drives the deployment, and calls back into this process for the program.

use std::convert::Infallible;
use std::future::pending;
use std::io::{self, Write};
use std::path::PathBuf;

use thiserror::Error;
use tokio::sync::mpsc::Receiver;

use super::command::{self, CommandError};
use super::invocation::Invocation;
use super::project::{self, Language, ProjectError};
use super::runtime_server::{Run, Runtime};
use super::watch::Watched;
use super::{Program, session};

/// Why nothing was run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InlineError {
    /// The stock command is missing or cannot be started.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// There is no project, and none can be begun.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// No thread, or no port of this machine for the stock command to call.
    #[error("the system refuses what running `pulumi` needs: {0}")]
    Start(#[source] io::Error),
}

/// Runs the stock command over a program, and answers with its exit code.
pub(super) async fn drive(
    invocation: &Invocation,
    language: Language<'_>,
    program: &impl Program,
) -> Result<u8, InlineError> {
    command::installed()?;
    let begins = invocation.verb.begins();
    let here = invocation.directory.clone().unwrap_or_else(|| PathBuf::from("."));
    let named = invocation.stack.is_some();
    let project = project::find(&here, language, begins && named).map_err(|error| match error {
        ProjectError::Missing(here) if begins => ProjectError::NoStack(here),
        error => error,
    })?;
    if let Some(path) = &project.written {
        say(&format!("wrote {}", path.display()));
    }
    if let (true, Some(stack)) = (begins, &invocation.stack) {
        let code = command::make_stack(&project.directory, stack).await?;
        if code != 0 {
            return Ok(code);
        }
    }
    let (runtime, mut runs) = Runtime::new();
    let watched = Watched::start(project.directory, invocation.clone(), runtime)?;
    tokio::select! {
        code = watched.end() => code,
        never = answer(&mut runs, program) => match never {},
    }
}

/// Runs the program whenever the engine asks for it, until nobody can ask any more.
async fn answer(runs: &mut Receiver<Run>, program: &impl Program) -> Infallible {
    while let Some(Run { deployment, mut answer }) = runs.recv().await {
        // An engine that hung up is no longer there to register with either.
        let ended = tokio::select! {
            ended = session::run(program, deployment) => ended,
            () = answer.closed() => continue,
        };
        let _ = answer.send(ended.into());
    }
    pending().await
}

/// A line for the user; where nobody can hear it, it is dropped.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
