//! Servers as child processes: started with a log of their own, stopped when dropped.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
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

    /// The number of its process.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, and waits for its end; answers with its exit code, none when a signal ended it.
    pub(super) fn end(&mut self, signal: &str, limit: Duration) -> Result<Option<i32>> {
        kill(signal, &self.child.id().to_string())?;
        let status = wait_until(limit, || Ok(self.child.try_wait()?))?;
        let status = status.ok_or_else(|| format!("{} did not end in {} s", self.name, limit.as_secs()))?;
        Ok(status.code())
    }

    /// All that the server wrote.
    pub(super) fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// The last lines that the server wrote, each cut where stack traces begin to be all there is.
    pub(super) fn log_tail(&self, lines: usize) -> String {
        let text = self.log();
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

/// What a program said before it ended.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Its exit code; none when a signal ended it.
    pub(super) code: Option<i32>,
    /// Its standard output.
    pub(super) out: String,
    /// Both its outputs, one after the other.
    pub(super) all: String,
}

impl Said {
    /// How it ended and what it lacks, unless that is this exit code and it said all these words.
    pub(super) fn unless(&self, code: i32, words: &[&str]) -> Option<String> {
        let lacks: Vec<_> = words.iter().filter(|it| !self.all.contains(**it)).collect();
        let wrong = self.code != Some(code) || !lacks.is_empty();
        wrong.then(|| format!("exit code {:?}, not {code}; without {lacks:?}:\n{}", self.code, self.all))
    }
}

/// A program in a group of its own, with what it starts.
#[derive(Debug)]
pub(super) struct Group {
    name: String,
    child: Child,
    outputs: [tempfile::NamedTempFile; 2],
}

impl Group {
    /// Starts a command.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let outputs = [tempfile::NamedTempFile::new()?, tempfile::NamedTempFile::new()?];
        let child = command
            .stdin(Stdio::null())
            .stdout(outputs[0].reopen()?)
            .stderr(outputs[1].reopen()?)
            .process_group(0)
            .spawn()
            .map_err(|error| format!("cannot run {name}: {error}"))?;
        Ok(Self { name, child, outputs })
    }

    /// The number of the program's process, and of the group.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has come to its end.
    pub(super) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Waits for its end. One that takes longer than this is killed, with its group, and is an error.
    pub(super) fn wait(mut self, limit: Duration) -> Result<Said> {
        let status = wait_until(limit, || Ok(self.child.try_wait()?))?;
        let [out, err] = [0, 1].map(|which| std::fs::read(self.outputs[which].path()));
        let (out, err) = (text(&out?), text(&err?));
        match status {
            Some(status) => Ok(Said { code: status.code(), all: format!("{out}{err}"), out }),
            None => {
                kill("KILL", &format!("-{}", self.child.id()))?;
                self.child.wait()?;
                Err(format!("{} did not end in {} s:\n{out}{err}", self.name, limit.as_secs()).into())
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Sends a signal to a process, or to a group with a `-` before its number.
pub(super) fn kill(signal: &str, id: &str) -> Result<()> {
    // The shell's own: `kill` is a package of its own on some systems.
    let status = Command::new("sh").args(["-c", &format!("kill -s {signal} -- {id}")]).status()?;
    if status.success() { Ok(()) } else { Err(format!("kill -s {signal} {id}: {status}").into()) }
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
    fn a_program_that_takes_too_long_is_ended_with_what_it_started() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo begun; sleep 60 & wait"]);
        let error = Group::start(&mut command).unwrap().wait(Duration::from_millis(300)).unwrap_err();
        assert_eq!(error.to_string(), "sh did not end in 0 s:\nbegun\n");
    }

    #[test]
    fn waiting_ends() {
        let answer = wait_until::<()>(Duration::ZERO, || Ok(None)).unwrap();
        assert_eq!(answer, None);
    }
}
