//! What a component must be told whole, for it sees nothing that is declared elsewhere.

use serde_json::{Value, json};

use super::fields_of;

/// A component sees no declaration, so the name of a store alone says too little.
pub(super) fn store_reference(schema: &mut Value) {
    let own = schema["properties"].get_mut("secretStoreRef").and_then(Value::as_object_mut);
    if let Some(own) = own {
        let about = "The store: output `ref` of a SecretStore, or name, kind and provider of one that is made elsewhere. Values of a generator need none.";
        own.insert("description".to_owned(), about.into());
    }
    let Some(definitions) = schema["definitions"].as_object_mut() else { return };
    let Some(mut whole) = definitions.shift_remove("WrittenStoreRef") else { return };
    const FIX_STORE: &str = "hand over `ref` of the component SecretStore, or write {name: ..., kind: SecretStore, provider: ...} of a store that \
         is made elsewhere";
    whole["required"] = json!(["name", "provider"]);
    whole["description"] =
        "The store: output `ref` of a SecretStore, or name, kind and provider of one that is made elsewhere."
            .into();
    whole["x-on"] = json!({
        "type": {
            "code": "unknown-store",
            "message": "{field} wants a whole reference to a store, not its name alone",
            "why": "a component sees no other component, and paths mean something else with each provider",
            "fix": FIX_STORE,
        },
        "required": { "why": "paths mean something else with each provider", "fix": FIX_STORE },
    });
    definitions.insert("SecretStoreRef".to_owned(), whole);
}

/// A component sees no `connections` either.
pub(super) fn connection(schema: &mut Value) {
    let Some(connection) = schema["definitions"].get_mut("Connection") else { return };
    connection["required"] = json!(["name", "type"]);
    if let Some(fields) = fields_of(connection) {
        for (field, about) in [
            ("name", "Name of the connection."),
            ("type", "Type of the connection, such as `postgres`."),
            ("path", "Address of the secret in the store, default the name of the connection."),
        ] {
            fields[field]["description"] = about.into();
        }
    }
}
