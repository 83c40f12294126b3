//! The relay while it runs, in builds that have it.

use std::io::{self, Write};
use std::net::{Ipv6Addr, SocketAddr};

use keyloom_live::relay::{self, Hosts, Keys, Projects, Scope, Settings};
use keyloom_live::trimmed;
use tokio::runtime::Builder;

use crate::args::Relay;
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;
use crate::report::text::one_line;

/// The key of the webhook.
const KEY: &str = "KEYLOOM_WEBHOOK_SECRET";
/// The port, as for every receiver of webhooks.
const PORT: &str = "WEBHOOK_PORT";
const DEFAULT_PORT: u16 = 8080;

/// Takes webhooks and hands them on until somebody ends it.
pub(super) fn serve(args: &Relay, io: &Io) -> Result<u8, Failure> {
    let settings = settings(args, io)?;
    let failed = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| failed(&error))?;
    runtime.block_on(async {
        let ended = ended().map_err(|error| failed(&error))?;
        relay::serve(settings, ended, say).await.map_err(|error| failed(&error))
    })?;
    Ok(exit_code::CLEAN)
}

/// What it is run with. All that is wrong is said at once.
fn settings(args: &Relay, io: &Io) -> Result<Settings, Failure> {
    let mut wrong = Vec::new();
    let projects = Projects::parse(args.project.iter().map(String::as_str));
    let projects = projects.map_err(|error| wrong.push(error.to_string())).unwrap_or_default();
    let address = address(args).map_err(|words| wrong.push(words)).ok();
    let keys = keys(args).map_err(|words| wrong.push(words)).ok();
    let last = wrong.pop();
    for words in wrong {
        io.say(&format!("error: {words}"));
    }
    match (last, address, keys) {
        (None, Some(address), Some(keys)) => {
            let hosts = Hosts::new(args.host.iter().map(String::as_str));
            Ok(Settings { address, keys, scope: Scope { projects, hosts } })
        }
        (last, ..) => Err(Failure::Usage(last.unwrap_or_default())),
    }
}

fn address(args: &Relay) -> Result<SocketAddr, String> {
    if let Some(address) = args.listen {
        return Ok(address);
    }
    let port = match variable(PORT) {
        None => DEFAULT_PORT,
        Some(port) => port.parse().map_err(|_| format!("{PORT} is no port, such as {DEFAULT_PORT}"))?,
    };
    Ok((Ipv6Addr::UNSPECIFIED, port).into())
}

fn keys(args: &Relay) -> Result<Keys, String> {
    match (&args.webhook_secret_file, variable(KEY)) {
        (Some(file), _) => Ok(Keys::File(file.clone())),
        (None, Some(keys)) => Ok(Keys::given(keys)),
        (None, None) => Err(format!(
            "there is no key to check webhooks with: set {KEY} to that of the webhook, or --webhook-secret-file to a file \
             that holds it"
        )),
    }
}

fn variable(name: &str) -> Option<String> {
    trimmed(std::env::var(name).ok())
}

/// Something that happened, on standard error. Names of folders are in it as somebody else chose them.
fn say(told: relay::Told) {
    // Where nobody can hear it, it is dropped.
    let _ = writeln!(io::stderr(), "{}", one_line(&told.to_string()));
}

/// Ends when somebody asks for it.
#[cfg(unix)]
fn ended() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut stop, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = stop.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends when somebody asks for it.
#[cfg(not(unix))]
fn ended() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without Ctrl-C it runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
