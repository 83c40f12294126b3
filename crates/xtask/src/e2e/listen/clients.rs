//! The clients of `examples/listen`, each a program that tells of a change.

use std::path::Path;
use std::process::Command;

use crate::e2e::process::Server;
use crate::{Result, root};

use super::PATIENCE;

/// Starts all clients, and waits until each has loaded the secrets.
pub(super) fn start(url: &str, dir: &Path, key: &str) -> Result<Vec<(&'static str, Server)>> {
    let home = root().join("examples/listen");
    let program = |words: &[&str]| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..words.len() - 1]).arg(home.join(words[words.len() - 1]));
        command
    };
    let mut files = program(&["python3", "-B", "python/app.py"]);
    files.arg("--files");
    let all = [
        ("a client in Python", program(&["python3", "-B", "python/app.py"])),
        ("a client in Python by files", files),
        ("a client in Node", program(&["node", "node/app.mjs"])),
        ("a client in Java", program(&["java", "java/KeyloomListen.java"])),
    ];
    let mut started = Vec::new();
    for (name, mut command) in all {
        command
            .arg(key)
            .env("KEYLOOM_LISTEN_URL", url)
            .env("KEYLOOM_LISTEN_TOKEN_FILE", dir.join("token"))
            .env("KEYLOOM_LISTEN_DIRECTORY", dir.join("secrets"));
        started.push((name, Server::start(&name.replace(' ', "-"), &mut command, dir)?));
    }
    for (name, server) in &mut started {
        let log = dir.join(format!("{}.log", name.replace(' ', "-")));
        let loaded = || std::fs::read_to_string(&log).is_ok_and(|it| it.contains(&format!("{key} is ")));
        server.wait_ready(PATIENCE, loaded)?;
    }
    Ok(started)
}
