//! What the operator calls the login methods.

use schemars::Schema;
use serde_json::{Value, json};

/// The operator's name of a method ends in `Credentials`.
pub(super) fn of_methods(schema: &mut Schema) {
    let methods = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    for method in methods.into_iter().flatten().filter_map(Value::as_object_mut) {
        let Some(name) = method.get("required").and_then(|names| names[0].as_str()) else { continue };
        let alias = format!("{name}Credentials");
        method.insert("x-aliases".to_owned(), json!([alias]));
    }
}
