//! Connections in a folder of Infisical: one secret each, of the connection's own name.

mod failure;
mod reference;
mod settings;

pub use settings::InfisicalSettings;

use std::collections::BTreeSet;

use keyloom_connections::Secret;

use super::backend::{Backend, Over, Pending};
use super::error::{ConnectionError, Failure, init};
use super::setting::Setting;
use crate::client::Client;
use crate::credentials::{Credentials, UniversalAuth};
use crate::folder::Folder;
use crate::http::{Http, Limits};
use crate::single::Written;
use failure::{Attempt, Place};
pub(super) use settings::CREDENTIALS;
use settings::Told;

pub(super) const WORD: &str = "infisical";

/// Connections in a folder of Infisical, with a machine identity that logs in by Universal Auth.
///
/// A connection is the secret of exactly its name, which is asked for alone. References in it (`${…}`) are resolved by the
/// server; in what is written here they are none, and come back as they were. A secret that the folder imports counts where it has none of its own: the last import first.
///
/// It logs in when it is first asked for something and renews its token in time; it waits where a server that is busy asks it to,
/// tries again where it is broken, and gives up after five times.
#[derive(Debug)]
pub struct Infisical {
    client: Client,
    place: Place,
    settings: Vec<Setting>,
}

impl Infisical {
    /// What the environment says. A variable that is empty is not set; the first that is set counts.
    ///
    /// | variable | or, where that is not set | default |
    /// |---|---|---|
    /// | `BRUIN_INFISICAL_CLIENT_ID` | `INFISICAL_UNIVERSAL_AUTH_CLIENT_ID` | required |
    /// | `BRUIN_INFISICAL_CLIENT_SECRET` | `INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET` | required |
    /// | `BRUIN_INFISICAL_PROJECT_ID`, id or slug | `INFISICAL_PROJECT_ID` | required |
    /// | `BRUIN_INFISICAL_ENVIRONMENT` | `INFISICAL_ENVIRONMENT` | required |
    /// | `BRUIN_INFISICAL_HOST` | `INFISICAL_HOST`, `INFISICAL_API_URL` | `https://app.infisical.com` |
    /// | `BRUIN_INFISICAL_SECRET_PATH` | `INFISICAL_SECRET_PATH` | `/` |
    /// | | `INFISICAL_AUTH_ORGANIZATION_SLUG` | the organization itself |
    ///
    /// In a pod, where `KUBERNETES_SERVICE_HOST` is set, the host may be one of the cluster's by plain HTTP.
    ///
    /// # Errors
    /// [`ConnectionError::Init`] with all that is missing or wrong at once, such as
    /// `failed to initialize infisical client: BRUIN_INFISICAL_CLIENT_ID env variable not set`.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConnectionError> {
        init(Told::from_env(&get).and_then(|told| Self::make(told, usual()?)))
    }

    /// The same, with limits, authorities or a clock of its own.
    ///
    /// # Errors
    /// As [`Infisical::from_env`].
    pub fn from_env_with_http(
        get: impl Fn(&str) -> Option<String>,
        http: Http,
    ) -> Result<Self, ConnectionError> {
        init(Told::from_env(&get).and_then(|told| Self::make(told, http)))
    }

    /// A backend with settings of the program's own.
    ///
    /// # Errors
    /// [`ConnectionError::Init`] with all that is wrong with them, such as `empty infisical host provided`.
    pub fn new(settings: InfisicalSettings) -> Result<Self, ConnectionError> {
        init(usual().and_then(|http| Self::make(settings.into(), http)))
    }

    /// The same, with limits, authorities or a clock of its own.
    ///
    /// # Errors
    /// As [`Infisical::new`].
    pub fn with_http(settings: InfisicalSettings, http: Http) -> Result<Self, ConnectionError> {
        init(Self::make(settings.into(), http))
    }

    fn make(told: Told, http: Http) -> Result<Self, Vec<Failure>> {
        let (base, mut shown) = told.checked()?;
        shown.extend(Setting::proxy(http.proxy(&base.join(&[]))));
        if base.is_plain() {
            log::warn!("credentials and connections travel in the clear to {base}");
        }
        let place = told.place(&base);
        let InfisicalSettings { client_id, client_secret, organization_slug, .. } = told.settings;
        let auth = UniversalAuth { client_id, client_secret, organization_slug };
        let client = Client::with_http(base, Credentials::Universal(auth), http);
        Ok(Self { client, place, settings: shown })
    }

    /// How the login stands.
    pub fn status(&self) -> crate::session::LoginStatus {
        self.client.status()
    }

    fn folder(&self) -> &Folder {
        &self.place.folder
    }

    /// So that what is wrong with the login is told as that.
    async fn log_in(&self) -> Result<(), Failure> {
        let failed = |error| self.place.failure(Attempt::Authenticate, &error);
        self.client.log_in().await.map_err(failed)
    }

    async fn take(&self, name: &str) -> Result<Secret, Failure> {
        self.log_in().await?;
        let found = self.client.secret(self.folder(), name).await;
        found.map(|value| value.secret).map_err(|error| self.place.failure(Attempt::Read(name), &error))
    }

    async fn list(&self) -> Result<BTreeSet<String>, Failure> {
        self.log_in().await?;
        let names = self.client.names(self.folder()).await;
        names.map_err(|error| self.place.failure(Attempt::List, &error))
    }

    async fn put(&self, name: &str, text: &Secret, over: Over) -> Result<(), Failure> {
        let text = &reference::without(text).ok_or_else(|| self.place.would_refer(name))?;
        self.log_in().await?;
        let written = match over {
            Over::Nothing => self.client.create(self.folder(), name, text).await,
            Over::Anything => self.client.write(self.folder(), name, text).await,
        };
        match written {
            Ok(Written::Created | Written::Updated) => Ok(()),
            Ok(Written::Asked) => Err(self.place.waits_for_approval(name)),
            Err(error) if over == Over::Nothing && error.is_taken() => Err(self.place.exists(name)),
            Err(error) => Err(self.place.failure(Attempt::Write(name), &error)),
        }
    }
}

fn usual() -> Result<Http, Vec<Failure>> {
    Http::new(Limits::default()).map_err(|error| vec![failure::of_machine(&error)])
}

impl Backend for Infisical {
    fn word(&self) -> &'static str {
        WORD
    }

    fn settings(&self) -> Vec<Setting> {
        self.settings.clone()
    }

    fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret> {
        Box::pin(self.take(name))
    }

    fn names(&self) -> Pending<'_, BTreeSet<String>> {
        Box::pin(self.list())
    }

    fn write<'a>(&'a self, name: &'a str, text: &'a Secret, over: Over) -> Pending<'a, ()> {
        Box::pin(self.put(name, text, over))
    }
}
