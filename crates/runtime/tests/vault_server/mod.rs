//! A server that answers as OpenBao 2.7.2 does, which `cargo xtask e2e --only connections` holds it against: tokens, a Kubernetes
//! login, an engine of each version.

#![allow(dead_code)] // each test file uses a part

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyloom_runtime::Secret;
use keyloom_runtime::connections::{Failure, Vault, VaultAuth, VaultSettings};
use serde_json::{Value, json};

use crate::scripted::{Asked, CANARY, Reply, Scripted};

/// A token that knows everything.
pub(crate) const ROOT: &str = "canary-root";
/// Seconds that a token from a login lives.
pub(crate) const LEASE: u64 = 3600;

#[derive(Default)]
pub(crate) struct State {
    /// Versions of each entry below `secret/data/`; none of a version that was deleted.
    pub(crate) entries: BTreeMap<String, Vec<Option<Value>>>,
    pub(crate) tokens: BTreeSet<String>,
    /// Tokens that may do nothing.
    pub(crate) powerless: BTreeSet<String>,
    /// Tokens that may write, and nothing else.
    pub(crate) writers: BTreeSet<String>,
    /// Whether a writing must say the version that it replaces.
    pub(crate) cas_required: bool,
    /// Tokens without the policy `default`, which may not look at themselves.
    pub(crate) blind: BTreeSet<String>,
    /// Those of the powerless that may do something else in the engine.
    pub(crate) narrow: BTreeSet<String>,
    /// Whether those of logins may do nothing and are without the policy `default`.
    pub(crate) grants_nothing: bool,
    /// Whether logins are not answered.
    pub(crate) hangs: bool,
    /// Tokens of service accounts that logged in.
    pub(crate) logins: Vec<String>,
    /// Written just before the next writing, by somebody else.
    pub(crate) rival: Option<Value>,
}

pub(crate) struct Server {
    pub(crate) http: Scripted,
    pub(crate) state: Arc<Mutex<State>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        state.lock().unwrap().tokens.insert(ROOT.to_owned());
        let shared = Arc::clone(&state);
        let http = Scripted::start(move |asked| shared.lock().unwrap().answer(asked)).await;
        Self { http, state }
    }

    pub(crate) fn put(&self, path: &str, entry: Value) {
        self.state.lock().unwrap().entries.entry(path.to_owned()).or_default().push(Some(entry));
    }
}

impl State {
    fn answer(&mut self, asked: &Asked) -> Reply {
        let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        if path == "/v1/auth/kubernetes/login" {
            return self.log_in(&asked.json());
        }
        let token = asked.header("x-vault-token").unwrap_or_default();
        if !self.tokens.contains(token) && !self.writers.contains(token) {
            return errors(403, &["permission denied"]);
        }
        if path == "/v1/auth/token/lookup-self" && !self.blind.contains(token) {
            return data(json!({"ttl": 0, "policies": ["root"]}));
        }
        let sees_mount = self.narrow.contains(token) && path.starts_with("/v1/sys/internal/ui/mounts/");
        let may_not_read = self.writers.contains(token) && asked.method == "GET";
        if (self.powerless.contains(token) && !sees_mount) || may_not_read {
            return errors(403, &["1 error occurred:\n\t* permission denied\n\n"]);
        }
        match path.trim_start_matches("/v1/").split_once('/') {
            Some(("secret", path)) => self.versioned(asked, path, query),
            Some(("old", _)) if asked.method == "GET" => errors(404, &[]),
            Some(("old", _)) => Reply::new(204, ""),
            Some(("pki", _)) => errors(404, &["1 error occurred:\n\t* unsupported path\n\n"]),
            Some(("sys", path)) => mounts(path),
            _ => errors(404, &[&format!("no handler for route \"{path}\". route entry not found.")]),
        }
    }

    fn log_in(&mut self, body: &Value) -> Reply {
        if self.hangs {
            return Reply::never();
        }
        let (role, jwt) = (body["role"].as_str().unwrap(), body["jwt"].as_str().unwrap());
        if role != "app" {
            return errors(400, &[&format!("invalid role name \"{role}\"")]);
        }
        if !jwt.starts_with("canary-jwt") {
            return errors(403, &[&format!("lookup failed: no such service account: {jwt}")]);
        }
        self.logins.push(jwt.to_owned());
        let token = format!("canary-granted-{}", self.logins.len());
        self.tokens.insert(token.clone());
        if self.grants_nothing {
            self.powerless.insert(token.clone());
            self.blind.insert(token.clone());
        }
        let auth = json!({"client_token": token, "lease_duration": LEASE, "renewable": true});
        Reply::json(200, &json!({"request_id": "r", "data": null, "auth": auth}))
    }

    fn versioned(&mut self, asked: &Asked, path: &str, query: &str) -> Reply {
        match (asked.method.as_str(), path.split_once('/')) {
            ("GET", Some(("data", path))) => self.read(path),
            ("POST", Some(("data", path))) => self.write(path, &asked.json()),
            ("GET", Some(("metadata", path))) if query == "list=true" => self.list(path),
            ("GET", Some(("metadata", _)) | None) => self.list(""),
            _ => Reply::json(404, &json!({"request_id": "r", "data": null, "warnings": ["Invalid path"]})),
        }
    }

    fn read(&self, path: &str) -> Reply {
        let Some(versions) = self.entries.get(path) else { return errors(404, &[]) };
        let latest = versions.last().unwrap();
        let deleted = if latest.is_some() { "" } else { "2026-11-26T06:11:43Z" };
        let metadata = json!({"version": versions.len(), "deletion_time": deleted, "destroyed": false});
        let status = if latest.is_some() { 200 } else { 404 };
        Reply::json(status, &json!({"request_id": "r", "data": {"data": latest, "metadata": metadata}}))
    }

    fn write(&mut self, path: &str, body: &Value) -> Reply {
        let rival = self.rival.take();
        let versions = self.entries.entry(path.to_owned()).or_default();
        versions.extend(rival.map(Some));
        let cas = &body["options"]["cas"];
        if cas.is_null() && self.cas_required {
            return errors(400, &["check-and-set parameter required for this call"]);
        }
        if !cas.is_null() && *cas != json!(versions.len()) {
            return errors(400, &["check-and-set parameter did not match the current version"]);
        }
        versions.push(Some(body["data"].clone()));
        data(json!({"version": versions.len()}))
    }

    fn list(&self, path: &str) -> Reply {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let behind = self.entries.keys().filter_map(|key| key.strip_prefix(&prefix));
        let keys: BTreeSet<_> = behind
            .map(|key| key.split_once('/').map_or(key.to_owned(), |(folder, _)| format!("{folder}/")))
            .collect();
        if keys.is_empty() { errors(404, &[]) } else { data(json!({ "keys": keys })) }
    }
}

fn mounts(path: &str) -> Reply {
    let mount = path.trim_start_matches("internal/ui/mounts/");
    let (kind, path, version) = match mount.split('/').next().unwrap() {
        "secret" => ("kv", "secret/", json!({"version": "2"})),
        "old" => ("kv", "old/", json!({"version": "1"})),
        "pki" => ("pki", "pki/", Value::Null),
        _ => return errors(403, &["preflight capability check returned 403"]),
    };
    data(json!({"type": kind, "path": path, "options": version}))
}

pub(crate) fn data(data: Value) -> Reply {
    Reply::json(200, &json!({"request_id": "r", "lease_duration": 0, "data": data, "auth": null}))
}

pub(crate) fn errors(status: u16, errors: &[&str]) -> Reply {
    Reply::json(status, &json!({ "errors": errors }))
}

pub(crate) const TEXT: &str = r#"{"type":"generic","details":{"value":"canary-value"}}"#;

pub(crate) fn token(token: &str) -> VaultAuth {
    VaultAuth::Token(Secret::new(token.to_owned()))
}

pub(crate) fn settings(url: &str, auth: VaultAuth) -> VaultSettings {
    let pause = Duration::from_millis(1);
    VaultSettings {
        shortest_pause: pause,
        longest_pause: pause,
        ..VaultSettings::new(url.parse().unwrap(), "secret", "connections", auth)
    }
}

pub(crate) fn vault(url: &str, auth: VaultAuth) -> Vault {
    Vault::new(settings(url, auth)).unwrap()
}

/// What a failure says, in every way; without the canary.
pub(crate) fn said(failure: &Failure) -> String {
    assert!(!format!("{failure} {failure:?}").contains(CANARY), "{failure:?}");
    failure.to_string()
}
