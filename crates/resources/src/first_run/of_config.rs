//! A sync as the config has it, with all texts known.

use std::fmt;

use keyloom_models::Config;
use keyloom_models::Text;
use keyloom_models::app_connection::App;
use keyloom_models::config::infisical::{Argument, ConnectionOrigin, ConnectionRef, Destination, SecretSync};
use keyloom_models::key_schema::KeySchema;
use keyloom_models::policy::InitialSyncBehavior;

use super::sync::{Source, Sync, Target};

/// A text of a sync that nobody knows yet: another tool fills it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKnown {
    /// Name of the sync, as far as it is known.
    pub sync: String,
    /// The field.
    pub field: &'static str,
}

impl fmt::Display for NotKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sync, field } = self;
        write!(f, "`{field}` of \"{sync}\" is filled in later; a first run cannot be told without it")
    }
}

impl std::error::Error for NotKnown {}

impl Sync {
    /// Every sync of a config that is made, in its order.
    ///
    /// # Errors
    /// Of each sync, the first text that is not known.
    pub fn all(config: &Config) -> Vec<Result<Self, NotKnown>> {
        config.secret_syncs().iter().map(|sync| Self::of(sync, config)).collect()
    }

    fn of(sync: &SecretSync, config: &Config) -> Result<Self, NotKnown> {
        let known = |field: &'static str, text: &Text| match text.written() {
            Some(text) => Ok(text.to_owned()),
            None => Err(NotKnown { sync: sync.name.shown().to_owned(), field }),
        };
        let maybe = |field, text: Option<&Text>| text.map(|text| known(field, text)).transpose();
        let environment = known("environment", &sync.environment)?;
        let schema = maybe("syncOptions.keySchema", sync.options.key_schema.as_ref())?;
        let allowed = sync.allow_deletions.iter().map(|name| known("allowDeletions", name));
        Ok(Self {
            name: known("name", &sync.name)?,
            target: target(&sync.destination, known)?,
            github_server: maybe("credentials.host", github_server(sync, config))?,
            // Where there is no choice the destination is overwritten.
            behavior: sync.options.initial_sync_behavior.unwrap_or(InitialSyncBehavior::OverwriteDestination),
            key_schema: KeySchema::new(schema.as_deref(), &environment),
            disable_secret_deletion: sync.options.disable_secret_deletion,
            allow_deletions: allowed.collect::<Result<_, _>>()?,
            source: Source {
                host: maybe("infisical.host", config.infisical().host.as_ref())?,
                project: known("projectId", &sync.project_id)?,
                path: known("secretPath", &sync.secret_path)?,
                environment,
            },
        })
    }
}

/// The host of a GitHub Enterprise Server that the connection of a sync leads to.
fn github_server<'c>(sync: &SecretSync, config: &'c Config) -> Option<&'c Text> {
    let ConnectionRef::Declared(number) = sync.connection else { return None };
    let connection =
        config.app_connections().get(number).filter(|connection| connection.app == App::GITHUB)?;
    let ConnectionOrigin::Declared(declared) = &connection.origin else { return None };
    match declared.credentials.iter().find(|(name, _)| name == "host")? {
        (_, Argument::Text(host)) => Some(host),
        _ => None,
    }
}

fn target(
    destination: &Destination,
    known: impl Fn(&'static str, &Text) -> Result<String, NotKnown>,
) -> Result<Target, NotKnown> {
    let region = |region| known("destinationConfig.awsRegion", region);
    let owner = |owner| known("destinationConfig.repositoryOwner", owner);
    let repository = |name| known("destinationConfig.repositoryName", name);
    Ok(match destination {
        Destination::AwsSecretsManager { region: at, secret_name: None } => {
            Target::AwsSecrets { region: region(at)? }
        }
        Destination::AwsSecretsManager { region: at, secret_name: Some(name) } => Target::AwsSecret {
            region: region(at)?,
            secret: known("destinationConfig.awsSecretsManagerSecretName", name)?,
        },
        Destination::AwsParameterStore { region: at, path } => {
            Target::AwsParameters { region: region(at)?, path: known("destinationConfig.path", path)? }
        }
        Destination::GithubRepository { owner: by, name } => {
            Target::GithubRepository { owner: owner(by)?, repository: repository(name)? }
        }
        Destination::GithubEnvironment { owner: by, name, environment } => Target::GithubEnvironment {
            owner: owner(by)?,
            repository: repository(name)?,
            environment: known("destinationConfig.repositoryEnvironment", environment)?,
        },
        Destination::GithubOrganization { owner: by, .. } => {
            Target::GithubOrganization { organization: owner(by)? }
        }
        Destination::AzureKeyVault { vault_base_url } => {
            Target::AzureKeyVault { vault: known("destinationConfig.vaultBaseUrl", vault_base_url)? }
        }
        Destination::GcpGlobal { .. } | Destination::GcpRegion { .. } | Destination::Carried { .. } => {
            let kind = destination.kind();
            Target::Other { title: kind.title(), can_import: kind.can_import() }
        }
    })
}
