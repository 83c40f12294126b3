//! Logging in and renewing, and what comes of it.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::base_url::BaseUrl;
use crate::credentials::{KubernetesAuth, UniversalAuth};
use crate::error::Error;
use crate::http::{Answer, Http, is_passing};
use crate::life::{Grant, seconds};
use crate::refusal::Refusal;
use keyloom_connections::Secret;

/// What a login answers, as far as it is used.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    access_token: Secret,
    #[serde(default)]
    expires_in: Value,
    #[serde(default, rename = "accessTokenMaxTTL")]
    max_ttl: Value,
}

/// Logs in with Universal Auth. The client secret is judged once: a second wrong one brings the identity nearer to being
/// locked out.
pub(crate) async fn universal(http: &Http, base: &BaseUrl, auth: &UniversalAuth) -> Result<Grant, Error> {
    let secret = &auth.client_secret;
    let body = json!({"clientId": auth.client_id, "clientSecret": secret.expose()});
    log_in(http, base, "universal-auth", body, auth.organization_slug.as_deref(), secret).await
}

/// Logs in with the token of the service account, as it is now.
pub(crate) async fn kubernetes(http: &Http, base: &BaseUrl, auth: &KubernetesAuth) -> Result<Grant, Error> {
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
) -> Result<Grant, Error> {
    if let Some(slug) = organization {
        body["organizationSlug"] = json!(slug);
    }
    let url = base.join(&["api", "v1", "auth", method, "login"]);
    let body = Zeroizing::new(body.to_string());
    let answer = http.take_once(|| Ok(post(&url, &body))).await?;
    if answer.status != 200 {
        let refusal = Refusal::read(answer.status, &answer.body, sent);
        return Err(Error::Login { host: answer.host, refusal: Box::new(refusal) });
    }
    granted(answer, "the login was granted without an access token")
}

/// Has a token replaced by one that lives on. It is asked for once: whoever renews has the time to try again later, and the
/// old token lives on whatever comes of it.
pub(crate) async fn renew(http: &Http, base: &BaseUrl, token: &Secret) -> Result<Grant, Error> {
    let url = base.join(&["api", "v1", "auth", "token", "renew"]);
    let body = Zeroizing::new(json!({"accessToken": token.expose()}).to_string());
    let answer = http.once(post(&url, &body)).await?;
    if answer.status == 200 {
        return granted(answer, "the renewal was granted without an access token");
    }
    match http.asked(&answer).filter(|_| is_passing(&answer)) {
        Some(pause) => Err(Error::Busy { host: answer.host, pause }),
        None => {
            let refusal = Box::new(Refusal::read(answer.status, &answer.body, token));
            Err(Error::Refused { host: answer.host, refusal })
        }
    }
}

fn post(url: &Url, body: &str) -> Request {
    let mut request = Request::new(Method::POST, url.clone());
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(body.to_owned().into());
    request
}

fn granted(answer: Answer, otherwise: &str) -> Result<Grant, Error> {
    match serde_json::from_slice::<Granted>(&answer.body) {
        Ok(Granted { access_token, expires_in, max_ttl }) if !access_token.is_blank() => Ok(Grant {
            token: access_token,
            expires_in: seconds(&expires_in),
            max_ttl: seconds(&max_ttl).filter(|max| *max > 0),
        }),
        // What serde says may quote what it read.
        _ => Err(Error::Answer { host: answer.host, why: otherwise.to_owned() }),
    }
}
