//! What an update would change, and whether it can be done in place.

use std::fmt;

use keyloom_wire::property::PropertyMap;
use keyloom_wire::{Property, Value};

use super::kind::Kind;
use super::prune::{normalize, prune};
use super::state;
use crate::object::{is_autonamed, is_named, name, namespace, plain_map, set_metadata};

/// How a property differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Add,
    Delete,
    Update,
}

/// A property that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) path: Path,
    pub(super) change: Change,
    /// It cannot be changed in place.
    pub(super) replace: bool,
}

/// All that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Differences {
    pub(super) all: Vec<Difference>,
    /// The object that replaces must have the same address, so the old one has to go first.
    pub(super) delete_before_replace: bool,
}

/// Where a property stands; its `Display` is Pulumi's syntax for property paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
}

/// Compares what is in state with new inputs. The live object is asked, as far as the old inputs reach, so that what
/// others changed in a cluster is seen after a refresh.
pub(super) fn diff(
    old_state: &PropertyMap,
    news: &PropertyMap,
    kind: &Kind,
    options: Options,
) -> Differences {
    let (old_inputs, live) = state::parts(old_state);
    let mut new = normalize(plain_map(news), kind.is_secret());
    let mut old = prune(&live, &normalize(old_inputs, kind.is_secret()));
    for object in [&mut old, &mut new] {
        let namespace = match (options.namespaced, namespace(object)) {
            (false, _) => None,
            (true, "") if object.contains_key("metadata") => Some("default".to_owned()),
            (true, written) => Some(written.to_owned()),
        };
        // One that is not known yet is no text, and stays.
        if !unknown_namespace(object) {
            set_metadata(object, "namespace", namespace.as_deref());
        }
    }
    if !name(&new).is_empty() {
        set_metadata(&mut old, "name", Some(name(&live)));
    }
    let mut all = Vec::new();
    members(&Path::default(), &old, &new, &mut all);
    for difference in &mut all {
        difference.replace =
            kind.fixed(options.mutable_secrets).iter().any(|fixed| difference.path.is_in(fixed));
    }
    let delete_before_replace = all.iter().any(|it| it.replace)
        && is_named(&new)
        && !is_autonamed(&new)
        && name(&new) == name(&live)
        && namespace(&new) == namespace(&old);
    Differences { all, delete_before_replace }
}

/// What the provider was told, or learned from the cluster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// Objects of this kind live in a namespace.
    pub(super) namespaced: bool,
    /// Values of Secrets may be changed in place.
    pub(super) mutable_secrets: bool,
}

fn unknown_namespace(object: &PropertyMap) -> bool {
    crate::object::at(object, &["metadata", "namespace"]).is_some_and(|it| it.value == Value::Unknown)
}

fn members(at: &Path, old: &PropertyMap, new: &PropertyMap, all: &mut Vec<Difference>) {
    let only_new = new.keys().filter(|name| !old.contains_key(*name));
    for member in old.keys().chain(only_new) {
        compare(&at.with(Step::Name(member.clone())), old.get(member), new.get(member), all);
    }
}

fn items(at: &Path, old: &[Property], new: &[Property], all: &mut Vec<Difference>) {
    for index in 0..old.len().max(new.len()) {
        compare(&at.with(Step::Index(index)), old.get(index), new.get(index), all);
    }
}

/// Null and absent are one to the API server.
fn compare(at: &Path, old: Option<&Property>, new: Option<&Property>, all: &mut Vec<Difference>) {
    let given = |it: &&Property| it.value != Value::Null;
    let change = match (old.filter(given), new.filter(given)) {
        (None, None) => return,
        (None, Some(_)) => Change::Add,
        (Some(_), None) => Change::Delete,
        (Some(old), Some(new)) => match (&old.value, &new.value) {
            (Value::Map(old), Value::Map(new)) => return members(at, old, new, all),
            (Value::List(old), Value::List(new)) => return items(at, old, new, all),
            (old, new) if old == new && *new != Value::Unknown => return,
            _ => Change::Update,
        },
    };
    all.push(Difference { path: at.clone(), change, replace: false });
}

impl Path {
    fn with(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// Whether it is that property, or something in it.
    fn is_in(&self, names: &[&str]) -> bool {
        let steps = self.0.iter().take(names.len());
        self.0.len() >= names.len()
            && steps.zip(names).all(|(step, name)| matches!(step, Step::Name(it) if it == name))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(item) => write!(f, "[{item}]")?,
                Step::Name(name) if name.is_empty() || name.contains(['.', '[', ']', '"']) => {
                    write!(f, "[\"{}\"]", name.replace('"', "\\\""))?;
                }
                Step::Name(name) if index == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
