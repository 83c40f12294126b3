//! What was asked and answered, for tests to look at. It holds no value and no credential.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::http::{Answer, Request};
use crate::id;

/// A request and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Such as `GET`.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// Names and values of the query. Values of secrets never travel there.
    pub query: Vec<(String, String)>,
    /// Names of the fields of a JSON body.
    pub fields: Vec<String>,
    /// The beginning of the digest of the bearer token: tells whether two requests have the same one.
    pub token: Option<String>,
    /// Whether the client said what it has already (`If-None-Match`).
    pub conditional: bool,
    /// `User-Agent`.
    pub agent: String,
    /// When, since the server was started, by its own clock.
    pub at: Duration,
    /// The status of the answer.
    pub status: u16,
    /// `error` of an answer that is one.
    pub error: Option<String>,
}

/// In a line, such as `GET /api/status 200`.
impl fmt::Display for Logged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        for (number, (name, value)) in self.query.iter().enumerate() {
            write!(f, "{}{name}={value}", if number == 0 { "?" } else { "&" })?;
        }
        write!(f, " {}", self.status)?;
        self.error.as_ref().map_or(Ok(()), |error| write!(f, " {error}"))
    }
}

impl Logged {
    pub(crate) fn new(request: &Request, answer: &Answer, at: Duration) -> Self {
        let (path, _) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let token = request.header("authorization").and_then(|header| header.get(7..));
        Self {
            method: request.method.clone(),
            path: path.to_owned(),
            query: request.query.clone(),
            fields: body.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect(),
            token: token.map(|token| id::digest(token)[..12].to_owned()),
            conditional: request.header("if-none-match").is_some(),
            agent: request.header("user-agent").unwrap_or_default().to_owned(),
            at,
            status: answer.status,
            error: answer.body.as_ref().and_then(|body| Some(body["error"].as_str()?.to_owned())),
        }
    }

    /// A parameter of the query.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}
