//! The stock command, `pulumi`, as a child process.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use thiserror::Error;
use tokio::process::{Child, Command};

use super::invocation::Invocation;

mod signals;

use signals::Signals;

/// Why the stock command cannot be run.
#[derive(Debug, Error)]
pub enum CommandError {
    /// It is not installed.
    #[error(
        "there is no `pulumi` on PATH; install the Pulumi CLI (https://www.pulumi.com/docs/install/) and run this again"
    )]
    Missing,
    /// The system refuses.
    #[error("cannot run `pulumi`: {0}")]
    Run(#[source] io::Error),
}

/// What a process that a signal ended is said to have answered, as shells say it.
const SIGNALLED: u8 = 128;
/// What is answered where the system says nothing that fits into an exit code.
const UNKNOWN: u8 = 255;

/// Whether there is such a command, before anything is done for it.
pub(crate) fn installed() -> Result<(), CommandError> {
    let name = format!("pulumi{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|directory| directory.join(&name).is_file());
    found.then_some(()).ok_or(CommandError::Missing)
}

/// Makes the stack if it is not there yet. It is not selected: who named it for one run did not ask for that.
///
/// Answers with the exit code of the stock command, which has said what is wrong if that is not 0.
pub(crate) async fn make_stack(directory: &Path, stack: &str) -> Result<u8, CommandError> {
    let mut look = pulumi(directory, ["stack", "--show-name", "--non-interactive", "--stack", stack]);
    look.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Whatever keeps it from being looked at also keeps it from being made, and that is said then.
    if look.status().await.map_err(failed)?.success() {
        return Ok(0);
    }
    let mut make = pulumi(directory, ["stack", "init", "--no-select", stack]);
    Ok(code(make.status().await.map_err(failed)?))
}

/// The stock command at work, with this process' terminal.
pub(crate) struct Running {
    child: Child,
    signals: Signals,
}

impl Running {
    /// Starts it; it runs the program by calling a language runtime at `address`.
    pub(crate) fn start(
        directory: &Path,
        invocation: &Invocation,
        address: &str,
    ) -> Result<Self, CommandError> {
        let client = format!("--client={address}");
        let mut command = pulumi(directory, [invocation.verb.as_str(), &client, "--exec-kind=auto.inline"]);
        if let Some(stack) = &invocation.stack {
            command.args(["--stack", stack]);
        }
        command.args(&invocation.arguments);
        // A terminal sends Ctrl-C to everybody in its foreground, the child included, and only there can the child ask.
        // Elsewhere the child is kept apart, so that it hears of a signal once: the second means to stop at once.
        let foreground = io::stdin().is_terminal();
        if !foreground {
            apart(&mut command);
        }
        let signals = Signals::new(foreground).map_err(CommandError::Run)?;
        Ok(Self { child: command.spawn().map_err(failed)?, signals })
    }

    /// Waits for its end, handing on signals meanwhile, and answers with its exit code.
    pub(crate) async fn finish(&mut self) -> Result<u8, CommandError> {
        loop {
            tokio::select! {
                status = self.child.wait() => return status.map(code).map_err(CommandError::Run),
                signal = self.signals.next() => signal.hand_on(self.child.id()),
            }
        }
    }
}

fn pulumi<'a>(directory: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new("pulumi");
    command.args(arguments).current_dir(directory);
    command
}

fn failed(error: io::Error) -> CommandError {
    match error.kind() {
        io::ErrorKind::NotFound => CommandError::Missing,
        _ => CommandError::Run(error),
    }
}

#[cfg(unix)]
fn apart(command: &mut Command) {
    command.process_group(0);
}

#[cfg(not(unix))]
fn apart(_: &mut Command) {}

fn code(status: ExitStatus) -> u8 {
    match status.code() {
        Some(code) => u8::try_from(code).unwrap_or(UNKNOWN),
        None => signalled(status),
    }
}

#[cfg(unix)]
fn signalled(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let signal = status.signal().and_then(|signal| u8::try_from(signal).ok());
    signal.map_or(UNKNOWN, |signal| SIGNALLED.saturating_add(signal))
}

#[cfg(not(unix))]
fn signalled(_: ExitStatus) -> u8 {
    UNKNOWN
}
