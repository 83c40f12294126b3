//! Requests to the API server. They block.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use ureq::Agent;
use ureq::http::Request;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::kubeconfig::Access;

const TIMEOUT: Duration = Duration::from_secs(60);
/// Greatest answer that is read.
const LIMIT: u64 = 64 << 20;

/// Where requests go, and as whom.
#[derive(Clone)]
pub(super) struct Client {
    agent: Agent,
    server: String,
    token: Option<String>,
}

/// How a body is to be taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum Body<'a> {
    None,
    /// A new object.
    Json(&'a Json),
    /// Fields of an object, for server-side apply.
    Apply(&'a Json),
    /// A list of operations on an object.
    JsonPatch(&'a Json),
}

/// What the server answered.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    /// Null when it is no JSON.
    pub(super) body: Json,
}

impl Client {
    /// # Errors
    /// Certificates that are none.
    pub(super) fn new(access: &Access) -> Result<Self, String> {
        let mut tls = TlsConfig::builder()
            .disable_verification(access.insecure)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
        if !access.authority.is_empty() {
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates(&access.authority)?));
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(TIMEOUT))
            .tls_config(tls.build());
        let agent = Agent::new_with_config(config.build());
        Ok(Self { agent, server: access.server.clone(), token: access.token.clone() })
    }

    /// # Errors
    /// A connection that fails. A status is none.
    pub(super) fn send(&self, method: &str, path: &str, body: Body<'_>) -> Result<Response, String> {
        let uri = format!("{}{path}", self.server);
        let mut request = Request::builder().method(method).uri(&uri).header("accept", "application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let said = |error: &dyn std::fmt::Display| format!("{method} {uri}: {error}");
        let answer = match body.parts() {
            None => self.agent.run(request.body(()).map_err(|error| said(&error))?),
            Some((form, json)) => {
                let request = request.header("content-type", form).body(json.to_string());
                self.agent.run(request.map_err(|error| said(&error))?)
            }
        };
        let mut answer = answer.map_err(|error| said(&error))?;
        let status = answer.status().as_u16();
        let text =
            answer.body_mut().with_config().limit(LIMIT).read_to_vec().map_err(|error| said(&error))?;
        Ok(Response { status, body: serde_json::from_slice(&text).unwrap_or_default() })
    }
}

impl<'a> Body<'a> {
    fn parts(self) -> Option<(&'static str, &'a Json)> {
        match self {
            Self::None => None,
            Self::Json(json) => Some(("application/json", json)),
            // JSON is YAML too.
            Self::Apply(json) => Some(("application/apply-patch+yaml", json)),
            Self::JsonPatch(json) => Some(("application/json-patch+json", json)),
        }
    }
}

impl Response {
    /// Whether the status is 2xx.
    pub(super) fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The server's words.
    pub(super) fn message(&self) -> String {
        match self.body["message"].as_str() {
            Some(message) => message.to_owned(),
            None => format!("status {}", self.status),
        }
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, String> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        match item.map_err(|error| format!("certificate authority: {error}"))? {
            PemItem::Certificate(certificate) => certificates.push(certificate),
            PemItem::PrivateKey(_) => return Err("certificate authority: a private key".to_owned()),
            _ => {}
        }
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_not_there_is_an_error_without_the_token() {
        let access = Access {
            server: "https://127.0.0.1:1".to_owned(),
            token: Some("hunter2-canary".to_owned()),
            ..Access::default()
        };
        let error = Client::new(&access).unwrap().send("GET", "/version", Body::None).unwrap_err();
        assert!(error.starts_with("GET https://127.0.0.1:1/version: "), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        let pem = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        certificates(pem).unwrap_err();
        assert!(certificates(b"").unwrap().is_empty());
    }
}
