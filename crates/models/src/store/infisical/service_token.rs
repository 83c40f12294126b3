//! Service tokens: people who come from older tools look for them here, and are told what took their place.

use schemars::Schema;
use serde_json::{Value, json};

use crate::schema::add_to_choices;

const FIELD: &str = "serviceToken";

/// A field that is known in order to be refused.
fn retired() -> Value {
    json!({
        "description": "Retired by Infisical: use `auth.universalAuth` with a machine identity.",
        "doNotSuggest": true,
        "not": {},
        "x-secret": true,
        "x-code": crate::code::SERVICE_TOKEN,
        "x-message": "Infisical's service tokens are retired, and the operator cannot use them",
        "x-why": "Infisical's server does not find the project for one, or silently reads the token's own folder",
        "x-fix": "make a machine identity, keep its client id and secret in a Kubernetes Secret, and write `auth: {universalAuth: {clientId: {name: SECRET, key: KEY}, clientSecret: {name: SECRET, key: KEY}}}`",
    })
}

/// Among the login methods.
pub(super) fn among_methods(schema: &mut Schema) {
    add_to_choices(schema, FIELD, &retired());
}

/// Beside `auth`.
pub(super) fn in_block(schema: &mut Schema) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(FIELD.to_owned(), retired());
    }
}
