//! Whole connections that are written out: `{"type": "postgres", "details": {"password": ...}}`.

use keyloom_connections::Kind;
use serde_json::{Map, Value};

use super::names_a_secret;

/// Whether a text is the JSON of a connection, with the value of a secret field in it that is no template.
pub(super) fn is_written_out(text: &str) -> bool {
    // Hardly any text of a document has it.
    if !text.contains("\"details\"") {
        return false;
    }
    let Ok(Value::Object(root)) = serde_json::from_str(text) else { return false };
    let Some(Value::String(word)) = root.get("type") else { return false };
    root.get("details").and_then(Value::as_object).is_some_and(|details| has_secret(word, details))
}

fn has_secret(word: &str, details: &Map<String, Value>) -> bool {
    let kind = Kind::of(word);
    let is_sensitive = |name: &str| {
        names_a_secret(name) || kind.and_then(|kind| kind.field(name)).is_some_and(|field| field.sensitive)
    };
    details.iter().any(|(name, value)| is_sensitive(name) && value.as_str().is_some_and(is_written))
}

fn is_written(value: &str) -> bool {
    !value.is_empty() && !["{{", "${", "<"].iter().any(|begin| value.contains(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_with_a_secret_in_it_is_told_from_a_template_of_one() {
        for text in [
            r#"{"type": "postgres", "details": {"host": "db", "password": "correct-horse"}}"#,
            r#" {"details": {"value": "correct-horse"}, "type": "generic"} "#,
            r#"{"type": "mongodb", "details": {"password": "correct-horse"}}"#,
            r#"{"type": "no_such_type", "details": {"api_key": "correct-horse"}}"#,
        ] {
            assert!(is_written_out(text), "{text}");
        }
        for text in [
            r#"{"type": "postgres", "details": {"host": "db", "password": "{{ .password }}"}}"#,
            r#"{"type": "postgres", "details": {"host": "db", "password": "${PASSWORD}"}}"#,
            r#"{"type": "postgres", "details": {"host": "db", "password": "<password>"}}"#,
            r#"{"type": "postgres", "details": {"host": "db", "password": ""}}"#,
            r#"{"type": "google_cloud_platform", "details": {"project_id": "p", "service_account_file": "/key.json"}}"#,
            r#"{"type": "postgres", "details": ["correct-horse"]}"#,
            r#"{"type": 7, "details": {"password": "correct-horse"}}"#,
            r#"{"password": "correct-horse"}"#,
            "a word about \"details\"",
        ] {
            assert!(!is_written_out(text), "{text}");
        }
    }
}
