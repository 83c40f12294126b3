//! Fields that a schema does not know: what the API server would prune, or refuse under strict field validation.

use std::fmt;

use serde_json::Value;

use crate::Cursor;

/// Where a value stands in a document; written `data[0].remoteRef.key`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A field of an object, or a key of a map.
    Key(String),
    /// An entry of a list, from 0.
    Index(usize),
}

impl Path {
    /// The same place in a schema, as [`Cursor::at`] takes it: every entry of a list is `[]`.
    pub fn in_schema<'s>(&'s self) -> Vec<&'s str> {
        let step = |step: &'s Step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "[]",
        };
        self.0.iter().map(step).collect()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// The places in `value` that the schema does not know, in the value's own order. What stands below such a place is
/// not looked at.
pub(crate) fn fields(schema: Cursor<'_>, value: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    visit(schema, value, &mut Path::default(), &mut found);
    found
}

fn visit(schema: Cursor<'_>, value: &Value, path: &mut Path, found: &mut Vec<Path>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                path.0.push(Step::Key(name.clone()));
                match schema.property(name).or_else(|| schema.value()) {
                    Some(field) => visit(field, value, path, found),
                    None if schema.preserves_unknown() => {}
                    None => found.push(path.clone()),
                }
                path.0.pop();
            }
        }
        Value::Array(items) => {
            let Some(item) = schema.item() else { return };
            for (index, value) in items.iter().enumerate() {
                path.0.push(Step::Index(index));
                visit(item, value, path, found);
                path.0.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Lines;

    #[test]
    fn unknown_fields_are_found_at_every_depth() {
        let part = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let schema = json!({"properties": {
            "one": part, "list": {"items": part}, "map": {"additionalProperties": part},
            "free": {"x-kubernetes-preserve-unknown-fields": true, "properties": {"one": part}}, "text": {"type": "string"},
        }});
        let value = json!({
            "one": {"a": "", "b": {"c": 1}},
            "list": [{}, {"x": 1}],
            "map": {"k.1": {"y": 1}},
            "free": {"z": {"deep": 1}, "one": {"w": 1}},
            "text": {"u": 1},
        });
        let found = fields(Cursor::new(&schema, &Lines::NONE), &value);
        let spelled: Vec<_> = found.iter().map(Path::to_string).collect();
        assert_eq!(spelled, ["one.b", "list[1].x", "map.k.1.y", "free.one.w", "text.u"]);
        assert_eq!(found[1].in_schema(), ["list", "[]", "x"]);
    }
}
