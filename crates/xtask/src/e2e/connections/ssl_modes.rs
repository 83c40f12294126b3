//! How `keyloom connection test` uses TLS with PostgreSQL: as libpq does, whose `psql` is asked the same.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use super::world::LIMIT;
use crate::Result;
use crate::e2e::keyloom;
use crate::e2e::options::Options;
use crate::e2e::postgres::{ADMINISTRATOR, CERTIFICATE, DATABASE, Database, PLAIN_DATABASE, Reach};
use crate::e2e::process::Group;
use crate::e2e::report::Report;

const CHECK: &str = "ssl_mode is tried as libpq does, and what is wrong with a certificate is said in words";
const MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// Runs the check.
pub(super) fn run(programs: &Path, options: &Options, report: &mut Report) -> Result<()> {
    if options.selects(CHECK) {
        report.conclude(CHECK, wrong(programs))?;
    }
    Ok(())
}

fn wrong(programs: &Path) -> Result<Vec<String>> {
    let database = Database::start(programs, Reach::TlsForOne)?;
    let built = keyloom::executables(&["--package", "keyloom-cli", "--features", "live"])?;
    let keyloom = built.into_iter().next().ok_or("cargo named no binary")?;
    let dir = tempfile::Builder::new().prefix("keyloom-e2e-").tempdir()?;
    let socket = database.folder().display().to_string();
    let mut wrong = Vec::new();
    let mut all = Map::new();
    let mut places = Vec::new();
    for (place, host, name) in [
        ("tls", "127.0.0.1", DATABASE),
        ("plain", "127.0.0.1", PLAIN_DATABASE),
        ("socket", socket.as_str(), DATABASE),
    ] {
        for mode in MODES {
            let details = json!({"host": host, "port": database.port, "username": ADMINISTRATOR,
                "password": database.password, "database": name, "ssl_mode": mode});
            all.insert(format!("{place}-{mode}"), json!({"type": "postgres", "details": details}));
            places.push((format!("{place}-{mode}"), host, name, mode));
        }
    }
    let file = dir.path().join("connections.json");
    fs::write(&file, Value::Object(all).to_string())?;
    fs::set_permissions(&file, Permissions::from_mode(0o600))?;
    let command = |program: &Path| {
        let mut command = Command::new(program);
        command.current_dir(dir.path()).env_clear().env("HOME", dir.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    };
    let names: Vec<_> = places.iter().map(|(name, ..)| name.as_str()).collect();
    let mut test = command(&keyloom);
    test.args(["connection", "test", "--secrets-backend", "file", "--output", "json"]).args(&names);
    let said = Group::start(&mut test)?.wait(LIMIT)?;
    let tried: Value = serde_json::from_str(&said.out).map_err(|error| format!("{error}: {}", said.all))?;
    for ((name, host, database_name, mode), tried) in
        places.iter().zip(tried["connections"].as_array().into_iter().flatten())
    {
        let mut psql = command(Path::new("psql"));
        database.tell(&mut psql);
        psql.env("PGHOST", host)
            .env("PGDATABASE", database_name)
            .env("PGSSLMODE", mode)
            .args(["-tAc", "select 1"]);
        let answered = Group::start(&mut psql)?.wait(LIMIT)?;
        if tried["ok"] != json!(answered.code == Some(0)) {
            wrong.push(format!("{name}: keyloom says\n{tried}\nand psql\n{}", answered.all));
        }
    }
    if tried["connections"].as_array().is_none_or(|tried| tried.len() != places.len()) {
        wrong.push(said.all);
    }
    let certificate = database.folder().join(CERTIFICATE);
    let missing = dir.path().join("missing.pem");
    for (trusted, name, words) in [
        // That is looked at before who made it.
        (None, "tls-verify-ca", "it says of itself that it is an authority"),
        (Some(&certificate), "tls-verify-full", "it says of itself that it is an authority"),
        (Some(&missing), "tls-verify-full", "missing.pem"),
        (Some(&file), "tls-verify-full", "holds no certificate"),
    ] {
        let mut test = command(&keyloom);
        test.args(["connection", "test", "--secrets-backend", "file", name]);
        if let Some(trusted) = trusted {
            test.env("SSL_CERT_FILE", trusted);
        }
        let said = Group::start(&mut test)?.wait(LIMIT)?;
        wrong.extend(
            said.unless(1, &["failed   connection.connect: ", words]).map(|how| format!("{name}: {how}")),
        );
        if said.all.contains(&database.password) {
            wrong.push(format!("{name}: the password is said"));
        }
    }
    Ok(wrong)
}
