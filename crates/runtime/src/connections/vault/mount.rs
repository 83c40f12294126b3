//! What is mounted where connections should be: the first version of the engine answers as an empty one of the second does.

use std::collections::BTreeMap;

use reqwest::Url;
use serde::Deserialize;

use super::ask::{Operation, Question};

/// What is mounted there, as far as the token may know.
pub(super) enum Mounted {
    /// A KV secrets engine of version 2, at just this path.
    Versioned,
    /// A KV secrets engine of version 1.
    Old,
    /// Another secrets engine.
    Other(String),
    /// Something that is mounted further up.
    Above(String),
    /// Nobody knows.
    Unknown,
}

#[derive(Deserialize)]
struct Envelope {
    data: Mount,
}

#[derive(Deserialize)]
struct Mount {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    options: Option<BTreeMap<String, String>>,
}

/// Looks what is mounted, as Vault's own command line does.
pub(super) async fn look(operation: &Operation<'_>) -> Mounted {
    match operation.ask_once(Question::get(url(operation))).await {
        Ok(answer) if answer.status == 200 => of(&answer.body, &operation.vault.settings.mount),
        _ => Mounted::Unknown,
    }
}

/// What tells of the mount whoever may do anything in it.
pub(super) fn url(operation: &Operation<'_>) -> Url {
    let mount = operation.vault.settings.mount.split('/');
    operation.url(["sys", "internal", "ui", "mounts"].into_iter().chain(mount))
}

fn of(body: &[u8], mount: &str) -> Mounted {
    let Ok(Envelope { data }) = serde_json::from_slice::<Envelope>(body) else { return Mounted::Unknown };
    let path = data.path.trim_end_matches('/');
    if path != mount {
        return Mounted::Above(path.to_owned());
    }
    let version = data.options.unwrap_or_default().remove("version");
    match (data.kind.as_str(), version.as_deref()) {
        ("kv" | "generic", Some("2")) => Mounted::Versioned,
        ("kv" | "generic", _) => Mounted::Old,
        _ => Mounted::Other(data.kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_told_apart() {
        let told = |text: &str, mount: &str| match of(text.as_bytes(), mount) {
            Mounted::Versioned => "versioned".to_owned(),
            Mounted::Old => "old".to_owned(),
            Mounted::Other(kind) => format!("other {kind}"),
            Mounted::Above(path) => format!("above {path}"),
            Mounted::Unknown => "unknown".to_owned(),
        };
        let second = r#"{"data":{"type":"kv","path":"secret/","options":{"version":"2"}}}"#;
        assert_eq!(told(second, "secret"), "versioned");
        assert_eq!(told(second, "secret/data"), "above secret");
        for first in [r#"{"version":"1"}"#, "null", "{}"] {
            let text = format!(r#"{{"data":{{"type":"kv","path":"a/b/","options":{first}}}}}"#);
            assert_eq!(told(&text, "a/b"), "old", "{first}");
        }
        assert_eq!(told(r#"{"data":{"type":"pki","path":"pki/","options":null}}"#, "pki"), "other pki");
        for none in ["", "<html>", r#"{"data":null}"#, r#"{"data":{"type":"kv"}}"#] {
            assert_eq!(told(none, "secret"), "unknown", "{none}");
        }
    }
}
