//! The command, with the variables of a backend and nothing else of this machine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Result;
use crate::e2e::plan;
use crate::e2e::process::{Group, Said};

/// In every value and credential, and so in nothing that is printed unless values are asked for.
pub(super) const CANARY: &str = "canary";
const LIMIT: Duration = Duration::from_secs(120);

/// What is run.
pub(super) struct Bench {
    keyloom: PathBuf,
    variables: Vec<(&'static str, String)>,
    home: PathBuf,
}

impl Bench {
    /// Builds the command.
    pub(super) fn new(home: &Path, variables: Vec<(&'static str, String)>) -> Result<Self> {
        let keyloom = plan::find(&plan::build()?, "keyloom")?;
        Ok(Self { keyloom, variables, home: home.to_owned() })
    }

    /// The same with other variables over its own.
    pub(super) fn with(&self, variables: &[(&'static str, &str)]) -> Self {
        let more = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let variables = self.variables.iter().cloned().chain(more).collect();
        Self { keyloom: self.keyloom.clone(), variables, home: self.home.clone() }
    }

    /// `keyloom connection ...`.
    pub(super) fn connection(&self, args: &[&str]) -> Result<Said> {
        let mut command = Command::new(&self.keyloom);
        command.arg("connection").args(args).current_dir(&self.home).env_clear().env("HOME", &self.home);
        command.env("DB_PASSWORD", format!("{CANARY} \"of\" a database"));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        Group::start(&mut command)?.wait(LIMIT)
    }

    /// A connection to PostgreSQL is put.
    pub(super) fn put(&self, name: &str, more: &[&str]) -> Result<Said> {
        let fields = ["--set", "host=db.example", "--set", "database=shop", "--set", "username=app"];
        let secret = ["--type", "postgres", "--set-from-env", "password=DB_PASSWORD"];
        self.connection(&[&["put", name][..], &secret, &fields, more].concat())
    }

    /// What every backend does: a connection is written, listed, read and written anew, and a name that is nearly one is told.
    pub(super) fn round(&self, name: &str) -> Result<Vec<String>> {
        let mut wrong = Wrong::default();
        wrong.unless(&self.put(name, &[])?, 0, "");
        wrong.unless(&self.put(name, &[])?, 0, "with the same fields");
        wrong.unless(&self.put(name, &["--set", "port=6432"])?, 1, "--force");
        wrong.unless(&self.put(name, &["--force", "--set", "port=6432"])?, 0, "port");
        wrong.unless(&self.connection(&["list"])?, 0, name);
        wrong.unless(&self.connection(&["get", name])?, 0, "6432");
        let read = self.connection(&["get", name, "--output", "json"])?;
        let json: serde_json::Value = serde_json::from_str(&read.out).unwrap_or_default();
        let details = &json["details"];
        if details["port"] != 6432 || details["password"] != format!("{CANARY} \"of\" a database") {
            wrong.0.push(format!("what was put is not what is read (exit code {:?})", read.code));
        }
        let nearly = format!("{name}x");
        wrong.unless(&self.connection(&["get", &nearly])?, 1, &format!("did you mean `{name}`?"));
        Ok(wrong.0)
    }
}

/// What is not as it should be.
#[derive(Default)]
pub(super) struct Wrong(pub(super) Vec<String>);

impl Wrong {
    /// Holds a run against its exit code and words, and against the canary.
    pub(super) fn unless(&mut self, said: &Said, code: i32, words: &str) {
        self.0.extend(said.unless(code, &[words]));
        if said.all.contains(CANARY) {
            self.0.push(format!("a value or a credential is printed:\n{}", said.all));
        }
    }
}
