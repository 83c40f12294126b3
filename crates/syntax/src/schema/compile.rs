//! From JSON to the arena: references become ids, names are sorted, and what is not understood is refused.

mod keywords;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::node::{Pattern, PatternId};
use super::{Additional, Node, NodeId, Schema, SchemaError, Types};

/// Constraints of draft-07 and later that the checker does not have: ignoring one would let mistakes pass.
const OUTSIDE: &[&str] = &[
    "additionalItems",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "multipleOf",
    "prefixItems",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];

pub(super) fn compile(value: &Value, codes: &[&'static str]) -> Result<Schema, SchemaError> {
    let mut compiler = Compiler {
        root: value,
        codes,
        nodes: Vec::new(),
        patterns: Vec::new(),
        pattern_ids: BTreeMap::new(),
        references: BTreeMap::new(),
        queue: Vec::new(),
    };
    let root = compiler.target("#", &Place::ROOT)?;
    while let Some((target, value, id)) = compiler.queue.pop() {
        let place = Place { parent: None, step: target };
        compiler.nodes[id.0 as usize] = compiler.build(value, &place)?;
    }
    let Compiler { mut nodes, patterns, .. } = compiler;
    refuse_endless(&nodes)?;
    mark_warning(&mut nodes);
    Ok(Schema { nodes, patterns, root })
}

struct Compiler<'v, 'c> {
    root: &'v Value,
    codes: &'c [&'static str],
    nodes: Vec<Node>,
    patterns: Vec<Pattern>,
    pattern_ids: BTreeMap<&'v str, PatternId>,
    /// Targets of `$ref` met so far.
    references: BTreeMap<&'v str, NodeId>,
    /// Those not built yet.
    queue: Vec<(&'v str, &'v Value, NodeId)>,
}

impl<'v> Compiler<'v, '_> {
    /// The id of what a `$ref` names, to be built later if it was not met before.
    fn target(&mut self, reference: &'v str, at: &Place<'_>) -> Result<NodeId, SchemaError> {
        if let Some(id) = self.references.get(reference) {
            return Ok(*id);
        }
        let value = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
        let Some(value) = value else {
            return Err(SchemaError::LostRef { at: at.to_string(), target: reference.to_owned() });
        };
        let id = self.reserve(at)?;
        self.references.insert(reference, id);
        self.queue.push((reference, value, id));
        Ok(id)
    }

    fn reserve(&mut self, at: &Place<'_>) -> Result<NodeId, SchemaError> {
        let id = u32::try_from(self.nodes.len()).map_err(|_| at.unsupported("too many schemas"))?;
        self.nodes.push(Node::default());
        Ok(NodeId(id))
    }

    /// Compiles a schema that stands in place.
    fn node(&mut self, value: &'v Value, at: &Place<'_>) -> Result<NodeId, SchemaError> {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str)
            && value.as_object().is_some_and(|map| map.len() == 1)
        {
            return self.target(reference, at);
        }
        let id = self.reserve(at)?;
        self.nodes[id.0 as usize] = self.build(value, at)?;
        Ok(id)
    }

    fn build(&mut self, value: &'v Value, at: &Place<'_>) -> Result<Node, SchemaError> {
        match value {
            Value::Bool(true) => Ok(Node::default()),
            Value::Bool(false) => Ok(Node { never: true, ..Node::default() }),
            Value::Object(map) => self.keywords(map, at),
            _ => Err(at.unsupported("a schema is a mapping, true or false")),
        }
    }

    fn pattern(&mut self, source: &'v str, at: &Place<'_>) -> Result<PatternId, SchemaError> {
        if let Some(id) = self.pattern_ids.get(source) {
            return Ok(*id);
        }
        let id =
            PatternId(u32::try_from(self.patterns.len()).map_err(|_| at.unsupported("too many patterns"))?);
        self.patterns.push(Pattern::new(source));
        self.pattern_ids.insert(source, id);
        Ok(id)
    }

    fn list(&mut self, map: &'v Map<String, Value>, at: &Place<'_>) -> Result<Vec<NodeId>, SchemaError> {
        let Some(value) = map.get(at.step) else { return Ok(Vec::new()) };
        let items = value.as_array().filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| at.unsupported("wants a list of schemas"))?;
        items.iter().map(|item| self.node(item, at)).collect()
    }
}

/// A place in the schema, written out only for an error.
struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: &'a str,
}

impl Place<'_> {
    const ROOT: Place<'static> = Place { parent: None, step: "#" };

    fn unsupported(&self, what: impl Into<String>) -> SchemaError {
        SchemaError::Unsupported { at: self.to_string(), what: what.into() }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parent {
            Some(parent) => write!(f, "{parent}/{}", self.step),
            None => f.write_str(self.step),
        }
    }
}

/// The schemas a node applies to the same value.
fn in_place(node: &Node) -> impl Iterator<Item = NodeId> {
    let choice = node.choice.iter().flat_map(|choice| {
        let branches = choice.any.iter().chain(&choice.one).flat_map(|branches| &branches.list);
        let rest = [choice.not, choice.condition, choice.then, choice.otherwise];
        choice.all.iter().chain(branches).copied().chain(rest.into_iter().flatten())
    });
    node.reference.into_iter().chain(choice)
}

/// The schemas a node applies to what is inside the value.
fn below(node: &Node) -> impl Iterator<Item = NodeId> {
    let object = node.object.iter().flat_map(|object| {
        let additional = match object.additional {
            Additional::Schema(id) => Some(id),
            Additional::Anything | Additional::Nothing => None,
        };
        let named = object.slots.iter().filter_map(|slot| slot.schema);
        named.chain(object.patterns.iter().map(|(_, id)| *id)).chain(additional)
    });
    object.chain(node.list.iter().filter_map(|list| list.items))
}

/// Walking a schema that applies itself to the same value would never end.
fn refuse_endless(nodes: &[Node]) -> Result<(), SchemaError> {
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut state = vec![0u8; nodes.len()];
    let mut stack = Vec::new();
    for start in (0u32..).take(nodes.len()) {
        stack.push((NodeId(start), false));
        while let Some((id, leaving)) = stack.pop() {
            let at = id.0 as usize;
            if leaving {
                state[at] = DONE;
            } else if state[at] == 0 {
                state[at] = OPEN;
                stack.push((id, true));
                for next in in_place(&nodes[at]) {
                    if state[next.0 as usize] == OPEN {
                        return Err(SchemaError::Endless { at: format!("node {}", next.0) });
                    }
                    stack.push((next, false));
                }
            }
        }
    }
    Ok(())
}

/// Marks every node below which a deprecated field can be met.
fn mark_warning(nodes: &mut [Node]) {
    for at in 0..nodes.len() {
        let mut id = nodes[at].reference;
        while let Some(target) = id {
            nodes[at].deprecated |= nodes[target.0 as usize].deprecated;
            id = nodes[target.0 as usize].reference;
        }
    }
    let mut changed = true;
    while changed {
        changed = false;
        for at in 0..nodes.len() {
            let warns = |id: NodeId| nodes[id.0 as usize].warns;
            let node = &nodes[at];
            let now = in_place(node).any(warns)
                || below(node).any(|id| warns(id) || nodes[id.0 as usize].deprecated);
            if now && !node.warns {
                nodes[at].warns = true;
                changed = true;
            }
        }
    }
}

/// Whether a set of types was spelled in a way that is understood.
fn types(value: &Value, at: &Place<'_>) -> Result<Types, SchemaError> {
    let one = |name: &str| match name {
        "null" => Ok(Types::NULL),
        "boolean" => Ok(Types::BOOL),
        "integer" => Ok(Types::INT),
        "number" => Ok(Types::NUMBER),
        "string" => Ok(Types::TEXT),
        "array" => Ok(Types::LIST),
        "object" => Ok(Types::MAP),
        other => Err(at.unsupported(format!("unknown type {other}"))),
    };
    match value {
        Value::String(name) => one(name),
        Value::Array(names) => names.iter().try_fold(Types::NONE, |all, name| {
            Ok(all.or(one(name.as_str().ok_or_else(|| at.unsupported("wants the names of types"))?)?))
        }),
        _ => Err(at.unsupported("wants the names of types")),
    }
}

#[cfg(test)]
mod tests;
