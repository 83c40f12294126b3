//! Condensing a structural schema: prose away, equal parts said once. Pure; [`expand`] is the way back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// Keywords that say nothing about structure.
const PROSE: [&str; 4] = ["description", "example", "externalDocs", "title"];
/// A shared part shorter than this stays where it is: a reference would hardly be shorter.
const SHARED_MIN: usize = 72;
/// A part longer than this (as expanded text) gets a line of its own even when it stands once, so that diffs can be read.
const LONE_MAX: usize = 2500;
/// Names of well known parts, by their fields.
const KNOWN: [(&[&str], &str); 5] = [
    (&["key", "name", "namespace"], "SecretKeySelector"),
    (&["audiences", "name", "namespace"], "ServiceAccountSelector"),
    (&["key", "name", "namespace", "type"], "CAProvider"),
    (&["matchExpressions", "matchLabels"], "LabelSelector"),
    (&["apiVersion", "kind", "name"], "GeneratorRef"),
];

/// Schemas that share their parts.
pub(super) struct Condensed {
    /// What refers to each schema, by the name it was given.
    pub(super) roots: Map<String, Value>,
    /// What `#/definitions/NAME` stands for, by name.
    pub(super) definitions: Map<String, Value>,
}

/// The schema without prose, keys sorted.
pub(super) fn strip(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let sorted: BTreeMap<_, _> =
        keywords.iter().filter(|(keyword, _)| !PROSE.contains(&keyword.as_str())).collect();
    let strip_all = |fields: &Map<String, Value>| -> Value {
        let fields: BTreeMap<_, _> =
            fields.iter().map(|(name, field)| (name.clone(), strip(field))).collect();
        fields.into_iter().collect::<Map<_, _>>().into()
    };
    let part = |(keyword, value): (&String, &Value)| {
        let value = match (keyword.as_str(), value) {
            ("properties" | "patternProperties", Value::Object(fields)) => strip_all(fields),
            ("items" | "additionalProperties" | "not", inner) => strip(inner),
            ("allOf" | "anyOf" | "oneOf", Value::Array(all)) => all.iter().map(strip).collect(),
            _ => value.clone(),
        };
        (keyword.clone(), value)
    };
    sorted.into_iter().map(part).collect::<Map<_, _>>().into()
}

/// Says every equal part of stripped schemas once.
pub(super) fn factor(roots: &[(String, Value)]) -> Condensed {
    let mut seen = Seen::default();
    for (name, schema) in roots {
        seen.visit(schema, std::slice::from_ref(name));
    }
    let names = seen.names();
    let refer = |(name, schema): &(String, Value)| (name.clone(), refer(schema, &names));
    let roots = roots.iter().map(refer).collect();
    let definitions: BTreeMap<_, _> = seen
        .parts
        .values()
        .filter_map(|part| Some((names.get(&part.text)?.clone(), shorten(part.schema, &names))))
        .collect();
    Condensed { roots, definitions: definitions.into_iter().collect() }
}

/// Every distinct part of the schemas.
#[derive(Default)]
struct Seen<'s> {
    /// By the order of the first sight.
    parts: BTreeMap<usize, Part<'s>>,
    by_text: BTreeMap<String, usize>,
}

struct Part<'s> {
    schema: &'s Value,
    text: String,
    /// Field names from the root at the first sight.
    path: Vec<String>,
    /// How many distinct parts refer to it.
    count: usize,
}

impl<'s> Seen<'s> {
    fn visit(&mut self, schema: &'s Value, path: &[String]) {
        let text = schema.to_string();
        if let Some(part) = self.by_text.get(&text).and_then(|at| self.parts.get_mut(at)) {
            part.count += 1;
            return;
        }
        let at = self.parts.len();
        self.by_text.insert(text.clone(), at);
        self.parts.insert(at, Part { schema, text, path: path.to_vec(), count: 1 });
        for (step, child) in children(schema) {
            let mut path = path.to_vec();
            path.push(camel(step));
            self.visit(child, &path);
        }
    }

    /// Names of the parts that are worth a definition, by their text.
    fn names(&self) -> BTreeMap<String, String> {
        let mut taken = BTreeSet::new();
        let mut names = BTreeMap::new();
        let worth = |part: &&Part<'_>| {
            (part.text.len() > SHARED_MIN && (part.count > 1 || part.path.len() == 1))
                || part.text.len() > LONE_MAX
        };
        for part in self.parts.values().filter(worth) {
            let known = known(part.schema).map(str::to_owned);
            // The shortest tail of the path that is free; for an object two words at least, for one says too little.
            let tails = (0..part.path.len()).rev().map(|from| part.path[from..].concat());
            let tails = tails.skip(usize::from(part.path.len() > 2 && part.schema["type"] == "object"));
            let numbered = (2..).map(|n| format!("{}{n}", part.path.concat()));
            let name = known.into_iter().chain(tails).chain(numbered).find(|name| !taken.contains(name));
            let name = name.unwrap_or_default();
            taken.insert(name.clone());
            names.insert(part.text.clone(), name);
        }
        names
    }
}

/// The child schemas and the field, `Item` or `Value` they stand for. Parts of `oneOf` and the like are no children:
/// they are short, and belong to the constraint.
fn children(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let fields = fields.map(|(name, field)| (name.as_str(), field));
    let inner =
        |keyword, step| schema.get(keyword).filter(|inner| inner.is_object()).map(|inner| (step, inner));
    fields.chain(inner("items", "item")).chain(inner("additionalProperties", "value"))
}

/// The schema with its parts replaced by references.
fn shorten(schema: &Value, names: &BTreeMap<String, String>) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let part = |(keyword, value): (&String, &Value)| {
        let value = match (keyword.as_str(), value) {
            ("properties", Value::Object(fields)) => fields
                .iter()
                .map(|(name, field)| (name.clone(), refer(field, names)))
                .collect::<Map<_, _>>()
                .into(),
            ("items" | "additionalProperties", inner) => refer(inner, names),
            _ => value.clone(),
        };
        (keyword.clone(), value)
    };
    keywords.iter().map(part).collect::<Map<_, _>>().into()
}

fn refer(schema: &Value, names: &BTreeMap<String, String>) -> Value {
    match names.get(&schema.to_string()) {
        Some(name) => json!({ "$ref": format!("#/definitions/{name}") }),
        None => shorten(schema, names),
    }
}

/// The schema with every reference replaced by what it stands for.
pub(super) fn expand(schema: &Value, definitions: &Map<String, Value>) -> Value {
    match schema {
        Value::Object(keywords) => {
            let target = keywords.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|target| definitions.get(target.strip_prefix("#/definitions/")?));
            match target {
                Some(target) => expand(target, definitions),
                None => {
                    let all = keywords.iter().map(|(name, value)| (name.clone(), expand(value, definitions)));
                    all.collect::<Map<_, _>>().into()
                }
            }
        }
        Value::Array(items) => items.iter().map(|item| expand(item, definitions)).collect(),
        other => other.clone(),
    }
}

fn known(schema: &Value) -> Option<&'static str> {
    let fields: Vec<&str> = schema.get("properties")?.as_object()?.keys().map(String::as_str).collect();
    KNOWN.iter().find(|(known, _)| *known == fields).map(|(_, name)| *name)
}

pub(super) fn camel(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The text of a file: compact JSON, broken into lines at the top level, between kinds and between definitions, which is
/// how crates/upstream finds one of them without reading the others.
pub(super) fn layout(file: &Value) -> String {
    let lines = |value: &Value, inner: fn(&Value) -> String| {
        let Value::Object(entries) = value else { return value.to_string() };
        let lines: Vec<_> =
            entries.iter().map(|(key, value)| format!("{}:{}", json!(key), inner(value))).collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    };
    let Value::Object(entries) = file else { return file.to_string() };
    let parts: Vec<_> = entries
        .iter()
        .map(|(key, value)| format!("{}:{}", json!(key), lines(value, Value::to_string)))
        .collect();
    format!("{{\n{}\n}}\n", parts.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selector() -> Value {
        let name = json!({"maxLength": 253, "minLength": 1, "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$", "type": "string"});
        json!({"properties": {"key": {"type": "string"}, "name": name, "namespace": name}, "type": "object"})
    }

    #[test]
    fn equal_parts_are_said_once_and_come_back() {
        let spec = json!({"properties": {"a": selector(), "b": {"items": selector(), "type": "array"}}});
        let roots = [("X".to_owned(), spec.clone()), ("Y".to_owned(), spec.clone())];
        let condensed = factor(&roots);
        let names: Vec<_> = condensed.definitions.keys().collect();
        assert_eq!(names, ["Name", "SecretKeySelector", "X"]);
        assert_eq!(condensed.roots["Y"], json!({"$ref": "#/definitions/X"}));
        assert_eq!(condensed.definitions["X"]["properties"]["a"]["$ref"], "#/definitions/SecretKeySelector");
        assert_eq!(expand(&condensed.roots["Y"], &condensed.definitions), spec);
    }

    #[test]
    fn parts_that_differ_in_one_limit_stay_apart() {
        let mut other = selector();
        other["properties"]["key"]["maxLength"] = json!(9);
        let spec = json!({"properties": {"a": selector(), "b": selector(), "c": other, "d": other}});
        let condensed = factor(&[("X".to_owned(), spec.clone())]);
        assert!(condensed.definitions.contains_key("SecretKeySelector"));
        assert!(condensed.definitions.contains_key("C"), "{:?}", condensed.definitions.keys());
        assert_eq!(expand(&condensed.roots["X"], &condensed.definitions), spec);
    }
}
