//! `keyloom listen`: the secrets of a folder for programs of any language, kept up to date: as files, over HTTP on this
//! machine, or in the environment of a command.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

pub use keyloom_runtime::Settings;
use keyloom_runtime::{Clock, Snapshot, Subscriber};
use tokio::sync::watch;

mod command;
mod files;
mod follow;
mod http;
mod memory;
mod names;
mod one_file;
mod outputs;
mod said;
mod state;

pub use crate::command_error::CommandError;
pub use command::signal::Signal;
pub use command::{OnChange, Program};
pub use one_file::Format;
pub use outputs::FileOptions;
pub use said::{Origin, Said, said, with_flags};

use command::signal::Signals;
use follow::Follower;
use http::Server;
use http::token::Token;
use outputs::Outputs;
use state::State;

/// Says a line to whoever runs it. Names and numbers are in it, never a value.
type Say<'a> = &'a (dyn Fn(&str) + Sync);

/// Where the secrets go. At least one of them is said.
#[derive(Clone, Debug)]
pub struct Options {
    /// A directory, for a file each.
    pub directory: Option<PathBuf>,
    /// One file for all.
    pub file: Option<FileOptions>,
    /// Rights of files, such as 0o400.
    pub mode: u32,
    /// Whoever asks over HTTP on this machine.
    pub serve: Option<ServeOptions>,
    /// A command.
    pub program: Option<Program>,
}

/// HTTP for programs on this machine.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where it listens: an address of this machine alone.
    pub address: SocketAddr,
    /// The file of the token that is asked for. It is made where it is not there.
    pub token_file: PathBuf,
}

/// Why it does not listen, or no longer.
#[derive(Debug)]
pub enum Failed {
    /// What is wrong with where the secrets are to go, all of it.
    Places(Vec<String>),
    /// The secrets cannot be loaded.
    Load(keyloom_runtime::Error),
    /// Files cannot be written.
    Files(String),
    /// The command does not run.
    Command(CommandError),
    /// The system refuses.
    System(io::Error),
    /// Nobody tells of changes any more.
    Ended,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Places(wrong) => f.write_str(&wrong.join("\n")),
            Self::Load(error) => error.fmt(f),
            Self::Files(why) => f.write_str(why),
            Self::Command(error) => error.fmt(f),
            Self::System(error) => error.fmt(f),
            Self::Ended => f.write_str("nobody tells of changes any more"),
        }
    }
}

impl std::error::Error for Failed {}

impl From<CommandError> for Failed {
    fn from(error: CommandError) -> Self {
        Self::Command(error)
    }
}

/// Loads the secrets, hands them on, and follows their changes until somebody ends it or the command ends; answers with the
/// exit code. `say` gets a line for people.
///
/// # Errors
/// Why it does not listen, or no longer.
pub async fn listen(
    settings: Settings,
    options: Options,
    say: &'static (dyn Fn(&str) + Sync),
) -> Result<u8, Failed> {
    crate::heard::hear(say);
    let clock = settings.clock.clone();
    let state = Arc::new(State::new().map_err(Failed::System)?);
    let (outputs, server) = places(&options, &state, &clock, say).await?;
    let subscriber = Arc::new(Subscriber::new(settings).map_err(Failed::Load)?);
    // Whoever ends this while it loads does not wait for that.
    let mut signals = Signals::of(&[Signal::Int, Signal::Term]).map_err(Failed::System)?;
    tokio::select! {
        started = subscriber.start() => started.map_err(Failed::Load)?,
        signal = signals.next() => return Ok(if options.program.is_some() { signal.exit_code() } else { 0 }),
    }
    let follower = Follower { outputs, state, server, program: options.program, clock, say };
    let followed = follower.follow(snapshots(&subscriber), signals).await;
    subscriber.stop().await;
    followed
}

/// Takes the places where secrets go, before anything is loaded, and tells all that is wrong with them.
async fn places(
    options: &Options,
    state: &Arc<State>,
    clock: &Clock,
    say: Say<'_>,
) -> Result<(Outputs, Option<Server>), Failed> {
    let mut outputs = Outputs::default();
    let mut wrong = Vec::new();
    if let Some(path) = &options.directory {
        wrong.extend(outputs.directory(path, options.mode, say).err());
    }
    if let Some(file) = &options.file {
        wrong.extend(outputs.file(file, options.mode, say).err());
    }
    let server = match &options.serve {
        Some(serve) => match bind(serve, state, clock).await {
            Ok(server) => Some(server),
            Err(error) => {
                wrong.push(error);
                None
            }
        },
        None => None,
    };
    if let Some(Ok(address)) = server.as_ref().map(Server::address) {
        say(&format!("serving on http://{address}"));
    }
    if wrong.is_empty() { Ok((outputs, server)) } else { Err(Failed::Places(wrong)) }
}

async fn bind(serve: &ServeOptions, state: &Arc<State>, clock: &Clock) -> Result<Server, String> {
    let ServeOptions { address, token_file } = serve;
    if !address.ip().is_loopback() {
        return Err(format!("{address} is not of this machine alone; serve on 127.0.0.1 or [::1]"));
    }
    let token = Token::of(token_file);
    let token =
        token.map_err(|error| format!("the token in {} cannot be used: {error}", token_file.display()))?;
    let server = Server::bind(*address, token, state.clone(), clock.clone()).await;
    server.map_err(|error| format!("cannot listen on {address}: {error}"))
}

/// Every snapshot from now on, the newest where several came.
fn snapshots(subscriber: &Arc<Subscriber>) -> watch::Receiver<Arc<Snapshot>> {
    let mut changes = subscriber.changes();
    let (sender, receiver) = watch::channel(subscriber.snapshot());
    let subscriber = subscriber.clone();
    tokio::spawn(async move {
        // Which changes those were, the snapshots tell.
        while changes.next().await.is_some() {
            sender.send_replace(subscriber.snapshot());
        }
    });
    receiver
}

/// "1 secret", "2 secrets".
fn secrets(count: usize) -> String {
    match count {
        1 => "1 secret".to_owned(),
        many => format!("{many} secrets"),
    }
}
