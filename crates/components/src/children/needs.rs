//! Which children must be there before which: whoever refers to a store or a generator needs it.

use std::collections::BTreeMap;

use keyloom_wire::property::{Property, PropertyMap, Value};

use super::Child;

/// Fields of ESO's objects that refer to another of its objects, by kind and name; each holds one or a list.
const REFERENCES: [&str; 4] = ["secretStoreRef", "secretStoreRefs", "storeRef", "generatorRef"];

/// An object as references name it; one of the whole cluster has no namespace.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Name<'p> {
    kind: &'p str,
    namespace: Option<&'p str>,
    name: &'p str,
}

/// Finds what each child needs. Children refer to earlier ones: stores and generators stand first.
pub(crate) fn find(children: &mut [Child]) {
    let mut needs = Vec::with_capacity(children.len());
    let mut known = BTreeMap::new();
    for (index, child) in children.iter().enumerate() {
        let inputs = &child.inputs.properties;
        let metadata = |field| inputs.get("metadata").and_then(|it| it.get(field)).and_then(Property::as_str);
        let namespace = metadata("namespace");
        let mut found = Vec::new();
        inputs.values().for_each(|input| references(input, &mut found));
        let mut own: Vec<usize> = Vec::new();
        for (kind, name) in found {
            let of = |namespace| known.get(&Name { kind, namespace, name }).copied();
            own.extend(of(namespace).or_else(|| of(None)));
        }
        own.sort_unstable();
        own.dedup();
        needs.push(own);
        if let (Some(kind), Some(name)) = (inputs.get("kind").and_then(Property::as_str), metadata("name")) {
            known.entry(Name { kind, namespace, name }).or_insert(index);
        }
    }
    for (child, needs) in children.iter_mut().zip(needs) {
        child.needs.extend(needs);
    }
}

/// Every reference below a value, as kind and name.
fn references<'p>(property: &'p Property, found: &mut Vec<(&'p str, &'p str)>) {
    match &property.value {
        Value::Map(members) => {
            for (key, member) in members {
                if REFERENCES.contains(&key.as_str()) {
                    each(member, found);
                }
                references(member, found);
            }
        }
        Value::List(items) => items.iter().for_each(|item| references(item, found)),
        Value::Unknown
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Reference(_)
        | Value::Opaque(_) => {}
    }
}

/// The reference that a value is, or the references that it lists.
fn each<'p>(property: &'p Property, found: &mut Vec<(&'p str, &'p str)>) {
    let of = |members: &'p PropertyMap| {
        let word = |key: &str| members.get(key).and_then(Property::as_str);
        // ESO takes a reference without a kind for one to a SecretStore.
        Some((word("kind").unwrap_or("SecretStore"), word("name")?))
    };
    match &property.value {
        Value::Map(members) => found.extend(of(members)),
        Value::List(items) => items.iter().for_each(|item| each(item, found)),
        Value::Unknown
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Reference(_)
        | Value::Opaque(_) => {}
    }
}
