//! AWS Secrets Manager: one secret for each connection, of the connection's own name.

mod asks;
mod endpoint;
mod pages;
mod refused;
mod settings;

pub use settings::{AwsKeys, AwsSettings};

use std::collections::BTreeSet;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::Credentials;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType};
use keyloom_connections::Secret;
use tokio::sync::OnceCell;

use super::backend::{Backend, Over, Pending};
use super::error::{ConnectionError, Failure, init};
use super::setting::Setting;
use crate::http::{Http, Limits};
use refused::{Call, Place};
pub(super) use settings::CREDENTIALS;
use settings::Told;

/// Its word in `BRUIN_SECRETS_BACKEND`.
pub(super) const WORD: &str = "aws";

/// How long a request may take, all its tries included, and all pages of a list together.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long one try may take.
const TRY: Duration = Duration::from_secs(10);
/// To be connected.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the chain may look for credentials and a region: it may ask servers that are not there, and programs that ask somebody.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of an answer: a hundred names, or a value of 64 KB.
const LARGEST: usize = 1024 * 1024;
/// Retries after the first try, and their pauses.
const RETRIES: u32 = 3;
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// So many letters a name that was meant has in common with the one that was written.
const BEGIN: usize = 2;

/// Connections in AWS Secrets Manager: the text of the secret that is called as the connection is.
///
/// Credentials, region and endpoint are looked for when it is first asked for something, and credentials anew when they end, both by
/// AWS's own SDK. What passes, such as a service that is busy, is tried again, three times.
#[derive(Debug)]
pub struct AwsSecretsManager {
    told: Told,
    /// What AWS's own chain found, and the region.
    found: OnceCell<(SdkConfig, String)>,
    client: OnceCell<(Client, Place)>,
}

impl AwsSecretsManager {
    /// What the environment says: `BRUIN_AWS_ACCESS_KEY_ID`, `BRUIN_AWS_SECRET_ACCESS_KEY` and, for keys that end,
    /// `BRUIN_AWS_SESSION_TOKEN`; `BRUIN_AWS_REGION`. Where those are absent, whatever AWS's own chain finds in the environment of this
    /// process, in profiles, or where it runs. `AWS_ENDPOINT_URL_SECRETS_MANAGER` and `AWS_ENDPOINT_URL` lead elsewhere, by
    /// `https` or to this machine; `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` leaves those out.
    ///
    /// # Errors
    /// [`ConnectionError::Init`] with all that is missing or wrong. What the chain does not find is told when it is asked.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConnectionError> {
        init(Told::from_env(&get)).map(Self::make)
    }

    /// A backend of these settings.
    ///
    /// # Errors
    /// [`ConnectionError::Init`] with a region or an endpoint that is none.
    pub fn new(settings: AwsSettings) -> Result<Self, ConnectionError> {
        init(Told::of(settings)).map(Self::make)
    }

    fn make(told: Told) -> Self {
        Self { told, found: OnceCell::new(), client: OnceCell::new() }
    }

    /// The client, and where it asks.
    async fn client(&self) -> Result<&(Client, Place), Failure> {
        self.client.get_or_try_init(|| patiently(self.connect())).await
    }

    async fn connect(&self) -> Result<(Client, Place), Failure> {
        let (config, region) = self.found().await?;
        let provider = config.credentials_provider().ok_or_else(|| refused::no_credentials(None))?;
        // Asked here once, so that what is wrong with them is told as that; they are kept, and asked for anew when they end.
        provider.provide_credentials().await.map_err(|error| refused::no_credentials(Some(&error)))?;
        let mut config = aws_sdk_secretsmanager::config::Builder::from(config);
        let endpoint = self.told.settings.endpoint.clone();
        if endpoint.is_some() {
            config.set_endpoint_url(endpoint.clone());
        }
        Ok((Client::from_conf(config.build()), Place { region: region.clone(), endpoint }))
    }

    async fn found(&self) -> Result<&(SdkConfig, String), Failure> {
        self.found.get_or_try_init(|| self.find()).await
    }

    /// What AWS's own chain finds, and the region; credentials are not looked for yet.
    async fn find(&self) -> Result<(SdkConfig, String), Failure> {
        let settings = &self.told.settings;
        let limits = Limits { connect: CONNECT, answer: TRY, body: LARGEST, ..Limits::default() };
        let http = Http::new(limits).map_err(|error| refused::no_client(&error))?;
        let retries = RetryConfig::standard()
            .with_max_attempts(RETRIES + 1)
            .with_initial_backoff(SHORTEST_PAUSE)
            .with_max_backoff(LONGEST_PAUSE);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(TRY)
            .operation_timeout(TIMEOUT)
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(asks::client(http))
            .retry_config(retries)
            .timeout_config(timeouts);
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(AwsKeys { access_key_id, secret_access_key, session_token }) = &settings.keys {
            let (secret, token) = (secret_access_key.expose(), session_token.as_ref().map(Secret::expose));
            let token = token.map(str::to_owned);
            loader =
                loader.credentials_provider(Credentials::new(access_key_id, secret, token, None, "keyloom"));
        }
        let config = loader.load().await;
        let region = config.region().map(ToString::to_string).ok_or_else(refused::no_region)?;
        settings::check_region(&region)?;
        Ok((config, region))
    }

    async fn take(&self, name: &str) -> Result<Secret, Failure> {
        let (client, place) = self.client().await?;
        let call = Call::Read(name);
        let found = client.get_secret_value().secret_id(name).send().await;
        match found.map_err(|error| refused::failure(&error, call, place))?.secret_string {
            Some(text) => Ok(Secret::new(text)),
            None => Err(refused::binary(name)),
        }
    }

    async fn list(&self) -> Result<BTreeSet<String>, Failure> {
        let (client, place) = self.client().await?;
        pages::names(client, &self.told.settings.clock).await.map_err(|stopped| stopped.failure(place))
    }

    /// A page of the names that begin as this one does: an account may have hundreds of thousands.
    async fn some(&self, name: &str) -> Result<BTreeSet<String>, Failure> {
        let (client, place) = self.client().await?;
        let begin = name.chars().take(BEGIN).collect::<String>();
        let begin = Filter::builder().key(FilterNameStringType::Name).values(begin).build();
        let page = client.list_secrets().filters(begin).max_results(100).send().await;
        let page = page.map_err(|error| refused::failure(&error, Call::List, place))?;
        Ok(page.secret_list.unwrap_or_default().into_iter().filter_map(|secret| secret.name).collect())
    }

    /// Makes a secret.
    async fn make_one(&self, name: &str, text: &Secret) -> Result<(), Failure> {
        let (client, place) = self.client().await?;
        let call = Call::Write(name);
        match client.create_secret().name(name).secret_string(text.expose()).send().await {
            Err(error) if refused::is_there(&error) => Err(Failure::exists(call.what(), name, place)),
            other => other.map(|_| ()).map_err(|error| refused::failure(&error, call, place)),
        }
    }

    /// Writes a new version of a secret, or else makes it; one that somebody else makes meanwhile gets a new version.
    async fn put(&self, name: &str, text: &Secret) -> Result<(), Failure> {
        let (client, place) = self.client().await?;
        let call = Call::Write(name);
        let put = || client.put_secret_value().secret_id(name).secret_string(text.expose()).send();
        match put().await {
            Err(error) if refused::is_not_found(&error) => {}
            other => return other.map(|_| ()).map_err(|error| refused::failure(&error, call, place)),
        }
        match client.create_secret().name(name).secret_string(text.expose()).send().await {
            Err(error) if refused::is_there(&error) => {
                put().await.map(|_| ()).map_err(|error| refused::failure(&error, call, place))
            }
            other => other.map(|_| ()).map_err(|error| refused::failure(&error, call, place)),
        }
    }
}

/// Waits for AWS's own chain, and not for ever.
async fn patiently<T>(asked: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(refused::late(PATIENCE)))
}

impl Backend for AwsSecretsManager {
    fn word(&self) -> &'static str {
        WORD
    }

    fn settings(&self) -> Vec<Setting> {
        self.told.shown(self.found.get().map(|(_, region)| region.as_str()))
    }

    fn resolve(&self) -> Pending<'_, ()> {
        Box::pin(patiently(async { self.found().await.map(|_| ()) }))
    }

    fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret> {
        Box::pin(self.take(name))
    }

    fn names(&self) -> Pending<'_, BTreeSet<String>> {
        Box::pin(self.list())
    }

    fn near<'a>(&'a self, name: &'a str) -> Pending<'a, BTreeSet<String>> {
        Box::pin(self.some(name))
    }

    fn write<'a>(&'a self, name: &'a str, text: &'a Secret, over: Over) -> Pending<'a, ()> {
        match over {
            Over::Nothing => Box::pin(self.make_one(name, text)),
            Over::Anything => Box::pin(self.put(name, text)),
        }
    }
}
