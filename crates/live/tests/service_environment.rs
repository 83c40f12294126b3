//! What is rendered for a service that reads from Infisical itself is what the client in its pods reads: its variables, the
//! annotations of its pod as the kubelet writes them into a file, or both.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeMap;
use std::path::Path;

use keyloom_models::read::{Options, load};
use keyloom_resources::synthesize;
use keyloom_resources::walk::to_json;
use keyloom_runtime::{Folder, Project, Settings, TokenSource};
use serde_json::Value;

/// The pods of the only Deployment of an example.
fn pods(example: &str, service: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example);
    let mut sources = keyloom_syntax::Sources::new();
    sources.add("keyloom.yaml", std::fs::read_to_string(path.join("keyloom.yaml")).unwrap()).unwrap();
    let config = load(&sources, &Options::default()).config.unwrap();
    let objects: Vec<_> = synthesize(&config).kubernetes().map(|object| to_json(object).unwrap()).collect();
    let is_it = |object: &&Value| object["kind"] == "Deployment" && object["metadata"]["name"] == service;
    objects.iter().find(is_it).unwrap()["spec"]["template"].clone()
}

/// The variables that have a value, with what only the cluster fills in.
fn variables(pods: &Value) -> BTreeMap<String, String> {
    let identity = pods["metadata"]["annotations"]["infisical.com/identity-id"].as_str().unwrap();
    let env = pods["spec"]["containers"][0]["env"].as_array().unwrap();
    let value = |variable: &Value| match variable["value"].as_str() {
        Some(value) => value.to_owned(),
        None if variable["valueFrom"]["configMapKeyRef"]["key"] == "identity-id" => identity.to_owned(),
        None => "10.0.0.7".to_owned(),
    };
    env.iter().map(|it| (it["name"].as_str().unwrap().to_owned(), value(it))).collect()
}

/// The annotations as the kubelet writes them.
fn annotations(pods: &Value) -> String {
    let all = pods["metadata"]["annotations"].as_object().unwrap();
    all.iter().map(|(key, value)| format!("{key}={value}\n")).collect()
}

fn folder() -> Folder {
    Folder {
        project: Project::new("my-project"),
        environment: "production".into(),
        path: "/services/my-service".into(),
    }
}

#[test]
fn variables_and_annotations_are_those_that_the_client_reads() {
    let pods = pods("infisical-service", "my-service");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), annotations(&pods)).unwrap();
    let mut all = variables(&pods);
    assert_eq!(
        all.insert("KEYLOOM_ANNOTATIONS".to_owned(), file.path().to_str().unwrap().to_owned()).as_deref(),
        Some("/etc/podinfo/annotations")
    );
    let settings = Settings::from_env(|name| all.get(name).cloned()).unwrap();
    assert_eq!(settings.folders, [folder()]);
    assert_eq!(settings.webhook.as_ref().unwrap().address.port(), 8080);
    assert!(settings.replicas.is_some(), "its pods find each other");
    // The annotations alone say the same.
    for said_twice in ["INFISICAL_ENVIRONMENT", "INFISICAL_SECRET_PATH"] {
        assert!(all.remove(said_twice).is_some());
    }
    let settings = Settings::from_env(|name| all.get(name).cloned()).unwrap();
    assert_eq!(settings.folders, [folder()]);
}

#[test]
fn a_secret_that_becomes_variables_does_not_say_where_pods_log_in() {
    let pods = pods("infisical-service", "my-service");
    // Of the same name, what stands in `env` counts, and not what `envFrom` brings.
    let mut all: BTreeMap<String, String> = [
        ("INFISICAL_HOST", "https://elsewhere.example"),
        ("INFISICAL_API_URL", "https://elsewhere.example"),
        ("INFISICAL_AUTH_METHOD", "token"),
        ("INFISICAL_TOKEN", "canary"),
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "canary"),
        ("INFISICAL_MACHINE_IDENTITY_ID", "canary"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    all.extend(variables(&pods));
    all.remove("KEYLOOM_ANNOTATIONS");
    let settings = Settings::from_env(|name| all.get(name).cloned()).unwrap();
    assert_eq!(settings.base.to_string(), "http://infisical.infisical.svc.cluster.local:8080");
    let keyloom_runtime::Credentials::Kubernetes(auth) = settings.credentials else {
        panic!("{:?}", settings.credentials)
    };
    assert_eq!(auth.identity_id, "7d0c6f3e-1a2b-4c3d-9e8f-001122334455");
}

#[test]
fn a_token_for_infisical_alone_is_read_where_it_is_mounted() {
    let pods = pods("all-of-services", "orders");
    let mut all = variables(&pods);
    all.remove("KEYLOOM_ANNOTATIONS");
    let settings = Settings::from_env(|name| all.get(name).cloned()).unwrap();
    assert_eq!(settings.webhook.as_ref().unwrap().address.port(), 9000);
    let spec = &pods["spec"];
    let token =
        spec["volumes"].as_array().unwrap().iter().find(|it| it["name"] == "infisical-token").unwrap();
    let token = &token["projected"]["sources"][0]["serviceAccountToken"];
    let mounts = spec["containers"][0]["volumeMounts"].as_array().unwrap();
    let folder = &mounts.iter().find(|it| it["name"] == "infisical-token").unwrap()["mountPath"];
    let expected = format!("{}/{}", folder.as_str().unwrap(), token["path"].as_str().unwrap());
    let keyloom_runtime::Credentials::Kubernetes(auth) = settings.credentials else {
        panic!("{:?}", settings.credentials)
    };
    let TokenSource::File(path) = auth.token else { panic!("no file") };
    assert_eq!(path, Path::new(&expected));
    assert_eq!(auth.identity_id, "7d0c6f3e-1a2b-4c3d-9e8f-001122334455");
}
