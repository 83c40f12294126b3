//! From JSON to the arena: references become ids, names are sorted, and what is not understood is refused.

mod graph;
mod keywords;
mod read;
mod remarks;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::node::{Pattern, PatternId};
use super::{Arena, Node, NodeId, Schema, SchemaError};

/// Compiles the parts that `references` name, together: what several of them refer to is compiled once and shared.
pub(super) fn compile<const N: usize>(
    value: &Value,
    references: [&str; N],
    codes: &[&'static str],
) -> Result<[Schema; N], SchemaError> {
    let mut compiler = Compiler {
        root: value,
        codes,
        nodes: Vec::new(),
        patterns: Vec::new(),
        pattern_ids: BTreeMap::new(),
        references: BTreeMap::new(),
        queue: Vec::new(),
    };
    let mut roots = [NodeId(0); N];
    for (root, reference) in roots.iter_mut().zip(references) {
        *root = compiler.target(reference, &Place::ROOT)?;
    }
    while let Some((target, value, id)) = compiler.queue.pop() {
        let place = Place { parent: None, step: target };
        compiler.nodes[id.0 as usize] = compiler.build(value, &place)?;
    }
    let Compiler { mut nodes, patterns, .. } = compiler;
    graph::refuse_endless(&nodes)?;
    graph::mark_warning(&mut nodes);
    let arena = Arc::new(Arena { nodes, patterns });
    Ok(roots.map(|root| Schema { arena: Arc::clone(&arena), root }))
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

#[cfg(test)]
mod tests;
