//! Components as a program uses them, from inputs to what the engine is told.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::collections::BTreeSet;

use keyloom_components::monitor::recorder::{Recorder, Records};
use keyloom_components::monitor::{LogSeverity, RegisteredAs};
use keyloom_resources::component::Component;
use keyloom_wire::{Property, Urn};
use serde_json::{Value as Json, json};
use support::{CANARY, inputs, plan, run, run_with, shown};

/// What was registered, as a person reads it.
fn told(records: &Records) -> Json {
    let registration = |(urn, it): &(Urn, keyloom_components::monitor::Registration)| {
        let name = |urn: &Urn| urn.rsplit(':').next().unwrap().to_owned();
        let after: Vec<_> = it.dependencies.iter().map(name).collect();
        let inputs: Json = it.inputs.iter().map(|(name, input)| (name.clone(), shown(input))).collect();
        (urn.splitn(5, ':').last().unwrap().to_owned(), json!({ "after": after, "inputs": inputs }))
    };
    let json: Json = records.registrations.iter().map(registration).collect();
    let debug = format!("{records:?}{json}");
    assert!(!debug.contains(CANARY), "{debug}");
    json
}

fn pretty(json: &Json) -> String {
    serde_json::to_string_pretty(json).unwrap()
}

fn infisical(namespace: &Json, client_secret: &Json) -> Json {
    json!({
        "namespace": namespace, "provider": "infisical", "infisical": {
            "projectSlug": "<bucket>", "environment": "prod",
            "auth": { "universalAuth": { "clientId": { "name": "identity", "key": "id" }, "clientSecret": client_secret } },
        },
    })
}

#[test]
fn a_credential_becomes_a_secret_that_the_store_refers_to() {
    let store = infisical(&"web".into(), &json!({ "value": "<secret>" }));
    let (records, constructed) = run(Component::SecretStore, &inputs(store), false);
    insta::assert_snapshot!(pretty(&told(&records)));
    let state = constructed.unwrap().state;
    insta::assert_snapshot!(pretty(&shown(&Property::from(state.clone()))));
    // The engine's row and the outputs are what is in the state beside the children.
    let secret = &records.registrations[1].1.inputs["stringData"];
    assert!(secret.holds_secret());
    assert!(!state.values().any(Property::holds_secret));
}

#[test]
fn a_credential_is_secret_or_not_known_yet() {
    let unknown = inputs(infisical(&"web".into(), &json!({ "value": "<unknown>" })));
    let (records, constructed) = run(Component::SecretStore, &unknown, true);
    constructed.unwrap();
    assert!(records.registrations[1].1.inputs["stringData"].holds_unknown());
    let plain = inputs(infisical(&"web".into(), &json!({ "value": "canary-0c1f" })));
    let errors = plan(Component::SecretStore, &plain).unwrap_err();
    let [problem] = errors.problems.as_slice() else { panic!("{errors}") };
    assert!(
        problem.reason.contains("[inline-credential-plain]") && !errors.to_string().contains(CANARY),
        "{errors}"
    );
    let path = problem.engine_path(&plain);
    assert_eq!(path, "infisical.auth.universalAuth.clientSecret.value (not shown)");
}

#[test]
fn a_cluster_scoped_store_says_where_its_credentials_lie() {
    let store = |secret: Json| {
        let mut store = infisical(&Json::Null, &secret);
        let identity = json!({ "name": "identity", "namespace": "eso", "key": "id" });
        store["clusterScoped"] = true.into();
        store["infisical"]["auth"]["universalAuth"]["clientId"] = identity;
        inputs(store)
    };
    let (records, constructed) =
        run(Component::SecretStore, &store(json!({ "value": "<secret>", "namespace": "eso" })), false);
    constructed.unwrap();
    let secret = &records.registrations[1].1;
    assert_eq!(secret.token, "kubernetes:core/v1:Secret");
    assert_eq!(secret.inputs["metadata"].get("namespace").and_then(Property::as_str), Some("eso"));
    let errors = plan(Component::SecretStore, &store(json!({ "value": "<secret>" }))).unwrap_err();
    assert!(errors.to_string().contains("namespace"), "{errors}");
}

#[test]
fn the_reference_of_a_store_is_all_that_an_external_secret_needs() {
    let aws = json!({ "namespace": "web", "provider": "aws", "aws": { "service": "ParameterStore", "region": "eu-central-1" } });
    let store = run(Component::SecretStore, &inputs(aws), true).1.unwrap().state;
    let reference = store["ref"].clone();
    assert!(!reference.holds_unknown());
    let mut secret =
        inputs(json!({ "namespace": "web", "data": [{ "key": "token", "path": "/web/token" }] }));
    secret.insert("secretStoreRef".to_owned(), reference);
    let (records, constructed) = run(Component::ExternalSecret, &secret, false);
    constructed.unwrap();
    let child = &records.registrations[1].1;
    let store = Urn::from(
        "urn:pulumi:stack::project::keyloom:index:SecretStore$kubernetes:external-secrets.io/v1:SecretStore::app",
    );
    assert_eq!(child.property_dependencies["spec"], BTreeSet::from([store]));
    // Rules know the service by the reference: a label of Secrets Manager is none of Parameter Store.
    let reference = child.inputs["spec"].get("secretStoreRef").unwrap();
    assert_eq!(shown(reference), json!({ "kind": "SecretStore", "name": "app" }));
}

const DECLARATION: &str = "
generators:
- {kind: Password, name: long, namespace: web}
stores:
- {name: vault, namespace: web, provider: vault, vault: {path: kv, server: 'https://vault.example.com', auth: {tokenSecretRef: {name: token, key: token}}}}
externalSecrets:
- {name: apis, namespace: web, data: [{key: stripe, path: payments/stripe, property: key}]}
- {name: made, namespace: web, dataFrom: [{generator: {kind: Password, name: long}}]}
";

#[test]
fn a_declaration_is_registered_in_the_order_of_its_references() {
    let declaration = inputs(json!({ "content": DECLARATION }));
    let (records, constructed) = run(Component::Keyloom, &declaration, false);
    let needs: Vec<_> =
        records.registrations.iter().map(|(_, it)| (it.name.clone(), it.dependencies.len())).collect();
    let mut expected = [
        ("app", 0),
        ("app-secretstore-web-vault", 0),
        ("app-password-web-long", 0),
        ("app-externalsecret-web-apis", 1),
        ("app-externalsecret-web-made", 1),
    ];
    let mut needs: Vec<_> = needs.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    needs.sort_unstable();
    expected.sort_unstable();
    assert_eq!(needs, expected);
    let names = &constructed.unwrap().state["targetSecretNames"];
    assert_eq!(
        shown(names),
        json!({ "web/apis": "apis after app-externalsecret-web-apis", "web/made": "made after app-externalsecret-web-made" })
    );
}

#[test]
fn a_deployment_comes_after_the_external_secrets_that_it_reads() {
    let services = "
services:
- {name: shop, namespace: web, image: 'shop:1', rotationStrategy: restart, envFrom: [{secretRef: {name: apis}}]}
- {name: reports, namespace: web, envFrom: [{secretRef: {name: made}}]}
";
    let declaration = inputs(json!({ "content": DECLARATION.to_owned() + services }));
    let (records, constructed) = run(Component::Keyloom, &declaration, false);
    constructed.unwrap();
    let deployments: Json = told(&records)
        .as_object()
        .unwrap()
        .clone()
        .into_iter()
        .filter(|(urn, _)| urn.contains("apps/v1"))
        .collect();
    insta::assert_snapshot!(pretty(&deployments));
}

#[test]
fn pods_that_ask_infisical_come_after_who_they_are() {
    let content = "
services:
- {name: shop, namespace: web, image: 'shop:1', secretAccess: infisical, infisical: {identityId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455, projectId: shop}}
";
    let (records, constructed) = run(Component::Keyloom, &inputs(json!({ "content": content })), false);
    constructed.unwrap();
    let told = told(&records);
    let children: Vec<_> =
        told.as_object().unwrap().iter().filter(|(urn, _)| urn.contains("$kubernetes:")).collect();
    let found: Vec<_> = children
        .iter()
        .map(|(urn, child)| {
            let kind = urn.split_once("$kubernetes:").unwrap().1;
            let after =
                child["after"].as_array().map(|after| after.iter().map(|it| it.as_str().unwrap()).collect());
            (kind, after.unwrap_or_else(Vec::new))
        })
        .collect();
    let needed = [
        "app-clusterrolebinding-web.shop-auth-delegator",
        "app-configmap-web-shop-infisical-config",
        "app-serviceaccount-web-shop-sa",
    ];
    let deployment = "apps/v1:Deployment::app-deployment-web-shop";
    for (kind, after) in &found {
        let expected: &[&str] = if *kind == deployment { &needed } else { &[] };
        let mut after = after.clone();
        after.sort_unstable();
        assert_eq!(after, expected, "{kind}");
    }
    let kinds: BTreeSet<_> = found.into_iter().map(|(kind, _)| kind).collect();
    let expected = [
        "apps/v1:Deployment::app-deployment-web-shop",
        "core/v1:ConfigMap::app-configmap-web-shop-infisical-config",
        "core/v1:Service::app-service-web-shop",
        "core/v1:Service::app-service-web-shop-peers",
        "core/v1:ServiceAccount::app-serviceaccount-web-shop-sa",
        "networking.k8s.io/v1:NetworkPolicy::app-networkpolicy-web-shop-webhook",
        "rbac.authorization.k8s.io/v1:ClusterRoleBinding::app-clusterrolebinding-web.shop-auth-delegator",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));
}

#[test]
fn warnings_are_told_at_the_component() {
    let warned = DECLARATION.replace("namespace: web, provider", "clusterScoped: true, provider");
    let (records, constructed) = run(
        Component::Keyloom,
        &inputs(json!({ "content": warned.replace("name: token,", "name: token, namespace: eso,") })),
        false,
    );
    constructed.unwrap();
    let [warning] = records.logs.as_slice() else { panic!("{:?}", records.logs) };
    assert_eq!(
        (warning.severity, warning.urn.as_ref()),
        (LogSeverity::Warning, Some(&records.registrations[0].0))
    );
    assert!(
        warning.message.starts_with("content:5:") && warning.message.contains("[cluster-store-open]"),
        "{}",
        warning.message
    );
}

#[test]
fn problems_of_a_declaration_stand_at_their_lines() {
    let told = |inputs: Json| {
        let inputs = support::inputs(inputs);
        let errors = plan(Component::Keyloom, &inputs).unwrap_err();
        let line = |it: &keyloom_components::problem::InputProblem| {
            format!("{}: {}", it.engine_path(&inputs), it.reason)
        };
        errors.problems.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let wrong = DECLARATION.replace("key: stripe", "kee: stripe").replace("name: long}}", "name: short}}");
    let words = [
        told(json!({ "content": wrong })),
        told(json!({ "file": "no-such/keyloom.yaml" })),
        told(json!({ "content": "stores: [" })),
        told(
            json!({ "content": DECLARATION.replace("name: apis", "name: apis, targetSecretName: 'a-${X}'").replace("generators:", "substitution: flux\ngenerators:") }),
        ),
        told(json!({ "content": DECLARATION, "file": "x" })),
        told(json!({ "content": DECLARATION, "namespace": "A B", "eso": "" })),
        told(json!({ "content": DECLARATION, "environment": "prod" })),
        told(
            json!({ "content": DECLARATION.to_owned() + "environments: {prod: {}}", "environment": "prd", "eso": "9" }),
        ),
        told(json!({ "content": DECLARATION, "eso": "latest" })),
    ];
    insta::assert_snapshot!(words.join("\n"));
}

#[test]
fn two_children_do_not_share_a_name() {
    let content = "
generators:
- {kind: UUID, name: c, namespace: a-b}
- {kind: UUID, name: b-c, namespace: a}
";
    let errors = plan(Component::Keyloom, &inputs(json!({ "content": content }))).unwrap_err();
    assert!(
        errors.to_string().contains("UUID `a-b/c` and UUID `a/b-c` would both be called `app-uuid-a-b-c`"),
        "{errors}"
    );
}

#[test]
fn after_a_failure_nothing_further_is_begun() {
    let recorder = Recorder::new().answering("app-secretstore-web-vault", RegisteredAs::Failed);
    let (records, constructed) =
        run_with(recorder, Component::Keyloom, &inputs(json!({ "content": DECLARATION })), false);
    let names: Vec<_> = records.registrations.iter().map(|(_, it)| it.name.as_str()).collect();
    assert!(!names.contains(&"app-externalsecret-web-apis"), "{names:?}");
    assert!(records.outputs.is_empty());
    assert!(constructed.unwrap_err().to_string().contains("SecretStore `app-secretstore-web-vault`"));
}

#[test]
fn nothing_is_unknown_in_an_update() {
    let secret = inputs(json!({
        "namespace": "<unknown>", "secretStoreRef": { "name": "v", "provider": "vault" },
        "data": [{ "key": "k", "path": "a", "property": "p" }],
    }));
    assert!(run(Component::ExternalSecret, &secret, true).1.unwrap().state["namespace"].holds_unknown());
    let (records, constructed) = run(Component::ExternalSecret, &secret, false);
    assert!(records.registrations.is_empty());
    insta::assert_snapshot!(constructed.unwrap_err());
}
