//! [`Process`]: the plugin, started as the engine starts it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use keyloom_wire::service::{ProviderClient, connect};

/// Far more than it takes: a test that runs into it has found a plugin that hangs.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Process {
    child: Child,
    /// The engine's end; dropping it says that the engine is gone.
    pub(crate) stdin: Option<ChildStdin>,
    pub(crate) port: u16,
    output: Option<JoinHandle<String>>,
}

/// How it ended, and everything that it wrote after the port.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
}

impl Ended {
    pub(crate) fn well() -> Self {
        Self { code: Some(0), output: String::new() }
    }
}

pub(crate) fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pulumi-resource-keyloom"))
}

impl Process {
    /// Starts it with those arguments and waits for the line with the port.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let port = line.strip_suffix('\n').unwrap().parse().unwrap();
        let output = thread::spawn(move || {
            let mut output = String::new();
            stderr.read_to_string(&mut output).unwrap();
            stdout.read_to_string(&mut output).unwrap();
            output
        });
        let stdin = child.stdin.take();
        Self { child, stdin, port, output: Some(output) }
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) async fn client(&self) -> ProviderClient {
        ProviderClient::new(connect(&self.address()).await.unwrap())
    }

    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end.
    pub(crate) fn ended(mut self) -> Ended {
        let status = self.wait();
        let output = self.output.take().unwrap().join().unwrap();
        Ended { code: status.code(), output }
    }

    fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the plugin does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // No test leaves a process behind, failed or not.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
