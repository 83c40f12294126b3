//! A request taken apart and an answer to be sent, without the server around them.

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::error::Fault;
use crate::fields::Fields;
use crate::id;

/// A request.
#[derive(Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query as they were sent.
    pub(crate) target: String,
    /// Parts of the path, decoded.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    /// By their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Nothing, of 304.
    pub(crate) body: Option<Value>,
    /// The body as it is sent, where it has been spelled already.
    pub(crate) text: Option<String>,
    /// A page in place of a body, as proxies send it.
    pub(crate) html: Option<String>,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = path.split('/').skip(1).map(decoded).collect();
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
        };
        let query = query.split('&').filter(|it| !it.is_empty()).map(pair).collect();
        Self { method: method.to_owned(), target: target.to_owned(), path, query, ..Self::default() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Where it comes from: this machine, or what a proxy says.
    pub(crate) fn address(&self) -> &str {
        let said = self.header("x-forwarded-for").and_then(|it| it.split(',').next());
        said.map_or("127.0.0.1", str::trim)
    }

    /// The fields of a JSON body; of no body, none.
    ///
    /// # Errors
    /// What is no JSON, as the framework says it.
    pub(crate) fn json(&self) -> Result<Fields, Fault> {
        if self.body.is_empty() {
            return Ok(Fields::default());
        }
        let body = serde_json::from_slice(&self.body);
        Ok(Fields::new(body.map_err(|_| Fault::bad_request("Body is not valid JSON"))?))
    }

    /// The parameters of the query, each a text.
    pub(crate) fn parameters(&self) -> Fields {
        let pairs = self.query.iter().map(|(name, value)| (name.clone(), Value::from(value.clone())));
        Fields::new(Value::Object(pairs.collect()))
    }
}

/// Values stay out: a body holds credentials.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.method, self.path)
    }
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body), ..Self::default() }
    }

    /// Says what the body is known by, and leaves it out for a client that has it.
    pub(crate) fn tag(&mut self, known: Option<&str>) {
        let Some(body) = &self.body else { return };
        let text = body.to_string();
        let tag = format!("\"{}\"", &id::digest(&text)[..27]);
        self.text = Some(text);
        let weak = |it: &str| it.trim().trim_start_matches("W/") == tag;
        if known.is_some_and(|known| known.split(',').any(weak)) {
            (self.status, self.body, self.text) = (304, None, None);
        }
        self.headers.push(("etag", tag));
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_arrives(name in ".{1,12}", value in ".{0,12}") {
            let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let target = format!("/api/{}?{}={}", encode(&name), encode(&name), encode(&value));
            let request = Request::new("GET", &target);
            prop_assert_eq!(&request.path, &["api".to_owned(), name.clone()]);
            prop_assert_eq!(&request.query, &[(name, value)]);
        }
    }

    #[test]
    fn a_target_is_taken_apart_and_decoded() {
        let request = Request::new("GET", "/api/v4/secrets/A%2FB%20c?secretPath=%2Fx%2Fy&a=b+c&d");
        assert_eq!(request.path, ["api", "v4", "secrets", "A/B c"]);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(request.query, [pair("secretPath", "/x/y"), pair("a", "b c"), pair("d", "")]);
    }
}
