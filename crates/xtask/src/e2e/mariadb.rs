//! A MariaDB of one's own, which nobody else reaches.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::Result;
use crate::e2e::lodging::Lodging;
use crate::e2e::process::{Group, Server, free_port};

/// To make the server's files, and for it to be ready.
const LIMIT: Duration = Duration::from_secs(120);
/// The user that it has.
pub(super) const USER: &str = "app";
/// What is said where there is none.
pub(super) const MISSING: &str = "there is no MariaDB; Debian's package mariadb-server has it";

/// A running server on a port of this machine, with one user.
pub(super) struct MariaDb {
    _server: Server,
    _lodging: Lodging,
    pub(super) port: u16,
}

impl MariaDb {
    /// Starts one whose user has this password.
    pub(super) fn start(password: &str) -> Result<Self> {
        let lodging = Lodging::new()?;
        let dir = lodging.path();
        let (data, init) = (dir.join("data"), dir.join("init.sql"));
        fs::create_dir(&data)?;
        let sql = format!(
            "CREATE DATABASE shop;\nCREATE USER '{USER}'@'%' IDENTIFIED BY '{password}';\nGRANT ALL ON shop.* TO '{USER}'@'%';\n"
        );
        fs::write(&init, sql)?;
        lodging.hand_over(&[&data, &init])?;
        let command = |program: PathBuf| {
            let mut command = lodging.command(program);
            command.arg("--no-defaults").arg(format!("--datadir={}", data.display()));
            command
        };
        let mut make = command(program("mariadb-install-db").ok_or(MISSING)?);
        make.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
        let made = Group::start(&mut make)?.wait(LIMIT)?;
        if made.code != Some(0) {
            return Err(format!("mariadb-install-db failed:\n{}", made.all).into());
        }
        let port = free_port()?;
        let mut serve = command(program("mariadbd").ok_or(MISSING)?);
        serve.arg(format!("--port={port}")).arg(format!("--socket={}", dir.join("s").display()));
        serve.arg(format!("--init-file={}", init.display())).arg("--bind-address=127.0.0.1");
        let mut server = Server::start("mariadb", &mut serve, dir)?;
        let log = dir.join("mariadb.log");
        let ready = || fs::read_to_string(&log).is_ok_and(|log| log.contains("ready for connections"));
        server.wait_ready(LIMIT, ready)?;
        Ok(Self { _server: server, _lodging: lodging, port })
    }
}

/// Whether there is one to start.
pub(super) fn is_installed() -> bool {
    program("mariadbd").is_some() && program("mariadb-install-db").is_some()
}

/// A program on the path, or where Debian has those of administrators.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(name)).find(|it| it.is_file())
}
