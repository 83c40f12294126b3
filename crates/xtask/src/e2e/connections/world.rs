//! The servers behind connections, the backend, and whoever runs the command.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::redis::Redis;
use crate::Result;
use crate::e2e::fake_infisical::Infisical;
use crate::e2e::keyloom;
use crate::e2e::mariadb::{self, MariaDb};
use crate::e2e::postgres::{ADMINISTRATOR, DATABASE, Database};
use crate::e2e::process::{Group, Said};

pub(super) const LIMIT: Duration = Duration::from_secs(60);
/// In every value that nobody may see.
pub(super) const CANARY: &str = "canary-of-a-connection";
/// What the backend is logged in to with.
const CLIENT_SECRET: &str = "canary-of-a-connection-backend";
const PROJECT: &str = "7d0c6f3e-1a2b-4c3d-9e8f-001122334455";

/// Servers, folders, and all that was said.
pub(super) struct World {
    pub(super) dir: TempDir,
    pub(super) keyloom: PathBuf,
    pub(super) infisical: Infisical,
    _mariadb: MariaDb,
    pub(super) redis: Redis,
    pub(super) connections: Vec<(&'static str, Value)>,
    /// All that was said but where values were asked for.
    pub(super) said: String,
}

impl World {
    pub(super) fn start(database: &Database) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("keyloom-e2e-").tempdir()?;
        for name in ["home", "work", "servers"] {
            fs::create_dir(dir.path().join(name))?;
        }
        let servers = dir.path().join("servers");
        let built = keyloom::executables(&["--package", "keyloom-cli", "--features", "live"])?;
        let keyloom = built.into_iter().next().ok_or("cargo named no binary")?;
        let infisical = Infisical::start(&state().to_string(), &servers)?;
        let password = format!("{CANARY}-of-mariadb");
        let mariadb = MariaDb::start(&password)?;
        let redis = Redis::start(&servers)?;
        let (port, tls_port) = (redis.port, redis.tls_port);
        let connections = vec![
            (
                "my-postgres",
                json!({"type": "postgres", "details": {"host": database.host, "port": database.port,
                    "username": ADMINISTRATOR, "password": database.password, "database": DATABASE, "schema": "public"}}),
            ),
            (
                "my-snowflake",
                json!({"type": "snowflake", "details": {"account": "my-account", "username": "me", "password": CANARY,
                    "warehouse": "my-warehouse", "database": "my-database", "schema": "my-schema"}}),
            ),
            (
                "my-bigquery",
                json!({"type": "google_cloud_platform", "details": {"project_id": "my-gcp-project",
                    "service_account_file": "/path/to/service-account.json"}}),
            ),
            ("my-secret", json!({"type": "generic", "details": {"value": CANARY}})),
            (
                "my-mysql",
                json!({"type": "mysql", "details": {"host": "127.0.0.1", "port": mariadb.port, "username": mariadb::USER,
                    "password": password, "database": "shop"}}),
            ),
            (
                "my-redis",
                json!({"type": "generic", "details": {"value": format!("redis://:{CANARY}@127.0.0.1:{port}/0")}}),
            ),
            (
                "my-redis-tls",
                json!({"type": "generic", "details": {"value": format!("rediss://:{CANARY}@127.0.0.1:{tls_port}/0")}}),
            ),
            (
                "my-http",
                json!({"type": "http", "details": {"url": format!("{}/api/status", infisical.url())}}),
            ),
        ];
        Ok(Self { dir, keyloom, infisical, _mariadb: mariadb, redis, connections, said: String::new() })
    }

    /// The command with the environment of somebody who has set up the backend, and nothing else.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.keyloom);
        command.args(args).current_dir(self.dir.path().join("work")).env_clear();
        command.env("HOME", self.dir.path().join("home"));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("BRUIN_SECRETS_BACKEND", "infisical");
        for (name, value) in [
            ("HOST", self.infisical.url()),
            ("CLIENT_ID", "connections"),
            ("CLIENT_SECRET", CLIENT_SECRET),
            ("PROJECT_ID", PROJECT),
            ("ENVIRONMENT", "dev"),
            ("SECRET_PATH", "/connections"),
        ] {
            command.env(format!("BRUIN_INFISICAL_{name}"), value);
        }
        command
    }

    /// Runs it; what it says counts for the last check.
    pub(super) fn say(&mut self, mut command: Command) -> Result<Said> {
        let said = Group::start(&mut command)?.wait(LIMIT)?;
        self.said.push_str(&said.all);
        Ok(said)
    }

    pub(super) fn keyloom(&mut self, args: &[&str]) -> Result<Said> {
        let command = self.command(args);
        self.say(command)
    }

    /// Puts a connection from standard input.
    pub(super) fn put_one(&mut self, name: &str, text: &str, more: &[&str]) -> Result<Said> {
        let file = self.dir.path().join("servers/given.json");
        fs::write(&file, text)?;
        let command = self.command(&[&["connection", "put", name], more].concat());
        let script = format!("exec \"$0\" \"$@\" < '{}'", file.display());
        self.say(behind("sh", &["-c", &script], &command))
    }
}

/// The same command, which another program begins.
pub(super) fn behind(program: &str, args: &[&str], command: &Command) -> Command {
    let mut behind = Command::new(program);
    behind.args(args).arg(command.get_program()).args(command.get_args()).env_clear();
    behind.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(dir) = command.get_current_dir() {
        behind.current_dir(dir);
    }
    behind
}

fn state() -> Value {
    json!({
        "settings": {"time": "system"},
        "projects": [{"slug": "shop", "id": PROJECT, "environments": [{"slug": "dev", "folders": {"/connections": {"secrets": {}}}}]}],
        "identities": [{
            "name": "connections",
            "universal": {"clientId": "connections", "clientSecret": CLIENT_SECRET},
            "grants": [{"project": "shop", "access": "write"}],
        }],
    })
}
