//! Carried providers in the document schema: a property for each, and a definition with the CRD's structure.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{Carried, table};
use crate::schema::outline;
use crate::schema::upstream::{Carrier, PREFIX};

/// Name of the definition of a provider's block.
pub(super) fn definition(provider: Carried) -> String {
    format!("{PREFIX}{}", title(provider))
}

fn title(provider: Carried) -> String {
    let (first, rest) = provider.as_str().split_at(1);
    format!("Provider{}{rest}", first.to_uppercase())
}

/// Adds the definition of a provider's block.
pub(crate) fn define(provider: Carried, generator: &mut SchemaGenerator) {
    let mut block = provider.upstream().schema();
    Carrier::new(generator, &mut block).define(&title(provider), &block);
}

/// The properties of a store, one for each provider.
pub(in crate::store) fn properties(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let outline = outline::is_wanted(generator);
    let property = |provider: Carried| {
        if !outline {
            define(provider, generator);
        }
        let reference = json!({ "$ref": format!("#/definitions/{}", definition(provider)) });
        let about = format!(
            "{}, in the operator's own words (ESO's `spec.provider.{}`).",
            table::row(provider).address.reader,
            provider.as_str()
        );
        (provider.as_str().to_owned(), json!({ "description": about, "allOf": [reference] }))
    };
    Carried::all().map(property).collect()
}

/// The rules of a store about a provider's block: it goes with its provider, and a store that is not external has it.
pub(in crate::store) fn rules(provider: Carried) -> (Value, Value) {
    let name = provider.as_str();
    let mine = json!({
        "if": { "required": ["provider", name] },
        "then": { "properties": { "provider": {
            "const": name,
            "x-code": "foreign-provider-block",
            "x-message": format!("block `{name}` in a store of provider {{value}}"),
            "x-fix": format!("leave the block `{name}` out, or write `provider: {name}`"),
        } } },
    });
    let whole = json!({
        "if": { "required": ["provider"], "properties": { "provider": { "const": name } } },
        "then": { "required": [name] },
    });
    (mine, whole)
}
