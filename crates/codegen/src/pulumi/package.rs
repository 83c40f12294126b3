//! What a package schema says of the package itself.

use serde_json::{Map, Value, json};

/// The head of the package schema: everything before its types and resources.
pub(super) fn head() -> Map<String, Value> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let head = json!({
        "name": "keyloom",
        "displayName": "Keyloom",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Kubernetes Secrets from Infisical, Vault, AWS and every other backend of External Secrets \
            Operator: stores, external secrets and helpers as components, checked before anything is made.",
        "keywords": [
            "keyloom",
            "kubernetes",
            "secrets",
            "external-secrets",
            "category/infrastructure",
            "kind/component",
        ],
        "homepage": repository,
        "license": env!("CARGO_PKG_LICENSE"),
        "repository": repository,
        "publisher": "Keyloom",
        "pluginDownloadURL": download_url(repository),
        // SDKs carry the version and where the plugin is, so that the engine can install it.
        "meta": { "supportPack": true },
        "language": languages(repository),
    });
    match head {
        Value::Object(head) => head,
        _ => Map::new(),
    }
}

/// Where the engine finds releases of the plugin.
fn download_url(repository: &str) -> String {
    let path = repository.strip_prefix("https://github.com/").unwrap_or_default();
    format!("github://api.github.com/{path}")
}

/// What SDKs are called. npm has scopes, so the package stands in the project's own; elsewhere the names are those that
/// Pulumi gives to packages without a namespace. In .NET a namespace `Keyloom.Keyloom` would not even compile: inside
/// it, `Keyloom` is the component of that name.
fn languages(repository: &str) -> Value {
    let module = repository.strip_prefix("https://").unwrap_or(repository);
    json!({
        "nodejs": { "packageName": "@keyloom/keyloom", "respectSchemaVersion": true },
        "python": {
            "packageName": "pulumi_keyloom",
            "pyproject": { "enabled": true },
            "respectSchemaVersion": true,
        },
        "go": { "importBasePath": format!("{module}/sdk/go/keyloom"), "respectSchemaVersion": true },
        "csharp": { "rootNamespace": "Pulumi", "respectSchemaVersion": true },
        "java": { "basePackage": "com.pulumi", "respectSchemaVersion": true },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_from_the_repository() {
        let head = head();
        assert_eq!(head["pluginDownloadURL"], "github://api.github.com/keyloom/keyloom");
        assert_eq!(head["language"]["go"]["importBasePath"], "github.com/keyloom/keyloom/sdk/go/keyloom");
    }
}
