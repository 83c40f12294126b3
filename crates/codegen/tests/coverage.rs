//! The `all-of-...` examples hold every field that the newest operator has: so every field is reachable from a
//! document, and the end-to-end checks hand every field to a real API server.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use keyloom_models::ProviderKind;
use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{EsoVersion, Kind, spec};
use serde_json::Value;

/// A selector's namespace is the same type everywhere; each example has it in its cluster-scoped store.
const EVERYWHERE_THE_SAME: &str = ".namespace";
/// ESO accepts it and ignores it: generators are used in `dataFrom` alone.
const WITHOUT_EFFECT: &str = "data.[].sourceRef.generatorRef";

#[test]
fn every_field_of_a_typed_provider_is_in_an_example() {
    for provider in ProviderKind::TYPED.iter().map(|kind| kind.as_str()) {
        let case = &case(provider);
        let block =
            spec(EsoVersion::newest(), Kind::ClusterSecretStore).root().at(&["provider", provider]).unwrap();
        let used = specs(case, Kind::SecretStore).into_iter().chain(specs(case, Kind::ClusterSecretStore));
        let blocks: Vec<_> =
            used.filter_map(|spec| spec.pointer(&format!("/provider/{provider}")).cloned()).collect();
        let unused = unused(block, &blocks);
        assert!(unused.is_empty(), "examples/{case} lacks {unused:#?}");
    }
}

/// Carried providers have no type whose fields could be forgotten: it is enough that an API server is asked to accept each.
#[test]
fn every_carried_provider_is_handed_to_an_api_server() {
    let accepted = ["providers", "providers-newest"].map(|case| {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/accept").join(case).join("keyloom.yaml");
        yaml_serde::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).unwrap()
    });
    let stores = accepted.iter().flat_map(|document| document["stores"].as_array().unwrap());
    let found: BTreeSet<_> = stores.map(|store| store["provider"].as_str().unwrap()).collect();
    let carried: BTreeSet<_> = keyloom_models::Carried::all().map(|provider| provider.as_str()).collect();
    assert_eq!(found, carried);
}

#[test]
fn every_field_of_an_external_secret_is_in_an_example() {
    let root = spec(EsoVersion::newest(), Kind::ExternalSecret).root();
    let unused = unused(root, &specs("all-of-external-secret", Kind::ExternalSecret));
    assert!(unused.is_empty(), "examples/all-of-external-secret lacks {unused:#?}");
}

#[test]
fn every_field_of_a_push_secret_is_in_an_example() {
    let root = spec(EsoVersion::newest(), Kind::PushSecret).root();
    let unused = unused(root, &specs("all-of-push-secrets", Kind::PushSecret));
    assert!(unused.is_empty(), "examples/all-of-push-secrets lacks {unused:#?}");
}

#[test]
fn every_field_of_what_is_made_in_several_namespaces_is_in_an_example() {
    for (kind, inner, spec_of) in [
        (Kind::ClusterExternalSecret, "externalSecretSpec", Kind::ExternalSecret),
        (Kind::ClusterPushSecret, "pushSecretSpec", Kind::PushSecret),
    ] {
        let root = spec(EsoVersion::newest(), kind).root();
        let fields = |at: Cursor<'_>| {
            let mut all = BTreeSet::new();
            known(at, "", &mut all);
            all
        };
        // The spec inside is that of the kind with examples of its own.
        assert_eq!(fields(root.at(&[inner]).unwrap()), fields(spec(EsoVersion::newest(), spec_of).root()));
        let unused = unused(root, &specs("all-of-cluster-wide", kind));
        let unused: Vec<_> =
            unused.into_iter().filter(|path| !path.starts_with(&format!("{inner}."))).collect();
        assert!(unused.is_empty(), "examples/all-of-cluster-wide lacks {unused:#?} of {}", kind.name());
    }
}

#[test]
fn every_field_of_a_typed_generator_and_every_kind_is_in_an_example() {
    use Kind::{EcrAuthorizationToken, GithubAccessToken, Password, SshKey, Uuid};
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_generator()) {
        let specs = specs("all-of-generators", kind);
        assert!(!specs.is_empty(), "examples/all-of-generators has no {}", kind.name());
        if matches!(kind, EcrAuthorizationToken | GithubAccessToken | Password | SshKey | Uuid) {
            let unused = unused(spec(EsoVersion::newest(), kind).root(), &specs);
            assert!(unused.is_empty(), "examples/all-of-generators lacks {unused:#?} of {}", kind.name());
        }
    }
    let field = |spec: &Value| spec["generator"].as_object().unwrap().keys().next().cloned();
    let fields: BTreeSet<_> =
        specs("all-of-generators", Kind::ClusterGenerator).iter().filter_map(field).collect();
    let root = spec(EsoVersion::newest(), Kind::ClusterGenerator).root().at(&["generator"]).unwrap();
    let all: BTreeSet<_> = root.properties().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(fields, all);
}

#[test]
fn every_field_that_all_stores_share_is_in_an_example() {
    let root = spec(EsoVersion::newest(), Kind::ClusterSecretStore).root();
    let specs =
        [Kind::SecretStore, Kind::ClusterSecretStore].map(|kind| specs("all-of-infisical", kind)).concat();
    let unused: Vec<_> =
        unused(root, &specs).into_iter().filter(|path| !path.starts_with("provider.")).collect();
    assert!(unused.is_empty(), "examples/all-of-infisical lacks {unused:#?}");
}

/// What a service says is Keyloom's own schema; that it becomes a Deployment, the golden shows and an API server accepts.
#[test]
fn every_field_of_a_service_is_in_an_example() {
    let schema = keyloom_models::document_schema();
    let mut all = BTreeSet::new();
    declared(schema, &schema["definitions"]["ServiceConfig"], "", &mut all);
    assert!(all.contains("volumes.[].secret.items.[].path"), "{all:#?}");
    let path = golden("all-of-services").with_file_name("keyloom.yaml");
    let document: Value = yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut found = BTreeSet::from(["namespace".to_owned()]); // from the defaults
    document["services"].as_array().unwrap().iter().for_each(|service| seen(service, "", &mut found));
    let unused: Vec<_> = all.difference(&found).collect();
    assert!(unused.is_empty(), "examples/all-of-services lacks {unused:#?}");
}

/// Every field of a part of the document schema, as [`known`] spells those of the operator.
fn declared(schema: &Value, part: &Value, path: &str, all: &mut BTreeSet<String>) {
    if let Some(reference) = part["$ref"].as_str() {
        return declared(schema, schema.pointer(reference.trim_start_matches('#')).unwrap(), path, all);
    }
    for wrapped in part["allOf"].as_array().into_iter().flatten() {
        declared(schema, wrapped, path, all);
    }
    for (name, field) in part["properties"].as_object().into_iter().flatten() {
        let path = join(path, name);
        all.insert(path.clone());
        declared(schema, field, &path, all);
    }
    if part["items"].is_object() {
        declared(schema, &part["items"], &join(path, "[]"), all);
    }
}

/// The example with every field of a provider: `all-of-PROVIDER`, or `PROVIDER` where one small example holds them all.
fn case(provider: &str) -> String {
    let case = format!("all-of-{provider}");
    if golden(&case).exists() { case } else { provider.to_owned() }
}

/// The fields below `root` that none of the values has.
fn unused(root: Cursor<'_>, values: &[Value]) -> Vec<String> {
    assert!(!values.is_empty());
    let mut all = BTreeSet::new();
    known(root, "", &mut all);
    let mut found = BTreeSet::new();
    values.iter().for_each(|value| seen(value, "", &mut found));
    let wanted = |path: &String| !path.ends_with(EVERYWHERE_THE_SAME) && !path.starts_with(WITHOUT_EFFECT);
    all.difference(&found).filter(|path| wanted(path)).cloned().collect()
}

/// Every field that the schema names, as `data.[].remoteRef.key`.
fn known(at: Cursor<'_>, path: &str, all: &mut BTreeSet<String>) {
    for (name, field) in at.properties() {
        let path = join(path, name);
        all.insert(path.clone());
        known(field, &path, all);
    }
    if let Some(item) = at.item() {
        known(item, &join(path, "[]"), all);
    }
}

/// Every field of a value, in the same spelling.
fn seen(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = join(path, name);
        found.insert(path.clone());
        seen(value, &path, found);
    }
    for item in value.as_array().into_iter().flatten() {
        seen(item, &join(path, "[]"), found);
    }
}

fn join(path: &str, step: &str) -> String {
    if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") }
}

/// The specs of that kind in an example's golden.
fn specs(case: &str, kind: Kind) -> Vec<Value> {
    let text = std::fs::read_to_string(golden(case)).unwrap();
    let manifests = text.split("\n---\n").map(|text| yaml_serde::from_str::<Value>(text).unwrap());
    manifests.filter(|it| it["kind"] == kind.name()).map(|it| it["spec"].clone()).collect()
}

fn golden(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(case).join("kubernetes.yaml")
}
