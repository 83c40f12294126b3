//! The process of a plugin.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a plugin may take to end once it is asked to.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running plugin. Dropping it ends it by force.
#[derive(Debug)]
pub(super) struct Plugin {
    child: Child,
    port: u16,
}

impl Plugin {
    /// Starts it as the engine does, and reads the line with its port; how long that took.
    ///
    /// # Errors
    /// A command that cannot be run, or whose first line is no port.
    pub(super) fn start(command: &[String], engine: &str) -> io::Result<(Self, Duration)> {
        let (program, arguments) = command.split_first().ok_or_else(|| io::Error::other("no command"))?;
        let mut command = Command::new(program);
        command.args(arguments).arg(engine).stdin(Stdio::piped()).stdout(Stdio::piped());
        let clock = Instant::now();
        let mut child = command.spawn()?;
        let mut stdout =
            child.stdout.take().map(BufReader::new).ok_or_else(|| io::Error::other("no stdout"))?;
        let mut plugin = Self { child, port: 0 };
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let took = clock.elapsed();
        plugin.port = line.trim().parse().map_err(|_| io::Error::other(format!("{line:?} is no port")))?;
        // A pipe that nobody reads would hold up a plugin that talks.
        thread::spawn(move || io::copy(&mut stdout.by_ref(), &mut io::sink()));
        Ok((plugin, took))
    }

    /// Where it serves.
    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Closes its standard input, waits a while, and ends it by force if that was not enough.
    ///
    /// # Errors
    /// A process that cannot be waited for.
    pub(super) async fn end(mut self) -> io::Result<()> {
        drop(self.child.stdin.take());
        let clock = Instant::now();
        while clock.elapsed() < PATIENCE {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            // The connection must be served on: the plugin says goodbye over it.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // One that has ended cannot be killed, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
