//! Declared secrets arrive from Infisical: the fake server, the controller, and a cluster that reviews tokens. Typed
//! connections do from OpenBao too.

mod openbao;
mod typed;

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::e2e::cluster::Cluster;
use crate::e2e::engines::Engines;
use crate::e2e::fake_infisical::Infisical;
use crate::e2e::keyloom::{Keyloom, Rendered};
use crate::e2e::manifests::Manifest;
use crate::e2e::operator;
use crate::e2e::options::Options;
use crate::e2e::process::{Server, wait_until};
use crate::e2e::report::Report;
use crate::e2e::sync::case::Case;
use crate::e2e::versions::{self, Version};
use crate::{Result, root};

const ARRIVAL: Duration = Duration::from_secs(60);
const NAMESPACE: &str = "e2e-infisical";
/// Service accounts whose tokens stores log in with.
const ACCOUNTS: [&str; 2] = ["reader", "stranger"];
/// Stores whose login is refused, what the server answers it with, and of what the controller learns.
const REFUSED: [(&str, &str, &str); 2] = [
    ("not-allowed", "401 UnauthorizedError", "service account name is not allowed"),
    // Without a reviewer the token reviews itself, which its service account may not.
    ("not-reviewed", "400 KubernetesTokenReviewError", "refused the review: 403"),
];
/// What the controller must have asked for, and how it was answered.
const ASKED: [&str; 5] = [
    "POST /api/v1/auth/universal-auth/login 200",
    "POST /api/v1/auth/kubernetes-auth/login 200",
    "GET /api/v3/secrets/raw?",
    "GET /api/v3/secrets/raw/port?",
    "POST /api/v1/auth/token/revoke 200",
];
/// In every value and credential of the case, and so in no log.
const CANARY: &str = "canary";

/// What the checks run against.
struct Bench<'a> {
    cluster: Cluster,
    infisical: Infisical,
    operator: Server,
    keyloom: &'a Keyloom,
    case: Case,
}

/// Syncs the case, and looks at what was said on the way.
pub(super) fn run(
    engines: &Engines,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    if !options.selects("infisical") {
        return Ok(());
    }
    let mut bench = match Bench::start(engines, keyloom) {
        Ok(bench) => bench,
        Err(error) => return report.fail("infisical", &error.to_string()),
    };
    report.conclude("infisical secrets arrive", bench.arrive())?;
    report.conclude("infisical stores are refused", bench.refuse())?;
    report.conclude(
        "infisical connections that are wrong",
        typed::fail(&mut bench.cluster, &bench.operator, NAMESPACE),
    )?;
    report.settle("infisical is asked", &bench.asked())?;
    openbao::run(engines, &mut bench, report)?;
    report.settle("infisical logs", &bench.logs())
}

impl<'a> Bench<'a> {
    fn start(engines: &Engines, keyloom: &'a Keyloom) -> Result<Self> {
        let mut cluster = Cluster::start(engines)?;
        cluster.objects.install_crds(&versions::controllers_crds()?)?;
        let infisical = Infisical::start(&state(&cluster)?, cluster.dir())?;
        let dir = cluster.dir().join("case");
        fs::create_dir(&dir)?;
        let tokens = cluster.dir().join("tokens");
        fs::create_dir(&tokens)?;
        for name in ["keyloom.yaml", "remote.json", "expected.json"] {
            let text = fs::read_to_string(home().join(name))?;
            let text = text.replace("http://infisical.e2e", infisical.url());
            fs::write(dir.join(name), text.replace("TOKENS", &tokens.to_string_lossy()))?;
        }
        let case = typed::case(&dir, NAMESPACE)?;
        apply(&mut cluster, &case.kubernetes)?;
        for account in ACCOUNTS {
            // As the kubelet writes them, but for the line's end, which some editors add.
            fs::write(tokens.join(account), format!("{}\n", cluster.token(NAMESPACE, account, None)?))?;
        }
        let operator = operator::start(engines, &cluster, "http://127.0.0.1:1")?;
        Ok(Self { cluster, infisical, operator, keyloom, case })
    }

    /// Every Secret of `expected.json`, to the last byte.
    fn arrive(&mut self) -> Result<Vec<String>> {
        let mut wrong = sync(&mut self.cluster, &self.operator, self.keyloom, &self.case)?;
        if !wrong.is_empty() {
            wrong.push(self.infisical.log_tail(15));
        }
        Ok(wrong)
    }

    /// Stores that cannot log in are not ready, and the server has said why.
    fn refuse(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for (name, answer, words) in REFUSED {
            let store = object("SecretStore", NAMESPACE, name);
            let objects = &mut self.cluster.objects;
            let refused =
                wait_until(ARRIVAL, || Ok(is_ready(&objects.get(&store)?.json(), "False").then_some(())))?;
            if refused.is_none() {
                wrong.push(format!("store {name} is not refused"));
            }
            let line = format!("POST /api/v1/auth/kubernetes-auth/login {answer}");
            if !self.infisical.log().lines().any(|it| it == line) {
                wrong.push(format!("store {name}: nothing was answered with `{answer}`"));
            }
            if !self.operator.log().contains(words) {
                wrong.push(format!("store {name}: the controller does not say `{words}`"));
            }
        }
        Ok(wrong)
    }

    /// The requests that the controller must have sent.
    fn asked(&self) -> Vec<String> {
        let log = self.infisical.log();
        let missing = ASKED.iter().filter(|asked| !log.lines().any(|line| line.starts_with(**asked)));
        missing.map(|asked| format!("nobody sent `{asked}`")).collect()
    }

    /// No value, and no credential, in what anybody wrote down.
    fn logs(&self) -> Vec<String> {
        let logs = [("the controller", self.operator.log()), ("the server", self.infisical.log())];
        let leaking = logs.iter().filter(|(_, log)| log.contains(CANARY));
        leaking.map(|(who, _)| format!("{who} wrote a value or a credential into its log")).collect()
    }
}

/// Renders and applies a case, and waits for its Secrets; every fault is a line.
fn sync(cluster: &mut Cluster, operator: &Server, keyloom: &Keyloom, case: &Case) -> Result<Vec<String>> {
    let manifests = match keyloom.render(Version::V0_20, None, &case.document)? {
        Rendered::Manifests(manifests) => manifests,
        Rendered::NewerThanVersion => return Ok(vec!["has fields newer than the controller".to_owned()]),
        Rendered::Refused(words) => return Ok(vec![words]),
    };
    apply(cluster, &manifests)?;
    let mut wrong = Vec::new();
    let arrived = wait_until(ARRIVAL, || {
        wrong = case.absent(&mut cluster.objects)?;
        Ok(wrong.is_empty().then_some(()))
    })?;
    if arrived.is_none() {
        for manifest in manifests {
            let stored = cluster.objects.get(&manifest)?.json();
            wrong.push(format!("{}: status {}", manifest.title(), stored["status"]));
        }
        wrong.push(operator.log_tail(15));
    }
    Ok(wrong)
}

fn apply(cluster: &mut Cluster, objects: &[Manifest]) -> Result<()> {
    for object in objects {
        let applied = cluster.objects.apply(object)?;
        if !applied.is_ok() {
            return Err(format!("{}: {}", object.title(), applied.summary()).into());
        }
    }
    Ok(())
}

/// Where the case lies.
fn home() -> std::path::PathBuf {
    root().join("e2e/infisical")
}

fn object(kind: &str, namespace: &str, name: &str) -> Manifest {
    let value = json!({"apiVersion": "external-secrets.io/v1", "kind": kind,
        "metadata": {"namespace": namespace, "name": name}});
    Manifest { text: value.to_string(), value }
}

fn is_ready(store: &Value, status: &str) -> bool {
    let conditions = store.pointer("/status/conditions").and_then(Value::as_array);
    conditions.is_some_and(|all| all.iter().any(|it| it["type"] == "Ready" && it["status"] == status))
}

/// The state of the server, with the addresses of this run.
fn state(cluster: &Cluster) -> Result<String> {
    let ca = cluster.client.ca.as_deref().map(fs::read_to_string).transpose()?.unwrap_or_default();
    let text = fs::read_to_string(home().join("state.json"))?;
    let quoted = |text: &str| Value::from(text).to_string();
    Ok(text
        .replace("\"CONNECTIONS\"", &typed::texts()?.to_string())
        .replace("\"API_SERVER\"", &quoted(&cluster.client.base))
        .replace("\"API_SERVER_CA\"", &quoted(&ca))
        .replace("\"REVIEWER\"", &quoted(cluster.client.token.as_deref().unwrap_or_default())))
}
