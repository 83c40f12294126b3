//! A command with the secrets in its environment.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use keyloom_runtime::{Clock, Snapshot};
use rustix::process::{
    Pid, Signal as Number, WaitOptions, kill_process, kill_process_group, test_kill_process_group, waitpgid,
};
use tokio::process::{Child, Command};

use super::names::LeftOut;
use super::said;
use crate::command_error::CommandError;
use crate::variables::no_variable;

pub(crate) mod debounce;
mod minds;
pub(crate) mod signal;

use signal::{Signal, Signals};

/// What a process that a signal ended is said to have answered, as shells say it.
const SIGNALLED: u8 = 128;
/// After so long it is looked whether anything is left of a command.
const LOOK: Duration = Duration::from_millis(50);
/// What is answered where the system says nothing that fits into an exit code.
const UNKNOWN: u8 = 255;
/// A command, and what it is told.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program and its arguments.
    pub arguments: Vec<OsString>,
    /// What happens when secrets change.
    pub on_change: OnChange,
    /// So long nothing must change before it is told.
    pub quiet: Duration,
    /// So long it may take to end before it is made to.
    pub grace: Duration,
}

/// What happens to a command when secrets change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnChange {
    /// It gets a signal, and reads the secrets from files or over HTTP.
    Signal(Signal),
    /// It is ended and started again, with the new secrets in its environment.
    Restart,
    /// Nothing.
    Ignore,
}

/// A command at work.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    /// Its process, and the group that has its number where it is not in the foreground: until nothing of it is left.
    process: Option<Pid>,
    /// Whether it shares the foreground of a terminal, which sends signals to both.
    foreground: bool,
}

/// How a command ended that was to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// As it was asked to.
    Restart,
    /// Somebody asked for the end of everything meanwhile: the exit code.
    Over(u8),
}

impl Running {
    /// Starts it, and answers with the names that cannot be variables.
    ///
    /// # Errors
    /// Why it does not run.
    pub(crate) fn start(
        arguments: &[OsString],
        snapshot: &Snapshot,
    ) -> Result<(Self, LeftOut), CommandError> {
        let (program, rest) = arguments.split_first().ok_or_else(|| CommandError::Missing(String::new()))?;
        let mut command = Command::new(program);
        command.args(rest).kill_on_drop(true);
        // A command does not need what lets somebody log in, since it is handed the secrets.
        for name in said::credentials() {
            command.env_remove(name);
        }
        let mut refused = Vec::new();
        for (key, secret) in snapshot.iter() {
            match no_variable(key, secret.expose()) {
                Some(why) => refused.push((key.to_owned(), why)),
                None => {
                    command.env(key, secret.expose());
                }
            }
        }
        // A terminal sends Ctrl-C to everybody in its foreground, and only there can the command ask something. Elsewhere it
        // is kept apart, so that it hears of a signal once.
        let foreground = io::stdin().is_terminal();
        if !foreground {
            command.process_group(0);
        }
        let child = command.spawn().map_err(|error| CommandError::of(program, error))?;
        let process = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        Ok((Self { child, process, foreground }, refused))
    }

    /// Waits for its end, and answers with its exit code.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn wait(&mut self) -> io::Result<u8> {
        self.child.wait().await.map(code)
    }

    /// Hands a signal on that this process got.
    pub(crate) fn hand_on(&self, signal: Signal) {
        match (self.foreground, signal) {
            (true, Signal::Int | Signal::Quit | Signal::Winch) => {}
            // What it has started is to end with it.
            (false, Signal::Int | Signal::Quit | Signal::Term) => self.ask(signal),
            (_, Signal::Hup | Signal::Term | Signal::Usr1 | Signal::Usr2) | (false, Signal::Winch) => {
                self.send(signal)
            }
        }
    }

    /// Sends a signal.
    pub(crate) fn send(&self, signal: Signal) {
        // Once it was waited for, its number may be another's.
        if let (Some(_), Some(child)) = (self.child.id(), self.process) {
            // It may have ended just now, and then nobody needs to be told.
            let _ = kill_process(child, signal.number());
        }
    }

    /// Whether it has said what it does on a signal; where the system does not tell, it is believed to have.
    pub(crate) fn minds(&self, signal: Signal) -> bool {
        self.child.id().and_then(|id| minds::minds(id, signal)).unwrap_or(true)
    }

    /// Ends it: asks, waits, and then makes it, with whatever it has started.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn stop(
        &mut self,
        grace: Duration,
        clock: &Clock,
        signals: &mut Signals,
    ) -> io::Result<Stopped> {
        self.ask(Signal::Term);
        let mut over = false;
        let end = clock.now().saturating_add(grace);
        let code = loop {
            tokio::select! {
                code = self.wait() => break code?,
                signal = signals.next() => match signal {
                    Signal::Int | Signal::Quit | Signal::Term => over = true,
                    Signal::Hup | Signal::Usr1 | Signal::Usr2 | Signal::Winch => self.hand_on(signal),
                },
                () = clock.sleep_until(end) => {
                    self.kill();
                    break self.wait().await?;
                }
            }
        };
        self.sweep(end, clock).await;
        Ok(if over { Stopped::Over(code) } else { Stopped::Restart })
    }

    /// Ends what it has left behind, after its own end: asks, waits, and then makes it.
    pub(crate) async fn end_rest(&mut self, grace: Duration, clock: &Clock) {
        self.ask(Signal::Term);
        self.sweep(clock.now().saturating_add(grace), clock).await;
    }

    /// Waits until nothing of its group is left, and makes it end when the time is over.
    async fn sweep(&mut self, end: Duration, clock: &Clock) {
        while self.is_left() {
            if clock.now() >= end {
                self.kill();
                break;
            }
            clock.sleep(LOOK).await;
        }
        self.process = None;
    }

    /// Whether any process of its own group is left.
    fn is_left(&self) -> bool {
        let Some(group) = self.process.filter(|_| !self.foreground) else { return false };
        // Orphans are ours where this is the first process of a container, and stay in the group until they are waited for.
        while let Ok(Some(_)) = waitpgid(group, WaitOptions::NOHANG) {}
        test_kill_process_group(group).is_ok()
    }

    /// Sends a signal to it and to what it has started, as far as that has not left its group.
    fn ask(&self, signal: Signal) {
        match self.process.filter(|_| !self.foreground) {
            // Nobody may be left.
            Some(group) => _ = kill_process_group(group, signal.number()),
            None => self.send(signal),
        }
    }

    fn kill(&self) {
        let Some(child) = self.process else { return };
        let _ = match (self.foreground, self.child.id()) {
            (true, Some(_)) => kill_process(child, Number::KILL),
            (true, None) => Ok(()),
            (false, _) => kill_process_group(child, Number::KILL),
        };
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn code(status: ExitStatus) -> u8 {
    let fits = |number: i32| u8::try_from(number).ok();
    match (status.code(), status.signal()) {
        (Some(code), _) => fits(code).unwrap_or(UNKNOWN),
        (None, signal) => signal.and_then(fits).map_or(UNKNOWN, |signal| SIGNALLED.saturating_add(signal)),
    }
}

#[cfg(test)]
mod tests;
