//! Walking a condensed schema, one field at a time.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Lines;

/// A place in a condensed schema. References are already followed; a step allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor<'s> {
    node: &'s Value,
    definitions: &'s Lines,
}

impl<'s> Cursor<'s> {
    /// The place where `schema` begins; `definitions` holds what its references name.
    pub fn new(schema: &'s Value, definitions: &'s Lines) -> Self {
        // A definition is never itself a reference: one step is enough, and no loop is possible.
        let target = schema.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| definitions.get(target.strip_prefix("#/definitions/")?));
        Self { node: target.unwrap_or(schema), definitions }
    }

    /// The field of an object.
    pub fn property(self, name: &str) -> Option<Self> {
        Some(self.to(self.node.get("properties")?.get(name)?))
    }

    /// The entries of a list.
    pub fn item(self) -> Option<Self> {
        self.keyword("items").map(|node| self.to(node))
    }

    /// The values of a map whose keys are free (`additionalProperties`).
    pub fn value(self) -> Option<Self> {
        self.keyword("additionalProperties").filter(|node| node.is_object()).map(|node| self.to(node))
    }

    /// One step of a path: `[]` for the entries of a list, `{}` for the values of a map, else a field.
    /// A map's key may also be given as itself.
    pub fn step(self, step: &str) -> Option<Self> {
        match step {
            "[]" => self.item(),
            "{}" => self.value(),
            name => self.property(name).or_else(|| self.value()),
        }
    }

    /// The place at the end of a path of steps.
    pub fn at(self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self, |at, step| at.step(step))
    }

    /// All fields of an object, sorted by name.
    pub fn properties(self) -> impl Iterator<Item = (&'s str, Self)> {
        let fields = self.keyword("properties").and_then(Value::as_object).into_iter().flatten();
        fields.map(move |(name, node)| (name.as_str(), self.to(node)))
    }

    /// Names of all fields of an object, sorted, without a look at what they are.
    pub fn names(self) -> impl Iterator<Item = &'s str> {
        let fields = self.keyword("properties").and_then(Value::as_object).into_iter();
        fields.flat_map(|fields| fields.keys().map(String::as_str))
    }

    /// Names of the fields that an object must have. One that has a default need not be written.
    pub fn required(self) -> impl Iterator<Item = &'s str> {
        self.list("required").filter_map(Value::as_str)
    }

    /// What the API server writes when the field is absent.
    pub fn default(self) -> Option<&'s Value> {
        self.keyword("default")
    }

    /// The values allowed, when they are listed.
    pub fn enum_values(self) -> impl Iterator<Item = &'s Value> {
        self.list("enum")
    }

    /// `object`, `array`, `string`, `integer`, `number` or `boolean`; nothing for an int-or-string or free value.
    pub fn type_name(self) -> Option<&'s str> {
        self.keyword("type").and_then(Value::as_str)
    }

    /// Whether `null` is a value here, rather than the same as absent.
    pub fn is_nullable(self) -> bool {
        self.flag("nullable")
    }

    /// Whether anything may stand below, known to the schema or not.
    pub fn preserves_unknown(self) -> bool {
        self.flag("x-kubernetes-preserve-unknown-fields")
            || self.keyword("additionalProperties").is_some_and(|all| *all == Value::Bool(true))
    }

    /// Any other keyword of the schema, such as `pattern`, `maxLength` or `x-kubernetes-validations`.
    pub fn keyword(self, keyword: &str) -> Option<&'s Value> {
        self.node.get(keyword)
    }

    /// The schema from here on as a document of its own, as strict as the API server with strict field validation:
    /// unknown fields are refused, and a required field that has a default may be absent.
    pub fn schema(self) -> Value {
        let mut needed = BTreeMap::new();
        let mut schema = self.close(self.node, &mut needed);
        if let (Value::Object(schema), false) = (&mut schema, needed.is_empty()) {
            let needed = needed.into_iter().map(|(name, node)| (name.to_owned(), node));
            schema.insert("definitions".into(), needed.collect::<Map<_, _>>().into());
        }
        schema
    }

    /// Closes a part, and the definitions that it needs and that are not closed yet.
    fn close(self, node: &'s Value, needed: &mut BTreeMap<&'s str, Value>) -> Value {
        let mut references = Vec::new();
        let closed = crate::strict::close(node, self.definitions, &mut references);
        for name in references {
            if let (false, Some(node)) = (needed.contains_key(name), self.definitions.get(name)) {
                needed.insert(name, Value::Null);
                let closed = self.close(node, needed);
                needed.insert(name, closed);
            }
        }
        closed
    }

    fn to(self, node: &'s Value) -> Self {
        Self::new(node, self.definitions)
    }

    fn flag(self, keyword: &str) -> bool {
        self.keyword(keyword).and_then(Value::as_bool).unwrap_or(false)
    }

    fn list(self, keyword: &str) -> impl Iterator<Item = &'s Value> {
        self.keyword(keyword).and_then(Value::as_array).into_iter().flatten()
    }
}
