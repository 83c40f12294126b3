//! Pulumi programs in Rust: [`run`].

use std::env;
use std::error::Error;
use std::process::ExitCode;

use tokio::runtime;

mod command;
mod component;
pub mod config;
pub mod context;
mod deployment;
mod export;
mod external_secret;
mod handle;
mod inline;
pub mod invocation;
mod keyloom;
pub mod options;
mod project;
mod readable;
pub mod resource;
mod runtime_server;
mod secret_store;
mod session;
mod watch;

pub use command::CommandError;
pub use config::{Config, ConfigError};
pub use context::Context;
pub use export::Export;
pub use external_secret::{ApiKey, DatabaseCredentials, ExternalSecret, TlsCertificate};
pub use handle::Handle;
pub use inline::InlineError;
pub use invocation::{Invocation, Verb};
pub use keyloom::Keyloom;
pub use keyloom_syntax::{Block, Text};
pub use options::Options;
pub use project::{Language, ProjectError};
pub use resource::{Resource, ResourceError};
pub use secret_store::SecretStore;

use deployment::{Deployment, MONITOR};
use inline::say;
use invocation::UsageError;
use session::Ended;

/// What went wrong in a program: any error, so that `?` works on all of them.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// The error was told already; language hosts say nothing of their own then.
const TOLD: u8 = 32;
const FAILED: u8 = 1;
const USAGE: u8 = 2;

/// What the Pulumi.yaml of a Rust program says.
const LANGUAGE: Language<'_> = Language {
    runtime: "rust",
    description: "run by `cargo run -- up`; `pulumi up` wants a language host for Rust",
};

/// Runs a Pulumi program, and answers with the exit code of the process.
///
/// A language host (`runtime: rust` in Pulumi.yaml) starts the process with its own environment; the program is run once. Without
/// one, the process takes a verb, `preview`, `up`, `refresh` or `destroy`, and drives the Pulumi CLI, which must be on
/// PATH: `cargo run -- up --stack dev`. Then the program is run as often as the CLI asks: once for a preview, twice for an `up`
/// that shows what it will do first, never for `destroy`. Its output is the user's, on the terminal as it comes.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// fn main() -> ExitCode {
///     keyloom_components::run(async |ctx| {
///         let region = ctx.config().require("region")?;
///         ctx.export("region", region);
///         Ok(())
///     })
/// }
/// ```
///
/// What the program declares in the background is waited for after it ends. An error, be it the program's or that of a
/// registration, fails the deployment; it is told once, at the stack.
pub fn run<P>(program: P) -> ExitCode
where
    P: AsyncFn(Context) -> Result<(), BoxError>,
{
    let code = match env::var_os(MONITOR) {
        Some(_) => hosted(&program),
        None => inline(env::args().skip(1), &program),
    };
    ExitCode::from(code)
}

/// Declares in a stack that another library runs: one process, one stack, two libraries.
///
/// A program of `pulumi_gestalt_rust` calls it inside its own function, on a thread with an executor of its own. The
/// environment is that of the language host; the stack is the one that the other library registers, whose URN does not
/// depend on who does, and its outputs are the other's too. Everything declared is registered when this returns.
///
/// ```no_run
/// # use keyloom_components::program::{BoxError, join};
/// # fn inside_of_the_other_program() -> Result<(), BoxError> {
/// let executor = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// executor.block_on(join(async |ctx| {
///     let region = ctx.config().require("region")?;
///     // components of Keyloom
///     Ok(())
/// }))
/// # }
/// ```
///
/// # Errors
/// Of the environment, of the program, and of its registrations; the other library is to tell them.
pub async fn join<P>(program: P) -> Result<(), BoxError>
where
    P: AsyncFn(Context) -> Result<(), BoxError>,
{
    let deployment = Deployment::from_environment(|name| env::var(name).ok())?;
    session::join(&program, deployment).await
}

/// Drives the Pulumi CLI over a program, as [`run`] does, and answers with its exit code. When the CLI ends while the program
/// blocks its thread, the process ends with it. A Pulumi.yaml that is there must be of this `language`; one that
/// has to be written will be.
///
/// # Errors
/// When the CLI could not be run.
pub fn run_inline<P>(invocation: &Invocation, language: Language<'_>, program: P) -> Result<u8, InlineError>
where
    P: AsyncFn(Context) -> Result<(), BoxError>,
{
    executor().map_err(InlineError::Start)?.block_on(inline::drive(invocation, language, &program))
}

/// Runs the program for the host that set the environment.
fn hosted(program: &impl Program) -> u8 {
    // Text that is not UTF-8 is nothing that a host wrote.
    let deployment = Deployment::from_environment(|name| env::var(name).ok());
    let ended = deployment.map_err(|error| error.to_string()).and_then(|deployment| {
        let executor = executor().map_err(|error| error.to_string())?;
        Ok(executor.block_on(session::run(program, deployment)))
    });
    match ended {
        Ok(Ended::Well) => 0,
        Ok(Ended::Told) => TOLD,
        Ok(Ended::Untold(error)) | Err(error) => {
            say(&format!("error: {error}"));
            FAILED
        }
    }
}

fn inline<P>(arguments: impl Iterator<Item = String>, program: &P) -> u8
where
    P: AsyncFn(Context) -> Result<(), BoxError>,
{
    let invocation = match Invocation::parse(arguments) {
        Ok(invocation) => invocation,
        Err(error @ UsageError::Help) => {
            say(&error.to_string());
            return 0;
        }
        Err(error) => {
            say(&format!("error: {error}"));
            return USAGE;
        }
    };
    run_inline(&invocation, LANGUAGE, program).unwrap_or_else(|error| {
        say(&format!("error: {error}"));
        USAGE
    })
}

/// One thread is enough: a program waits, it does not compute.
fn executor() -> std::io::Result<runtime::Runtime> {
    runtime::Builder::new_current_thread().enable_all().build()
}

/// A program; the shorter name of the function that it is.
trait Program: AsyncFn(Context) -> Result<(), BoxError> {}

impl<P: AsyncFn(Context) -> Result<(), BoxError>> Program for P {}

#[cfg(test)]
mod tests;
