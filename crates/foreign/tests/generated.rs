//! Manifests made at random from what people write: import never panics, what it writes is rendered to the same objects,
//! and what it does not write it gives a reason for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cell::Cell;

mod common;

use common::{imported, twins};
use keyloom_foreign::import::Options;
use keyloom_syntax::{Severity, Sources};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

const STORES: &str = r#"{"apiVersion": "external-secrets.io/v1", "kind": "ClusterSecretStore", "metadata": {"name": "vault"},
 "spec": {"provider": {"vault": {"server": "https://vault.example.com", "path": "kv"}}}}
---
{"apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": "aws", "namespace": "a"},
 "spec": {"provider": {"aws": {"service": "SecretsManager", "region": "eu-central-1"}}}}
---
{"apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": "aws", "namespace": "b"},
 "spec": {"provider": {"aws": {"service": "SecretsManager", "region": "eu-central-1"}}}}
"#;

/// How many sets of manifests are tried.
const CASES: u32 = 192;

/// A field that is there or not.
fn maybe<T: Into<Value> + Clone + std::fmt::Debug + 'static>(
    name: &'static str,
    values: Vec<T>,
) -> impl Strategy<Value = Option<(String, Value)>> {
    prop::option::of(select(values).prop_map(move |value| (name.to_owned(), value.into())))
}

fn object(fields: impl IntoIterator<Item = Option<(String, Value)>>) -> Value {
    fields.into_iter().flatten().collect::<Map<_, _>>().into()
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "user", "password", "yes", "0123", "a b", "x.y", "1e3", "null", "#a", "a: b", "'", "\"", "é"
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,8}",
    ]
}

fn remote() -> impl Strategy<Value = Value> {
    (
        prop_oneof![Just("apps/web".to_owned()), word().prop_map(|word| format!("p/{word}"))],
        prop::option::of(word()),
        maybe("decodingStrategy", vec!["None", "Base64", "Auto"]),
        maybe("conversionStrategy", vec!["Default", "Unicode"]),
        maybe("metadataPolicy", vec!["None"]),
    )
        .prop_map(|(key, property, decoding, conversion, metadata)| {
            let property = property.map(|property| ("property".to_owned(), property.into()));
            object([Some(("key".to_owned(), key.into())), property, decoding, conversion, metadata])
        })
}

fn data() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        select(vec![
            "username",
            "password",
            "host",
            "port",
            "DB_HOST",
            "DB_PASSWORD",
            "API_KEY",
            "tls.crt",
            "tls.key"
        ])
        .prop_map(str::to_owned),
        "[A-Z]{1,4}[-._a-z0-9]{0,4}",
    ];
    prop::collection::vec((key, remote()), 0..5).prop_map(|entries| {
        entries.into_iter().map(|(key, remote)| json!({"secretKey": key, "remoteRef": remote})).collect()
    })
}

fn data_from() -> impl Strategy<Value = Value> {
    let rewrite = select(vec![
        Value::Null,
        json!([]),
        json!([{"regexp": {"source": "(.*)", "target": "DB_$1"}}]),
        json!([{"regexp": {"source": "(.*)", "target": "$1_$1"}}]),
        json!([{"transform": {"template": "{{ .value | upper }}"}}]),
    ]);
    let entry = prop_oneof![
        remote().prop_map(|remote| json!({"extract": remote})),
        word().prop_map(
            |word| json!({"find": {"path": "apps", "name": {"regexp": format!("^{}", word.len())}}})
        ),
    ];
    let with = (entry, rewrite).prop_map(|(mut entry, rewrite)| {
        if !rewrite.is_null() {
            entry["rewrite"] = rewrite;
        }
        entry
    });
    prop::collection::vec(with, 0..3).prop_map(Value::Array)
}

fn template() -> impl Strategy<Value = Option<(String, Value)>> {
    let value = prop_oneof![
        word(),
        Just("one\n two\n".to_owned()),
        Just("{{ .user }}".to_owned()),
        Just("https://{{ .user }}@example.com/${PLACE}".to_owned()),
    ];
    let made = (
        maybe("type", vec!["Opaque", "kubernetes.io/basic-auth", "kubernetes.io/tls"]),
        maybe("engineVersion", vec!["v2"]),
        maybe("mergePolicy", vec!["Replace", "Merge"]),
        prop::option::of(prop::collection::btree_map("[A-Z]{1,5}", value, 0..4)),
        maybe("metadata", vec![json!({}), json!({"labels": {"a": "true"}})]),
    );
    prop::option::of(made.prop_map(|(kind, engine, merge, data, metadata)| {
        let data = data.map(|data| ("data".to_owned(), json!(data)));
        ("template".to_owned(), object([kind, engine, merge, data, metadata]))
    }))
}

fn secret() -> impl Strategy<Value = Value> {
    let target = (
        maybe("name", vec!["one", "other"]),
        maybe("creationPolicy", vec!["Owner", "Orphan", "Merge"]),
        maybe("deletionPolicy", vec!["Retain", "Delete"]),
        maybe("immutable", vec![true, false]),
        template(),
    )
        .prop_map(|(name, creation, deletion, immutable, template)| {
            object([name, creation, deletion, immutable, template])
        });
    let store = select(vec![
        json!({"name": "vault", "kind": "ClusterSecretStore"}),
        json!({"name": "aws", "kind": "SecretStore"}),
        json!({"name": "aws"}),
    ]);
    let spec = (
        store,
        maybe("refreshInterval", vec!["1h", "1h0m0s", "5m", "10m", "90s", "0"]),
        maybe("refreshPolicy", vec!["Periodic", "OnChange", "CreatedOnce"]),
        prop::option::of(target),
        data(),
        data_from(),
    )
        .prop_map(|(store, interval, policy, target, data, from)| {
            let some = |name: &str, value: Value| Some((name.to_owned(), value));
            let target = target.map(|target| ("target".to_owned(), target));
            object([
                some("secretStoreRef", store),
                interval,
                policy,
                target,
                some("data", data),
                some("dataFrom", from),
            ])
        });
    let labels =
        select(vec![Value::Null, json!({}), json!({"team": "web"}), json!({"team": "web", "on": "yes"})]);
    (select(vec!["a", "b"]), labels, spec).prop_map(|(namespace, labels, spec)| {
        let mut metadata = json!({"namespace": namespace});
        if !labels.is_null() {
            metadata["labels"] = labels;
        }
        json!({"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": metadata, "spec": spec})
    })
}

/// One text of all the manifests.
fn manifests(secrets: &[Value], as_json: bool) -> String {
    let mut text = STORES.to_owned();
    for (number, secret) in secrets.iter().enumerate() {
        let mut secret = secret.clone();
        secret["metadata"]["name"] = format!("s{number}").into();
        text.push_str("---\n");
        // The spelling of YAML must not matter either.
        match as_json {
            true => text.push_str(&secret.to_string()),
            false => text.push_str(&yaml_serde::to_string(&secret).unwrap()),
        }
        text.push('\n');
    }
    text
}

#[test]
fn what_is_imported_is_rendered_again() {
    let written = Cell::new(0);
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let strategy = (prop::collection::vec(secret(), 1..3), any::<bool>());
    let result = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)).run(
        &strategy,
        |(secrets, as_json)| {
            let text = manifests(&secrets, as_json);
            let mut sources = Sources::new();
            sources.add("manifests.yaml", text).unwrap();
            let imported = imported(&sources, &Options::default());
            match imported.text {
                Some(text) => {
                    written.set(written.get() + 1);
                    let found = twins(&sources, &text);
                    prop_assert_eq!((found.lost, found.added), (vec![], vec![]));
                    for (manifest, rendered) in found.pairs {
                        prop_assert_eq!(bare(manifest), bare(rendered), "{}", text);
                    }
                }
                None => {
                    let reason = imported.diagnostics.iter().any(|one| one.severity == Severity::Error);
                    prop_assert!(reason, "nothing is written, and nothing is said");
                }
            }
            Ok(())
        },
    );
    if let Err(error) = result {
        panic!("{error}");
    }
    // Most of what is made at random contradicts itself somewhere, but not all.
    assert!(written.get() >= CASES / 20, "{} of {CASES} were written", written.get());
}

/// Without lists and maps of texts that are empty, which say nothing.
fn bare(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, field) in std::mem::take(fields) {
                let field = bare(field);
                let empty = field.as_array().is_some_and(Vec::is_empty)
                    || ["labels", "annotations", "data"].contains(&name.as_str())
                        && field.as_object().is_some_and(Map::is_empty);
                if !empty {
                    fields.insert(name, field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = bare(item.take())),
        _ => {}
    }
    value
}
