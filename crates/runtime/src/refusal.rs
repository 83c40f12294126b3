//! What a server says when it refuses: Infisical's envelope, or whatever a proxy before it writes.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use keyloom_connections::Secret;

/// A message that is longer is cut: it may be a page of a proxy.
const LONGEST: usize = 300;

/// A refusal, as the server words it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Status of HTTP.
    pub status: u16,
    /// Infisical's name of it, such as `TokenError`; empty where the answer is not Infisical's.
    pub error: String,
    /// Its message on one line; several are joined.
    pub message: String,
    /// Which permission is missing, as the server tells it; empty where it does not.
    pub details: String,
    /// What the server calls the request, for its logs.
    pub request_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    #[serde(default)]
    req_id: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    details: Value,
}

/// Whether it tells nothing.
fn is_empty(details: &Value) -> bool {
    match details {
        Value::Null => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

impl Refusal {
    /// What an answer says. It may repeat the secret that was sent, for what stands behind a server may do: that is left out.
    pub(crate) fn read(status: u16, body: &[u8], sent: &Secret) -> Self {
        let said = |text: &str| short(&without(text, sent));
        match serde_json::from_slice::<Envelope>(body) {
            Ok(Envelope { req_id, error, message, details }) => Self {
                status,
                error: said(&error.unwrap_or_default()),
                message: said(&words(&message)),
                // Elsewhere the details quote what was sent.
                details: if status == 403 && !is_empty(&details) {
                    said(&details.to_string())
                } else {
                    String::new()
                },
                request_id: req_id.as_deref().map(said),
            },
            Err(_) => Self { status, message: "the answer is not JSON".to_owned(), ..Self::default() },
        }
    }

    /// Whether the token is not, or no longer, taken: 401, or what Infisical says of a token that ran out.
    pub(crate) fn is_of_token(&self) -> bool {
        self.status == 401 || (self.status == 403 && self.error == "TokenError")
    }

    /// Whether the same would be refused again: everything but a server that is busy or broken.
    pub(crate) fn is_final(&self) -> bool {
        (400..500).contains(&self.status) && self.status != 429
    }

    /// Whether the server has no such route: the words of its framework, without the envelope of Infisical.
    pub(crate) fn is_no_route(&self) -> bool {
        let route = ["Route GET:", "Route POST:", "Route PATCH:"];
        self.status == 404
            && self.request_id.is_none()
            && route.iter().any(|begin| self.message.starts_with(begin))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.error.is_empty() {
            write!(f, " {}", self.error)?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if !self.details.is_empty() {
            write!(f, "; {}", self.details)?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

/// A message, or the messages of a list of issues. The values that issues may quote stay out.
fn words(message: &Value) -> String {
    match message {
        Value::String(text) => text.clone(),
        Value::Array(issues) => issues.iter().map(issue).collect::<Vec<_>>().join("; "),
        Value::Object(_) => issue(message),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

/// `PATH: MESSAGE` of an issue.
fn issue(issue: &Value) -> String {
    let message = issue.get("message").and_then(Value::as_str).or(issue.as_str()).unwrap_or_default();
    let steps = issue.get("path").and_then(Value::as_array);
    let steps = steps.into_iter().flatten().map(|step| step.as_str().map_or(step.to_string(), str::to_owned));
    match steps.collect::<Vec<_>>().join(".") {
        path if path.is_empty() => message.to_owned(),
        path => format!("{path}: {message}"),
    }
}

/// A text this short would be cut out of everything, and is none that anybody keeps secret.
pub(crate) fn without(text: &str, secret: &Secret) -> String {
    if secret.expose().len() < 4 { text.to_owned() } else { text.replace(secret.expose(), "(what was sent)") }
}

/// On one line, and not too long.
pub(crate) fn short(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &[u8]) -> Refusal {
        Refusal::read(status, body, &Secret::new(String::new()))
    }

    #[test]
    fn the_envelope_is_read() {
        let body = br#"{"reqId": "req-0123456789abcd", "statusCode": 403, "message": "Your token has expired.\n", "error": "TokenError"}"#;
        let refusal = read(403, body);
        assert!(refusal.is_of_token());
        assert_eq!(
            refusal.to_string(),
            "403 TokenError: Your token has expired.  (request req-0123456789abcd)"
        );
        let denied =
            read(403, br#"{"reqId": "r", "message": "no", "error": "PermissionDenied", "details": []}"#);
        assert!(!denied.is_of_token());
        assert_eq!(denied.to_string(), "403 PermissionDenied: no (request r)", "an empty list tells nothing");
    }

    #[test]
    fn what_was_sent_is_not_repeated_not_even_where_it_is_cut() {
        let token = "canary".repeat(60);
        let body = format!(
            r#"{{"reqId": "{token}", "error": "{token}", "message": "{} {token}", "details": ["{token}"]}}"#,
            "x".repeat(200)
        );
        let refusal = Refusal::read(403, body.as_bytes(), &Secret::new(token));
        assert!(!format!("{refusal} {refusal:?}").contains("canary"), "{refusal}");
        assert!(refusal.message.ends_with("x (what was sent)"));
    }

    #[test]
    fn issues_are_joined() {
        let body = br#"{"reqId": "r", "statusCode": 422, "error": "ValidationFailure",
            "message": [{"path": ["query", "projectId"], "message": "Required"}, {"message": "Invalid"}, 7]}"#;
        assert_eq!(read(422, body).message, "query.projectId: Required; Invalid; ");
    }

    #[test]
    fn a_page_of_a_proxy_is_not_repeated() {
        let refusal = read(502, b"<html><body>Bad gateway canary</body></html>");
        assert_eq!(refusal.to_string(), "502: the answer is not JSON");
        assert_eq!(read(500, br#"["x"]"#).status, 500);
        let long = format!(r#"{{"message": "{}"}}"#, "x".repeat(1000));
        assert_eq!(read(500, long.as_bytes()).message.len(), LONGEST + 3);
    }

    #[test]
    fn a_route_that_is_not_there_is_told_from_a_secret_that_is_not_there() {
        let framework =
            br#"{"message": "Route GET:/api/v4/secrets not found", "error": "Not Found", "statusCode": 404}"#;
        assert!(read(404, framework).is_no_route());
        let folder = br#"{"reqId": "r", "message": "Folder with path '/x' not found", "error": "NotFound", "statusCode": 404}"#;
        assert!(!read(404, folder).is_no_route());
    }
}
