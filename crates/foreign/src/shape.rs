//! The structure of an object, as the API server checks it, with unknown fields refused.

use std::sync::{Arc, OnceLock};

use keyloom_models::name::{NAMESPACE_PATTERN, OBJECT_NAME_PATTERN};
use keyloom_syntax::Span;
use keyloom_syntax::check::{Problem, check, fits};
use keyloom_syntax::schema::Schema;
use keyloom_upstream::eso::{self, EsoVersion, Kind};
use serde_json::{Value, json};

use crate::object::Object;
use crate::view::ManifestView;

/// The schemas of whole objects in one version of the operator, each compiled when first asked for.
#[derive(Debug)]
pub(crate) struct Shapes {
    eso: EsoVersion,
    kinds: [OnceLock<Option<Arc<Schema>>>; Kind::ALL.len()],
}

impl Shapes {
    pub(crate) fn new(eso: EsoVersion) -> Self {
        Self { eso, kinds: [const { OnceLock::new() }; Kind::ALL.len()] }
    }

    /// What is wrong with the structure of an object of that kind.
    pub(crate) fn check(&self, object: &Object<'_>, kind: Kind) -> Vec<Problem<Span>> {
        let mut problems = Vec::new();
        let view = ManifestView(object.node);
        if let Some(schema) = self.schema(kind)
            && !fits(view, &schema)
        {
            check(view, &schema, &mut problems);
        }
        problems
    }

    fn schema(&self, kind: Kind) -> Option<Arc<Schema>> {
        let at = Kind::ALL.iter().position(|known| *known == kind)?;
        let compiled = || Schema::compile(&whole(self.eso, kind)).ok().map(Arc::new);
        self.kinds[at].get_or_init(compiled).clone()
    }
}

/// The schema of the whole object around that of its `spec`.
fn whole(version: EsoVersion, kind: Kind) -> Value {
    let mut spec = eso::spec(version, kind).schema();
    let definitions = spec.as_object_mut().and_then(|spec| spec.remove("definitions")).unwrap_or(Value::Null);
    json!({
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": metadata(),
            "spec": spec,
            "status": {},
        },
        "additionalProperties": false,
        "definitions": definitions,
    })
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
                let schema = Schema::compile(&whole(version, kind)).unwrap();
                schema.compile_patterns().unwrap();
            }
        }
    }
}
