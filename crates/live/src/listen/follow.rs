//! From one snapshot to the next: files, whoever asks, the command, until somebody ends it.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use keyloom_runtime::{Clock, Snapshot};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::command::debounce::Debounce;
use super::command::signal::{Signal, Signals};
use super::command::{OnChange, Program, Running, Stopped};
use super::http::Server;
use super::http::answer::kind;
use super::outputs::Outputs;
use super::state::{Event, State};
use super::{Failed, Say, secrets};
use crate::command_error::CommandError;

/// After so long files that could not be written are tried again.
const AGAIN: Duration = Duration::from_secs(10);
/// After so long a command that has not said what it does on a signal is looked at again.
const LOOK: Duration = Duration::from_secs(2);
/// So many names of changes are said; of more, how many.
const NAMES: usize = 20;

/// What follows the secrets.
pub(super) struct Follower<'a> {
    pub(super) outputs: Outputs,
    pub(super) state: Arc<State>,
    pub(super) server: Option<Server>,
    pub(super) program: Option<Program>,
    pub(super) clock: Clock,
    pub(super) say: Say<'a>,
}

/// Ends with whatever holds it.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The command and what it has not been told.
struct Told<'p> {
    program: &'p Program,
    running: Running,
    /// Of the secrets that it was started with.
    version: u64,
    debounce: Debounce,
    /// When it is looked at again, for it had not said what it does on the signal.
    look: Option<Duration>,
}

impl Follower<'_> {
    /// Does the first load, and follows from then on, until a signal or the command ends it; answers with the exit code.
    pub(super) async fn follow(
        mut self,
        mut snapshots: watch::Receiver<Arc<Snapshot>>,
        mut signals: Signals,
    ) -> Result<u8, Failed> {
        if self.program.is_some() {
            signals.hear(&Signal::ALL).map_err(Failed::System)?;
        }
        let first = snapshots.borrow_and_update().clone();
        self.outputs.write(&first, self.say).map_err(Failed::Files)?;
        self.state.publish(first.clone());
        // Not before there is something to be told; whoever connects earlier waits.
        let _serving = self.server.take().map(|server| Serving(tokio::spawn(server.serve())));
        let program = self.program.take();
        let mut told = program.as_ref().map(|program| self.start(program, &first)).transpose()?;
        (self.say)(&format!("ready with {}", secrets(first.len())));
        let mut again = None;
        loop {
            let due = told.as_ref().and_then(Told::due);
            tokio::select! {
                changed = snapshots.changed() => {
                    if changed.is_err() {
                        return Err(Failed::Ended);
                    }
                    let snapshot = snapshots.borrow_and_update().clone();
                    again = self.write(&snapshot);
                    let version = snapshot.version();
                    let events = self.state.publish(snapshot);
                    // It may have been started with these already, when they came while it ended.
                    if let Some(told) = told.as_mut().filter(|told| told.version < version)
                        && !events.is_empty()
                    {
                        told.debounce.note(self.clock.now());
                    }
                    self.tell(&events);
                }
                () = until(&self.clock, again) => again = self.write(&snapshots.borrow().clone()),
                () = until(&self.clock, due) => {
                    if let Some(told) = &mut told
                        && let Some(code) = self.change(told, &snapshots, &mut signals).await?
                    {
                        return Ok(code);
                    }
                }
                code = ended(told.as_mut()) => {
                    if let Some(told) = &mut told {
                        told.running.end_rest(told.program.grace, &self.clock).await;
                    }
                    return code.map_err(Failed::System);
                }
                signal = signals.next() => match &told {
                    Some(told) => told.running.hand_on(signal),
                    None => return Ok(0),
                },
            }
        }
    }

    /// Writes files; answers with when to try again.
    fn write(&mut self, snapshot: &Snapshot) -> Option<Duration> {
        let error = self.outputs.write(snapshot, self.say).err()?;
        (self.say)(&format!("error: {error}; the old ones stay for now"));
        Some(self.clock.now().saturating_add(AGAIN))
    }

    fn tell(&self, events: &[Event]) {
        if events.is_empty() {
            return;
        }
        let names = events.iter().take(NAMES).map(|event| format!("{:?} {}", event.key, kind(event.kind)));
        let more = events.len().saturating_sub(NAMES);
        let more = (more > 0).then(|| format!("{more} more"));
        let names: Vec<_> = names.chain(more).collect();
        (self.say)(&format!("changed: {}", names.join(", ")));
    }

    fn start<'p>(&self, program: &'p Program, snapshot: &Snapshot) -> Result<Told<'p>, Failed> {
        let running = self.run(program, snapshot)?;
        let version = snapshot.version();
        Ok(Told { program, running, version, debounce: Debounce::new(program.quiet), look: None })
    }

    fn run(&self, program: &Program, snapshot: &Snapshot) -> Result<Running, CommandError> {
        let (running, refused) = Running::start(&program.arguments, snapshot)?;
        for (key, why) in refused {
            (self.say)(&format!("warning: the command does not get {key:?}: it {why}"));
        }
        Ok(running)
    }

    /// Tells the command that something changed; answers with the exit code if that was its end.
    async fn change(
        &self,
        told: &mut Told<'_>,
        snapshots: &watch::Receiver<Arc<Snapshot>>,
        signals: &mut Signals,
    ) -> Result<Option<u8>, Failed> {
        match told.program.on_change {
            OnChange::Ignore => told.debounce.told(),
            OnChange::Signal(signal) if told.running.minds(signal) => {
                told.look = None;
                told.running.send(signal);
                told.debounce.told();
                (self.say)(&format!("the command got SIG{signal}"));
            }
            OnChange::Signal(signal) => {
                if told.look.is_none() {
                    (self.say)(&format!(
                        "warning: the command does not handle SIG{signal}, which would end it, so that it is not sent \
                         until it does; there is also --on-change restart"
                    ));
                }
                told.look = Some(self.clock.now().saturating_add(LOOK));
            }
            OnChange::Restart => {
                (self.say)("the command is started again");
                let stopped = told.running.stop(told.program.grace, &self.clock, signals).await;
                if let Stopped::Over(code) = stopped.map_err(Failed::System)? {
                    return Ok(Some(code));
                }
                let snapshot = snapshots.borrow().clone();
                told.running = self.run(told.program, &snapshot)?;
                told.version = snapshot.version();
                told.debounce.told();
            }
        }
        Ok(None)
    }
}

impl Told<'_> {
    fn due(&self) -> Option<Duration> {
        self.debounce.due().map(|due| self.look.map_or(due, |look| due.max(look)))
    }
}

async fn until(clock: &Clock, moment: Option<Duration>) {
    match moment {
        Some(moment) => clock.sleep_until(moment).await,
        None => pending().await,
    }
}

async fn ended(told: Option<&mut Told<'_>>) -> io::Result<u8> {
    match told {
        Some(told) => told.running.wait().await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests;
