//! Inputs of components as programs hand them over: what is refused, all at once, and how that is said.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use keyloom_resources::component::Component;
use serde_json::{Value as Json, json};
use support::{CANARY, inputs, plan};

/// Every problem as the engine is told it, a line each.
fn told(component: Component, json: Json) -> String {
    let inputs = inputs(json);
    let errors = plan(component, &inputs).unwrap_err();
    let words = format!("{errors}{errors:?}");
    assert!(!words.contains(CANARY), "{words}");
    let line = |problem: &keyloom_components::problem::InputProblem| {
        format!("{}: {}", problem.engine_path(&inputs), problem.reason)
    };
    errors.problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn vault() -> Json {
    json!({ "name": "vault", "kind": "SecretStore", "provider": "vault" })
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    insta::assert_snapshot!(told(
        Component::SecretStore,
        json!({
            "provider": "vault", "namspace": "web", "clusterScoped": "yes", "refreshInterval": 5,
            "vault": { "server": "https://v", "auth": { "tokenSecretRef": { "value": "<secret>" }, "ldap": { "username": "u" } } },
        }),
    ));
    let plain = told(
        Component::SecretStore,
        json!({
            "provider": "vault", "namspace": "web",
            "vault": { "server": "https://v", "auth": { "tokenSecretRef": { "value": "canary" } } },
        }),
    );
    assert!(plain.contains("[unknown-field]") && !plain.contains("canary"), "{plain}");
    assert_eq!(plain.matches("[inline-credential-plain]").count(), 1, "{plain}");
    insta::assert_snapshot!(told(
        Component::ExternalSecret,
        json!({
            "secretStoreRef": "vault", "refreshPolicy": "Sometimes", "namespace": "<resource>",
            "data": [{ "key": "a b", "path": "x" }, { "key": "k" }],
        }),
    ));
    // Once the shapes are right, the rules say what they find at the inputs' own places.
    insta::assert_snapshot!(told(
        Component::DatabaseCredentials,
        json!({ "secretStoreRef": vault(), "path": "databases/", "keys": { "port": false }, "version": "x" }),
    ));
    insta::assert_snapshot!(told(
        Component::ExternalSecret,
        json!({ "secretStoreRef": vault(), "data": [{ "key": "k", "path": "a//b", "property": "p" }], "labels": { "a b": "c" } }),
    ));
}

#[test]
fn what_decides_what_is_made_is_plain_and_known() {
    insta::assert_snapshot!(told(
        Component::ExternalSecret,
        json!({
            "name": "<secret>", "secretStoreRef": { "name": "v", "provider": "<unknown>" }, "data": "<unknown>",
            "refreshInterval": "<unknown secret>", "creationPolicy": "<secret>",
        }),
    ));
}

#[test]
fn secrets_do_not_go_where_everybody_reads_them() {
    insta::assert_snapshot!(told(
        Component::ExternalSecret,
        json!({
            "secretStoreRef": vault(), "data": [{ "key": "k", "path": "a", "property": "p" }],
            "constants": { "PASSWORD": "<secret>" }, "labels": { "a": "<unknown secret>" },
            "annotations": { "b": "<secret>" }, "template": { "data": { "x": "<secret>" } },
        }),
    ));
    insta::assert_snapshot!(told(
        Component::SecretStore,
        json!({ "provider": "scaleway", "scaleway": {
            "region": "fr-par", "projectId": "p", "accessKey": { "value": "<secret>" },
            "secretKey": { "secretRef": { "value": "hunter2" } },
        } }),
    ));
}

#[test]
fn a_container_that_is_secret_as_a_whole_is_said_once() {
    let mut inputs = inputs(json!({
        "secretStoreRef": vault(), "creationPolicy": "Owner",
        "data": [{ "key": "k", "path": "a", "decodingStrategy": "Base64", "property": "p" }],
    }));
    let store = inputs.remove("secretStoreRef").unwrap();
    inputs.insert("secretStoreRef".to_owned(), store.secret());
    let data = inputs.remove("data").unwrap();
    inputs.insert("data".to_owned(), data.secret());
    let errors = plan(Component::ExternalSecret, &inputs).unwrap_err();
    let paths: Vec<_> = errors.problems.iter().map(|problem| problem.engine_path(&inputs)).collect();
    assert_eq!(paths, ["data (secret)", "secretStoreRef (secret)"]);
}

#[test]
fn what_names_a_field_of_the_template_is_plain() {
    insta::assert_snapshot!(told(
        Component::ExternalSecret,
        json!({
            "secretStoreRef": vault(), "data": [{ "key": "<unknown>", "path": "p", "property": "q" }],
            "dataFrom": [{ "generator": { "kind": "Password", "name": "random" }, "keys": ["password"], "prefix": "<secret>" }],
        }),
    ));
}

#[test]
fn an_item_is_written_for_the_operator_that_is_named() {
    let store = |eso: &str| json!({ "eso": eso, "provider": "aws", "aws": { "service": "SecretsManager", "region": "eu-central-1" } });
    let block = |eso: &str| {
        let plan = plan(Component::SecretStore, &inputs(store(eso))).unwrap();
        let spec = plan.children[0].inputs.properties["spec"].clone();
        spec.get("provider").and_then(|provider| provider.get("aws")).cloned().unwrap()
    };
    assert!(block("2.9").get("sessionTagsPolicy").is_some());
    assert!(block("0.20").get("sessionTagsPolicy").is_none());
    let wrong = told(Component::SecretStore, store("newest"));
    assert!(wrong.starts_with("eso: "), "{wrong}");
}
