//! The structure of an object, as the API server checks it, with unknown fields refused.

use std::sync::OnceLock;

use keyloom_models::name::{NAMESPACE_PATTERN, OBJECT_NAME_PATTERN, SECRET_KEY_PATTERN};
use keyloom_syntax::check::{Problem, check, fits};
use keyloom_syntax::schema::Schema;
use keyloom_syntax::{Span, Spot};
use keyloom_upstream::eso::{self, Api, EsoVersion, Kind};
use keyloom_upstream::rules::cel;
use serde_json::{Map, Value, json};

use crate::object::Object;
use crate::view::ManifestView;

/// How many API versions a kind has at most; a test looks.
const APIS: usize = 2;

/// The schemas of whole objects in one version of the operator, with the rules written in them, each read when first asked
/// for.
#[derive(Debug)]
pub(crate) struct Shapes {
    eso: EsoVersion,
    made: Vec<[OnceLock<Shape>; APIS]>,
}

/// The structure of one kind in one API version.
#[derive(Debug)]
struct Shape {
    schema: Schema,
    rules: cel::Rules,
}

impl Shapes {
    pub(crate) fn new(eso: EsoVersion) -> Self {
        let made = Kind::ALL.iter().map(|_| [const { OnceLock::new() }; APIS]).collect();
        Self { eso, made }
    }

    /// The operator's version.
    pub(crate) fn eso(&self) -> EsoVersion {
        self.eso
    }

    /// Whether this version of the operator has the kind at all.
    pub(crate) fn has(&self, kind: Kind) -> bool {
        eso::spec(self.eso, kind).exists()
    }

    /// What is wrong with the structure of an object of that kind, and which rules of its definition it breaks. `version` is
    /// that of its `apiVersion`; one that is not known is read as the one that is written today.
    pub(crate) fn check(&self, object: &Object<'_>, kind: Kind, version: &str) -> Vec<Problem<Span>> {
        let mut problems = Vec::new();
        let view = ManifestView::new(object.node);
        let Some(shape) = self.shape(kind, version) else { return problems };
        if !fits(view, &shape.schema) {
            check(view, &shape.schema, &mut problems);
        }
        // What is misshapen has been reported already; rules over it would say it in other words.
        if !shape.rules.is_empty() && problems.is_empty() {
            shape.rules.check(&Spot::root(view, ""), &mut problems);
        }
        problems
    }

    fn shape(&self, kind: Kind, version: &str) -> Option<&Shape> {
        let row = self.made.get(Kind::ALL.iter().position(|known| *known == kind)?)?;
        let at = |name: &str| eso::apis(self.eso, kind).position(|api| api.name() == name);
        let at = at(version).or_else(|| at(kind.version()))?;
        let api = eso::apis(self.eso, kind).nth(at)?;
        Some(row.get(at)?.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "a test compiles every one of them")]
            let schema = Schema::compile(&whole(api)).expect("condensed schemas compile");
            Shape { schema, rules: cel::Rules::of(api.object()) }
        }))
    }
}

/// The schema of the whole object, with what the API server asks of the metadata of any.
fn whole(api: Api) -> Value {
    let mut schema = api.schema();
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("required".to_owned(), json!(["apiVersion", "kind", "metadata", "spec"]));
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("metadata".to_owned(), metadata());
            // The controller writes it, and whoever exports an object has it.
            properties.insert("status".to_owned(), json!({}));
        }
        in_words(schema.values_mut());
    }
    schema
}

/// Patterns of names, said in words.
const PATTERNS: [(&str, &str); 3] = [
    (
        OBJECT_NAME_PATTERN,
        "write lower-case letters, digits, `-` and `.`; it begins and ends with a letter or digit",
    ),
    (
        NAMESPACE_PATTERN,
        "write lower-case letters, digits and `-`; it begins and ends with a letter or digit",
    ),
    (SECRET_KEY_PATTERN, "write letters, digits, `-`, `_` and `.`"),
];

/// Fields that hold a length of time as Go writes it, though the definitions call them mere text.
const LENGTHS: [&str; 5] = ["refreshInterval", "refreshTime", "retryInterval", "timeout", "ttl"];

/// Beside the type of a length of time: what a number is seldom written without.
fn with_unit(properties: &mut Map<String, Value>) {
    for name in LENGTHS {
        if let Some(field) = properties.get_mut(name).filter(|field| field["type"] == "string") {
            field["x-unit"] = "s".into();
        }
    }
}

/// Everywhere below: beside a pattern of names what a name may hold, beside a length of time its unit.
fn in_words<'v>(values: impl Iterator<Item = &'v mut Value>) {
    for value in values {
        match value {
            Value::Object(map) => {
                let pattern = map.get("pattern").and_then(Value::as_str);
                let words = PATTERNS.iter().find(|(known, _)| Some(*known) == pattern);
                if let Some((_, words)) = words {
                    map.insert("x-on".to_owned(), json!({"pattern": {"fix": words}}));
                }
                if let Some(Value::Object(properties)) = map.get_mut("properties") {
                    with_unit(properties);
                }
                in_words(map.values_mut());
            }
            Value::Array(items) => in_words(items.iter_mut()),
            _ => {}
        }
    }
}

/// What the API server takes as metadata of any object.
fn metadata() -> Value {
    let texts = json!({"type": "object", "additionalProperties": {"type": "string"}});
    json!({
        "type": "object",
        "anyOf": [{"required": ["name"]}, {"required": ["generateName"]}],
        "x-code": "missing-field",
        "x-message": "the object has no name",
        "x-fix": "write `metadata: {name: ...}`",
        "properties": {
            "name": {"type": "string", "maxLength": 253, "pattern": OBJECT_NAME_PATTERN},
            "generateName": {"type": "string", "maxLength": 253},
            "namespace": {"type": "string", "maxLength": 63, "pattern": NAMESPACE_PATTERN},
            "labels": {"type": "object", "additionalProperties": {
                "type": "string", "maxLength": 63, "pattern": "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
            }},
            "annotations": texts,
            "finalizers": {"type": "array", "items": {"type": "string"}},
            "ownerReferences": {"type": "array", "items": {"type": "object"}},
            "managedFields": {"type": "array"},
            "creationTimestamp": {}, "deletionGracePeriodSeconds": {}, "deletionTimestamp": {}, "generation": {},
            "resourceVersion": {}, "selfLink": {}, "uid": {},
        },
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_every_version_compiles() {
        for version in EsoVersion::KNOWN {
            for kind in Kind::ALL {
                assert!(eso::apis(version, kind).count() <= APIS, "{kind:?}");
                for api in eso::apis(version, kind) {
                    let schema = Schema::compile(&whole(api)).unwrap();
                    schema.compile_patterns().unwrap();
                }
            }
        }
    }
}
