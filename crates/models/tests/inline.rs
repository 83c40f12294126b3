//! Credentials that a program hands over in place of references: what becomes of them, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keyloom_models::policy::AwsService;
use keyloom_models::{
    AwsAuth, AwsConfig, Carried, CarriedConfig, Config, Document, ExternalSecretConfig, GeneratorConfig,
    InfisicalConfig, SecretKeySelector, SecretReference, SecretStoreConfig, UniversalAuth, VaultAuthMethod,
    VaultConfig,
};
use keyloom_syntax::{Block, Diagnostic, Origins, Text};

const CANARY: &str = "canary-4711";

fn secret(value: &str) -> Text {
    Text::secret(value.to_owned().into(), Origins::of(3, vec![1]))
}

fn infisical(client_secret: SecretKeySelector) -> SecretStoreConfig {
    let auth = UniversalAuth { client_id: SecretKeySelector::inline(secret("id")), client_secret };
    SecretStoreConfig::infisical("main", InfisicalConfig::new("p", "e").auth(auth)).namespace("web")
}

fn valid(store: SecretStoreConfig) -> Config {
    let found = Document::new().store(store).validate();
    found.unwrap_or_else(|found| panic!("{found:#?}"))
}

fn refused(document: Document) -> Vec<Diagnostic> {
    let found = document.validate().unwrap_err();
    assert!(!format!("{found:?}").contains(CANARY), "{found:?}");
    found
}

fn codes_and_paths(store: SecretStoreConfig) -> Vec<(&'static str, String)> {
    let found = refused(Document::new().store(store));
    found.into_iter().map(|it| (it.code, it.primary.path)).collect()
}

#[test]
fn credentials_become_a_secret_and_references_to_it() {
    let config = valid(infisical(SecretKeySelector::inline(secret(CANARY))));
    let store = &config.stores()[0];
    let [own] = store.credentials.as_slice() else { panic!("one Secret") };
    assert_eq!(
        (own.name.known(), own.namespace.as_ref().unwrap().known()),
        (Some("main-credentials"), Some("web"))
    );
    let keys: Vec<_> = own.values.keys().map(String::as_str).collect();
    assert_eq!(keys, ["universalAuth.clientId", "universalAuth.clientSecret"]);
    assert_eq!(own.values[1].expose_secret(), Some(CANARY));
    assert_eq!(own.values[1].origins().ids(3), [1]);
    let expected = InfisicalConfig::new("p", "e").auth(UniversalAuth {
        client_id: SecretKeySelector::new("main-credentials", "universalAuth.clientId"),
        client_secret: SecretKeySelector::new("main-credentials", "universalAuth.clientSecret"),
    });
    assert_eq!(store.backend, keyloom_models::Backend::Declared(expected.into()));
    assert!(!format!("{config:?}").contains(CANARY));
}

/// Where each typed provider takes one, and the key that it gets.
#[test]
fn every_reference_of_every_provider_takes_one() {
    let inline = || SecretKeySelector::inline(secret(CANARY));
    let vault =
        |method| VaultConfig::new("https://v").path("kv").auth(keyloom_models::VaultAuth::from(method));
    let doppler: Block =
        serde_json::from_str(r#"{"auth": {"secretRef": {"dopplerToken": {"value": "x"}}}}"#).unwrap();
    let stores = [
        (SecretStoreConfig::vault("v", vault(VaultAuthMethod::TokenSecretRef(inline()))), "tokenSecretRef"),
        (
            SecretStoreConfig::aws(
                "a",
                AwsConfig::new(AwsService::SecretsManager, "eu-central-1").auth(
                    match AwsAuth::from_secret("keys") {
                        AwsAuth::SecretRef(mut keys) => {
                            keys.secret_access_key_secret_ref = inline();
                            AwsAuth::SecretRef(keys)
                        }
                        other @ AwsAuth::Jwt(_) => other,
                    },
                ),
            ),
            "secretRef.secretAccessKeySecretRef",
        ),
        (
            SecretStoreConfig::new(
                "o",
                keyloom_models::OnePasswordConfig::new("https://c", ["main"], inline()),
            ),
            "secretRef.connectTokenSecretRef",
        ),
        (
            SecretStoreConfig::new(
                "k",
                keyloom_models::KubernetesConfig { auth_ref: Some(inline()), ..Default::default() },
            ),
            "authRef",
        ),
        (
            SecretStoreConfig::new(
                "d",
                CarriedConfig::new(Carried::named("doppler").unwrap(), with_value(doppler, &secret(CANARY))),
            ),
            "secretRef.dopplerToken",
        ),
    ];
    for (store, key) in stores {
        let config = valid(store);
        let store = &config.stores()[0];
        assert_eq!(store.credentials.len(), 1, "{key}");
        assert_eq!(store.credentials[0].values.keys().collect::<Vec<_>>(), [key]);
        assert_eq!(store.credentials[0].values[0].expose_secret(), Some(CANARY));
    }
}

/// The block with the text `x` replaced.
fn with_value(block: Block, value: &Text) -> Block {
    match block {
        Block::Map(entries) => {
            Block::Map(entries.into_iter().map(|(key, inner)| (key, with_value(inner, value))).collect())
        }
        Block::Text(text) if text == "x" => Block::Text(value.clone()),
        other => other,
    }
}

#[test]
fn what_is_not_known_yet_is_trusted_and_what_is_plain_is_not() {
    for unknown in [true, false] {
        valid(infisical(SecretKeySelector::inline(Text::unknown(unknown, Origins::NONE))));
    }
    let at = "stores[0].infisical.auth.universalAuth.clientSecret";
    for plain in
        [Text::from(CANARY), Text::from(CANARY).with_origins(Origins::of(1, vec![1])), Text::from("")]
    {
        let found = codes_and_paths(infisical(SecretKeySelector::inline(plain)));
        assert_eq!(found, [("inline-credential-plain", format!("{at}.value"))]);
    }
    let empty = codes_and_paths(infisical(SecretKeySelector::inline(secret(""))));
    assert_eq!(empty, [("inline-credential", format!("{at}.value"))]);
    let both =
        SecretKeySelector { value: Some(Box::new(secret(CANARY))), ..SecretKeySelector::new("n", "k") };
    let codes = [("inline-credential", format!("{at}.name")), ("inline-credential", format!("{at}.key"))];
    assert_eq!(codes_and_paths(infisical(both)), codes);
}

#[test]
fn a_cluster_scoped_store_says_where_its_secret_lies() {
    let store = |selector: SecretKeySelector| {
        let auth = VaultAuthMethod::TokenSecretRef(selector);
        let vault = VaultConfig::new("https://v").path("kv").auth(keyloom_models::VaultAuth::from(auth));
        SecretStoreConfig::vault("main", vault).cluster_scoped()
    };
    let found = refused(Document::new().store(store(SecretKeySelector::inline(secret(CANARY)))));
    let errors: Vec<_> =
        found.iter().filter(|it| it.severity == keyloom_syntax::Severity::Error).map(|it| it.code).collect();
    assert_eq!(errors, ["inline-credential"]);
    let config = valid(store(SecretKeySelector::inline(secret(CANARY)).namespace("platform")));
    assert_eq!(config.stores()[0].credentials[0].namespace.as_ref().unwrap(), "platform");
}

#[test]
fn names_that_are_made_are_legal_and_their_own() {
    let long = "a".repeat(245);
    let store = |name: &str| {
        let mut store = infisical(SecretKeySelector::inline(secret(CANARY)));
        store.name = name.into();
        store
    };
    let found = codes_and_paths(store(&long));
    assert!(found.iter().all(|(code, _)| *code == "inline-credential") && !found.is_empty(), "{found:?}");
    let found = codes_and_paths(store("Illegal"));
    assert_eq!(found, [("bad-format", "stores[0].name".to_owned())], "said once");
    let taken = ExternalSecretConfig::new("app")
        .namespace("web")
        .target_secret_name("main-credentials")
        .data([SecretReference::new("a", "/a")]);
    let found = refused(Document::new().store(store("main")).external_secret(taken));
    assert_eq!(found.iter().map(|it| it.code).collect::<Vec<_>>(), ["inline-credential"]);
    assert_eq!(found[0].secondary[0].path, "externalSecrets[0].targetSecretName");
}

#[test]
fn a_generator_takes_none_and_a_document_has_no_such_field() {
    let auth = match AwsAuth::from_secret("keys") {
        AwsAuth::SecretRef(mut keys) => {
            keys.secret_access_key_secret_ref = SecretKeySelector::inline(secret(CANARY));
            AwsAuth::SecretRef(keys)
        }
        other @ AwsAuth::Jwt(_) => other,
    };
    let spec = keyloom_models::generator::ecr::EcrAuthorizationToken {
        region: "eu-central-1".into(),
        auth: Some(auth),
        role: None,
        scope: None,
    };
    let generator =
        GeneratorConfig::new("ecr", keyloom_models::GeneratorSpec::EcrAuthorizationToken(Box::new(spec)));
    let found = refused(Document::new().generators([generator]));
    assert!(found.iter().any(|it| it.code == "inline-credential"), "{found:?}");

    let yaml = "stores: [{name: d, provider: doppler, doppler: {auth: {secretRef: {dopplerToken: {value: canary-4711}}}}}]";
    let mut sources = keyloom_syntax::Sources::new();
    sources.add("keyloom.yaml", yaml.to_owned()).unwrap();
    let outcome = keyloom_models::read::load(&sources, &keyloom_models::read::Options::default());
    assert!(outcome.config.is_none() && !format!("{:?}", outcome.diagnostics).contains(CANARY));
    assert!(outcome.diagnostics.iter().any(|it| it.code == "unknown-field"), "{:?}", outcome.diagnostics);
}
