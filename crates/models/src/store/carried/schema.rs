//! Carried providers in the document schema: a property for each, and a definition with the CRD's structure.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{Carried, providers, table};
use crate::schema::upstream::{Carrier, PREFIX};

/// Name of the definition of a provider's block.
pub(super) fn definition(provider: Carried) -> String {
    format!("{PREFIX}{}", title(provider))
}

fn title(provider: Carried) -> String {
    let (first, rest) = provider.as_str().split_at(1);
    format!("Provider{}{rest}", first.to_uppercase())
}

/// The properties of a store, one for each provider.
pub(in crate::store) fn properties(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut schema = providers().schema();
    let blocks = schema["properties"].take();
    let mut carrier = Carrier::new(generator, &mut schema);
    let property = |provider: Carried| {
        let block = carrier.block(&blocks[provider.as_str()]);
        let reference = carrier.define(&title(provider), &block);
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
