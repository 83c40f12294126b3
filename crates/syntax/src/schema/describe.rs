//! What a schema says about a field, for `explain` and for editors.

use serde_json::Value;

use super::{Additional, Node, NodeId, Schema, Types};

/// What is known about a field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDoc {
    /// The field's description.
    pub description: Option<String>,
    /// What may stand there: "text", "a list", "text or a mapping".
    pub types: String,
    /// The value it has when left out.
    pub default: Option<Value>,
    /// The values it may have, when they are counted.
    pub values: Vec<Value>,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The fields of a mapping, in the schema's order; of a list, those of its items.
    pub fields: Vec<FieldLine>,
}

/// One line about a field inside another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLine {
    /// Its name.
    pub name: String,
    /// What may stand there.
    pub types: String,
    /// Whether it must be there.
    pub required: bool,
    /// The first paragraph of its description.
    pub summary: String,
}

impl Schema {
    /// What is known about the field at `path`: names of fields, and `[]` for the items of a list. `[]` may be left
    /// out: `stores`, `auth` means `stores`, `[]`, `auth`. Follows references and looks into the branches of choices.
    /// `None` when the schema knows no such field.
    pub fn describe(&self, path: &[&str]) -> Option<FieldDoc> {
        let mut here = self.found(vec![self.root()], Vec::new(), false)?;
        for step in path {
            here = self.step(&here, step)?;
        }
        Some(self.doc(&here))
    }

    fn step(&self, here: &Found, step: &str) -> Option<Found> {
        let items = || self.items(here);
        if step == "[]" {
            return items();
        }
        self.field(here, step).or_else(|| self.field(&items()?, step))
    }

    fn items(&self, here: &Found) -> Option<Found> {
        let items = here.nodes.iter().filter_map(|id| self.node(*id).list.as_ref()?.items).collect();
        self.found(items, Vec::new(), false)
    }

    fn field(&self, here: &Found, name: &str) -> Option<Found> {
        let objects = || here.nodes.iter().filter_map(|id| self.node(*id).object.as_deref());
        let certain = here.nodes.iter().take(here.certain);
        let required = certain.filter_map(|id| self.node(*id).object.as_deref()).any(|rules| {
            rules.find(name).is_some_and(|slot| rules.required.iter().any(|one| *one as usize == slot))
        });
        let slots = |nodes: &[NodeId]| -> Vec<NodeId> {
            let objects = nodes.iter().filter_map(|id| self.node(*id).object.as_deref());
            objects.filter_map(|rules| rules.slots[rules.find(name)?].schema).collect()
        };
        let (certain, branches) = here.nodes.split_at(here.certain);
        let (certain, branches) = (slots(certain), slots(branches));
        if !certain.is_empty() || !branches.is_empty() {
            return self.found(certain, branches, required);
        }
        let patterns = objects().flat_map(|rules| &rules.patterns);
        let matching =
            patterns.filter(|(pattern, _)| self.pattern(*pattern).is_match(name)).map(|(_, id)| *id);
        let additional = objects().filter_map(|rules| match rules.additional {
            Additional::Schema(id) => Some(id),
            Additional::Anything | Additional::Nothing => None,
        });
        self.found(matching.chain(additional).collect(), Vec::new(), required)
    }

    /// What speaks about a value: schemas that do so in any case, and those of a branch.
    fn found(&self, certain: Vec<NodeId>, branches: Vec<NodeId>, required: bool) -> Option<Found> {
        let mut nodes = self.same_value(certain, false);
        let certain = nodes.len();
        nodes.extend(branches);
        (!nodes.is_empty()).then(|| Found { nodes: self.same_value(nodes, true), certain, required })
    }

    /// All schemas that speak about the same value, each once: references and `allOf`, and `branches` on demand.
    fn same_value(&self, mut nodes: Vec<NodeId>, branches: bool) -> Vec<NodeId> {
        let mut at = 0;
        while let Some(id) = nodes.get(at) {
            let node = self.node(*id);
            let mut more: Vec<NodeId> = node.reference.into_iter().collect();
            if let Some(choice) = &node.choice {
                more.extend(&choice.all);
                if branches {
                    more.extend(choice.any.iter().chain(&choice.one).flat_map(|branches| &branches.list));
                    more.extend(choice.then.iter().chain(&choice.otherwise));
                }
            }
            for id in more {
                if !nodes.contains(&id) {
                    nodes.push(id);
                }
            }
            at += 1;
        }
        nodes
    }

    fn doc(&self, here: &Found) -> FieldDoc {
        let nodes = || here.nodes.iter().map(|id| self.node(*id));
        let docs = || nodes().filter_map(|node| node.doc.as_ref());
        let mut values: Vec<Value> = Vec::new();
        for value in nodes().flat_map(values_of) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        FieldDoc {
            description: docs().find_map(|doc| doc.description.clone()),
            types: self.type_words(here),
            default: docs().find_map(|doc| doc.default.clone()),
            values,
            required: here.required,
            deprecated: here.nodes.first().is_some_and(|id| self.node(*id).deprecated),
            fields: self.fields(here),
        }
    }

    fn fields(&self, here: &Found) -> Vec<FieldLine> {
        let items = self.items(here);
        let nodes = here.nodes.iter().chain(items.iter().flat_map(|items| &items.nodes));
        let mut lines: Vec<FieldLine> = Vec::new();
        for rules in nodes.filter_map(|id| self.node(*id).object.as_deref()) {
            for name in rules.known() {
                let known = lines.iter().any(|line| line.name == name);
                let field = self.field(here, name).or_else(|| self.field(items.as_ref()?, name));
                if let Some(field) = field.filter(|_| !known) {
                    lines.push(self.line(name, &field));
                }
            }
        }
        lines
    }

    fn line(&self, name: &str, field: &Found) -> FieldLine {
        let docs = field.nodes.iter().filter_map(|id| self.node(*id).doc.as_ref());
        let description = docs.filter_map(|doc| doc.description.as_deref()).next().unwrap_or_default();
        let summary = description.split("\n\n").next().unwrap_or_default();
        let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
        FieldLine { name: name.to_owned(), types: self.type_words(field), required: field.required, summary }
    }

    /// What may stand there; schemas that leave the type open say nothing about it.
    fn type_words(&self, here: &Found) -> String {
        let said = here.nodes.iter().map(|id| type_of(self.node(*id))).filter(|types| *types != Types::ALL);
        match said.reduce(Types::or) {
            None => "anything".to_owned(),
            Some(types) => crate::check::type_words(types),
        }
    }
}

/// The schemas that speak about one field.
struct Found {
    nodes: Vec<NodeId>,
    /// So many of them hold in any case; the rest are branches of choices.
    certain: usize,
    required: bool,
}

fn values_of(node: &Node) -> impl Iterator<Item = &Value> {
    let listed = node.values.iter().flat_map(|values| &values.list);
    listed.chain(node.constant.as_deref())
}

fn type_of(node: &Node) -> Types {
    if values_of(node).next().is_none() {
        return node.types;
    }
    node.types.and(values_of(node).fold(Types::NONE, |all, value| all.or(Types::of(value))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Schema {
        Schema::compile(&json!({
            "type": "object",
            "properties": {"stores": {"type": "array", "items": {"$ref": "#/definitions/store"}}},
            "definitions": {"store": {
                "type": "object", "required": ["name"], "oneOf": [{"required": ["infisical"]}],
                "properties": {
                    "name": {"type": "string", "description": "Its name.\n\nMore words."},
                    "infisical": {"anyOf": [{"$ref": "#/definitions/infisical"}, {"type": "null"}]},
                    "kind": {"description": "Which one.", "default": "a", "oneOf": [{"const": "a"}, {"const": "b"}]},
                },
            }, "infisical": {
                "type": "object", "description": "Infisical.",
                "properties": {"auth": {"type": ["string", "object"], "additionalProperties": {"type": "integer"}}},
            }},
        }))
        .unwrap()
    }

    #[test]
    fn finds_fields_through_lists_references_and_choices() {
        let schema = schema();
        let auth = schema.describe(&["stores", "infisical", "auth"]).unwrap();
        assert_eq!(auth.types, "text or a mapping");
        assert_eq!(schema.describe(&["stores", "[]", "infisical", "auth"]), Some(auth));
        assert_eq!(schema.describe(&["stores", "infisical", "auth", "x"]).unwrap().types, "a whole number");
        assert_eq!(schema.describe(&["stores", "vault"]), None);
        let kind = schema.describe(&["stores", "kind"]).unwrap();
        assert_eq!((kind.values, kind.default), (vec![json!("a"), json!("b")], Some(json!("a"))));
        assert_eq!(kind.description.as_deref(), Some("Which one."));
    }

    #[test]
    fn a_list_shows_the_fields_of_its_items() {
        let fields = schema().describe(&["stores"]).unwrap().fields;
        let lines: Vec<_> = fields.iter().map(|f| (f.name.as_str(), f.types.as_str(), f.required)).collect();
        let expected = [("name", "text", true), ("infisical", "a mapping", false), ("kind", "text", false)];
        assert_eq!(lines, expected);
        assert_eq!(fields[0].summary, "Its name.");
        assert_eq!(fields[1].summary, "Infisical.");
    }
}
