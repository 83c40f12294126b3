//! App connections and secret syncs.

use keyloom_models::Config;
use keyloom_models::config::infisical::{
    self as config, ConnectionOrigin, ConnectionRef, Destination, SyncOptions,
};
use keyloom_models::policy::{GcpScope, GithubScope, MappingBehavior};
use keyloom_syntax::Number;

use crate::resource::Resource;
use crate::terraform::secret_sync::Connection;
use crate::terraform::{AppConnection, Argument, Arguments, Infisical, Reference, SecretSync, Terraform};

/// Which Infisical, and how the provider logs in.
pub(super) fn provider(config: &Config) -> Infisical {
    let access = config.infisical();
    Infisical { host: access.host.clone(), login: access.auth }
}

/// The connections that are made here.
pub(super) fn connections(config: &Config) -> impl Iterator<Item = Resource> {
    config.app_connections().iter().filter_map(|connection| {
        let ConnectionOrigin::Declared(declared) = &connection.origin else { return None };
        let body = AppConnection {
            label: connection.label.clone(),
            app: connection.app,
            name: connection.name.clone(),
            method: declared.method,
            description: declared.description.clone(),
            project_id: declared.project_id.clone(),
            gateway_id: declared.gateway_id.clone(),
            credentials: arguments(&declared.credentials),
        };
        Some(Terraform::AppConnection(Box::new(body)).into())
    })
}

/// The syncs.
pub(super) fn syncs(config: &Config) -> impl Iterator<Item = Resource> {
    config.secret_syncs().iter().map(|sync| {
        let connection = match &sync.connection {
            ConnectionRef::Declared(at) => made(&config.app_connections()[*at]),
            ConnectionRef::Elsewhere(id) => Connection::Id(id.clone()),
        };
        let body = SecretSync {
            label: sync.label.clone(),
            kind: sync.kind(),
            name: sync.name.clone(),
            description: sync.description.clone(),
            project_id: sync.project_id.clone(),
            environment: sync.environment.clone(),
            secret_path: sync.secret_path.clone(),
            connection,
            auto_sync_enabled: sync.auto_sync,
            destination_config: destination(&sync.destination),
            sync_options: options(&sync.options),
        };
        Terraform::SecretSync(Box::new(body)).into()
    })
}

fn made(connection: &config::AppConnection) -> Connection {
    Connection::Made(Reference::resource(connection.app.resource(), connection.label.as_str(), "id"))
}

fn destination(destination: &Destination) -> Arguments {
    let text = |name: &str, text: &keyloom_syntax::Text| (name.to_owned(), Argument::Text(text.clone()));
    let word = |name: &str, word: &str| (name.to_owned(), Argument::word(word));
    match destination {
        Destination::AwsSecretsManager { region, secret_name } => {
            let mapping = match secret_name {
                Some(_) => MappingBehavior::ManyToOne,
                None => MappingBehavior::OneToOne,
            };
            let region = [text("aws_region", region), word("mapping_behavior", mapping.as_str())];
            let name = secret_name.as_ref().map(|name| text("aws_secrets_manager_secret_name", name));
            region.into_iter().chain(name).collect()
        }
        Destination::AwsParameterStore { region, path } => {
            vec![text("aws_region", region), text("path", path)]
        }
        Destination::GithubRepository { owner, name } => {
            vec![
                word("scope", GithubScope::Repository.as_str()),
                text("repository_owner", owner),
                text("repository_name", name),
            ]
        }
        Destination::GithubEnvironment { owner, name, environment } => vec![
            word("scope", GithubScope::RepositoryEnvironment.as_str()),
            text("repository_owner", owner),
            text("repository_name", name),
            text("repository_environment", environment),
        ],
        Destination::GithubOrganization { owner, visibility, selected_repository_ids } => {
            let said = [
                word("scope", GithubScope::Organization.as_str()),
                text("repository_owner", owner),
                word("visibility", visibility.as_str()),
            ];
            let ids = selected_repository_ids.iter().map(|id| Argument::Number(Number::Signed(*id)));
            let ids = (!selected_repository_ids.is_empty()).then(|| Argument::List(ids.collect()));
            said.into_iter().chain(ids.map(|ids| ("selected_repository_ids".to_owned(), ids))).collect()
        }
        Destination::GcpGlobal { project_id, replicas } => {
            let said = [text("project_id", project_id), word("scope", GcpScope::Global.as_str())];
            let all = replicas.iter().map(|location| Argument::Text(location.clone())).collect();
            let replicas = (!replicas.is_empty()).then_some(Argument::List(all));
            said.into_iter()
                .chain(replicas.map(|all| ("user_replica_location_ids".to_owned(), all)))
                .collect()
        }
        Destination::GcpRegion { project_id, location_id } => {
            vec![
                text("project_id", project_id),
                word("scope", GcpScope::Region.as_str()),
                text("location_id", location_id),
            ]
        }
        Destination::AzureKeyVault { vault_base_url } => vec![text("vault_base_url", vault_base_url)],
        Destination::Carried { kind: _, arguments } => self::arguments(arguments),
    }
}

/// What is the provider's default is said all the same where it is a switch that may delete.
fn options(options: &SyncOptions) -> Arguments {
    let mut said = Arguments::new();
    if let Some(behavior) = options.initial_sync_behavior {
        said.push(("initial_sync_behavior".to_owned(), Argument::word(behavior.as_str())));
    }
    said.push(("disable_secret_deletion".to_owned(), Argument::Bool(options.disable_secret_deletion)));
    let text = |name: &str, text: &keyloom_syntax::Text| (name.to_owned(), Argument::Text(text.clone()));
    said.extend(options.key_schema.as_ref().map(|schema| text("key_schema", schema)));
    if let Some(aws) = &options.aws {
        said.extend(aws.kms_key_id.as_ref().map(|key| text("aws_kms_key_id", key)));
        let as_tags = Argument::Bool(aws.sync_secret_metadata_as_tags);
        said.push(("sync_secret_metadata_as_tags".to_owned(), as_tags));
        let tag = |(key, value): &(String, keyloom_syntax::Text)| {
            Argument::Object(vec![
                ("key".to_owned(), Argument::word(key.as_str())),
                ("value".to_owned(), Argument::Text(value.clone())),
            ])
        };
        if !aws.tags.is_empty() {
            said.push(("tags".to_owned(), Argument::List(aws.tags.iter().map(tag).collect())));
        }
    }
    said
}

fn arguments(arguments: &[(String, config::Argument)]) -> Arguments {
    arguments.iter().map(|(name, value)| (name.clone(), argument(value))).collect()
}

fn argument(value: &config::Argument) -> Argument {
    match value {
        config::Argument::Text(text) => Argument::Text(text.clone()),
        config::Argument::Variable(name) => Argument::Variable(name.clone()),
        config::Argument::Bool(value) => Argument::Bool(*value),
        config::Argument::Number(value) => Argument::Number(*value),
        config::Argument::List(items) => Argument::List(items.iter().map(argument).collect()),
    }
}
