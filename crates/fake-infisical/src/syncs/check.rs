//! What the server refuses in the options and the destination of a sync.

use serde_json::{Map, Value, json};

use super::destination::Destination;
use super::schema;
use crate::error::Fault;
use crate::fields::Fields;

const OVERWRITE: &str = "overwrite-destination";
const BEHAVIORS: [&str; 3] = [OVERWRITE, "import-prioritize-source", "import-prioritize-destination"];

/// The options, with the defaults filled in.
pub(crate) fn options(fields: &mut Fields) -> Map<String, Value> {
    let mut options = fields.object("syncOptions");
    let behavior = options.get("initialSyncBehavior").and_then(Value::as_str).unwrap_or_default();
    if !BEHAVIORS.contains(&behavior) {
        problem(fields, "syncOptions", "initialSyncBehavior", "Invalid enum value");
    }
    match options.get("keySchema").and_then(Value::as_str) {
        Some("") | None => {
            options.shift_remove("keySchema");
        }
        Some(it) if !schema::is_legal(it) => {
            problem(
                fields,
                "syncOptions",
                "keySchema",
                "Key schema must include {{secretKey}}, and otherwise only {{environment}}, letters, digits, _, - and /",
            );
        }
        Some(_) => {}
    }
    options.entry("disableSecretDeletion").or_insert(false.into());
    options
}

/// The destination.
pub(crate) fn config(fields: &mut Fields, destination: &Destination) -> Map<String, Value> {
    let config = fields.object("destinationConfig");
    let says = |name: &str| config.get(name).is_some_and(|value| !value.is_null() && value != "");
    let word = |name: &str| config.get(name).and_then(Value::as_str).unwrap_or_default();
    let more: &[&str] = match (destination.name, word("mappingBehavior"), word("scope")) {
        ("aws-secrets-manager", "many-to-one", _) => &["secretName"],
        ("github", _, "repository") => &["owner", "repo"],
        ("github", _, "repository-environment") => &["owner", "repo", "env"],
        ("github", _, "organization") => &["org", "visibility"],
        ("gcp-secret-manager", _, "region") => &["locationId"],
        ("gitlab", _, "project") => &["projectId"],
        ("gitlab", _, "group") => &["groupId"],
        _ => &[],
    };
    for name in destination.required.iter().chain(more).filter(|name| !says(name)) {
        problem(fields, "destinationConfig", name, "Required");
    }
    let scopes: &[&str] = match destination.name {
        "github" => &["repository", "repository-environment", "organization"],
        "gcp-secret-manager" => &["global", "region"],
        "gitlab" => &["project", "group"],
        _ => &[],
    };
    if says("scope") && !scopes.is_empty() && !scopes.contains(&word("scope")) {
        problem(fields, "destinationConfig", "scope", "Invalid discriminator value");
    }
    let mapping = word("mappingBehavior");
    if destination.name == "aws-secrets-manager"
        && says("mappingBehavior")
        && !["one-to-one", "many-to-one"].contains(&mapping)
    {
        problem(fields, "destinationConfig", "mappingBehavior", "Invalid discriminator value");
    }
    let path = word("path");
    if destination.name == "aws-parameter-store"
        && says("path")
        && !(path.starts_with('/') && path.ends_with('/'))
    {
        problem(fields, "destinationConfig", "path", "Invalid path - must begin and end with /");
    }
    config
}

/// What is refused only once both have the right form.
pub(crate) fn together(
    destination: &Destination,
    options: &Map<String, Value>,
    config: &Map<String, Value>,
) -> Result<(), Fault> {
    if !destination.can_import && options.get("initialSyncBehavior").is_some_and(|it| it != OVERWRITE) {
        let words = format!("Invalid initial sync behavior: {} cannot be imported from", destination.name);
        return Err(Fault::bad_request(words));
    }
    let one = config.get("mappingBehavior").is_some_and(|it| it == "many-to-one");
    if one && options.get("syncSecretMetadataAsTags").is_some_and(|it| it == true) {
        return Err(Fault::bad_request(
            "Syncing secret metadata as tags is only supported with one-to-one mapping",
        ));
    }
    Ok(())
}

fn problem(fields: &mut Fields, block: &str, name: &str, message: &str) {
    fields.problem(json!({"code": "custom", "path": [block, name], "message": message}));
}
