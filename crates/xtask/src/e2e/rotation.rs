//! The example of a rotation against a real PostgreSQL: no query fails while its password changes.

use std::ffi::OsString;
use std::fmt::Write;
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::e2e::options::Options;
use crate::e2e::process::{Group, Server};
use crate::e2e::report::Report;
use crate::{Result, root, say};

/// Where Debian's package has the programs, a folder for each version.
const INSTALLED: &str = "/usr/lib/postgresql";
/// Nobody, and their group: PostgreSQL refuses to run as the administrator of a machine.
const NOBODY: u32 = 65534;
const ADMINISTRATOR: &str = "postgres";
/// A part of the socket's name; nobody listens on a port.
const PORT: &str = "5432";
/// To make the server's files, and for it to be ready.
const LIMIT: Duration = Duration::from_secs(60);
/// To build the example, and to run it.
const EXAMPLE_LIMIT: Duration = Duration::from_secs(900);

/// Runs the example, and repeats what it counted.
pub(super) fn run(options: &Options, report: &mut Report) -> Result<()> {
    let check = "rotation of a database's password under load";
    if !options.selects(check) {
        return Ok(());
    }
    let Some(programs) = programs() else {
        return report.fail(check, "there is no PostgreSQL; Debian's package postgresql has it");
    };
    let database = Database::start(&programs)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["run", "--quiet", "--package", "keyloom-example-rotation"]);
    command.env("PGHOST", database.dir.path()).env("PGPORT", PORT);
    command.env("PGUSER", ADMINISTRATOR).env("PGPASSWORD", &database.password);
    let said = Group::start(&mut command)?.wait(EXAMPLE_LIMIT)?;
    for line in said.out.lines() {
        say(&format!("figure: {line}"))?;
    }
    if said.code == Some(0) { report.pass(check) } else { report.fail(check, &said.all) }
}

/// A server that is reached through a socket in a folder of its own.
struct Database {
    _server: Server,
    dir: TempDir,
    password: String,
}

impl Database {
    fn start(programs: &Path) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("keyloom-e2e-").tempdir()?;
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755))?;
        let (data, secret) = (dir.path().join("data"), dir.path().join("password"));
        let password = password()?;
        fs::create_dir(&data)?;
        fs::write(&secret, &password)?;
        fs::set_permissions(&secret, Permissions::from_mode(0o600))?;
        let unprivileged = dir.path().metadata()?.uid() == 0;
        if unprivileged {
            for path in [dir.path(), &data, &secret] {
                chown(path, Some(NOBODY), Some(NOBODY))?;
            }
        }
        let command = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command.current_dir(dir.path()).env("LC_ALL", "C").arg("-D").arg(&data);
            if unprivileged {
                command.uid(NOBODY).gid(NOBODY);
            }
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
        serve.arg("-k").arg(dir.path()).args(["-p", PORT, "-c", "listen_addresses=", "-c", "fsync=off"]);
        let mut server = Server::start("postgres", &mut serve, dir.path())?;
        let log = dir.path().join("postgres.log");
        let ready = || fs::read_to_string(&log).is_ok_and(|log| log.contains("ready to accept connections"));
        server.wait_ready(LIMIT, ready)?;
        Ok(Self { _server: server, dir, password })
    }
}

/// The folder of the newest version that is installed, or of one that is on the path.
fn programs() -> Option<PathBuf> {
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
