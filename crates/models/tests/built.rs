//! Documents built in Rust: what only they can get wrong, and that their diagnostics repeat no credential either.
#![allow(clippy::unwrap_used)]

use keyloom_models::policy::AwsService;
use keyloom_models::{AwsConfig, Document, ExternalSecretConfig, SecretReference, SecretStoreConfig};

fn codes_and_words(item: ExternalSecretConfig) -> (Vec<&'static str>, String) {
    let store = SecretStoreConfig::aws("main", AwsConfig::new(AwsService::SecretsManager, "eu-central-1"));
    let found = Document::new().store(store).external_secret(item).validate().unwrap_err();
    (found.iter().map(|diagnostic| diagnostic.code).collect(), format!("{found:?}"))
}

#[test]
fn an_external_secret_without_keys() {
    assert_eq!(codes_and_words(ExternalSecretConfig::new("web")).0, ["no-keys"]);
}

#[test]
fn credentials_in_the_wrong_place_are_not_repeated() {
    let url = "postgres://app:hunter2@db:5432/app";
    let item = ExternalSecretConfig::new("web")
        .data([SecretReference::new("sk_live_4eC39HqLyjWDarjt", url)])
        .data([SecretReference::new("sk_live_4eC39HqLyjWDarjt", "b")]);
    let (codes, words) = codes_and_words(item);
    assert_eq!(codes, ["literal-secret", "duplicate-secret-key"]);
    assert!(!words.contains("hunter2") && !words.contains("sk_live"), "{words}");
}
