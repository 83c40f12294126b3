//! An OpenBao of one's own, with a KV secrets engine at `secret`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Result;
use crate::e2e::curl::{Client, Request};
use crate::e2e::process::{Server, free_port};

/// A token that may do everything.
pub(super) const ROOT: &str = "canary-root";

/// A running server.
pub(super) struct OpenBao {
    client: Client,
    server: Server,
}

impl OpenBao {
    /// Starts a server that keeps all in memory.
    pub(super) fn start(program: &Path, dir: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(program);
        command.args(["server", "-dev", "-dev-no-store-token"]).arg(format!("-dev-root-token-id={ROOT}"));
        command.arg(format!("-dev-listen-address=127.0.0.1:{port}")).env("HOME", dir);
        let mut server = Server::start("openbao", &mut command, dir)?;
        let client = Client { base: format!("http://127.0.0.1:{port}"), ..Client::default() };
        let health = Request { method: "GET", path: "/v1/sys/health", headers: &[], body: None };
        server.wait_ready(Duration::from_secs(60), || client.send(health).is_ok_and(|it| it.is_ok()))?;
        Ok(Self { client, server })
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &str {
        &self.client.base
    }

    /// The last lines of its log.
    pub(super) fn log_tail(&self, lines: usize) -> String {
        self.server.log_tail(lines)
    }

    /// A request as [`ROOT`].
    pub(super) fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let token = format!("X-Vault-Token: {ROOT}");
        let body = body.to_string();
        let headers = [token.as_str()];
        let answer = self.client.send(Request { method, path, headers: &headers, body: Some(&body) })?;
        if answer.is_ok() { Ok(answer.json()) } else { Err(format!("openbao: {}", answer.summary()).into()) }
    }

    /// A policy of this name, and what it lets.
    pub(super) fn policy(&self, name: &str, policy: &str) -> Result<()> {
        self.call("PUT", &format!("/v1/sys/policies/acl/{name}"), &json!({ "policy": policy })).map(drop)
    }

    /// A token that may do what the policy says, and nothing else.
    pub(super) fn token(&self, name: &str, policy: &str) -> Result<String> {
        self.policy(name, policy)?;
        let id = format!("canary-{name}");
        self.call("POST", "/v1/auth/token/create", &json!({"id": id, "policies": [name]}))?;
        Ok(id)
    }

    /// One with a policy that is there, and without `default`.
    pub(super) fn narrow_token(&self, policy: &str) -> Result<String> {
        let id = "canary-narrow".to_owned();
        let body = json!({"id": id, "policies": [policy], "no_default_policy": true});
        self.call("POST", "/v1/auth/token/create", &body)?;
        Ok(id)
    }
}
