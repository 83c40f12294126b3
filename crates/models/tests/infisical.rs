//! App connections and secret syncs beyond what single documents show: what is made, what is not known, what a program says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keyloom_models::app_connection::{App, AppCredentials};
use keyloom_models::config::Argument;
use keyloom_models::config::infisical::{ConnectionOrigin, ConnectionRef, Destination};
use keyloom_models::policy::InitialSyncBehavior;
use keyloom_models::read::{Environment, Options, load};
use keyloom_models::secret_sync::{AwsSecretsManagerDestination, DestinationConfig, GithubDestination};
use keyloom_models::{AppConnectionConfig, Config, Credential, Document, SecretSyncConfig, Text};
use keyloom_syntax::{Block, Origins, Sources};

const ROLE: &str = "arn:aws:iam::123456789012:role/infisical-sync";
const PROJECT: &str = "7d0c6f3e-1a2b-4c3d-9e8f-001122334455";

fn read(text: &str, environment: Environment) -> Config {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", text.to_owned()).unwrap();
    let outcome = load(&sources, &Options { environment, ..Options::default() });
    outcome.config.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics))
}

fn codes(document: Document) -> Vec<&'static str> {
    document.check().diagnostics.into_iter().map(|found| found.code).collect()
}

fn sync(name: &str, connection: &str, destination: impl Into<DestinationConfig>) -> SecretSyncConfig {
    SecretSyncConfig::new(name, connection, destination)
        .source(PROJECT, "prod", "/api")
        .key_schema("APP_{{secretKey}}")
}

#[test]
fn what_is_not_enabled_is_not_made_nor_its_connection_and_numbers_stay_right() {
    let text = format!(
        r#"
infisical: {{host: "https://infisical.acme.example/api/", auth: oidc}}
appConnections:
- {{name: off, app: aws, method: assume-role, credentials: {{roleArn: "{ROLE}"}}}}
- {{name: 1st, app: aws, method: assume-role, description: "", projectId: "", credentials: {{roleArn: "{ROLE}", stsEndpoint: ""}}}}
- {{name: github, app: github, id: 6f1f2c5e-6a8e-4f3a-9a5b-0d3c1f7e2b11}}
secretSyncs:
- {{name: off, type: aws-parameter-store, appConnection: off, enabled: false, destinationConfig: {{awsRegion: us-east-1, path: /a/}}, syncOptions: {{initialSyncBehavior: overwrite-destination}}}}
- name: api-secrets
  type: aws-secrets-manager
  appConnection: 1st
  projectId: {PROJECT}
  environment: prod
  secretPath: /api/
  destinationConfig: {{awsRegion: us-east-1, awsSecretsManagerSecretName: myapp-secrets}}
  syncOptions: {{initialSyncBehavior: overwrite-destination, awsKmsKeyId: "", keySchema: ""}}
- {{name: ci, type: github, appConnection: github, projectId: {PROJECT}, environment: prod, secretPath: /, autoSyncEnabled: false, destinationConfig: {{scope: repository, repositoryOwner: acme, repositoryName: my-app}}, syncOptions: {{initialSyncBehavior: overwrite-destination}}}}
environments:
  on:
    secretSyncs: [{{name: off, enabled: true, projectId: {PROJECT}, environment: prod, secretPath: /}}]
"#
    );
    let config = read(&text, Environment::Base);
    assert_eq!(config.infisical().host.as_ref().unwrap(), "https://infisical.acme.example");
    let labels: Vec<_> = config.app_connections().iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["_1st", "github"]);
    let ConnectionOrigin::Declared(made) = &config.app_connections()[0].origin else { panic!() };
    assert_eq!(made.credentials, [("role_arn".to_owned(), Argument::Text(ROLE.into()))]);
    assert_eq!((&made.description, &made.project_id, made.method), (&None, &None, "assume-role"));
    let [api, ci] = config.secret_syncs() else { panic!("two are made") };
    assert_eq!((api.label.as_str(), api.connection.clone()), ("api_secrets", ConnectionRef::Declared(0)));
    assert_eq!(api.secret_path, "/api");
    let aws = api.options.aws.as_ref().unwrap();
    assert_eq!((&aws.kms_key_id, &api.options.key_schema), (&None, &None), "empty is absent");
    assert!(api.auto_sync && !ci.auto_sync);
    assert_eq!(ci.connection, ConnectionRef::Elsewhere("6f1f2c5e-6a8e-4f3a-9a5b-0d3c1f7e2b11".into()));
    let config = read(&text, Environment::Named("on".to_owned()));
    assert_eq!((config.app_connections().len(), config.secret_syncs().len()), (3, 3));
    assert_eq!(config.secret_syncs()[1].connection, ConnectionRef::Declared(1));
}

#[test]
fn what_is_not_known_yet_is_no_mistake() {
    let unknown = || Text::unknown(false, Origins::NONE);
    let mut syncs = [
        SecretSyncConfig::new("one", "aws", AwsSecretsManagerDestination::one_secret(unknown(), unknown()))
            .source(unknown(), unknown(), unknown())
            .key_schema(unknown()),
        SecretSyncConfig::new("two", "aws", AwsSecretsManagerDestination::one_secret(unknown(), unknown()))
            .source(unknown(), unknown(), unknown())
            .key_schema("{{environment}}{{secretKey}}"),
    ];
    let document = |syncs| {
        Document::new().app_connections([AppConnectionConfig::aws_role("aws", unknown())]).secret_syncs(syncs)
    };
    // One secret is written as a whole, whatever its key schema comes to.
    assert_eq!(codes(document(syncs.clone())), ["sync-may-delete", "sync-may-delete"]);
    for sync in &mut syncs {
        sync.options.initial_sync_behavior = Some(InitialSyncBehavior::ImportPrioritizeSource);
    }
    assert_eq!(codes(document(syncs)), [""; 0]);
}

#[test]
fn documents_built_in_rust_meet_the_same_rules() {
    let role = || AppConnectionConfig::aws_role("aws", ROLE);
    let document = |destination: DestinationConfig| {
        Document::new().app_connections([role()]).secret_syncs([sync("one", "aws", destination)])
    };
    let one = AwsSecretsManagerDestination::one_secret("us-east-1", "myapp");
    assert_eq!(codes(document(one.clone().into())), ["sync-may-delete"]);
    let each = AwsSecretsManagerDestination::secret_each("us-east-1");
    assert_eq!(codes(document(each.into())), [""; 0]);
    let mut unnamed = one;
    unnamed.aws_secrets_manager_secret_name = None;
    assert_eq!(codes(document(unnamed.into())), ["destination-fields", "sync-may-delete"]);
    assert_eq!(
        codes(document(GithubDestination::repository("acme", "my-app").into())),
        ["app-of-destination"]
    );
    let block = Block::Map(vec![("bucket".into(), Block::Text("x".into()))]);
    let kind = keyloom_models::secret_sync::SyncKind::named("flyio").unwrap();
    let found = codes(document(DestinationConfig::Carried(kind, block)));
    assert_eq!(found, ["app-of-destination", "missing-field", "unknown-field"]);
    let slug = Document::new().app_connections([AppConnectionConfig::aws_role("My_App", ROLE)]);
    assert_eq!(codes(slug), ["bad-format"]);
}

#[test]
fn what_no_attribute_is_made_of_is_refused_and_not_lost() {
    let object = || Block::Map(vec![("key".into(), Block::Text("x".into()))]);
    let flyio = keyloom_models::secret_sync::SyncKind::named("flyio").unwrap();
    let found = |value: Block| {
        let connection = AppConnectionConfig::elsewhere(
            "fly",
            App::named("flyio").unwrap(),
            "6f1f2c5e-6a8e-4f3a-9a5b-0d3c1f7e2b11",
        );
        let block = Block::Map(vec![("appId".into(), value)]);
        let sync = sync("fly", "fly", DestinationConfig::Carried(flyio, block));
        let outcome = Document::new().app_connections([connection]).secret_syncs([sync]).check();
        let found = outcome.diagnostics.into_iter().filter(|found| found.code == "wrong-type");
        found.map(|found| found.primary.path).collect::<Vec<_>>()
    };
    let place = "secretSyncs[0].destinationConfig.appId";
    assert_eq!(found(object()), [place]);
    assert_eq!(
        found(Block::List(vec![Block::Text("x".into()), object(), Block::Null])),
        [format!("{place}[1]"), format!("{place}[2]")]
    );
    assert_eq!(found(Block::List(vec![Block::Text("x".into())])), [""; 0]);
}

/// A credential that a program hands over is a secret, and no message, `Debug` or config in words shows it.
#[test]
fn a_credential_is_never_shown() {
    let secret = |value: &str| Text::secret(value.to_owned().into(), Origins::NONE);
    let keys = |key: Text| {
        let id = Credential::Value(secret("canary-id"));
        Document::new().app_connections([AppConnectionConfig::aws_keys("keys", id, Credential::Value(key))])
    };
    let outcome = keys(secret("canary-hunter2")).check();
    assert!(!format!("{outcome:?}").contains("canary"), "{outcome:?}");
    let config = outcome.config.unwrap();
    let ConnectionOrigin::Declared(made) = &config.app_connections()[0].origin else { panic!() };
    let Argument::Text(key) = &made.credentials[1].1 else { panic!() };
    assert_eq!(key.expose_secret(), Some("canary-hunter2"));
    let list = Argument::List(vec![Argument::Text("canary-plain".into()), Argument::Variable("name".into())]);
    assert_eq!(format!("{list:?}"), r#"[<text>, Variable("name")]"#);
    let outcome = keys("canary-hunter2".into()).check();
    assert!(outcome.diagnostics.iter().any(|found| found.code == "inline-credential-plain"));
    assert!(!format!("{outcome:?}").contains("canary"), "{outcome:?}");
    let document = keys("canary-hunter2".into());
    assert!(!format!("{document:?}").contains("canary"), "{document:?}");
}

#[test]
fn every_app_and_every_destination_can_be_declared() {
    for app in App::all() {
        let connection = AppConnectionConfig::elsewhere("it", app, "6f1f2c5e-6a8e-4f3a-9a5b-0d3c1f7e2b11");
        assert_eq!(codes(Document::new().app_connections([connection])), [""; 0], "{app:?}");
    }
    let block = |field: &str| Block::Map(vec![(field.into(), Block::Text("x".into()))]);
    let flyio = keyloom_models::secret_sync::SyncKind::named("flyio").unwrap();
    let token = Block::Map(vec![(
        "accessToken".into(),
        Block::Map(vec![("variable".into(), Block::Text("t".into()))]),
    )]);
    let connection = AppConnectionConfig::new(
        "fly",
        "access-token",
        AppCredentials::Carried(App::named("flyio").unwrap(), token),
    )
    .credentials_in_state();
    let document = Document::new().app_connections([connection]).secret_syncs([sync(
        "fly",
        "fly",
        DestinationConfig::Carried(flyio, block("appId")),
    )]);
    let config = document.validate().unwrap();
    let ConnectionOrigin::Declared(made) = &config.app_connections()[0].origin else { panic!() };
    assert_eq!(made.credentials, [("access_token".to_owned(), Argument::Variable("t".to_owned()))]);
    let Destination::Carried { arguments, .. } = &config.secret_syncs()[0].destination else { panic!() };
    assert_eq!(arguments, &[("app_id".to_owned(), Argument::Text("x".into()))]);
}
