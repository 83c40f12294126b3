//! What a configuration tells whoever applies it: ids, names and ARNs, never a value.

use keyloom_resources::terraform::Terraform;
use serde_json::{Map, Value, json};

use super::attribute;
use super::expression::literal;

/// The ids that Infisical gives, and how many of each there are.
pub(super) fn infisical(resources: &[&Terraform]) -> Value {
    let ids = |wanted: fn(&Terraform) -> bool| -> Map<String, Value> {
        let wanted = resources.iter().filter(|resource| wanted(resource));
        wanted.map(|resource| (resource.label().to_owned(), attribute(resource, "id"))).collect()
    };
    let connections = ids(|resource| matches!(resource, Terraform::AppConnection(_)));
    let syncs = ids(|resource| matches!(resource, Terraform::SecretSync(_)));
    json!({
        "app_connection_count": { "value": connections.len() },
        "app_connection_ids": { "value": connections },
        "secret_sync_count": { "value": syncs.len() },
        "secret_sync_ids": { "value": syncs },
    })
}

/// Where the secrets of a pipeline are, by their names in the declaration.
pub(super) fn secrets(resources: &[&Terraform]) -> Value {
    let secrets = |name: &str| -> Map<String, Value> {
        let mut found = Map::new();
        for resource in resources {
            if let Terraform::Secret(secret) = resource {
                found.insert(literal(&secret.declared), attribute(resource, name));
            }
        }
        found
    };
    json!({
        "secret_arns": { "value": secrets("arn") },
        "secret_names": { "value": secrets("name") },
    })
}

/// Who writes, and the policies of who writes and who reads.
pub(super) fn roles(resources: &[&Terraform]) -> Value {
    let arns = |wanted: fn(&Terraform) -> bool| -> Vec<Value> {
        resources.iter().filter(|one| wanted(one)).map(|one| attribute(one, "arn")).collect()
    };
    json!({
        "role_arns": { "value": arns(|one| matches!(one, Terraform::Role(_))) },
        "policy_arns": { "value": arns(|one| matches!(one, Terraform::Policy(_))) },
    })
}
