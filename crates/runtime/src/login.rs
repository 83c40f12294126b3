//! Logging in, and the token that comes of it.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request};
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::base_url::BaseUrl;
use crate::credentials::{KubernetesAuth, UniversalAuth};
use crate::error::Error;
use crate::http::Http;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// What a login answers, as far as it is used.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    access_token: Secret,
}

/// Logs in with Universal Auth. The client secret is judged once: a second wrong one brings the identity nearer to being
/// locked out.
pub(crate) async fn universal(http: &Http, base: &BaseUrl, auth: &UniversalAuth) -> Result<Secret, Error> {
    let secret = &auth.client_secret;
    let body = json!({"clientId": auth.client_id, "clientSecret": secret.expose()});
    log_in(http, base, "universal-auth", body, auth.organization_slug.as_deref(), secret).await
}

/// Logs in with the token of the service account, as it is now.
pub(crate) async fn kubernetes(http: &Http, base: &BaseUrl, auth: &KubernetesAuth) -> Result<Secret, Error> {
    let token = auth.token.read().await?;
    let body = json!({"identityId": auth.identity_id, "jwt": token.expose()});
    log_in(http, base, "kubernetes-auth", body, auth.organization_slug.as_deref(), &token).await
}

async fn log_in(
    http: &Http,
    base: &BaseUrl,
    method: &str,
    mut body: Value,
    organization: Option<&str>,
    sent: &Secret,
) -> Result<Secret, Error> {
    if let Some(slug) = organization {
        body["organizationSlug"] = json!(slug);
    }
    let url = base.join(&["api", "v1", "auth", method, "login"]);
    let body = Zeroizing::new(body.to_string());
    let make = || {
        let mut request = Request::new(Method::POST, url.clone());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(body.as_str().to_owned().into());
        Ok(request)
    };
    let answer = http.take_once(make).await?;
    let host = answer.host;
    if answer.status != 200 {
        let refusal = Refusal::read(answer.status, &answer.body, sent);
        return Err(Error::Login { host, refusal: Box::new(refusal) });
    }
    match serde_json::from_slice::<Granted>(&answer.body) {
        Ok(granted) if !granted.access_token.is_blank() => Ok(granted.access_token),
        // What serde says may quote what it read.
        _ => Err(Error::Answer { host, why: "the login was granted without an access token".to_owned() }),
    }
}
