//! HTTP through the `curl` command: a handful of loopback requests is not worth a TLS library.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Result;

/// Where requests go, and as whom.
#[derive(Clone, Debug, Default)]
pub(super) struct Client {
    /// What paths are appended to, such as `https://127.0.0.1:6443`.
    pub(super) base: String,
    /// The certificate that the server's own is checked against.
    pub(super) ca: Option<PathBuf>,
    /// The bearer token.
    pub(super) token: Option<String>,
}

/// One request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    /// `GET`, `PATCH` and so on.
    pub(super) method: &'a str,
    /// Path and query.
    pub(super) path: &'a str,
    /// `Name: value` lines.
    pub(super) headers: &'a [&'a str],
    /// What is sent.
    pub(super) body: Option<&'a str>,
}

/// What the server answered.
#[derive(Clone, Debug)]
pub(super) struct Response {
    /// The HTTP status.
    pub(super) status: u16,
    /// The body as text.
    pub(super) body: String,
}

impl Response {
    /// Whether the status is 2xx.
    pub(super) fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; null when it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Status and message in a line.
    pub(super) fn summary(&self) -> String {
        let json = self.json();
        let message = json.get("message").and_then(Value::as_str).unwrap_or(&self.body);
        format!("{} {message}", self.status)
    }
}

impl Client {
    /// Sends a request. An error is a connection that failed, not a status.
    pub(super) fn send(&self, request: Request<'_>) -> Result<Response> {
        let mut body_file = tempfile::NamedTempFile::new()?;
        body_file.write_all(request.body.unwrap_or_default().as_bytes())?;
        let mut child = Command::new("curl")
            .args(["--silent", "--show-error", "--max-time", "60", "--noproxy", "*"])
            .args(["--write-out", "\n%{http_code}", "--config", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run curl ({error}); install curl"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(self.config(request, body_file.path()).as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{} {}: {words}", request.method, request.path).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let (body, status) = text.rsplit_once('\n').ok_or("curl said no status")?;
        Ok(Response { status: status.parse()?, body: body.to_owned() })
    }

    /// Options go by a configuration on standard input: arguments can be read by every process.
    fn config(&self, request: Request<'_>, body: &std::path::Path) -> String {
        let mut lines =
            vec![line("url", &format!("{}{}", self.base, request.path)), line("request", request.method)];
        lines.extend(request.headers.iter().map(|header| line("header", header)));
        lines.extend(self.token.iter().map(|it| line("header", &format!("Authorization: Bearer {it}"))));
        lines.extend(self.ca.iter().map(|ca| line("cacert", &ca.to_string_lossy())));
        if request.body.is_some() {
            lines.push(line("data-binary", &format!("@{}", body.display())));
        }
        lines.concat()
    }
}

fn line(option: &str, value: &str) -> String {
    format!("{option} = \"{}\"\n", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_quotes() {
        assert_eq!(line("header", r#"a: "b\c""#), "header = \"a: \\\"b\\\\c\\\"\"\n");
    }

    #[test]
    fn a_status_of_the_api_server_is_told_by_its_message() {
        let response = Response { status: 404, body: r#"{"message":"not here"}"#.to_owned() };
        assert_eq!(response.summary(), "404 not here");
        assert!(!response.is_ok());
    }
}
