//! The inline runner: the stock command drives the deployment, and calls back into this process for the program.

use std::convert::Infallible;
use std::future::pending;
use std::io::{self, Write};
use std::path::PathBuf;

use keyloom_wire::serve::Port;
use keyloom_wire::service::LanguageRuntime;
use thiserror::Error;
use tokio::sync::mpsc::Receiver;

use super::command::{self, CommandError, Running};
use super::invocation::Invocation;
use super::project::{self, ProjectError};
use super::runtime_server::{Run, Runtime};
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
    /// No port for the stock command to call.
    #[error("cannot open a port of this machine: {0}")]
    Port(#[source] io::Error),
}

/// Runs the stock command over a program, and answers with its exit code.
pub(super) async fn drive(
    invocation: &Invocation,
    runtime: &str,
    program: &impl Program,
) -> Result<u8, InlineError> {
    command::installed()?;
    let begins = invocation.verb.begins();
    let here = invocation.directory.clone().unwrap_or_else(|| PathBuf::from("."));
    let project = project::find(&here, begins.then_some(runtime))?;
    if let Some(path) = &project.written {
        say(&format!("wrote {}", path.display()));
    }
    if let (true, Some(stack)) = (begins, &invocation.stack) {
        let code = command::make_stack(&project.directory, stack).await?;
        if code != 0 {
            return Ok(code);
        }
    }
    let (runtime_server, mut runs) = Runtime::new();
    let port = Port::open().await.map_err(InlineError::Port)?;
    let address = port.address().to_string();
    let serving = tokio::spawn(port.serve(runtime_server.router(), pending()));
    let mut running = Running::start(&project.directory, invocation, &address)?;
    let code = tokio::select! {
        code = running.finish() => code,
        never = answer(&mut runs, program) => match never {},
    };
    serving.abort();
    Ok(code?)
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
