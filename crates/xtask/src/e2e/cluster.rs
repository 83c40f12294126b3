//! An API server with its store: enough of a cluster to accept objects and to serve controllers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Result;
use crate::e2e::curl::{Client, Request};
use crate::e2e::engines::Engines;
use crate::e2e::objects::Objects;
use crate::e2e::process::{Server, free_port};

const START: Duration = Duration::from_secs(60);
/// Of a server that lives as long as one run, on loopback.
const TOKEN: &str = "end-to-end";
/// What service accounts ask for is written down, and what is answered.
const AUDIT: &str = r#"{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
    "rules": [{"level": "Metadata", "userGroups": ["system:serviceaccounts"]}, {"level": "None"}]}"#;

/// A running cluster. Dropping it stops it and removes its files.
#[derive(Debug)]
pub(super) struct Cluster {
    /// What is stored.
    pub(super) objects: Objects,
    /// Whoever may do everything.
    pub(super) client: Client,
    /// For clients other than this one.
    pub(super) kubeconfig: PathBuf,
    // Fields are dropped in this order.
    _api_server: Server,
    _etcd: Server,
    dir: TempDir,
}

impl Cluster {
    /// Starts etcd and the API server, and waits until they serve.
    pub(super) fn start(engines: &Engines) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("keyloom-e2e-").tempdir()?;
        let (etcd, etcd_url) = start_etcd(engines, dir.path())?;
        write_key(&dir.path().join("sa.key"))?;
        fs::write(dir.path().join("tokens.csv"), format!("{TOKEN},admin,1,\"system:masters\"\n"))?;
        fs::write(dir.path().join("audit.yaml"), AUDIT)?;
        let port = free_port()?;
        let client = Client {
            base: format!("https://127.0.0.1:{port}"),
            ca: Some(dir.path().join("certs/apiserver.crt")),
            token: Some(TOKEN.to_owned()),
        };
        let mut command = api_server_command(engines, &etcd_url, port);
        let mut api_server = Server::start("kube-apiserver", &mut command, dir.path())?;
        // The server makes this namespace itself, a moment after it says that it is ready.
        api_server.wait_ready(START, || {
            answers(&client, "/readyz") && answers(&client, "/api/v1/namespaces/default")
        })?;
        let kubeconfig = dir.path().join("kubeconfig");
        fs::write(&kubeconfig, kubeconfig_text(&client))?;
        let objects = Objects::new(client.clone());
        Ok(Self { objects, client, kubeconfig, _api_server: api_server, _etcd: etcd, dir })
    }

    /// A folder for logs, removed with the cluster.
    pub(super) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// A token of a service account: for that audience, or for the API server itself.
    pub(super) fn token(&self, namespace: &str, account: &str, audience: Option<&str>) -> Result<String> {
        let audiences: Vec<_> = audience.into_iter().collect();
        let asked = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "spec": {"audiences": audiences}});
        let answer = self.client.send(Request {
            method: "POST",
            path: &format!("/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"),
            headers: &["Content-Type: application/json"],
            body: Some(&asked.to_string()),
        })?;
        let token = answer.json()["status"]["token"].as_str().map(str::to_owned);
        token.ok_or_else(|| format!("token of {account}: {}", answer.summary()).into())
    }

    /// A kubeconfig of a service account.
    pub(super) fn kubeconfig_of(&self, namespace: &str, account: &str) -> Result<PathBuf> {
        let client = Client { token: Some(self.token(namespace, account, None)?), ..self.client.clone() };
        let file = self.dir().join(format!("{namespace}-{account}.kubeconfig"));
        fs::write(&file, kubeconfig_text(&client))?;
        Ok(file)
    }

    /// What a service account asked for so far: one event of `audit.k8s.io` for each request.
    pub(super) fn audit(&self, namespace: &str, account: &str) -> Result<Vec<Value>> {
        let user = format!("system:serviceaccount:{namespace}:{account}");
        let text = fs::read_to_string(self.dir().join("audit.log"))?;
        let mut events = Vec::new();
        for line in text.lines() {
            let event: Value = serde_json::from_str(line)?;
            if event["user"]["username"] == user.as_str() {
                events.push(event);
            }
        }
        Ok(events)
    }
}

/// Whether a GET succeeds; a connection refused is a no.
fn answers(client: &Client, path: &str) -> bool {
    let request = Request { method: "GET", path, headers: &[], body: None };
    client.send(request).is_ok_and(|response| response.is_ok())
}

fn start_etcd(engines: &Engines, dir: &Path) -> Result<(Server, String)> {
    let url = format!("http://127.0.0.1:{}", free_port()?);
    let peer = format!("http://127.0.0.1:{}", free_port()?);
    let mut command = Command::new(&engines.etcd);
    command
        .args(["--data-dir", "etcd-data", "--unsafe-no-fsync", "--log-level", "warn"])
        .args(["--listen-client-urls", &url, "--advertise-client-urls", &url])
        .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
        .args(["--initial-cluster", &format!("default={peer}")]);
    let mut server = Server::start("etcd", &mut command, dir)?;
    let client = Client { base: url.clone(), ..Client::default() };
    server.wait_ready(START, || answers(&client, "/health"))?;
    Ok((server, url))
}

fn api_server_command(engines: &Engines, etcd_url: &str, port: u16) -> Command {
    let mut command = Command::new(&engines.api_server);
    command
        .arg(format!("--etcd-servers={etcd_url}"))
        .arg(format!("--secure-port={port}"))
        .args(["--bind-address=127.0.0.1", "--cert-dir=certs"])
        .args(["--service-account-key-file=sa.key", "--service-account-signing-key-file=sa.key"])
        .args(["--service-account-issuer=https://127.0.0.1", "--authorization-mode=RBAC"])
        .args(["--token-auth-file=tokens.csv", "--service-cluster-ip-range=10.0.0.0/24"])
        .args(["--audit-policy-file=audit.yaml", "--audit-log-path=audit.log"])
        // No controller makes service accounts here, and no object needs one.
        .arg("--disable-admission-plugins=ServiceAccount");
    command
}

/// The key that signs service account tokens.
fn write_key(path: &Path) -> Result<()> {
    let output = Command::new("openssl")
        .args(["genrsa", "-out"])
        .arg(path)
        .arg("2048")
        .output()
        .map_err(|error| format!("cannot run openssl ({error}); install openssl"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("openssl: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// A kubeconfig; JSON is YAML too.
fn kubeconfig_text(client: &Client) -> String {
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "e2e",
            "cluster": {"server": client.base, "certificate-authority": client.ca}}],
        "users": [{"name": "admin", "user": {"token": client.token}}],
        "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "admin"}}],
        "current-context": "e2e",
    })
    .to_string()
}
