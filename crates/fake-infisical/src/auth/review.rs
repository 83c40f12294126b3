//! What a cluster's API server says of a service account token. It blocks.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::error::Fault;
use crate::seed::{KubernetesAuth, Verdict};

const PATH: &str = "/apis/authentication.k8s.io/v1/tokenreviews";
const TIMEOUT: Duration = Duration::from_secs(10);
const ACCOUNT: &str = "system:serviceaccount:";

/// Asks who a token is: the API server, or without one the verdicts of the seed.
///
/// # Errors
/// 401 for a token that is not authenticated, 400 for a review that is refused or not reached.
pub(crate) fn review(auth: &KubernetesAuth, token: &str) -> Result<Verdict, Fault> {
    match &auth.kubernetes_host {
        None => auth.verdicts.get(&token.into()).cloned().ok_or_else(unauthenticated),
        Some(host) => read(&ask(auth, host, token)?),
    }
}

fn unauthenticated() -> Fault {
    Fault::unauthorized("Kubernetes token is not authenticated")
}

fn ask(auth: &KubernetesAuth, host: &str, token: &str) -> Result<Value, Fault> {
    let failed = |_: &dyn std::fmt::Display| Fault::token_review("Cannot reach the Kubernetes API server");
    let reviewer = auth.token_reviewer_jwt.as_ref().map_or(token, |jwt| jwt.expose());
    let mut spec = json!({"token": token});
    if !auth.allowed_audience.is_empty() {
        spec["audiences"] = json!([auth.allowed_audience]);
    }
    let body = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": spec});
    let mut answer = agent(auth.ca_cert.as_deref())?
        .post(format!("{}{PATH}", host.trim_end_matches('/')))
        .header("authorization", format!("Bearer {reviewer}"))
        .header("content-type", "application/json")
        .send(body.to_string())
        .map_err(|error| failed(&error))?;
    let text = answer.body_mut().read_to_string().map_err(|error| failed(&error))?;
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    match answer.status().as_u16() {
        200..300 => Ok(value),
        // A reviewer that is no longer good, or may not review.
        status => {
            let words = value["message"].as_str().unwrap_or("no message");
            Err(Fault::token_review(format!(
                "The Kubernetes API server refused the review: {status} {words}"
            )))
        }
    }
}

fn read(review: &Value) -> Result<Verdict, Fault> {
    let status = &review["status"];
    let account = status["user"]["username"].as_str().and_then(|user| user.strip_prefix(ACCOUNT));
    let account = account.filter(|_| status["authenticated"] == true).ok_or_else(unauthenticated)?;
    let (namespace, name) = account.split_once(':').ok_or_else(unauthenticated)?;
    let audiences = status["audiences"].as_array().into_iter().flatten();
    Ok(Verdict {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        audiences: audiences.filter_map(|it| Some(it.as_str()?.to_owned())).collect(),
    })
}

fn agent(authority: Option<&str>) -> Result<Agent, Fault> {
    let mut tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
    if let Some(pem) = authority {
        let certificates = certificates(pem)?;
        tls = tls.root_certs(RootCerts::new_with_certs(&certificates));
    }
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(TIMEOUT))
        .tls_config(tls.build());
    Ok(Agent::new_with_config(config.build()))
}

fn certificates(pem: &str) -> Result<Vec<Certificate<'static>>, Fault> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem.as_bytes()) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) | Err(_) => return Err(Fault::token_review("The CA certificate is none")),
        }
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_says_who_it_is() {
        let review = |authenticated: bool, user: &str| {
            read(
                &json!({"status": {"authenticated": authenticated, "user": {"username": user}, "audiences": ["a"]}}),
            )
        };
        let verdict = review(true, "system:serviceaccount:apps:api").unwrap();
        assert_eq!((verdict.namespace.as_str(), verdict.name.as_str()), ("apps", "api"));
        assert_eq!(verdict.audiences, ["a"]);
        assert_eq!(review(false, "system:serviceaccount:apps:api").unwrap_err().status, 401);
        assert_eq!(review(true, "admin").unwrap_err().status, 401);
    }

    #[test]
    fn a_server_that_is_not_there_is_no_401() {
        let auth = KubernetesAuth {
            kubernetes_host: Some("http://127.0.0.1:1".to_owned()),
            ..KubernetesAuth::default()
        };
        let fault = review(&auth, "hunter2-canary").unwrap_err();
        assert_eq!((fault.status, &*fault.name), (400, "KubernetesTokenReviewError"));
        assert!(!fault.message.to_string().contains("canary"));
    }
}
