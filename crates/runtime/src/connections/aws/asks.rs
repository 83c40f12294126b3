//! How AWS's SDK asks: by the client that everything else here asks with, bounded in time and size and never led to another host. What
//! a refusal says is looked at before the SDK sees it, for the SDK logs it.

use std::time::Duration;

use aws_sdk_secretsmanager::config::SharedHttpClient;
use aws_sdk_secretsmanager::config::http::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http_body_util::Full;
use hyper::body::Bytes;
use reqwest::Request;
use serde::Deserialize;
use serde_json::json;

use crate::address::is_private;
use crate::error::Error;
use crate::http::{Answer, Http};

/// Operations of Secrets Manager begin so; what the chain asks elsewhere is handed on as it comes.
const TARGET: &str = "secretsmanager.";

/// A connector of the SDK over the client of this crate.
#[derive(Debug)]
struct Connector {
    http: Http,
    /// How long it may take; none where the SDK does not say.
    patience: Option<Duration>,
}

/// Everybody on the way would read a value.
#[derive(Debug, thiserror::Error)]
#[error("the endpoint begins with http://")]
pub(super) struct InTheClear;

/// What the SDK asks with.
pub(super) fn client(http: Http) -> SharedHttpClient {
    http_client_fn(move |settings: &HttpConnectorSettings, _| {
        let connect = settings.connect_timeout().unwrap_or_default();
        let patience = settings.read_timeout().map(|read| connect.saturating_add(read));
        SharedHttpConnector::new(Connector { http: http.clone(), patience })
    })
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (http, patience) = (self.http.clone(), self.patience);
        HttpConnectorFuture::new(async move {
            let sent = Sent::of(&request);
            let request = made(request)?;
            // A profile may lead there too, which nobody here reads.
            if sent.is_some() && !is_private(request.url()) {
                return Err(ConnectorError::user(InTheClear.into()));
            }
            let asked = http.once(request);
            let answer = match patience {
                Some(patience) => tokio::time::timeout(patience, asked)
                    .await
                    .map_err(|late| ConnectorError::timeout(late.into()))?,
                None => asked.await,
            };
            handed_on(answer.map_err(failed)?, sent.as_ref())
        })
    }
}

fn made(request: HttpRequest) -> Result<Request, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let request = request.map(|body| body.bytes().unwrap_or_default().to_vec());
    Request::try_from(request).map_err(|error| ConnectorError::user(error.into()))
}

fn failed(error: Error) -> ConnectorError {
    match &error {
        Error::Unreachable { source, .. } if source.is_timeout() => ConnectorError::timeout(error.into()),
        _ if error.may_pass(|_| true) => ConnectorError::io(error.into()),
        _ => ConnectorError::user(error.into()),
    }
}

fn handed_on(answer: Answer, sent: Option<&Sent>) -> Result<HttpResponse, ConnectorError> {
    let status = answer.status.try_into().map_err(|_| ConnectorError::user("no status of HTTP".into()))?;
    let body = match sent {
        Some(sent) if answer.status >= 400 => sent.without(&answer.body),
        _ => answer.body.to_vec(),
    };
    // As something that comes: the SDK logs a body that is there already, and one that was read only where it is no secret.
    let body = SdkBody::from_body_1_x(Full::new(Bytes::from(body)));
    let mut response = HttpResponse::new(status, body);
    for (name, value) in &answer.headers {
        // Others are none that the SDK reads. The body has the length that it has.
        if let Ok(value) = value.to_str()
            && name != reqwest::header::CONTENT_LENGTH
        {
            response.headers_mut().append(name.as_str().to_owned(), value.to_owned());
        }
    }
    Ok(response)
}

/// What a refusal may repeat.
struct Sent {
    session_token: Option<String>,
    /// Whether a value was sent.
    writes: bool,
}

#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default, rename = "__type")]
    kind: String,
    #[serde(default, alias = "Message")]
    message: String,
}

impl Sent {
    /// None where it is no request to Secrets Manager.
    fn of(request: &HttpRequest) -> Option<Self> {
        let operation = request.headers().get("x-amz-target")?.strip_prefix(TARGET)?;
        let writes = !matches!(operation, "GetSecretValue" | "ListSecrets");
        let session_token = request.headers().get("x-amz-security-token").map(str::to_owned);
        Some(Self { session_token, writes })
    }

    /// A refusal of which nothing is left that may repeat what was sent: of a signature that is not taken AWS tells what should have been
    /// signed, the session token with it.
    fn without(&self, body: &[u8]) -> Vec<u8> {
        // An array would be taken for the fields in their order.
        let is_object = body.trim_ascii_start().starts_with(b"{");
        let refusal: Refusal =
            if is_object { serde_json::from_slice(body).unwrap_or_default() } else { Refusal::default() };
        let folded = refusal.message.to_ascii_lowercase();
        // That the region is another one is said of a signature too, and repeats nothing else.
        let of_region = folded.starts_with("credential should be scoped to a valid region");
        let may_repeat = (self.writes && !is_about_rights(&refusal.kind))
            || (folded.contains("signature") && !of_region)
            || folded.contains("canonical")
            || self.session_token.as_ref().is_some_and(|token| refusal.message.contains(token));
        let message = match () {
            // The words that tell refusals apart.
            () if may_repeat => {
                ["marked for deletion", "scheduled for deletion", "staging label", "valid region", "kms"]
                    .into_iter()
                    .filter(|words| folded.contains(words))
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            () => refusal.message,
        };
        json!({"__type": refusal.kind, "message": message}).to_string().into_bytes()
    }
}

fn is_about_rights(kind: &str) -> bool {
    kind.ends_with("AccessDeniedException")
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::http::Limits;

    #[tokio::test]
    async fn nothing_is_asked_for_in_the_clear_wherever_a_profile_leads() {
        let connector = Connector { http: Http::new(Limits::default()).unwrap(), patience: None };
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_uri("http://a.invalid/").unwrap();
        request.headers_mut().insert("x-amz-target", "secretsmanager.GetSecretValue");
        let error = connector.call(request).await.unwrap_err();
        assert!(error.source().unwrap().is::<InTheClear>(), "{error:?}");
    }

    fn left(writes: bool, body: &str) -> String {
        let sent = Sent { session_token: Some("canary-session".to_owned()), writes };
        String::from_utf8(sent.without(body.as_bytes())).unwrap()
    }

    #[test]
    fn nothing_is_left_that_may_repeat_what_was_sent() {
        for (writes, body) in [
            (
                false,
                r#"{"__type": "InvalidSignatureException", "message": "The Canonical String should have been 'x-amz-security-token:canary'"}"#,
            ),
            (
                false,
                r#"{"__type": "SignatureDoesNotMatch", "Message": "The request signature we calculated: canary"}"#,
            ),
            (false, r#"{"__type": "X", "Message": "of canary-session"}"#),
            (true, r#"{"__type": "ValidationException", "message": "value 'canary' at 'secretString'"}"#),
            (true, "<html>canary</html>"),
            (false, "canary"),
            (false, r#"["canary"]"#),
        ] {
            assert!(!left(writes, body).contains("canary"), "{body}");
        }
        let deleted = r#"{"__type": "a#InvalidRequestException", "Message": "You can't do canary: scheduled for deletion."}"#;
        assert_eq!(
            left(true, deleted),
            r#"{"__type":"a#InvalidRequestException","message":"scheduled for deletion"}"#
        );
        let denied =
            r#"{"__type":"AccessDeniedException","message":"User: arn:aws:iam::1:user/a is not authorized"}"#;
        assert_eq!(left(true, denied), denied);
    }
}
