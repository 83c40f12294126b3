//! [`Guide`]: what the input schema says of a place, read beside the inputs.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value as Json;

/// All that the schema says of one place: every schema that may apply there. Places further inside are made when the first
/// inputs lead there, and kept: one component is much like the next.
pub(crate) struct Guide {
    root: &'static Json,
    schemas: Vec<&'static Json>,
    /// Whether it lies inside a block in the operator's own words.
    pub(crate) in_block: bool,
    /// Whether a value there may be known later, or be secret.
    pub(crate) is_text: bool,
    /// Whether a key of a Secret is referred to there, in whose place the value itself may stand.
    pub(crate) is_selector: bool,
    /// Whether a mapping there takes any key.
    pub(crate) is_free: bool,
    fields: BTreeMap<&'static str, Inner>,
    other_fields: Inner,
    items: Inner,
}

type Inner = OnceLock<Box<Guide>>;

impl Guide {
    pub(crate) fn new(root: &'static Json) -> Self {
        Self::of(root, [root], false)
    }

    fn of(root: &'static Json, schemas: impl IntoIterator<Item = &'static Json>, in_block: bool) -> Self {
        let mut all = Vec::new();
        schemas.into_iter().for_each(|schema| gather(root, schema, &mut all));
        let in_block = in_block || marked(&all, "x-block");
        let names = all.iter().filter_map(|schema| schema.get("properties")?.as_object()).flatten();
        let fields: BTreeMap<_, _> = names.map(|(name, _)| (name.as_str(), Inner::new())).collect();
        Self {
            in_block,
            is_text: in_block || marked(&all, "x-text"),
            is_selector: all.iter().any(|schema| secret_value(schema)),
            is_free: all.iter().any(|schema| schema.get("additionalProperties").is_some_and(Json::is_object)),
            fields,
            other_fields: Inner::new(),
            items: Inner::new(),
            root,
            schemas: all,
        }
    }

    /// The value of a key.
    pub(crate) fn key(&self, key: &str) -> &Self {
        let inner = self.fields.get(key).unwrap_or(&self.other_fields);
        self.inner(inner, |schema| {
            let named = schema.get("properties").and_then(|fields| fields.get(key));
            named.or_else(|| schema.get("additionalProperties"))
        })
    }

    /// The items of a list.
    pub(crate) fn item(&self) -> &Self {
        self.inner(&self.items, |schema| schema.get("items"))
    }

    fn inner<'g>(
        &'g self,
        inner: &'g Inner,
        part: impl Fn(&'static Json) -> Option<&'static Json>,
    ) -> &'g Self {
        inner.get_or_init(|| {
            let parts = self.schemas.iter().filter_map(|schema| part(schema));
            Box::new(Self::of(self.root, parts, self.in_block))
        })
    }

    /// Whether nothing is known of the place: its field is unknown, which is said already.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.schemas.is_empty() && !self.in_block
    }

    /// Whether a mapping there has that field.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }
}

fn marked(schemas: &[&Json], mark: &str) -> bool {
    schemas.iter().any(|schema| schema.get(mark).and_then(Json::as_bool) == Some(true))
}

fn secret_value(schema: &Json) -> bool {
    schema.pointer("/properties/value/x-secret").and_then(Json::as_bool) == Some(true)
}

/// The schema, and those that it puts together. Input schemas have an end: nothing in ESO's objects holds itself.
fn gather(root: &'static Json, schema: &'static Json, all: &mut Vec<&'static Json>) {
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
