//! App connections and secret syncs: from the folder in Infisical, through the connection, to the destination.

use keyloom_models::Config;
use keyloom_models::Text;
use keyloom_models::config::Argument;
use keyloom_models::config::infisical::{
    AppConnection, ConnectionOrigin, ConnectionRef, Destination, SecretSync,
};
use keyloom_models::finding::List;
use keyloom_models::key_schema::names::Manner;

use super::{Hop, shown, subject};

/// What a sync does.
pub(super) fn sync(config: &Config, item: &SecretSync) -> Vec<Hop> {
    let place = format!("{}:{}", shown(&item.environment), shown(&item.secret_path));
    let when = if item.auto_sync { "written whenever it changes" } else { "written when somebody asks" };
    vec![
        Hop::new("Infisical", place, format!("project {}", shown(&item.project_id))),
        Hop::new("sync", shown(&item.name), when),
        match &item.connection {
            ConnectionRef::Declared(number) => match config.app_connections().get(*number) {
                Some(connection) => through(connection),
                None => Hop::new("connection", "", ""),
            },
            ConnectionRef::Elsewhere(id) => match named(config, id) {
                Some(connection) => through(connection),
                None => Hop::new("connection", shown(id), "made elsewhere"),
            },
        },
        Hop::new(item.kind().title(), end(item), names(item)),
    ]
}

/// What a connection is for.
pub(super) fn connection(config: &Config, item: &AppConnection) -> Vec<Hop> {
    let number = config.app_connections().iter().position(|own| own.name == item.name);
    let uses = |sync: &&SecretSync| match (&sync.connection, &item.origin) {
        (ConnectionRef::Declared(own), ConnectionOrigin::Declared(_)) => Some(*own) == number,
        (ConnectionRef::Elsewhere(own), ConnectionOrigin::Elsewhere { id }) => own == id,
        (ConnectionRef::Declared(_), ConnectionOrigin::Elsewhere { .. })
        | (ConnectionRef::Elsewhere(_), ConnectionOrigin::Declared(_)) => false,
    };
    let syncs = config.secret_syncs().iter().filter(uses);
    let used = syncs.map(|sync| Hop::new("used by", subject(List::SecretSyncs, None, &sync.name), end(sync)));
    std::iter::once(through(item)).chain(used).collect()
}

fn named<'c>(config: &'c Config, wanted: &Text) -> Option<&'c AppConnection> {
    let is =
        |item: &&AppConnection| matches!(&item.origin, ConnectionOrigin::Elsewhere { id } if id == wanted);
    config.app_connections().iter().find(is)
}

fn through(item: &AppConnection) -> Hop {
    let how = match &item.origin {
        ConnectionOrigin::Elsewhere { .. } => "made elsewhere".to_owned(),
        ConnectionOrigin::Declared(declared) => format!("logs in by {}", declared.method),
    };
    Hop::new("connection", shown(&item.name), format!("{}, {how}", item.app.title()))
}

/// The names that are made, and what becomes of others.
fn names(item: &SecretSync) -> String {
    let options = &item.options;
    let manner = item.destination.manner();
    let mut words = match &options.key_schema {
        Some(schema) if manner != Manner::OneSecret => format!("names like {}", shown(schema)),
        Some(_) | None => "names as they are".to_owned(),
    };
    words.extend(options.initial_sync_behavior.map(|behavior| format!(", {behavior}")));
    if manner == Manner::OneSecret {
        words.push_str(", written as a whole");
    } else if manner.keeps(options.disable_secret_deletion) {
        words.push_str(", nothing is deleted");
    }
    words
}

/// Where a sync writes; one secret by the name that the key schema makes, as far as that is known.
fn end(item: &SecretSync) -> String {
    match (&item.destination, item.one_secret()) {
        (Destination::AwsSecretsManager { region, .. }, Some(name)) => format!("{name} in {}", shown(region)),
        (destination, _) => place_of(destination),
    }
}

fn place_of(destination: &Destination) -> String {
    let of = |parts: &[&Text]| parts.iter().map(|part| shown(part)).collect::<Vec<_>>().join("/");
    match destination {
        Destination::AwsSecretsManager { region, secret_name: Some(name) } => {
            format!("{} in {}", shown(name), shown(region))
        }
        Destination::AwsSecretsManager { region, secret_name: None } => {
            format!("a secret for each in {}", shown(region))
        }
        Destination::AwsParameterStore { region, path } => format!("{} in {}", shown(path), shown(region)),
        Destination::GithubRepository { owner, name } => of(&[owner, name]),
        Destination::GithubEnvironment { owner, name, environment } => {
            format!("{}, environment {}", of(&[owner, name]), shown(environment))
        }
        Destination::GithubOrganization { owner, .. } => format!("organization {}", shown(owner)),
        Destination::GcpGlobal { project_id, .. } => format!("project {}", shown(project_id)),
        Destination::GcpRegion { project_id, location_id } => {
            format!("project {} in {}", shown(project_id), shown(location_id))
        }
        Destination::AzureKeyVault { vault_base_url } => shown(vault_base_url).to_owned(),
        Destination::Carried { arguments, .. } => {
            let texts = arguments.iter().filter_map(|(name, argument)| match argument {
                Argument::Text(text) => Some(format!("{name} {}", shown(text))),
                Argument::Variable(_) | Argument::Bool(_) | Argument::Number(_) | Argument::List(_) => None,
            });
            texts.collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use keyloom_models::read::{Options, load};
    use keyloom_syntax::Sources;

    use super::super::trace;

    const TEXT: &str = r#"
appConnections:
- {name: aws, app: aws, method: assume-role, credentials: {roleArn: "arn:aws:iam::123456789012:role/infisical-sync"}}
- {name: github, app: github, id: 6f1f2c5e-6a8e-4f3a-9a5b-0d3c1f7e2b11}
secretSyncs:
- name: api
  type: aws-parameter-store
  appConnection: aws
  projectId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455
  environment: prod
  secretPath: /api
  destinationConfig: {awsRegion: us-east-1, path: /myapp/}
  syncOptions: {initialSyncBehavior: overwrite-destination, disableSecretDeletion: true}
- name: ci
  type: github
  appConnection: github
  projectId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455
  environment: prod
  secretPath: /ci-cd
  autoSyncEnabled: false
  destinationConfig: {scope: organization, repositoryOwner: acme, visibility: all}
  syncOptions: {initialSyncBehavior: overwrite-destination, keySchema: "CI_{{secretKey}}"}
"#;

    const ONE: &str = r#"
- name: whole
  type: aws-secrets-manager
  appConnection: aws
  projectId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455
  environment: prod
  secretPath: /api
  destinationConfig: {awsRegion: us-east-1, awsSecretsManagerSecretName: myapp}
  syncOptions: {initialSyncBehavior: overwrite-destination, keySchema: "{{environment}}-{{secretKey}}", disableSecretDeletion: true}
"#;

    fn traced(name: &str) -> String {
        let mut sources = Sources::new();
        sources.add("keyloom.yaml", [TEXT, ONE.trim_start()].concat()).unwrap();
        let config = load(&sources, &Options::default()).config.unwrap();
        let hops = trace(&config, name).into_iter().flat_map(|trace| trace.hops);
        hops.map(|hop| format!("{} {} ({})\n", hop.system, hop.what, hop.note)).collect()
    }

    #[test]
    fn a_sync_leads_from_a_folder_to_its_destination() {
        assert_eq!(
            traced("api"),
            concat!(
                "Infisical prod:/api (project 7d0c6f3e-1a2b-4c3d-9e8f-001122334455)\n",
                "sync api (written whenever it changes)\n",
                "connection aws (AWS, logs in by assume-role)\n",
                "AWS Parameter Store /myapp/ in us-east-1 (names as they are, overwrite-destination, nothing is deleted)\n",
            )
        );
        assert_eq!(
            traced("secretSyncs/ci"),
            concat!(
                "Infisical prod:/ci-cd (project 7d0c6f3e-1a2b-4c3d-9e8f-001122334455)\n",
                "sync ci (written when somebody asks)\n",
                "connection github (GitHub, made elsewhere)\n",
                "GitHub organization acme (names like CI_{{secretKey}}, overwrite-destination)\n",
            )
        );
    }

    #[test]
    fn one_secret_is_named_by_the_key_schema_and_written_as_a_whole() {
        let told = traced("whole");
        assert_eq!(
            told.lines().last().unwrap(),
            "AWS Secrets Manager prod-myapp in us-east-1 (names as they are, overwrite-destination, written as a whole)"
        );
    }

    #[test]
    fn a_connection_is_known_by_who_uses_it() {
        assert_eq!(
            traced("github"),
            concat!(
                "connection github (GitHub, made elsewhere)\n",
                "used by secretSyncs/ci (organization acme)\n",
            )
        );
    }
}
