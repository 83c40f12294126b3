//! Programs of other languages learn of a change by `keyloom listen`: clients over HTTP and files, and commands that it runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::e2e::curl::{Client, Request};
use crate::e2e::options::Options;
use crate::e2e::plan::{address, build, find, serve};
use crate::e2e::process::{Server, free_port, wait_until};
use crate::e2e::report::Report;
use crate::{Result, root};

mod clients;

const INFISICAL: &str = "fake-infisical";
/// The secret that changes.
const KEY: &str = "DATABASE_URL";
/// In every value and credential, and so in nothing that is printed.
const CANARY: &str = "canary";
/// What the secret is at last.
const SECOND: &str = "canary: the second value";
/// The token of the service account.
const ACCOUNT: &str = "canary-of-the-account";
const IDENTITY: &str = "1f0e6f3e-1a2b-4c3d-9e8f-00aabbccddee";
const PROJECT: &str = "7d0c6f3e-1a2b-4c3d-9e8f-001122334455";
/// Compiling a client takes longer than anything else here.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the checks run against.
struct Bench {
    keyloom: PathBuf,
    infisical: Server,
    /// One for each way of handing secrets to a command; the first one serves clients too.
    listeners: Vec<Server>,
    clients: Vec<(&'static str, Server)>,
    /// Where the first one answers.
    api: Client,
    webhooks: [u16; 2],
    dir: tempfile::TempDir,
}

/// Starts everything, changes the secret, and looks who saw it.
pub(super) fn run(options: &Options, report: &mut Report) -> Result<()> {
    if !options.selects("listen") {
        return Ok(());
    }
    let mut bench = match Bench::start() {
        Ok(bench) => bench,
        Err(error) => return report.fail("listen", &error.to_string()),
    };
    report.settle("listen --check", &bench.checked().unwrap_or_else(told))?;
    report.settle("listen begins", &bench.begun().unwrap_or_else(told))?;
    if let Err(error) = bench.change() {
        return report.fail("listen changes", &error.to_string());
    }
    for (name, wrong) in bench.seen()? {
        report.settle(&format!("listen tells {name}"), &wrong)?;
    }
    report.settle("listen files", &bench.files().unwrap_or_else(told))?;
    report.settle("listen serves whoever has the token", &bench.served().unwrap_or_else(told))?;
    report.settle("listen leaves no token", &bench.tokens().unwrap_or_else(told))?;
    report.settle("listen ends", &bench.ended().unwrap_or_else(told))?;
    report.settle("listen logs", &bench.logs())
}

fn told(error: Box<dyn std::error::Error>) -> Vec<String> {
    vec![error.to_string()]
}

impl Bench {
    fn start() -> Result<Self> {
        // As for plans, so that nothing is built twice.
        let built = build()?;
        let dir = memory()?;
        let webhooks = [free_port()?, free_port()?];
        let state = fs::read_to_string(home().join("infisical.json"))?
            .replace("FIRST_PORT", &webhooks[0].to_string())
            .replace("SECOND_PORT", &webhooks[1].to_string());
        fs::write(dir.path().join("infisical.json"), state)?;
        fs::write(dir.path().join("account"), format!("{ACCOUNT}\n"))?;
        let state = dir.path().join("infisical.json");
        let infisical = serve(&built, INFISICAL, &["--state".as_ref(), &state], dir.path())?;
        let api = Client { base: format!("http://127.0.0.1:{}", free_port()?), ..Client::default() };
        let keyloom = find(&built, "keyloom")?;
        let mut bench =
            Self { keyloom, infisical, listeners: Vec::new(), clients: Vec::new(), api, webhooks, dir };
        bench.listen()?;
        let token = fs::read_to_string(bench.path("token"))?;
        bench.api.token = Some(token.trim().to_owned());
        bench.clients = clients::start(&bench.api.base, bench.dir.path(), KEY)?;
        Ok(bench)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// `keyloom listen` with what a pod of the manifests has, and nothing else of this machine.
    fn command(&self, port: u16) -> Command {
        let mut command = Command::new(&self.keyloom);
        command.arg("listen").env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .env("INFISICAL_API_URL", format!("{}/api", address(&self.infisical)))
            .env("INFISICAL_IDENTITY_ID", IDENTITY)
            .env("INFISICAL_PROJECT_ID", PROJECT)
            .env("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH", self.path("account"))
            .env("KEYLOOM_ANNOTATIONS", home().join("annotations"))
            .env("WEBHOOK_PORT", port.to_string())
            .env("SECRETS", self.path("secrets"));
        command
    }

    fn listen(&mut self) -> Result<()> {
        let address = self.api.base.trim_start_matches("http://").to_owned();
        let mut first = self.command(self.webhooks[0]);
        first.arg("--dir").arg(self.path("secrets")).arg("--file").arg(self.path("secrets.env"));
        first.args(["--serve", &address, "--token-file"]).arg(self.path("token"));
        first.args(["--signal", "USR1", "--debounce", "0", "--", "sh"]).arg(home().join("app.sh"));
        let mut second = self.command(self.webhooks[1]);
        second.args(["--on-change", "restart", "--debounce", "0", "--", "sh"]).arg(home().join("app.sh"));
        for (name, mut command) in [("listen-signal", first), ("listen-restart", second)] {
            let log = self.path(&format!("{name}.log"));
            let mut server = Server::start(name, &mut command, self.dir.path())?;
            server.wait_ready(PATIENCE, || {
                fs::read_to_string(&log).is_ok_and(|it| it.contains("begun with"))
            })?;
            self.listeners.push(server);
        }
        Ok(())
    }

    /// Each setting with who said it, and no credential.
    fn checked(&self) -> Result<Vec<String>> {
        let output = self.command(1).args(["--check", "--environment", "production"]).output()?;
        let said = String::from_utf8(output.stdout)?;
        let origins = [
            "INFISICAL_ENVIRONMENT production flag",
            "INFISICAL_SECRET_PATH /services/my-service annotation",
        ];
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines: Vec<_> = said.lines().map(words).collect();
        let missing = origins.iter().filter(|it| !lines.iter().any(|line| line.starts_with(**it)));
        let mut wrong: Vec<_> = missing.map(|it| format!("no line {it}:\n{said}")).collect();
        if !output.status.success() {
            wrong.push(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
        }
        Ok(wrong)
    }

    /// Everybody has the first value, and none the key of the webhook.
    fn begun(&self) -> Result<Vec<String>> {
        let first = digest(&value("DATABASE_URL")?);
        let mut wrong = Vec::new();
        for server in &self.listeners {
            wrong.extend(lacks(server, &format!("begun with {first}")));
        }
        for (_, client) in &self.clients {
            wrong.extend(lacks(client, &format!("{KEY} is {first}, one of 2\n")));
        }
        Ok(wrong)
    }

    /// Changes the secret in Infisical, which sends its webhooks a second later.
    fn change(&self) -> Result<()> {
        let mut somebody = Client { base: address(&self.infisical), ..Client::default() };
        let login = json!({"clientId": "somebody", "clientSecret": "canary of somebody"}).to_string();
        let path = "/api/v1/auth/universal-auth/login";
        let headers = &["content-type: application/json"];
        let answer = somebody.send(Request { method: "POST", path, headers, body: Some(&login) })?;
        somebody.token = answer.json()["accessToken"].as_str().map(str::to_owned);
        let body = json!({
            "projectId": PROJECT, "environment": "production", "secretPath": "/services/my-service", "secretValue": SECOND,
        });
        let (path, body) = (format!("/api/v4/secrets/{KEY}"), body.to_string());
        let answer = somebody.send(Request { method: "PATCH", path: &path, headers, body: Some(&body) })?;
        if answer.is_ok() { Ok(()) } else { Err(answer.summary().into()) }
    }

    /// Who has seen the change.
    fn seen(&self) -> Result<Vec<(&str, Vec<String>)>> {
        let (first, second) = (digest(&value("DATABASE_URL")?), digest(SECOND));
        let changed = format!("{KEY} changed from {first} to {second}\n");
        let expected = [
            ("a command by a signal", format!("told, the file has {second}\n")),
            ("a command by another start", format!("ended\nbegun with {second}\n")),
        ];
        let commands =
            expected.into_iter().zip(&self.listeners).map(|((name, line), server)| (name, server, line));
        let clients = self.clients.iter().map(|(name, server)| (*name, server, changed.clone()));
        let mut all = Vec::new();
        for (name, server, line) in commands.chain(clients) {
            let seen = wait_until(PATIENCE, || Ok(lacks(server, &line).is_none().then_some(())))?;
            all.push((
                name,
                seen.map_or_else(|| lacks(server, &line).into_iter().collect(), |()| Vec::new()),
            ));
        }
        Ok(all)
    }

    /// Files hold the values to the byte, for their owner alone.
    fn files(&self) -> Result<Vec<String>> {
        use std::os::unix::fs::PermissionsExt;
        let mut wrong = Vec::new();
        for (name, expected) in [("DATABASE_URL", SECOND.to_owned()), ("NOTE", value("NOTE")?)] {
            let file = self.path("secrets").join(name);
            if fs::read_to_string(&file)? != expected {
                wrong.push(format!("the file {name} holds something else"));
            }
            let mode = fs::metadata(&file)?.permissions().mode() & 0o777;
            if mode != 0o400 {
                wrong.push(format!("the file {name} has mode {mode:o}"));
            }
        }
        if self.path("secrets/WEBHOOK_SECRET").exists() {
            wrong.push("the key of the webhook is a file".to_owned());
        }
        let script = format!(". {}; printf '%s' \"$NOTE\"", self.path("secrets.env").display());
        let read = Command::new("sh").args(["-c", &script]).output()?.stdout;
        if String::from_utf8(read)? != value("NOTE")? {
            wrong.push("a shell reads something else".to_owned());
        }
        Ok(wrong)
    }

    fn served(&self) -> Result<Vec<String>> {
        let get = |client: &Client, path: &str| {
            client.send(Request { method: "GET", path, headers: &[], body: None })
        };
        let mut wrong = Vec::new();
        let stranger = Client { token: None, ..self.api.clone() };
        let refused = get(&stranger, "/v1/secrets")?;
        if refused.status != 401 || refused.body.contains(CANARY) {
            wrong.push(format!("without the token: {}", refused.summary()));
        }
        let one = get(&self.api, &format!("/v1/secrets/{KEY}"))?;
        if one.json()["value"] != SECOND {
            wrong.push(format!("one secret: status {}", one.status));
        }
        let changes = get(&self.api, "/v1/changes?since=0&wait=1")?;
        if !changes.is_ok() || changes.body.contains(CANARY) {
            wrong.push(format!("changes: {}", changes.summary()));
        }
        for port in self.webhooks {
            let metrics = Client { base: format!("http://127.0.0.1:{port}"), ..Client::default() };
            let metrics = get(&metrics, "/metrics")?;
            if !metrics.is_ok() || metrics.body.contains(CANARY) {
                wrong.push(format!("metrics: status {}", metrics.status));
            }
        }
        Ok(wrong)
    }

    /// What lets somebody log in is neither in a file that this wrote nor in the environment of a command.
    fn tokens(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let mut folders = vec![self.dir.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let (text, name) = (fs::read(entry.path()).unwrap_or_default(), entry.file_name());
                let text = String::from_utf8_lossy(&text);
                let given = name == "account" || name == "infisical.json";
                if !given && (text.contains(ACCOUNT) || text.contains("eyJ")) {
                    wrong.push(format!("a token is in {}", entry.path().display()));
                }
            }
        }
        for listener in &self.listeners {
            let children = format!("/proc/{0}/task/{0}/children", listener.id());
            let children = fs::read_to_string(children)?;
            for process in children.split_whitespace().chain([&*listener.id().to_string()]) {
                let environment = fs::read(format!("/proc/{process}/environ"))?;
                let environment = String::from_utf8_lossy(&environment);
                if environment.contains(ACCOUNT) || environment.contains("eyJ") {
                    wrong.push(format!("a token is in the environment of process {process}"));
                }
            }
        }
        Ok(wrong)
    }

    /// A signal is handed on, and the exit code of the command is that of the listener.
    fn ended(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for listener in &mut self.listeners {
            let code = listener.end("TERM", PATIENCE)?;
            if code != Some(7) {
                wrong.push(format!("exit code {code:?}\n{}", listener.log_tail(20)));
            }
        }
        Ok(wrong)
    }

    fn logs(&self) -> Vec<String> {
        let clients = self.clients.iter().map(|(_, server)| server);
        let all = self.listeners.iter().chain(clients).chain([&self.infisical]);
        let shown = all.filter(|server| server.log().contains(CANARY));
        let mut wrong: Vec<_> =
            shown.map(|server| format!("a value is printed:\n{}", server.log())).collect();
        for listener in &self.listeners {
            if listener.log().contains("does not lie in memory") && is_memory(self.dir.path()) {
                wrong.push(format!("memory is taken for a disk:\n{}", listener.log()));
            }
        }
        wrong
    }
}

/// Says what a log lacks.
fn lacks(server: &Server, line: &str) -> Option<String> {
    (!server.log().contains(line)).then(|| format!("no `{}` in\n{}", line.trim_end(), server.log_tail(20)))
}

/// A folder in memory, as an emptyDir with `medium: Memory` is, where this machine has one.
fn memory() -> Result<tempfile::TempDir> {
    let shared = Path::new("/dev/shm");
    Ok(if shared.is_dir() { tempfile::tempdir_in(shared)? } else { tempfile::tempdir()? })
}

fn is_memory(path: &Path) -> bool {
    path.starts_with("/dev/shm")
}

fn home() -> PathBuf {
    root().join("e2e/listen")
}

/// The value of a secret in the beginning.
fn value(name: &str) -> Result<String> {
    let state: Value = serde_json::from_str(&fs::read_to_string(home().join("infisical.json"))?)?;
    let secrets = &state["projects"][0]["environments"][0]["folders"]["/services/my-service"]["secrets"];
    Ok(secrets[name].as_str().unwrap_or_default().to_owned())
}

fn digest(value: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(value);
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
