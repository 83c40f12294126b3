//! A MariaDB of one's own, which nobody else reaches.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::Result;
use crate::e2e::process::{Group, Server, free_port};

/// Nobody, and their group: it is not to run as the administrator of a machine.
const NOBODY: u32 = 65534;
/// To make the server's files, and for it to be ready.
const LIMIT: Duration = Duration::from_secs(120);
/// The user that it has.
pub(super) const USER: &str = "app";
/// What is said where there is none.
pub(super) const MISSING: &str = "there is no MariaDB; Debian's package mariadb-server has it";

/// A running server on a port of this machine, with one user.
pub(super) struct MariaDb {
    _server: Server,
    _dir: TempDir,
    pub(super) port: u16,
}

impl MariaDb {
    /// Starts one whose user has this password.
    pub(super) fn start(password: &str) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("keyloom-e2e-").tempdir()?;
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755))?;
        let (data, init) = (dir.path().join("data"), dir.path().join("init.sql"));
        fs::create_dir(&data)?;
        let sql = format!(
            "CREATE DATABASE shop;\nCREATE USER '{USER}'@'%' IDENTIFIED BY '{password}';\nGRANT ALL ON shop.* TO '{USER}'@'%';\n"
        );
        fs::write(&init, sql)?;
        let unprivileged = dir.path().metadata()?.uid() == 0;
        if unprivileged {
            for path in [dir.path(), &data, &init] {
                chown(path, Some(NOBODY), Some(NOBODY))?;
            }
        }
        let command = |program: PathBuf| {
            let mut command = Command::new(program);
            command.current_dir(dir.path()).arg("--no-defaults");
            command.arg(format!("--datadir={}", data.display()));
            if unprivileged {
                command.uid(NOBODY).gid(NOBODY);
            }
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
        serve.arg(format!("--port={port}")).arg(format!("--socket={}", dir.path().join("s").display()));
        serve.arg(format!("--init-file={}", init.display())).arg("--bind-address=127.0.0.1");
        let mut server = Server::start("mariadb", &mut serve, dir.path())?;
        let log = dir.path().join("mariadb.log");
        let ready = || fs::read_to_string(&log).is_ok_and(|log| log.contains("ready for connections"));
        server.wait_ready(LIMIT, ready)?;
        Ok(Self { _server: server, _dir: dir, port })
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
