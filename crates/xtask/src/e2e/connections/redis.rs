//! Redis behind a connection: with TLS on one port, and without on another.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::world::{CANARY, LIMIT};
use crate::Result;
use crate::e2e::process::{Server, free_port};

/// A server with a password.
pub(super) struct Redis {
    _server: Server,
    pub(super) port: u16,
    pub(super) tls_port: u16,
    /// What signed its certificate, which is for 127.0.0.1 alone.
    pub(super) authority: PathBuf,
}

impl Redis {
    pub(super) fn start(dir: &Path) -> Result<Self> {
        let (port, tls_port) = (free_port()?, free_port()?);
        let (certificate, key) = (dir.join("redis.crt"), dir.join("redis.key"));
        certify(&certificate, &key)?;
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &port.to_string(),
            "--tls-port",
            &tls_port.to_string(),
            "--bind",
            "127.0.0.1",
        ]);
        command.args(["--save", "", "--requirepass", CANARY, "--tls-auth-clients", "no"]);
        command.arg("--tls-cert-file").arg(&certificate).arg("--tls-ca-cert-file").arg(&certificate);
        command.arg("--tls-key-file").arg(&key);
        let mut server = Server::start("redis", &mut command, dir)?;
        let log = dir.join("redis.log");
        server.wait_ready(LIMIT, || {
            fs::read_to_string(&log).is_ok_and(|log| log.contains("Ready to accept connections"))
        })?;
        Ok(Self { _server: server, port, tls_port, authority: certificate })
    }
}

/// A certificate that is its own authority, and its key.
fn certify(certificate: &Path, key: &Path) -> Result<()> {
    let mut command = Command::new("openssl");
    command.args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]);
    command.args(["-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1"]);
    command.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    let output = command.arg("-out").arg(certificate).arg("-keyout").arg(key).output();
    let output = output.map_err(|error| format!("cannot run openssl ({error}); install openssl"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("openssl: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
