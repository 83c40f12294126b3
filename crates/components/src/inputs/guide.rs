//! [`Guide`]: what the input schema says of a place, read beside the inputs.

use serde_json::Value as Json;

/// All that the schema says of one place: every schema that may apply there.
#[derive(Clone)]
pub(crate) struct Guide<'s> {
    root: &'s Json,
    schemas: Vec<&'s Json>,
    /// Whether it lies inside a block in the operator's own words.
    pub(crate) in_block: bool,
}

impl<'s> Guide<'s> {
    pub(crate) fn new(root: &'s Json) -> Self {
        Self::of(root, [root], false)
    }

    fn of(root: &'s Json, schemas: impl IntoIterator<Item = &'s Json>, in_block: bool) -> Self {
        let mut all = Vec::new();
        schemas.into_iter().for_each(|schema| gather(root, schema, &mut all));
        let in_block = in_block || marked(&all, "x-block");
        Self { root, schemas: all, in_block }
    }

    /// The value of a key.
    pub(crate) fn key(&self, key: &str) -> Self {
        let field = |schema: &&'s Json| {
            let named = schema.get("properties").and_then(|fields| fields.get(key));
            named.or_else(|| schema.get("additionalProperties"))
        };
        Self::of(self.root, self.schemas.iter().filter_map(field), self.in_block)
    }

    /// The items of a list.
    pub(crate) fn item(&self) -> Self {
        Self::of(self.root, self.schemas.iter().filter_map(|schema| schema.get("items")), self.in_block)
    }

    /// Whether a value there may be known later, or be secret.
    pub(crate) fn is_text(&self) -> bool {
        self.in_block || marked(&self.schemas, "x-text")
    }

    /// Whether nothing is known of the place: its field is unknown, which is said already.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.schemas.is_empty() && !self.in_block
    }

    /// Whether a key of a Secret is referred to there, in whose place the value itself may stand.
    pub(crate) fn is_selector(&self) -> bool {
        self.has("value") && self.schemas.iter().any(|schema| secret_value(schema))
    }

    /// Whether a mapping there has that field.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.schemas
            .iter()
            .any(|schema| schema.get("properties").is_some_and(|fields| fields.get(field).is_some()))
    }

    /// Whether a mapping there takes any key.
    pub(crate) fn is_free(&self) -> bool {
        self.schemas.iter().any(|schema| schema.get("additionalProperties").is_some_and(Json::is_object))
    }
}

fn marked(schemas: &[&Json], mark: &str) -> bool {
    schemas.iter().any(|schema| schema.get(mark).and_then(Json::as_bool) == Some(true))
}

fn secret_value(schema: &Json) -> bool {
    schema.pointer("/properties/value/x-secret").and_then(Json::as_bool) == Some(true)
}

/// The schema, and those that it puts together. Input schemas have an end: nothing in ESO's objects holds itself.
fn gather<'s>(root: &'s Json, schema: &'s Json, all: &mut Vec<&'s Json>) {
    if !schema.is_object() || all.iter().any(|known| std::ptr::eq(*known, schema)) {
        return;
    }
    all.push(schema);
    let target = schema.get("$ref").and_then(Json::as_str).and_then(|it| it.strip_prefix('#'));
    target.and_then(|pointer| root.pointer(pointer)).into_iter().for_each(|it| gather(root, it, all));
    for list in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get(list).and_then(Json::as_array);
        parts.into_iter().flatten().for_each(|part| gather(root, part, all));
    }
    for part in ["then", "else"] {
        schema.get(part).into_iter().for_each(|part| gather(root, part, all));
    }
}
