//! Servers as child processes: started with a log of their own, stopped when dropped.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Result;

const WIDTH: usize = 500;
const PAUSE: Duration = Duration::from_millis(100);

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts a command; both its outputs go to `DIR/NAME.log`.
    pub(super) fn start(name: &str, command: &mut Command, dir: &Path) -> Result<Self> {
        let log = dir.join(format!("{name}.log"));
        let output = File::create(&log)?;
        let errors = output.try_clone()?;
        let child = command
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(|error| format!("cannot start {name}: {error}"))?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// Waits until the server answers `ready`; gives up when it ends or the time is over.
    pub(super) fn wait_ready(&mut self, limit: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let ended = wait_until(limit, || match self.child.try_wait()? {
            Some(status) => Ok(Some(Some(status))),
            None => Ok(ready().then_some(None)),
        })?;
        let what = match ended {
            Some(None) => return Ok(()),
            Some(Some(status)) => format!("ended with {status}"),
            None => format!("was not ready after {} s", limit.as_secs()),
        };
        Err(format!("{} {what}; its last words:\n{}", self.name, self.log_tail(20)).into())
    }

    /// The last lines that the server wrote, each cut where stack traces begin to be all there is.
    pub(super) fn log_tail(&self, lines: usize) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let all: Vec<&str> = text.lines().collect();
        let last = all.get(all.len().saturating_sub(lines)..).unwrap_or_default();
        last.iter().map(|line| line.chars().take(WIDTH).collect()).collect::<Vec<String>>().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about either failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks again and again until there is an answer; `None` when the time is over.
pub(super) fn wait_until<T>(
    limit: Duration,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let end = Instant::now() + limit;
    loop {
        if let Some(answer) = ask()? {
            return Ok(Some(answer));
        }
        if Instant::now() > end {
            return Ok(None);
        }
        sleep(PAUSE);
    }
}

/// A loopback port that nobody listens on now.
pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_ends_is_reported_with_its_last_words() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; exit 3"]);
        let mut server = Server::start("short", &mut command, dir.path()).unwrap();
        let error = server.wait_ready(Duration::from_secs(10), || false).unwrap_err().to_string();
        assert!(error.contains("short ended with exit status: 3"), "{error}");
        assert!(error.ends_with("one\ntwo"), "{error}");
    }

    #[test]
    fn waiting_ends() {
        let answer = wait_until::<()>(Duration::ZERO, || Ok(None)).unwrap();
        assert_eq!(answer, None);
    }
}
