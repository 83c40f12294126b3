//! The fake Infisical as a process.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::Result;
use crate::e2e::keyloom;
use crate::e2e::process::Server;

const NAME: &str = "fake-infisical";

/// A running server.
#[derive(Debug)]
pub(super) struct Infisical {
    server: Server,
    url: String,
}

impl Infisical {
    /// Builds it, and starts it with a state, which is written into a folder with its log.
    pub(super) fn start(state: &str, dir: &Path) -> Result<Self> {
        let built = keyloom::executables(&["--package", "keyloom-fake-infisical", "--bins"])?;
        let program = built.iter().find(|it| it.file_name().is_some_and(|it| it == NAME));
        let program = program.ok_or_else(|| format!("the workspace has no {NAME}"))?;
        let file = dir.join("state.json");
        fs::write(&file, state)?;
        let mut command = Command::new(program);
        command.arg("--state").arg(file);
        let mut server = Server::start(NAME, &mut command, dir)?;
        let log = dir.join(format!("{NAME}.log"));
        let mut url = None;
        server.wait_ready(Duration::from_secs(10), || {
            url = first_line(&log);
            url.is_some()
        })?;
        Ok(Self { server, url: url.unwrap_or_default() })
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// A line for each request, and before them its address.
    pub(super) fn log(&self) -> String {
        self.server.log()
    }

    /// The last lines of its log.
    pub(super) fn log_tail(&self, lines: usize) -> String {
        self.server.log_tail(lines)
    }
}

/// The first line of a file, once it is complete.
fn first_line(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    text.lines().next().filter(|_| text.contains('\n')).map(str::to_owned)
}
