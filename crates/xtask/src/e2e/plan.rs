//! First runs of syncs are told from names that are read: of the fake Infisical, of moto, and of a GitHub that stands in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::e2e::keyloom;
use crate::e2e::moto::Moto;
use crate::e2e::options::Options;
use crate::e2e::process::{Group, Said, Server};
use crate::e2e::report::Report;
use crate::{Result, root};

const COMMAND: &str = "keyloom";
const INFISICAL: &str = "fake-infisical";
const GITHUB: &str = "stand-in-github";
/// In every value and credential, and so in nothing that is printed.
const CANARY: &str = "canary";
/// More than both services tell on one page.
const MANY: usize = 230;

/// What the checks run against.
struct Bench {
    keyloom: PathBuf,
    infisical: Server,
    github: Server,
    moto: Moto,
    dir: tempfile::TempDir,
}

/// Tells the plan of the case, then that of a region with many secrets.
pub(super) fn run(moto: &Path, options: &Options, report: &mut Report) -> Result<()> {
    if !options.selects("plan") {
        return Ok(());
    }
    let bench = match Bench::start(moto) {
        Ok(bench) => bench,
        Err(error) => return report.fail("plan", &error.to_string()),
    };
    report.conclude("plan of the case", bench.told())?;
    report.conclude("plan of many names", bench.many())?;
    report.settle("plan logs", &bench.logs())
}

impl Bench {
    fn start(moto: &Path) -> Result<Self> {
        let built = build()?;
        let dir = tempfile::tempdir()?;
        let moto = Moto::start(moto, dir.path())?;
        let aws = case("aws.json")?;
        for (name, value) in object(&aws, "secrets") {
            moto.create_secret(name, value)?;
        }
        for (name, value) in object(&aws, "parameters") {
            moto.create_parameter(name, value.as_str().unwrap_or_default())?;
        }
        let state = home().join("infisical.json");
        let infisical = serve(&built, INFISICAL, &["--state".as_ref(), &state], dir.path())?;
        let github = serve(&built, GITHUB, &[&home().join("github.json")], dir.path())?;
        Ok(Self { keyloom: find(&built, COMMAND)?, infisical, github, moto, dir })
    }

    /// `keyloom plan` with everything that it logs in with, and nothing else of this machine.
    fn plan(&self, args: &[&str]) -> Result<Said> {
        let identity = &case("infisical.json")?["identities"][0]["universal"];
        let token = case("github.json")?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut command = Command::new(&self.keyloom);
        command.arg("plan").args(args).arg("keyloom.yaml").current_dir(home()).env_clear();
        command
            .env("INFISICAL_HOST", address(&self.infisical))
            .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", text(&identity["clientId"]))
            .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", text(&identity["clientSecret"]))
            .env("GITHUB_API_URL", address(&self.github))
            .env("GITHUB_TOKEN", text(&token["token"]))
            .env("AWS_ENDPOINT_URL", self.moto.url())
            // From a profile: the chain of credentials is AWS's own.
            .env("AWS_SHARED_CREDENTIALS_FILE", self.profile()?)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("HOME", self.dir.path());
        Group::start(&mut command)?.wait(Duration::from_secs(120))
    }

    fn profile(&self) -> Result<PathBuf> {
        let file = self.dir.path().join("credentials");
        fs::write(&file, "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = canary\n")?;
        Ok(file)
    }

    /// What is printed is `expected.txt`, to the byte; `UPDATE=1` writes it anew.
    fn told(&self) -> Result<Vec<String>> {
        let said = self.plan(&[])?;
        let file = home().join("expected.txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, &said.out)?;
        }
        let mut wrong = self.clean(&said);
        if said.code != Some(1) {
            wrong.push(format!("exit code {:?}\n{}", said.code, said.all));
        }
        if said.out != fs::read_to_string(file)? {
            wrong.push(format!("not what expected.txt has:\n{}", said.all));
        }
        Ok(wrong)
    }

    /// Every name of a region is seen, however many pages that takes.
    fn many(&self) -> Result<Vec<String>> {
        for number in 0..MANY {
            self.moto.create_secret(&format!("api-prod/many-{number}"), &Value::from(CANARY))?;
            self.moto.create_parameter(&format!("/my-app/many-{number}"), CANARY)?;
        }
        let said = self.plan(&["--sync", "a-secret-each", "--sync", "parameters", "--output", "json"])?;
        let plan: Value =
            serde_json::from_str(&said.out).map_err(|error| format!("{error}: {}", said.all))?;
        let mut wrong = self.clean(&said);
        for (number, action, expected) in [(0, "delete", MANY + 1), (1, "import", MANY + 2)] {
            let count = &plan["syncs"][number]["counts"][action];
            if count != &Value::from(expected) {
                wrong.push(format!("{count} to {action}, and not {expected}"));
            }
        }
        Ok(wrong)
    }

    fn clean(&self, said: &Said) -> Vec<String> {
        let shown = said.all.contains(CANARY);
        shown.then(|| format!("a value is printed:\n{}", said.all)).into_iter().collect()
    }

    /// No value was asked for where names were enough, and none is in a log.
    fn logs(&self) -> Vec<String> {
        let log = self.infisical.log();
        let lists: Vec<_> = log.lines().filter(|line| line.contains("/api/v4/secrets")).collect();
        let mut wrong = Vec::new();
        if lists.is_empty() || !lists.iter().all(|line| line.contains("viewSecretValue=false")) {
            wrong.push(format!("values were asked for:\n{log}"));
        }
        if log.contains(CANARY) {
            wrong.push(format!("a value is in the log:\n{log}"));
        }
        wrong
    }
}

/// Builds the command with all that it does over a network, and the servers that stand in.
pub(super) fn build() -> Result<Vec<PathBuf>> {
    let packages = ["--package", "keyloom-fake-infisical", "--package", "keyloom-stand-ins"];
    let command = ["--package", "keyloom-cli", "--features", "keyloom-cli/live", "--bins"];
    keyloom::executables(&[&packages[..], &command[..]].concat())
}

/// Starts a program of this workspace and waits for the address that it prints.
pub(super) fn serve(built: &[PathBuf], name: &str, args: &[&Path], dir: &Path) -> Result<Server> {
    let mut command = Command::new(find(built, name)?);
    command.args(args);
    let mut server = Server::start(name, &mut command, dir)?;
    let log = dir.join(format!("{name}.log"));
    server.wait_ready(Duration::from_secs(10), || {
        fs::read_to_string(&log).is_ok_and(|text| text.contains('\n'))
    })?;
    Ok(server)
}

pub(super) fn address(server: &Server) -> String {
    server.log().lines().next().unwrap_or_default().to_owned()
}

pub(super) fn find(built: &[PathBuf], name: &str) -> Result<PathBuf> {
    let named = |path: &&PathBuf| path.file_name().is_some_and(|it| it == name);
    built.iter().find(named).cloned().ok_or_else(|| format!("the workspace has no {name}").into())
}

fn home() -> PathBuf {
    root().join("e2e/plan")
}

fn case(name: &str) -> Result<Value> {
    Ok(serde_json::from_str(&fs::read_to_string(home().join(name))?)?)
}

fn object<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value[key].as_object().map(Map::iter).into_iter().flatten()
}
