//! What the tests have constructed.

use keyloom_wire::message::construct::ConstructRequest;
use keyloom_wire::property::{Form, encode_map};
use serde_json::{Value as Json, json};

use crate::support;

/// Credentials of a database, from a store that is there already.
pub(crate) fn database(name: &str, monitor: &str) -> ConstructRequest {
    let store = json!({ "name": "vault", "kind": "SecretStore", "provider": "vault" });
    let inputs = json!({ "secretStoreRef": store, "namespace": "web", "path": "databases/postgres" });
    component("keyloom:index:DatabaseCredentials", name, inputs, monitor)
}

/// A store whose credential came in as the canary.
pub(crate) fn store(name: &str, monitor: &str) -> ConstructRequest {
    let vault = json!({
        "server": "https://vault.example", "path": "kv",
        "auth": { "tokenSecretRef": { "value": "<secret>" } },
    });
    let inputs = json!({ "provider": "vault", "namespace": "web", "vault": vault });
    component("keyloom:index:SecretStore", name, inputs, monitor)
}

pub(crate) fn component(token: &str, name: &str, inputs: Json, monitor: &str) -> ConstructRequest {
    ConstructRequest {
        project: "shop".to_owned(),
        stack: "dev".to_owned(),
        monitor_endpoint: monitor.to_owned(),
        r#type: token.to_owned(),
        name: name.to_owned(),
        parent: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev".to_owned(),
        inputs: Some(encode_map(&support::inputs(inputs), Form::Outputs)),
        accepts_output_values: true,
        ..ConstructRequest::default()
    }
}
