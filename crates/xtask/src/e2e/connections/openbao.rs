//! Connections in a KV secrets engine, against a real OpenBao.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::bench::{Bench, CANARY, Wrong};
use crate::Result;
use crate::e2e::curl::{Client, Request};
use crate::e2e::options::Options;
use crate::e2e::process::{Server, free_port};
use crate::e2e::report::Report;

/// A token that may do everything.
const ROOT: &str = "canary-root";

/// Runs the checks.
pub(super) fn run(bao: &Path, options: &Options, report: &mut Report) -> Result<()> {
    let check = "connections in OpenBao";
    if !options.selects(check) {
        return Ok(());
    }
    report.conclude(check, checked(bao))
}

struct OpenBao {
    client: Client,
    _server: Server,
}

impl OpenBao {
    /// Starts a server that keeps all in memory, with an engine at `secret`.
    fn start(program: &Path, dir: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(program);
        command.args(["server", "-dev", "-dev-no-store-token"]).arg(format!("-dev-root-token-id={ROOT}"));
        command.arg(format!("-dev-listen-address=127.0.0.1:{port}")).env("HOME", dir);
        let mut server = Server::start("openbao", &mut command, dir)?;
        let client = Client { base: format!("http://127.0.0.1:{port}"), ..Client::default() };
        let health = Request { method: "GET", path: "/v1/sys/health", headers: &[], body: None };
        server.wait_ready(Duration::from_secs(60), || client.send(health).is_ok_and(|it| it.is_ok()))?;
        Ok(Self { client, _server: server })
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let token = format!("X-Vault-Token: {ROOT}");
        let body = body.to_string();
        let headers = [token.as_str()];
        let answer = self.client.send(Request { method, path, headers: &headers, body: Some(&body) })?;
        if answer.is_ok() { Ok(answer.json()) } else { Err(format!("openbao: {}", answer.summary()).into()) }
    }

    /// A token that may do this below `connections` and nothing else.
    fn token(&self, name: &str, policy: &str) -> Result<String> {
        self.call("PUT", &format!("/v1/sys/policies/acl/{name}"), &json!({ "policy": policy }))?;
        let id = format!("{CANARY}-{name}");
        self.call("POST", "/v1/auth/token/create", &json!({"id": id, "policies": [name]}))?;
        Ok(id)
    }

    /// One with a policy that is there, and without `default`.
    fn narrow_token(&self, policy: &str) -> Result<String> {
        let id = format!("{CANARY}-narrow");
        let body = json!({"id": id, "policies": [policy], "no_default_policy": true});
        self.call("POST", "/v1/auth/token/create", &body)?;
        Ok(id)
    }
}

fn checked(program: &Path) -> Result<Vec<String>> {
    let home = tempfile::tempdir()?;
    let bao = OpenBao::start(program, home.path())?;
    let variables = vec![
        ("BRUIN_SECRETS_BACKEND", "vault".to_owned()),
        ("BRUIN_VAULT_HOST", bao.client.base.clone()),
        ("BRUIN_VAULT_TOKEN", ROOT.to_owned()),
        ("BRUIN_VAULT_MOUNT_PATH", "secret".to_owned()),
        ("BRUIN_VAULT_PATH", "connections".to_owned()),
        ("BRUIN_VAULT_MAX_RETRIES", "0".to_owned()),
    ];
    let bench = Bench::new(home.path(), variables)?;
    let mut wrong = Wrong(bench.round("my-postgres")?);
    wrong.0.extend(rights(&bao, &bench)?.0);
    wrong.0.extend(places(&bao, &bench)?.0);
    let own = [
        ("BRUIN_VAULT_HOST", ""),
        ("BRUIN_VAULT_TOKEN", ""),
        ("VAULT_ADDR", bao.client.base.as_str()),
        ("VAULT_TOKEN", ROOT),
    ];
    wrong.unless(&bench.with(&own).connection(&["list"])?, 0, "my-postgres");
    bao.call("PUT", "/v1/sys/seal", &Value::Null)?;
    wrong.unless(&bench.connection(&["get", "my-postgres"])?, 2, "is sealed; unseal it");
    Ok(wrong.0)
}

/// The policies that the page names are enough, and what they do not let is told as that.
fn rights(bao: &OpenBao, bench: &Bench) -> Result<Wrong> {
    let mut wrong = Wrong::default();
    let reads = bao.token("reads", r#"path "secret/data/connections/*" { capabilities = ["read"] }"#)?;
    let reads = bench.with(&[("BRUIN_VAULT_TOKEN", &reads)]);
    wrong.unless(&reads.connection(&["get", "my-postgres"])?, 0, "6432");
    wrong.unless(
        &reads.connection(&["get", "nowhere"])?,
        1,
        "there is no `nowhere` in secret/data/connections at 127.0.0.1:",
    );
    wrong.unless(
        &reads.connection(&["list"])?,
        1,
        r#"path "secret/metadata/connections" { capabilities = ["list"] }"#,
    );
    wrong.unless(
        &reads.put("new", &[])?,
        1,
        r#"path "secret/data/connections/*" { capabilities = ["create", "read", "update"] }"#,
    );
    let narrow = bao.narrow_token("reads")?;
    let narrow = bench.with(&[("BRUIN_VAULT_TOKEN", &narrow)]);
    wrong.unless(&narrow.connection(&["get", "my-postgres"])?, 0, "6432");
    wrong.unless(&narrow.connection(&["list"])?, 1, "does not let this token list there");
    let writes = bao.token(
        "writes",
        r#"path "secret/data/connections/*" { capabilities = ["create", "read", "update"] }
           path "secret/metadata/connections" { capabilities = ["list"] }"#,
    )?;
    wrong.0.extend(bench.with(&[("BRUIN_VAULT_TOKEN", &writes)]).round("written")?);
    let unknown = bench.with(&[("BRUIN_VAULT_TOKEN", "canary-unknown")]);
    wrong.unless(
        &unknown.connection(&["get", "my-postgres"])?,
        2,
        "failed to authenticate with Vault: 127.0.0.1:",
    );
    Ok(wrong)
}

/// Places that are others are told apart, and nothing is written there.
fn places(bao: &OpenBao, bench: &Bench) -> Result<Wrong> {
    let mut wrong = Wrong::default();
    bao.call("POST", "/v1/sys/mounts/old", &json!({"type": "kv", "options": {"version": "1"}}))?;
    bao.call("POST", "/v1/sys/mounts/transit", &json!({"type": "transit"}))?;
    bao.call("DELETE", "/v1/secret/data/connections/written", &Value::Null)?;
    for (mount, path, name, words) in [
        ("old", "connections", "db", "`old` is a KV secrets engine of version 1"),
        ("transit", "connections", "db", "is a secrets engine of type transit, not kv"),
        ("none", "connections", "db", "nothing is mounted at `none`"),
        ("secret/data", "connections", "db", "the engine is mounted at `secret`, not at `secret/data`"),
        ("secret", "data/connections", "my-postgres", "leave `data/` out of BRUIN_VAULT_PATH"),
        (
            "secret",
            "connections",
            "written",
            "version 2 of `written` is deleted; write a new one, or bring it back",
        ),
    ] {
        let elsewhere = bench.with(&[("BRUIN_VAULT_MOUNT_PATH", mount), ("BRUIN_VAULT_PATH", path)]);
        wrong.unless(&elsewhere.connection(&["get", name])?, 1, words);
        if mount == "old" {
            wrong.unless(&elsewhere.put(name, &[])?, 1, words);
        }
    }
    bao.call(
        "POST",
        "/v1/secret/data/connections/held",
        &json!({"data": {"value": r#"{"type": "generic", "details": {"value": "canary"}}"#}}),
    )?;
    wrong.unless(&bench.connection(&["get", "held"])?, 0, "generic");
    Ok(wrong)
}
