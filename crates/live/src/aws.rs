//! Requests to AWS: JSON over POST, signed with the credentials of AWS's own chain.

use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use keyloom_runtime::http::{Answer, Http, Request, is_passing};
use serde::Deserialize;

use crate::error::Error;
use crate::github::one_line;

mod list;
pub(crate) mod parameters;
pub(crate) mod secrets;

/// A service of AWS that is asked here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Service {
    /// What it is called.
    pub(crate) title: &'static str,
    /// Its name in addresses and signatures.
    pub(crate) name: &'static str,
    /// What stands before the name of a call.
    target: &'static str,
    /// The variable that leads elsewhere.
    endpoint: &'static str,
}

pub(crate) const SECRETS_MANAGER: Service = Service {
    title: "AWS Secrets Manager",
    name: "secretsmanager",
    target: "secretsmanager",
    endpoint: "AWS_ENDPOINT_URL_SECRETS_MANAGER",
};

pub(crate) const PARAMETER_STORE: Service = Service {
    title: "AWS Parameter Store",
    name: "ssm",
    target: "AmazonSSM",
    endpoint: "AWS_ENDPOINT_URL_SSM",
};

/// How long the chain may look for credentials: it may ask servers that are not there, and programs that ask somebody.
const PATIENCE: Duration = Duration::from_secs(60);

/// What AWS's own chain finds: once, for all services and regions.
#[derive(Clone)]
pub(crate) struct Chain {
    credentials: Credentials,
    endpoint: Option<String>,
}

/// A service in a region, with credentials.
pub(crate) struct Aws<'h> {
    http: &'h Http,
    service: Service,
    region: String,
    endpoint: String,
    credentials: Credentials,
}

/// Instead of a message that may repeat what was sent.
const UNSAID: &str = "its message may quote credentials, and is left out; are the secret access key, the session token and this machine's clock right?";

#[derive(Deserialize)]
struct Refusal {
    #[serde(default, rename = "__type")]
    kind: String,
    #[serde(default, alias = "Message")]
    message: String,
}

impl<'h> Aws<'h> {
    /// A service in a region that [`is_region`].
    pub(crate) fn new(
        http: &'h Http,
        service: Service,
        region: &str,
        chain: &Chain,
        get: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let own = get(service.endpoint).filter(|url| !url.is_empty());
        let endpoint = own.or_else(|| chain.endpoint.clone());
        Self {
            http,
            service,
            region: region.to_owned(),
            endpoint: endpoint.unwrap_or_else(|| default_endpoint(service, region)),
            credentials: chain.credentials.clone(),
        }
    }

    /// Makes a call that changes nothing. Answers that are refusals are errors.
    pub(crate) async fn call(&self, operation: &str, body: &serde_json::Value) -> Result<Answer, Error> {
        let body = body.to_string();
        let answer = self.http.read(|| self.signed(operation, &body), is_busy).await?;
        if answer.status == 200 {
            return Ok(answer);
        }
        let Refusal { kind, message } = serde_json::from_slice(&answer.body).unwrap_or(Refusal {
            kind: format!("#{}", answer.status),
            message: "the answer is not JSON".to_owned(),
        });
        let code = kind.rsplit('#').next().unwrap_or_default();
        let message = if self.may_repeat(code, &message) { UNSAID.to_owned() } else { one_line(&message) };
        Err(Error::Aws { service: self.service.title, code: one_line(code), message })
    }

    /// Whether a message may repeat what was sent: of a signature that is not taken AWS tells what should have been signed,
    /// the session token with it.
    fn may_repeat(&self, code: &str, message: &str) -> bool {
        let secrets = [Some(self.credentials.secret_access_key()), self.credentials.session_token()];
        code.to_ascii_lowercase().contains("signature")
            || message.to_ascii_lowercase().contains("canonical")
            || secrets.into_iter().flatten().any(|secret| !secret.is_empty() && message.contains(secret))
    }

    /// A call, signed for this moment.
    fn signed(&self, operation: &str, body: &str) -> Result<Request, keyloom_runtime::Error> {
        let wrong = |why| keyloom_runtime::Error::Request { why };
        let target = format!("{}.{operation}", self.service.target);
        let mut request = http::Request::post(self.endpoint.as_str())
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(body.as_bytes().to_vec())
            .map_err(|_| wrong("the endpoint of AWS is no URL"))?;
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.service.name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| wrong("it cannot be signed with these credentials of AWS"))?;
        let headers: Vec<_> = request
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect();
        let uri = request.uri().to_string();
        let bytes = SignableBody::Bytes(body.as_bytes());
        let signable = SignableRequest::new("POST", uri, headers.into_iter(), bytes)
            .map_err(|_| wrong("it cannot be signed for AWS"))?;
        let (instructions, _) =
            sign(signable, &params.into()).map_err(|_| wrong("it cannot be signed for AWS"))?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        request.try_into().map_err(|_| wrong("the endpoint of AWS is no URL"))
    }
}

impl Chain {
    /// Finds credentials, as every tool of AWS does. `region` is where roles are assumed.
    ///
    /// # Errors
    /// Why there are none, in words.
    pub(crate) async fn find(region: &str) -> Result<Self, String> {
        let tls = Provider::Rustls(CryptoMode::Ring);
        let find = async {
            let config = aws_config::defaults(BehaviorVersion::latest())
                .region(Region::new(region.to_owned()))
                .http_client(aws_smithy_http_client::Builder::new().tls_provider(tls).build_https())
                .load()
                .await;
            let endpoint = config.endpoint_url().map(str::to_owned);
            Ok(Self { credentials: credentials(&config).await?, endpoint })
        };
        within(PATIENCE, find).await
    }
}

async fn within<T>(patience: Duration, find: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let late = |_| Err(format!("they were not found within {} seconds", patience.as_secs()));
    tokio::time::timeout(patience, find).await.unwrap_or_else(late)
}

async fn credentials(config: &SdkConfig) -> Result<Credentials, String> {
    let provider = config.credentials_provider().ok_or("there is no way to look for them")?;
    provider.provide_credentials().await.map_err(|error| {
        // Whatever is behind it may quote a file of credentials.
        format!(
            "{}; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`",
            one_line(&error.to_string())
        )
    })
}

/// AWS asks for a pause with status 400.
fn is_busy(answer: &Answer) -> bool {
    let throttled = || {
        let refusal = serde_json::from_slice::<Refusal>(&answer.body);
        refusal.is_ok_and(|refusal| {
            ["ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"]
                .iter()
                .any(|code| refusal.kind.ends_with(code))
        })
    };
    is_passing(answer) || (answer.status == 400 && throttled())
}

/// Whether a word looks as regions do, such as `us-gov-west-1`. It becomes part of a host that a signature is sent to.
pub(crate) fn is_region(text: &str) -> bool {
    let letters = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let digits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [country, middle @ .., number] => {
            let words = !middle.is_empty() && middle.iter().all(|word| letters(word));
            // Of four letters is that of the European Sovereign Cloud, `eusc`.
            matches!(country.len(), 2 | 4) && letters(country) && words && digits(number)
        }
        _ => false,
    }
}

/// Where a service is by default.
fn default_endpoint(service: Service, region: &str) -> String {
    let domain = match region.split('-').next() {
        Some("cn") => "amazonaws.com.cn",
        Some("eusc") => "amazonaws.eu",
        Some(_) | None => "amazonaws.com",
    };
    format!("https://{}.{region}.{domain}", service.name)
}

#[cfg(test)]
mod tests;
