//! A PostgreSQL of one's own, which nobody else reaches.

use std::fmt::Write;
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Result;
use crate::e2e::lodging::Lodging;
use crate::e2e::process::{Group, Server, free_port};

/// Where Debian's package has the programs, a folder for each version.
const INSTALLED: &str = "/usr/lib/postgresql";
/// The user that it has.
pub(super) const ADMINISTRATOR: &str = "postgres";
/// The database that it has.
pub(super) const DATABASE: &str = "postgres";
/// Another one that it has.
pub(super) const PLAIN_DATABASE: &str = "template1";
/// The certificate of a server with TLS, in its folder; it signed it itself.
pub(super) const CERTIFICATE: &str = "data/server.crt";
/// Who is let in where one database wants TLS and one wants none.
const TLS_FOR_ONE: &str = "local all all scram-sha-256\nhostssl postgres all 127.0.0.1/32 scram-sha-256\n\
                           hostnossl template1 all 127.0.0.1/32 scram-sha-256\n";
/// A part of the socket's name.
const SOCKET: u16 = 5432;
/// To make the server's files, and for it to be ready.
const LIMIT: Duration = Duration::from_secs(60);
/// What is said where there is none.
pub(super) const MISSING: &str = "there is no PostgreSQL; Debian's package postgresql has it";

/// How it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Through a socket in its folder; nobody listens on a port.
    Socket,
    /// On a port of this machine.
    Port,
    /// So too: [`DATABASE`] with TLS alone, [`PLAIN_DATABASE`] without it alone.
    TlsForOne,
}

/// A running server with one user, who may do everything.
pub(super) struct Database {
    _server: Server,
    lodging: Lodging,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) password: String,
}

impl Database {
    pub(super) fn start(programs: &Path, reach: Reach) -> Result<Self> {
        // PostgreSQL refuses to run as the administrator of a machine.
        let lodging = Lodging::new()?;
        let dir = lodging.path();
        let (data, secret) = (dir.join("data"), dir.join("password"));
        let password = password()?;
        fs::create_dir(&data)?;
        fs::write(&secret, &password)?;
        fs::set_permissions(&secret, Permissions::from_mode(0o600))?;
        lodging.hand_over(&[&data, &secret])?;
        let command = |name: &str| {
            let mut command = lodging.command(programs.join(name));
            command.env("LC_ALL", "C").arg("-D").arg(&data);
            command
        };
        let mut make = command("initdb");
        make.args(["--username", ADMINISTRATOR, "--auth", "scram-sha-256", "--no-sync", "--pwfile"])
            .arg(&secret);
        let made = Group::start(&mut make)?.wait(LIMIT)?;
        if made.code != Some(0) {
            return Err(format!("initdb failed:\n{}", made.all).into());
        }
        let mut serve = command("postgres");
        let (host, port, listen) = match reach {
            Reach::Socket => (dir.display().to_string(), SOCKET, "listen_addresses="),
            Reach::Port | Reach::TlsForOne => {
                ("127.0.0.1".to_owned(), free_port()?, "listen_addresses=127.0.0.1")
            }
        };
        serve.arg("-k").arg(dir).args(["-p", &port.to_string(), "-c", listen, "-c", "fsync=off"]);
        if reach == Reach::TlsForOne {
            fs::write(data.join("pg_hba.conf"), TLS_FOR_ONE)?;
            let mut certificate = lodging.command("openssl");
            certificate
                .current_dir(&data)
                .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]);
            certificate.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]);
            certificate.args(["-keyout", "server.key", "-out", "server.crt"]);
            let made = Group::start(&mut certificate)?.wait(LIMIT)?;
            if made.code != Some(0) {
                return Err(format!("openssl failed:\n{}", made.all).into());
            }
            serve.args(["-c", "ssl=on"]);
        }
        let mut server = Server::start("postgres", &mut serve, dir)?;
        let log = dir.join("postgres.log");
        let ready = || fs::read_to_string(&log).is_ok_and(|log| log.contains("ready to accept connections"));
        server.wait_ready(LIMIT, ready)?;
        Ok(Self { _server: server, lodging, host, port, password })
    }

    /// Its folder, in which its socket is.
    pub(super) fn folder(&self) -> &Path {
        self.lodging.path()
    }

    /// Tells a program where it is, and as whom to come.
    pub(super) fn tell(&self, command: &mut Command) {
        command.env("PGHOST", &self.host).env("PGPORT", self.port.to_string());
        command.env("PGUSER", ADMINISTRATOR).env("PGPASSWORD", &self.password).env("PGDATABASE", DATABASE);
    }
}

/// The folder of the newest version that is installed, or of one that is on the path.
pub(super) fn programs() -> Option<PathBuf> {
    let has_it = |folder: &PathBuf| folder.join("postgres").is_file() && folder.join("initdb").is_file();
    let versions = fs::read_dir(INSTALLED).into_iter().flatten().flatten();
    let mut versions: Vec<_> = versions.map(|version| version.path().join("bin")).filter(has_it).collect();
    versions.sort_by_key(|path| path.parent().and_then(|it| it.file_name()?.to_str()?.parse::<u32>().ok()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions.pop().or_else(|| std::env::split_paths(&path).find(has_it))
}

/// Another one for each server: whoever is on this machine can reach the socket.
fn password() -> Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}
