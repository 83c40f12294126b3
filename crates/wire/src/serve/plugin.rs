//! The life of a plugin: started by the engine, a line with the port, calls, the end.

use std::io::{self, Read, Write};
use std::time::Duration;

use super::{Port, Stop};
use crate::service::Router;

/// How long calls that still run may take once the plugin is to end. The engine kills it after 5 seconds.
const GRACE: Duration = Duration::from_secs(2);

/// What a plugin was started with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// `HOST:PORT` of the engine; absent where a user started the plugin, for the engine to attach to it.
    pub engine: Option<String>,
}

impl Launch {
    /// Reads the arguments, without the program's name. The engine's address is the last; the flags before it, which
    /// `pulumi --logflow` and `--tracing` add, are not for us.
    pub fn read(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut arguments = arguments.into_iter();
        let mut engine = None;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--tracing" => drop(arguments.next()),
                flag if flag.starts_with('-') => (),
                _ => engine = Some(argument),
            }
        }
        Self { engine }
    }
}

/// Serves a plugin: opens a port, writes it to stdout as the first line, and serves until `stop` is requested, the system
/// asks the process to end, or the engine is gone. Calls that run then have 2 seconds.
///
/// # Errors
///
/// No port, nowhere to write it to, or no signals of the system.
pub async fn plugin(router: Router, launch: &Launch, stop: &Stop) -> io::Result<()> {
    let signals = signals(stop.clone())?;
    let port = Port::open().await?;
    let mut stdout = io::stdout();
    writeln!(stdout, "{}", port.address().port())?;
    stdout.flush()?;
    if launch.engine.is_some() && held_by_another()? {
        watch_stdin(stop.clone())?;
    }
    let late = async {
        stop.requested().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = port.serve(router, stop.requested()) => served.map_err(io::Error::other),
        () = late => Ok(()),
        () = signals => Ok(()), // which is never over
    }
}

/// Whether somebody's end of a pipe keeps our stdin open, as the engine's does: then its closing says that they are gone.
#[cfg(unix)]
fn held_by_another() -> io::Result<bool> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;

    let kind = std::fs::File::from(io::stdin().as_fd().try_clone_to_owned()?).metadata()?.file_type();
    Ok(kind.is_fifo() || kind.is_socket())
}

#[cfg(not(unix))]
fn held_by_another() -> io::Result<bool> {
    Ok(true)
}

/// Waits for the end of stdin in a thread of its own, which the end of the process takes along.
fn watch_stdin(stop: Stop) -> io::Result<()> {
    let watch = move || {
        let mut ignored = [0; 256];
        let mut stdin = io::stdin();
        while !matches!(stdin.read(&mut ignored), Ok(0) | Err(_)) {}
        stop.request();
    };
    std::thread::Builder::new().name("stdin".to_owned()).stack_size(64 * 1024).spawn(watch).map(drop)
}

/// Hands the system's wishes on; is never over.
#[cfg(unix)]
fn signals(stop: Stop) -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => stop.request(),
                _ = terminate.recv() => stop.request(),
            }
        }
    })
}

#[cfg(not(unix))]
fn signals(stop: Stop) -> io::Result<impl Future<Output = ()>> {
    Ok(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            stop.request();
        }
        std::future::pending().await
    })
}

#[cfg(test)]
mod tests {
    use super::Launch;

    #[test]
    fn the_engine_is_the_last_argument() {
        let engine = |arguments: &str| Launch::read(arguments.split_whitespace().map(str::to_owned)).engine;
        let address = Some("127.0.0.1:4000".to_owned());
        assert_eq!(engine("127.0.0.1:4000"), address);
        assert_eq!(engine("--logtostderr -v=9 127.0.0.1:4000"), address);
        assert_eq!(engine("--logtostderr -v=9 --tracing http://127.0.0.1:9411/api 127.0.0.1:4000"), address);
        assert_eq!(engine("other 127.0.0.1:4000"), address);
        assert_eq!(engine("--tracing http://127.0.0.1:9411/api"), None);
        assert_eq!(engine(""), None);
    }
}
