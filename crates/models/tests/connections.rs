//! Documents with connections that are built in Rust, and defaults of those in text.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use keyloom_models::policy::AwsService;
use keyloom_models::read::{Environment, Options, load};
use keyloom_models::{
    AwsConfig, Config, Connection, ConnectionArgs, ConnectionConfig, Document, ExternalSecretConfig,
    RemoteName, SecretStoreConfig, Text,
};
use keyloom_syntax::Sources;

fn config(text: &str, environment: Environment) -> Config {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", text.to_owned()).unwrap();
    let outcome = load(&sources, &Options { environment, ..Options::default() });
    outcome.config.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics))
}

/// Store and address of each external secret.
fn lies(config: &Config) -> Vec<(&str, &str)> {
    config
        .external_secrets()
        .iter()
        .map(|it| (known(&it.store.as_ref().unwrap().name), known(&it.data[0].remote.key)))
        .collect()
}

fn known(text: &Text) -> &str {
    text.known().unwrap()
}

#[test]
fn a_connection_built_in_rust_is_one() {
    let store = AwsConfig::new(AwsService::SecretsManager, "eu-central-1");
    let connection = Connection {
        name: "my-postgres".into(),
        names: [
            ("host".to_owned(), RemoteName::Named("PGHOST".into())),
            ("port".to_owned(), RemoteName::LeftOut),
        ]
        .into_iter()
        .collect(),
        ..Connection::default()
    };
    let item = ConnectionArgs { name: "postgres".into(), connection, ..ConnectionArgs::default() };
    let document = Document::new()
        .store(SecretStoreConfig::aws("aws", store))
        .connections([ConnectionConfig::new("my-postgres", "postgres".parse().unwrap()).path("db/main")])
        .external_secret(ExternalSecretConfig::connection(item));
    let config = document.validate().unwrap();
    assert_eq!(lies(&config), [("aws", "db/main")]);
    let keys = config.external_secrets()[0].keys();
    assert_eq!(keys.holds("PGHOST"), Some(true));
    assert_eq!(keys.holds("port"), Some(false));
    assert_eq!(keys.holds("connection"), Some(false), "the JSON itself is not written");
}

#[test]
fn defaults_and_environments_are_those_of_the_connection() {
    let text = "
defaults: {namespace: web, secretStoreRef: aws, pathPrefix: prod/}
stores:
- {name: aws, provider: aws, aws: {service: SecretsManager, region: eu-central-1}}
- {name: other, provider: aws, aws: {service: SecretsManager, region: eu-central-1}}
connections:
- {name: named, type: generic}
- {name: with-path, type: generic, path: a/b, secretStoreRef: other}
externalSecrets:
- {name: named, connection: {name: named}}
- {name: with-path, connection: {name: with-path}}
- {name: undeclared, connection: {name: undeclared, type: generic}}
environments:
  dev:
    connections:
    - {name: with-path, path: dev, secretStoreRef: aws}
";
    let base = config(text, Environment::All);
    let all = [("aws", "prod/named"), ("other", "prod/a/b"), ("aws", "prod/undeclared")];
    assert_eq!(lies(&base), all);
    let dev = config(text, Environment::Named("dev".to_owned()));
    assert_eq!(lies(&dev)[1], ("aws", "prod/dev"));
}

/// The whole entry is what is meant, on every provider; and a connection has no namespace of its own.
#[test]
fn a_whole_entry_is_no_surprise_and_every_namespace_may_read_it() {
    let text = "
stores:
- {name: vault, clusterScoped: true, conditions: [{namespaces: [web, shop]}], external: true, provider: vault, vault: {path: kv}}
connections:
- {name: db, type: postgres, secretStoreRef: vault, path: connections/db}
externalSecrets:
- {name: a, namespace: web, connection: {name: db}}
- {name: b, namespace: shop, connection: {name: db, envPrefix: DB_}}
clusterExternalSecrets:
- {name: c, namespaceSelectors: [{matchLabels: {team: web}}], externalSecretSpec: {connection: {name: db}}}
";
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", text.to_owned()).unwrap();
    let outcome = load(&sources, &Options::default());
    assert_eq!(outcome.diagnostics, []);
    let config = outcome.config.unwrap();
    let entry = &config.cluster_external_secrets()[0].external_secret.data[0];
    assert_eq!((known(&entry.remote.key), entry.remote.property.as_ref()), ("connections/db", None));
    assert_eq!(config.external_secrets()[1].keys().holds("DB_PORT"), Some(true));
}
