//! Documents as values that can be changed, and what they render to.

use keyloom_models::read::{Options, load};
use keyloom_resources::walk::to_json;
use keyloom_resources::{Resource, synthesize};
use keyloom_syntax::{Severity, Sources};
use keyloom_upstream::eso::Kind;
use serde::Deserialize;
use serde_json::Value;

use super::rows::{self, Fields};
use crate::Result;

/// The `---` documents of one declaration.
#[derive(Clone, Debug)]
pub(super) struct Declared(pub(super) Vec<Value>);

/// The lists that items of others refer to.
const REFERRED: [&str; 2] = ["stores", "generators"];

/// Where a node stands: the number of the document, and the way to it.
pub(super) type Way = (usize, Vec<Step>);

/// One step in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A field.
    Key(String),
    /// An entry of a list.
    Index(usize),
}

impl Declared {
    /// Reads a document, or several.
    pub(super) fn read(text: &str) -> Result<Self> {
        let documents = yaml_serde::Deserializer::from_str(text).map(Value::deserialize);
        Ok(Self(documents.collect::<std::result::Result<_, _>>()?))
    }

    /// The objects that it renders to, or the codes of what is wrong with it.
    pub(super) fn render(&self) -> std::result::Result<Vec<(Kind, Fields)>, Vec<&'static str>> {
        let mut sources = Sources::new();
        let text: Vec<_> = self.0.iter().map(Value::to_string).collect();
        if sources.add("keyloom.yaml", text.join("\n---\n")).is_err() {
            return Err(Vec::new());
        }
        let outcome = load(&sources, &Options::default());
        let errors = outcome.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let errors: Vec<_> = errors.map(|found| found.code).collect();
        let Some(config) = outcome.config else { return Err(errors) };
        Ok(synthesize(&config).resources.iter().filter_map(object).collect())
    }

    /// Each item with no more than what it may refer to: stores and generators. The item is the first of its list.
    pub(super) fn alone(&self) -> Vec<(Self, Way)> {
        let mut found = Vec::new();
        for (number, document) in self.0.iter().enumerate() {
            for (list, items) in document.as_object().into_iter().flatten() {
                for (index, item) in items.as_array().into_iter().flatten().enumerate() {
                    let mut alone = document.clone();
                    if let Some(lists) = alone.as_object_mut() {
                        let refers = !REFERRED.contains(&list.as_str());
                        lists.retain(|name, value| {
                            !value.is_array() || refers && REFERRED.contains(&name.as_str())
                        });
                        lists.insert(list.clone(), vec![item.clone()].into());
                    }
                    found.push((
                        Self(vec![alone]),
                        (number, vec![Step::Key(list.clone()), Step::Index(index)]),
                    ));
                }
            }
        }
        found
    }

    /// Every field of the first item of a list.
    pub(super) fn nodes(&self, list: &Step) -> Vec<Way> {
        let mut found = Vec::new();
        let mut way = vec![list.clone(), Step::Index(0)];
        if let Some(item) = self.get(&(0, way.clone())) {
            fields(item, &mut way, &mut |way| found.push((0, way.to_vec())));
        }
        found
    }

    /// Names of all items.
    pub(super) fn names(&self) -> Vec<Value> {
        let lists =
            self.0.iter().filter_map(Value::as_object).flatten().filter_map(|(_, list)| list.as_array());
        lists.flatten().filter_map(|item| item.get("name").cloned()).collect()
    }

    pub(super) fn get(&self, (document, way): &Way) -> Option<&Value> {
        way.iter().try_fold(self.0.get(*document)?, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    }

    /// The same with another value for one field, or without it.
    pub(super) fn with(&self, way: &Way, value: Option<Value>) -> Self {
        let mut changed = self.clone();
        let Some((Step::Key(key), before)) = way.1.split_last() else { return changed };
        let parent = changed.0.get_mut(way.0).and_then(|document| {
            before.iter().try_fold(document, |value, step| match step {
                Step::Key(key) => value.get_mut(key),
                Step::Index(index) => value.get_mut(index),
            })
        });
        if let Some(parent) = parent.and_then(Value::as_object_mut) {
            match value {
                Some(value) => drop(parent.insert(key.clone(), value)),
                None => drop(parent.shift_remove(key)),
            }
        }
        changed
    }
}

fn fields(value: &Value, way: &mut Vec<Step>, visit: &mut impl FnMut(&[Step])) {
    for (key, value) in value.as_object().into_iter().flatten() {
        way.push(Step::Key(key.clone()));
        visit(way);
        fields(value, way, visit);
        way.pop();
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        way.push(Step::Index(index));
        fields(value, way, visit);
        way.pop();
    }
}

fn object(resource: &Resource) -> Option<(Kind, Fields)> {
    let object = resource.kubernetes()?;
    let kind = object.upstream_kind()?;
    Some((kind, rows::present(kind, to_json(object).ok()?.get("spec")?)))
}

/// The way without numbers, as people write it: `stores[].vault.path`.
pub(super) fn spelled(way: &[Step]) -> String {
    let mut text = String::new();
    for step in way {
        match step {
            Step::Index(_) => text.push_str("[]"),
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.extend([".", key]),
        }
    }
    text
}
