//! Webhooks of Infisical are handed on to the operator: `keyloom relay` between the fake Infisical and a cluster in which it
//! has the rights that it prints, and no others.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::e2e::cluster::Cluster;
use crate::e2e::curl::{Client, Request};
use crate::e2e::engines::Engines;
use crate::e2e::fake_infisical::Infisical;
use crate::e2e::keyloom::{self, Keyloom, Rendered};
use crate::e2e::manifests::{self, Manifest};
use crate::e2e::options::Options;
use crate::e2e::process::{Server, wait_until};
use crate::e2e::report::Report;
use crate::e2e::sync::case::Case;
use crate::e2e::versions::{self, Version};
use crate::e2e::{base64, operator};
use crate::{Result, root, say};

mod marks;
mod rights;
mod rotation;

use marks::marks;
use rotation::{ROTATIONS, Rotation};

const ARRIVAL: Duration = Duration::from_secs(60);
/// From the webhook to the Secret.
const RELAYED: Duration = Duration::from_secs(2);
/// For so long Infisical gathers changes of a folder before it tells of them.
const GATHERED: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(10);
/// The id and the slug of the project, as `--project` takes it.
const PROJECT: (&str, &str) = ("7d0c6f3e-1a2b-4c3d-9e8f-001122334455", "web-shop");
/// In every value and key of the case, and so in no log.
const CANARY: &str = "canary";
/// The service account that `--print-rbac` prints.
const NAMESPACE: &str = "keyloom";
const ACCOUNT: &str = "keyloom-relay";

/// What the checks run against.
struct Bench {
    cluster: Cluster,
    relay: Server,
    address: Client,
    infisical: Infisical,
    operator: Server,
    case: Case,
}

/// Rotates secrets and looks at who is synced, then at what the relay asked for and said.
pub(super) fn run(
    engines: &Engines,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    if !options.selects("relay") {
        return Ok(());
    }
    let mut bench = match Bench::start(engines, keyloom) {
        Ok(bench) => bench,
        Err(error) => return report.fail("relay", &error.to_string()),
    };
    for (number, rotation) in ROTATIONS.iter().enumerate() {
        let check = format!("relay {}:{}", rotation.environment, rotation.path);
        report.conclude(&check, bench.rotate(rotation, &format!("rotated canary {number}")))?;
    }
    report.conclude("relay refuses what is forged", bench.forged())?;
    report.settle("relay syncs nobody else", &bench.others())?;
    report.conclude("relay uses its rights and has no more", rights::wrong(&bench.cluster, keyloom))?;
    report.settle("relay logs", &bench.logs())?;
    report.conclude("relay manifests of the page", bench.page())
}

impl Bench {
    fn start(engines: &Engines, keyloom: &Keyloom) -> Result<Self> {
        let mut cluster = Cluster::start(engines)?;
        cluster.objects.install_crds(&versions::controllers_crds()?)?;
        for manifest in rights::printed(keyloom)? {
            apply(&mut cluster, &manifest)?;
        }
        let (relay, address) = relay(&cluster)?;
        let state = fs::read_to_string(home().join("state.json"))?;
        let state =
            state.replace("\"RELAY\"", &json!(format!("{}/infisical/webhook", address.base)).to_string());
        let infisical = Infisical::start(&state, cluster.dir())?;
        let dir = cluster.dir().join("case");
        fs::create_dir(&dir)?;
        for name in ["keyloom.yaml", "remote.json", "expected.json"] {
            let text = fs::read_to_string(home().join(name))?;
            fs::write(dir.join(name), text.replace("http://infisical.e2e", infisical.url()))?;
        }
        let case = Case::read(&dir)?;
        let operator = operator::start(engines, &cluster, "http://127.0.0.1:1")?;
        let manifests = match keyloom.render(Version::V0_20, None, &case.document)? {
            Rendered::Manifests(manifests) => manifests,
            Rendered::NewerThanVersion => return Err("has fields newer than the controller".into()),
            Rendered::Refused(words) => return Err(words.into()),
        };
        for manifest in case.kubernetes.iter().chain(&manifests) {
            apply(&mut cluster, manifest)?;
        }
        let mut bench = Self { cluster, relay, address, infisical, operator, case };
        let mut wrong = Vec::new();
        let arrived = wait_until(ARRIVAL, || {
            wrong = bench.case.absent(&mut bench.cluster.objects)?;
            Ok(wrong.is_empty().then_some(()))
        })?;
        match arrived {
            Some(()) => Ok(bench),
            None => Err(format!("{}\n{}", wrong.join("\n"), bench.operator.log_tail(15)).into()),
        }
    }

    /// Changes a value, as a rotation does, and waits until it is where it belongs.
    fn rotate(&self, rotation: &Rotation, value: &str) -> Result<Vec<String>> {
        let before = marks(&self.cluster)?;
        self.change(rotation, value)?;
        let begun = Instant::now();
        let mut left: BTreeSet<&str> = rotation.arrives.iter().copied().collect();
        while !left.is_empty() && begun.elapsed() < GATHERED + RELAYED {
            std::thread::sleep(PAUSE);
            for secret in left.clone() {
                if self.value(secret, rotation.key)? == value.as_bytes() {
                    left.remove(secret);
                }
            }
        }
        let taken = begun.elapsed();
        let mut wrong: Vec<String> =
            left.iter().map(|it| format!("{it} does not have the new value")).collect();
        let line = rotation.told();
        let is_told =
            wait_until(RELAYED, || Ok(self.relay.log().lines().any(|it| it == line).then_some(())))?;
        if is_told.is_none() {
            wrong.push(format!("the relay does not say `{line}`"));
        }
        let expected: BTreeSet<&str> = rotation.synced.iter().copied().collect();
        let mut marked = BTreeSet::new();
        wait_until(RELAYED, || {
            let now = marks(&self.cluster)?;
            marked = now
                .into_iter()
                .filter(|(object, mark)| before.get(object) != Some(mark))
                .map(|it| it.0)
                .collect();
            Ok(marked.iter().map(String::as_str).eq(expected.iter().copied()).then_some(()))
        })?
        .unwrap_or_else(|| wrong.push(format!("these are annotated: {marked:?}")));
        if wrong.is_empty() {
            let gathered = GATHERED.as_millis();
            let taken = taken.as_millis();
            say(&format!(
                "         {taken} ms from the change to the Secret, of which Infisical gathers for {gathered} ms"
            ))?;
        } else {
            wrong.extend([self.relay.log_tail(15), self.operator.log_tail(15), self.infisical.log_tail(5)]);
        }
        Ok(wrong)
    }

    fn change(&self, rotation: &Rotation, value: &str) -> Result<()> {
        let Rotation { environment, path, key, .. } = rotation;
        let client = Client {
            base: self.infisical.url().to_owned(),
            token: Some("rotation canary".to_owned()),
            ..Client::default()
        };
        let body = json!({"workspaceId": PROJECT.0, "environment": environment, "secretPath": path, "secretValue": value});
        let changed = client.send(Request {
            method: "PATCH",
            path: &format!("/api/v3/secrets/raw/{key}"),
            headers: &["Content-Type: application/json"],
            body: Some(&body.to_string()),
        })?;
        if changed.is_ok() { Ok(()) } else { Err(changed.summary().into()) }
    }

    fn value(&self, secret: &str, key: &str) -> Result<Vec<u8>> {
        let (namespace, name) = secret.split_once('/').ok_or("write NAMESPACE/NAME")?;
        let path = format!("/api/v1/namespaces/{namespace}/secrets/{name}");
        let stored =
            self.cluster.client.send(Request { method: "GET", path: &path, headers: &[], body: None })?;
        let value = stored.json()["data"][key].as_str().and_then(base64::decode);
        Ok(value.unwrap_or_default())
    }

    /// A webhook that nobody signed, and one that somebody else did.
    fn forged(&self) -> Result<Vec<String>> {
        let body = json!({"event": "secrets.modified", "timestamp": 1, "project": {"environment": "prod", "secretPath": "/ci"}});
        let mut wrong = Vec::new();
        let other = format!("x-infisical-signature: t=1;{}", "0".repeat(64));
        for headers in [&["Content-Type: application/json"][..], &["Content-Type: application/json", &other]]
        {
            let answer = self.address.send(Request {
                method: "POST",
                path: "/infisical/webhook",
                headers,
                body: Some(&body.to_string()),
            })?;
            if answer.status != 401 {
                wrong.push(format!("is answered with {}", answer.summary()));
            }
        }
        Ok(wrong)
    }

    /// The relay told of these rotations and of nothing else.
    fn others(&self) -> Vec<String> {
        let expected: BTreeSet<String> = ROTATIONS.iter().map(Rotation::told).collect();
        let log = self.relay.log();
        let lines = log.lines().filter(|line| line.contains(" changed: "));
        lines.filter(|line| !expected.contains(*line)).map(str::to_owned).collect()
    }

    /// What the page has people apply is taken by the API server.
    fn page(&mut self) -> Result<Vec<String>> {
        let page = fs::read_to_string(root().join("docs/relay.md"))?;
        let blocks = page.split("```yaml\n").skip(1).filter_map(|block| block.split("```").next());
        let blocks: Vec<&str> = blocks.filter(|block| block.contains("kind: Deployment")).collect();
        if blocks.is_empty() {
            return Ok(vec!["the page has no Deployment".to_owned()]);
        }
        for manifest in blocks.into_iter().map(manifests::parse).collect::<Result<Vec<_>>>()?.concat() {
            apply(&mut self.cluster, &manifest)?;
        }
        Ok(Vec::new())
    }

    /// No value and no key in what anybody wrote down.
    fn logs(&self) -> Vec<String> {
        let logs = [
            ("the relay", self.relay.log()),
            ("the controller", self.operator.log()),
            ("the server", self.infisical.log()),
        ];
        let leaking = logs.iter().filter(|(_, log)| log.contains(CANARY));
        leaking.map(|(who, _)| format!("{who} wrote a value or a key into its log")).collect()
    }
}

/// Starts the relay as its service account, and waits until it looked at the cluster.
fn relay(cluster: &Cluster) -> Result<(Server, Client)> {
    let features = ["--package", "keyloom-cli", "--features", "keyloom-cli/live", "--bins"];
    let built = keyloom::executables(&features)?;
    let program = built.first().ok_or("cargo named no binary")?;
    let mut command = Command::new(program);
    command
        .args(["relay", "--listen", "127.0.0.1:0", "--project", &format!("{}={}", PROJECT.0, PROJECT.1)])
        .env_clear()
        .env("KUBECONFIG", cluster.kubeconfig_of(NAMESPACE, ACCOUNT)?)
        .env("KEYLOOM_WEBHOOK_SECRET", "webhook canary,older canary");
    let mut server = Server::start("relay", &mut command, cluster.dir())?;
    let log = cluster.dir().join("relay.log");
    let mut address = Client::default();
    server.wait_ready(Duration::from_secs(30), || {
        let text = fs::read_to_string(&log).unwrap_or_default();
        let Some(port) = text.lines().find_map(|line| line.strip_prefix("listening on ")) else {
            return false;
        };
        address.base = format!("http://{port}");
        let ready = Request { method: "GET", path: "/ready", headers: &[], body: None };
        address.send(ready).is_ok_and(|answer| answer.is_ok())
    })?;
    Ok((server, address))
}

fn apply(cluster: &mut Cluster, manifest: &Manifest) -> Result<()> {
    let applied = cluster.objects.apply(manifest)?;
    match applied.is_ok() {
        true => Ok(()),
        false => Err(format!("{}: {}", manifest.title(), applied.summary()).into()),
    }
}

/// Where the case lies.
fn home() -> PathBuf {
    root().join("e2e/relay")
}
