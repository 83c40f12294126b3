//! The systems at both ends of syncs.

use std::collections::BTreeSet;

use keyloom_resources::first_run::{Names, Source, Sync, Target};
use keyloom_runtime::http::{Http, Limits};
use keyloom_runtime::{BaseUrl, Client, Credentials, Folder, Project};
use tokio::sync::OnceCell;

use crate::aws::parameters::Parameters;
use crate::aws::secrets::{self, Keys};
use crate::aws::{Aws, Chain, PARAMETER_STORE, SECRETS_MANAGER, Service, is_region};
use crate::error::Error;
use crate::github::{Github, one_line};
use crate::pages;

/// Gives the value of a variable.
type Environment = Box<dyn Fn(&str) -> Option<String> + Send + core::marker::Sync>;

/// The systems at both ends of syncs. Credentials come from the environment, and what is logged in stays so for all syncs.
pub struct Systems {
    http: Http,
    get: Environment,
    /// A declaration has one Infisical.
    infisical: OnceCell<Client>,
    /// Looked for once, whatever comes of it: it may take a while, and ask somebody.
    aws: OnceCell<Result<Chain, String>>,
}

impl Systems {
    /// The systems that an environment leads to: `get` gives the value of a variable.
    ///
    /// # Errors
    /// When this machine cannot do TLS.
    pub fn new(
        get: impl Fn(&str) -> Option<String> + Send + core::marker::Sync + 'static,
    ) -> Result<Self, Error> {
        Self::with_limits(get, Limits::default())
    }

    /// The same, with a patience of its own.
    ///
    /// # Errors
    /// As [`Systems::new`].
    pub fn with_limits(
        get: impl Fn(&str) -> Option<String> + Send + core::marker::Sync + 'static,
        limits: Limits,
    ) -> Result<Self, Error> {
        Ok(Self {
            http: Http::new(limits)?,
            get: Box::new(get),
            infisical: OnceCell::new(),
            aws: OnceCell::new(),
        })
    }

    /// The names at both ends of a sync, read at the same time. `progress` is told how many names the destination has so far.
    ///
    /// # Errors
    /// What keeps either end from being read, or that nobody reads such a destination yet.
    pub async fn names(
        &self,
        sync: &Sync,
        progress: &(dyn Fn(usize) + core::marker::Sync),
    ) -> Result<Names, Error> {
        let (source, destination) =
            tokio::try_join!(self.source(&sync.source), self.destination(sync, progress))?;
        Ok(Names { source, destination })
    }

    async fn source(&self, source: &Source) -> Result<BTreeSet<String>, Error> {
        let make = async || -> Result<_, Error> {
            let base = match &source.host {
                Some(host) => BaseUrl::declared(host, &self.get)?,
                None => BaseUrl::from_env(&self.get)?,
            };
            Ok(Client::with_http(base, Credentials::from_env(&self.get)?, self.http.clone()))
        };
        let client = self.infisical.get_or_try_init(make).await?;
        let folder = Folder {
            project: Project::new(&source.project),
            environment: source.environment.clone(),
            path: source.path.clone(),
        };
        Ok(client.names(&folder).await?)
    }

    async fn destination(
        &self,
        sync: &Sync,
        progress: &(dyn Fn(usize) + core::marker::Sync),
    ) -> Result<BTreeSet<String>, Error> {
        match &sync.target {
            Target::AwsSecrets { region } => {
                let aws = self.aws(SECRETS_MANAGER, region).await?;
                pages::all(secrets::all(aws), progress).await
            }
            Target::AwsSecret { region, .. } => {
                let aws = self.aws(SECRETS_MANAGER, region).await?;
                let secret = sync.one_secret().unwrap_or_default();
                pages::all(Keys::new(aws, secret), progress).await
            }
            Target::AwsParameters { region, path } => {
                let aws = self.aws(PARAMETER_STORE, region).await?;
                pages::all(Parameters::new(aws, path, sync.key_schema.folder()), progress).await
            }
            Target::GithubRepository { owner, repository } => {
                self.github(sync, &["repos", owner, repository, "actions", "secrets"], progress).await
            }
            Target::GithubEnvironment { owner, repository, environment } => {
                let path = ["repos", owner, repository, "environments", environment, "secrets"];
                self.github(sync, &path, progress).await
            }
            Target::GithubOrganization { organization } => {
                self.github(sync, &["orgs", organization, "actions", "secrets"], progress).await
            }
            Target::AzureKeyVault { .. } | Target::Other { .. } => {
                Err(Error::NoReader(sync.target.to_string()))
            }
        }
    }

    async fn aws(&self, service: Service, region: &str) -> Result<Aws<'_>, Error> {
        if !is_region(region) {
            return Err(Error::Region(one_line(region)));
        }
        let chain = self.aws.get_or_init(|| Chain::find(region)).await.as_ref();
        let chain = chain.map_err(|why| Error::Credentials(why.clone()))?;
        Ok(Aws::new(&self.http, service, region, chain, &self.get))
    }

    async fn github(
        &self,
        sync: &Sync,
        path: &[&str],
        progress: &(dyn Fn(usize) + core::marker::Sync),
    ) -> Result<BTreeSet<String>, Error> {
        let github = Github::find(&self.get, sync.github_server.as_deref())?;
        pages::all(github.secrets(&self.http, path), progress).await
    }
}
