//! JSON Schemas of connections (draft-07), made from the table, so that an editor and [`crate::Connection::parse`] agree.
//!
//! What is a warning there is an error here: an editor should underline a field that nobody reads. What no schema can say is left to
//! the reader: names that stand twice, and whether the text of a `..._json` field is JSON to its end.

use serde_json::{Map, Value, json};

use crate::check::{ONE_LINE_AND_A_BREAK, is_of_one_line};
use crate::field::{Field, Literal};
use crate::host::{self, is_host};
use crate::ignored::{BESIDE_FIELDS, BESIDE_TYPE, Ignored};
use crate::kind::{Kind, Rule};
use crate::shape::Shape;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
/// At least one character that is no space.
const SOMETHING: &str = r"\S";
const BEGINS_AN_OBJECT: &str = r"^\s*\{";
const BEGINS_OTHERWISE: &str = r"^\s*[^\s{]";

/// The schema of one connection, `{"type": …, "details": {…}}`.
pub fn connection() -> Value {
    let mut schema = json!({ "$schema": DRAFT, "title": "Connection" });
    add(&mut schema, one());
    add(&mut schema, json!({ "definitions": kinds() }));
    schema
}

/// The schema of a file of connections, by name.
pub fn connections() -> Value {
    let mut definitions = json!({ "connection": one() });
    add(&mut definitions, kinds());
    json!({
        "$schema": DRAFT,
        "title": "Connections",
        "description": "Connections by their names.",
        "type": "object",
        "properties": { "$schema": { "type": "string" } },
        "additionalProperties": { "$ref": "#/definitions/connection" },
        "definitions": definitions,
    })
}

/// One branch for each type, of which an editor takes the one whose condition holds: `oneOf` would have it guess, and complain of
/// all of them where none fits.
fn one() -> Value {
    let words: Vec<_> = sorted().into_iter().map(|kind| kind.word).collect();
    let abouts: Vec<_> = sorted().into_iter().map(|kind| kind.about).collect();
    let branch = |kind: &Kind| {
        let details = json!({ "$ref": format!("#/definitions/{}", kind.word) });
        json!({
            "if": { "properties": { "type": { "const": kind.word } }, "required": ["type"] },
            "then": { "properties": { "details": details } },
        })
    };
    let mut properties = json!({
        "type": { "description": "The type.", "enum": words, "enumDescriptions": abouts },
        "details": { "description": "The fields of the type.", "type": "object" },
    });
    add(&mut properties, ignored(&BESIDE_TYPE).collect());
    json!({
        "description": "A connection: its type, and the details that the type takes.",
        "type": "object",
        "required": ["type", "details"],
        "properties": properties,
        "additionalProperties": false,
        "allOf": sorted().into_iter().map(branch).collect::<Vec<_>>(),
    })
}

/// It may hold anything.
fn ignored(of: &[Ignored]) -> impl Iterator<Item = (String, Value)> {
    of.iter().map(|it| (it.name.to_owned(), json!({ "description": it.about })))
}

fn sorted() -> Vec<&'static Kind> {
    let mut kinds: Vec<_> = Kind::all().collect();
    kinds.sort_unstable_by_key(|kind| kind.word);
    kinds
}

fn kinds() -> Value {
    sorted().into_iter().map(|kind| (kind.word.to_owned(), details(kind))).collect()
}

fn details(kind: &Kind) -> Value {
    let mut properties: Map<_, _> =
        kind.fields.iter().map(|field| (field.name.to_owned(), property(kind, field))).collect();
    properties.extend(ignored(&BESIDE_FIELDS));
    let required: Vec<_> =
        kind.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    let rules: Vec<_> = kind.rules.iter().filter_map(|rule| between(kind, *rule)).collect();
    let mut schema = json!({ "description": kind.about, "type": "object", "properties": properties });
    if !required.is_empty() {
        add(&mut schema, json!({ "required": required }));
    }
    add(&mut schema, json!({ "additionalProperties": false }));
    if !rules.is_empty() {
        add(&mut schema, json!({ "allOf": rules }));
    }
    schema
}

/// `null` is as good as nothing, so only a required field refuses it.
fn property(kind: &Kind, field: &Field) -> Value {
    let mut schema = json!({ "description": field.about });
    let of_shape = match (field.required, field.takes_empty()) {
        (true, false) => there(field.shape),
        (required, _) => shape(field.shape, !required),
    };
    add(&mut schema, of_shape);
    if let Some(default) = field.default {
        let default = match default {
            Literal::Text(text) => json!(text),
            Literal::Int(number) => json!(number),
            Literal::Bool(it) => json!(it),
            Literal::Texts(texts) => json!(texts),
        };
        add(&mut schema, json!({ "default": default }));
    }
    if field.sensitive {
        add(&mut schema, json!({ "writeOnly": true }));
    }
    for rule in kind.rules {
        let begins = match rule {
            Rule::Json(name) if *name == field.name => BEGINS_OTHERWISE,
            Rule::Path(name) if *name == field.name => BEGINS_AN_OBJECT,
            Rule::Word(name, words) if *name == field.name => {
                let null = (!field.required).then_some(Value::Null);
                let all: Vec<_> = words.iter().map(|word| json!(word)).chain(null).collect();
                add(&mut schema, json!({ "enum": all }));
                continue;
            }
            Rule::AtLeast(name, least) if *name == field.name => {
                add(&mut schema, json!({ "minimum": least }));
                continue;
            }
            Rule::Json(_)
            | Rule::Path(_)
            | Rule::OneOf(_)
            | Rule::Together(_)
            | Rule::NotBoth(..)
            | Rule::Word(..)
            | Rule::AtLeast(..) => {
                continue;
            }
        };
        let not = json!({ "type": "string", "pattern": begins });
        add(&mut schema, json!({ "not": not, "errorMessage": rule.words() }));
    }
    warned_of(kind, field, &mut schema);
    schema
}

/// What is a warning where a connection is read.
fn warned_of(kind: &Kind, field: &Field, schema: &mut Value) {
    let not = |pattern: &str, words: &str| json!({ "not": { "type": "string", "pattern": pattern }, "errorMessage": words });
    if is_host(field.name) {
        let host = not(host::PATTERN, "A host alone, without a scheme, a port and spaces.");
        match schema.get_mut("items") {
            Some(items) => add(items, host),
            None => add(schema, host),
        }
    }
    if is_of_one_line(kind, field) {
        add(schema, not(ONE_LINE_AND_A_BREAK, "The line break at the end counts as a part of it."));
    }
}

fn shape(shape: Shape, or_null: bool) -> Value {
    let of = |word: &str| if or_null { json!([word, "null"]) } else { json!(word) };
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    match shape {
        Shape::Text => json!({ "type": of("string") }),
        Shape::Integer => json!({ "type": of("integer"), "minimum": i64::MIN, "maximum": i64::MAX }),
        Shape::Port => json!({ "type": of("integer"), "minimum": 1, "maximum": u16::MAX }),
        Shape::Number => json!({ "type": of("number") }),
        Shape::Bool => json!({ "type": of("boolean") }),
        Shape::Texts => json!({ "type": of("array"), "items": { "type": "string" } }),
        Shape::TextMap => json!({ "type": of("object"), "additionalProperties": { "type": "string" } }),
        Shape::TextsMap => json!({ "type": of("object"), "additionalProperties": texts() }),
        Shape::Object => json!({ "type": of("object") }),
    }
}

/// A value of the shape that is not empty.
fn there(of: Shape) -> Value {
    let mut schema = shape(of, false);
    match of {
        Shape::Text => add(&mut schema, json!({ "pattern": SOMETHING })),
        Shape::Texts => add(&mut schema, json!({ "minItems": 1 })),
        Shape::TextMap | Shape::TextsMap | Shape::Object => add(&mut schema, json!({ "minProperties": 1 })),
        Shape::Integer | Shape::Port | Shape::Number | Shape::Bool => {}
    }
    schema
}

/// What a rule says of the whole; none where it is said at the field.
fn between(kind: &Kind, rule: Rule) -> Option<Value> {
    let is_there = |name: &&'static str| {
        let shape = kind.field(name).map(|field| field.shape);
        let value = match shape {
            // `false` is as good as nothing.
            Some(Shape::Bool) => json!({ "const": true }),
            Some(shape) => there(shape),
            None => json!(false),
        };
        json!({ "properties": { *name: value }, "required": [name] })
    };
    let all = |group: &[&'static str]| match group {
        [one] => is_there(one),
        more => json!({ "allOf": more.iter().map(is_there).collect::<Vec<_>>() }),
    };
    let any = |group: &[&'static str]| json!({ "anyOf": group.iter().map(is_there).collect::<Vec<_>>() });
    match rule {
        Rule::OneOf(groups) => {
            Some(json!({ "anyOf": groups.iter().map(|group| all(group)).collect::<Vec<_>>() }))
        }
        Rule::Together(group) => Some(json!({ "if": any(group), "then": all(group) })),
        Rule::NotBoth(one, other) => {
            Some(json!({ "not": { "allOf": [any(one), any(other)] }, "errorMessage": rule.words() }))
        }
        Rule::Json(_) | Rule::Path(_) | Rule::Word(..) | Rule::AtLeast(..) => None,
    }
}

fn add(schema: &mut Value, more: Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more);
    }
}
