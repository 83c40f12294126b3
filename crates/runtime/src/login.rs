//! Logging in, and the token that comes of it.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request};
use serde::Deserialize;
use serde_json::json;

use crate::base_url::BaseUrl;
use crate::credentials::UniversalAuth;
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
    let mut body = json!({"clientId": auth.client_id, "clientSecret": auth.client_secret.expose()});
    if let Some(slug) = &auth.organization_slug {
        body["organizationSlug"] = json!(slug);
    }
    let url = base.join(&["api", "v1", "auth", "universal-auth", "login"]);
    let make = || {
        let mut request = Request::new(Method::POST, url.clone());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(body.to_string().into());
        Ok(request)
    };
    let answer = http.take_once(make).await?;
    let host = answer.host;
    if answer.status != 200 {
        return Err(Error::Login { host, refusal: Box::new(Refusal::read(answer.status, &answer.body)) });
    }
    match serde_json::from_slice::<Granted>(&answer.body) {
        Ok(granted) if !granted.access_token.is_blank() => Ok(granted.access_token),
        // What serde says may quote what it read.
        _ => Err(Error::Answer { host, why: "the login was granted without an access token".to_owned() }),
    }
}
