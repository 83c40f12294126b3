//! App connections and secret syncs: children of the provider that Pulumi bridges from Terraform's.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use keyloom_components::monitor::recorder::Records;
use keyloom_resources::component::Component;
use keyloom_wire::{Property, Value};
use serde_json::{Value as Json, json};
use support::{CANARY, inputs, plan, run, shown};

/// Children, as a person reads them: type, name and inputs.
fn children(records: &Records) -> Json {
    let child = |(_, it): &(_, keyloom_components::monitor::Registration)| {
        let inputs: Json = it.inputs.iter().map(|(name, input)| (name.clone(), shown(input))).collect();
        json!({ "type": it.token, "name": it.name, "inputs": inputs })
    };
    let children = records.registrations.iter().filter(|(_, it)| it.custom).map(child).collect();
    assert!(!format!("{records:?}{children}").contains(CANARY));
    children
}

fn access_key(secret: &str) -> Json {
    json!({ "app": "aws", "method": "access-key", "credentials": { "accessKeyId": "AKIDEXAMPLE", "secretAccessKey": secret } })
}

fn sync(connection: &Json) -> Json {
    json!({
        "type": "github", "appConnection": connection, "projectId": "<bucket>", "environment": "prod", "secretPath": "/ci-cd",
        "destinationConfig": { "scope": "repository", "repositoryOwner": "acme", "repositoryName": "my-app" },
        "syncOptions": { "initialSyncBehavior": "overwrite-destination", "keySchema": "INFISICAL_{{secretKey}}" },
    })
}

#[test]
fn a_connection_keeps_its_secret_and_gives_its_id() {
    let (records, constructed) = run(Component::AppConnection, &inputs(access_key("<secret>")), false);
    insta::assert_snapshot!(serde_json::to_string_pretty(&children(&records)).unwrap());
    let child = &records.registrations[1].1;
    let credentials = &child.inputs["credentials"];
    assert!(credentials.get("secretAccessKey").unwrap().secret && !credentials.secret);
    let state = constructed.unwrap().state;
    assert_eq!(state["connectionId"].as_str(), Some("app"), "the recorder's id is the name");
    assert_eq!(state["ref"].get("id").unwrap().as_str(), Some("app"));
    assert_eq!(state["ref"].get("app").unwrap().as_str(), Some("aws"));
    assert!(!state["connectionId"].urns.is_empty(), "who uses the id waits for the connection");
    assert!(!state.values().any(Property::holds_secret));
}

#[test]
fn a_credential_in_clear_is_refused() {
    let errors = plan(Component::AppConnection, &inputs(access_key("abcdefghijklmnop"))).unwrap_err();
    let told = format!("{errors}");
    assert!(told.contains("credentials.secretAccessKey") && told.contains("must be secret"), "{told}");
    assert!(!told.contains("abcdefghijklmnop"), "{told}");
    let unknown = inputs(access_key("<unknown secret>"));
    assert!(plan(Component::AppConnection, &unknown).is_ok());
}

#[test]
fn a_sync_depends_on_what_its_inputs_do() {
    let connection = json!({ "id": "<bucket>", "app": "github" });
    let (records, constructed) = run(Component::SecretSync, &inputs(sync(&connection)), false);
    insta::assert_snapshot!(serde_json::to_string_pretty(&children(&records)).unwrap());
    let child = &records.registrations[1].1;
    assert!(!child.property_dependencies["connectionId"].is_empty());
    assert!(!child.property_dependencies["projectId"].is_empty());
    assert!(child.property_dependencies["environment"].is_empty());
    assert_eq!(constructed.unwrap().state["syncId"].as_str(), Some("app"));
}

/// SDKs take a whole for unknown while a part of it is.
#[test]
fn a_preview_knows_nothing_of_a_connection_that_is_not_there_yet() {
    let (records, constructed) = run(Component::SecretSync, &inputs(sync(&json!("<unknown>"))), true);
    constructed.unwrap();
    let child = &records.registrations[1].1;
    assert_eq!(child.inputs["connectionId"].value, Value::Unknown);
}

#[test]
fn a_sync_wants_the_whole_connection() {
    let errors = plan(Component::SecretSync, &inputs(sync(&json!("github")))).unwrap_err();
    let told = format!("{errors}");
    assert!(
        told.contains("appConnection") && told.contains("`ref` of the component AppConnection"),
        "{told}"
    );
    let other = plan(Component::SecretSync, &inputs(sync(&json!({ "id": "x", "app": "aws" })))).unwrap_err();
    assert!(format!("{other}").contains("app-of-destination"), "{other}");
}

/// One document with both: the sync is given the id that the connection got.
#[test]
fn in_a_declaration_a_sync_gets_the_id_of_its_connection() {
    let declaration = "
appConnections:
- {name: aws, app: aws, method: assume-role, credentials: {roleArn: 'arn:aws:iam::123456789012:role/sync'}}
secretSyncs:
- name: api
  type: aws-secrets-manager
  appConnection: aws
  projectId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455
  environment: prod
  secretPath: /api
  destinationConfig: {awsRegion: us-east-1, awsSecretsManagerSecretName: myapp}
  syncOptions: {initialSyncBehavior: overwrite-destination, keySchema: 'APP_{{secretKey}}'}
";
    let inputs = inputs(json!({ "content": declaration }));
    let (records, constructed) = run(Component::Keyloom, &inputs, false);
    constructed.unwrap();
    let sync = &records.registrations.last().unwrap().1;
    assert_eq!(sync.token, "infisical:index/secretSyncAwsSecretsManager:SecretSyncAwsSecretsManager");
    assert_eq!(sync.inputs["connectionId"].as_str(), Some("app-appconnection-aws"));
    let of_connection = sync.property_dependencies["connectionId"].iter().next().unwrap();
    assert!(of_connection.ends_with("AppConnectionAws::app-appconnection-aws"), "{of_connection}");
    assert_eq!(sync.inputs["autoSyncEnabled"].value, Value::Bool(true));
}

#[test]
fn variables_are_terraforms() {
    let declaration = "
appConnections:
- name: keys
  app: aws
  method: access-key
  credentialsInState: true
  credentials: {accessKeyId: {variable: id}, secretAccessKey: {variable: key}}
";
    let errors = plan(Component::Keyloom, &inputs(json!({ "content": declaration }))).unwrap_err();
    assert!(format!("{errors}").contains("variables of Terraform"), "{errors}");
}

/// What Terraform is told and what the bridged provider is told is the same, but for the spelling of names.
#[test]
fn the_example_is_the_same_for_terraform() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/secret-syncs/");
    let read = |name: &str| std::fs::read_to_string(format!("{dir}{name}")).unwrap();
    let inputs = inputs(json!({ "content": read("keyloom.yaml") }));
    let (records, constructed) = run(Component::Keyloom, &inputs, false);
    constructed.unwrap();
    let golden: Json = serde_json::from_str(&read("terraform.json")).unwrap();
    let mut expected: Vec<Json> = golden["resource"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|labels| labels.as_object().unwrap().values().map(bridged))
        .collect();
    let mut made: Vec<Json> =
        children(&records).as_array().unwrap().iter().map(|child| child["inputs"].clone()).collect();
    for one in expected.iter_mut().chain(&mut made) {
        // One is a reference of Terraform's, the other the id.
        one.as_object_mut().unwrap().remove("connectionId");
    }
    let by_name = |json: &Json| json["name"].to_string();
    expected.sort_by_key(by_name);
    made.sort_by_key(by_name);
    assert_eq!(made, expected);
}

/// Names in camelCase.
fn bridged(terraform: &Json) -> Json {
    let name = |name: &str| {
        let mut parts = name.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part[..1].to_uppercase() + &part[1..]);
        std::iter::once(first).chain(rest).collect::<String>()
    };
    match terraform {
        Json::Object(map) => map.iter().map(|(key, value)| (name(key), bridged(value))).collect(),
        Json::Array(items) => items.iter().map(bridged).collect(),
        other => other.clone(),
    }
}
