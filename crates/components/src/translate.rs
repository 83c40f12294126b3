//! Paths of a component's inputs as paths of its children: what `ignoreChanges` and `replaceOnChanges` of a component mean.
//!
//! Nothing says which input becomes what. It is tried: the component is planned once more with that input changed, and what
//! then differs in the children is what it becomes.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_wire::property::{Path, Property, PropertyMap, Step, Value};

use crate::children::Child;
use crate::options::ResourceOptions;
use crate::plan::Plan;

/// Puts the paths of both options on the children that those inputs made. What cannot be put on any is a warning. `again`
/// plans other inputs, or answers `None` where those are wrong.
pub fn translate(
    plan: &mut Plan,
    options: &ResourceOptions,
    inputs: &PropertyMap,
    again: impl Fn(PropertyMap) -> Option<Vec<Child>>,
) {
    let ignored = ends(&options.ignore_changes, inputs, &plan.children, &again);
    let replacing = ends(&options.replace_on_changes, inputs, &plan.children, &again);
    let written =
        |ends: &Ends, child| ends.children.get(&child).into_iter().flatten().map(Path::to_string).collect();
    for (index, child) in plan.children.iter_mut().enumerate() {
        child.ignore_changes = written(&ignored, index);
        child.replace_on_changes = written(&replacing, index);
    }
    let told = |option: &'static str| {
        move |why: String| format!("`{option}` has no effect on the children for {why}")
    };
    plan.warnings.extend(ignored.nowhere.into_iter().map(told("ignoreChanges")));
    plan.warnings.extend(replacing.nowhere.into_iter().map(told("replaceOnChanges")));
}

/// Where inputs of a component end up.
#[derive(Default)]
struct Ends {
    /// Paths in each child, by its place in the plan.
    children: BTreeMap<usize, BTreeSet<Path>>,
    /// Paths that end up nowhere, with the reason.
    nowhere: Vec<String>,
}

/// Finds where the inputs at `paths` end up in `children`, which `inputs` made.
fn ends(
    paths: &[String],
    inputs: &PropertyMap,
    children: &[Child],
    again: &impl Fn(PropertyMap) -> Option<Vec<Child>>,
) -> Ends {
    let mut ends = Ends::default();
    for path in paths {
        let parsed = match path.parse::<Path>() {
            Ok(parsed) => parsed,
            Err(error) => {
                ends.nowhere.push(format!("`{path}`, which is no path of a property: {error}"));
                continue;
            }
        };
        let mut found = BTreeSet::new();
        let places = parsed.places(inputs);
        for place in &places {
            trial(place, inputs, children, again, &mut found);
        }
        if places.is_empty() {
            ends.nowhere.push(format!("`{path}`, because nothing is set there"));
        } else if found.is_empty() {
            ends.nowhere.push(format!("`{path}`, because no property of a child is made of it alone"));
        }
        for (child, place) in found {
            ends.children.entry(child).or_default().insert(place);
        }
    }
    ends
}

/// What differs in the children when the input at that place is another: the first change with which there are the same
/// children, and not the same in them.
fn trial(
    place: &Path,
    inputs: &PropertyMap,
    children: &[Child],
    again: &impl Fn(PropertyMap) -> Option<Vec<Child>>,
    found: &mut BTreeSet<(usize, Path)>,
) {
    let Some(property) = at(inputs, &place.0) else { return };
    for other in others(property) {
        let mut changed = inputs.clone();
        put(&mut changed, &place.0, other);
        let Some(made) = again(changed) else { continue };
        let same = |(a, b): (&Child, &Child)| a.token == b.token && a.name == b.name;
        if made.len() != children.len() || !children.iter().zip(&made).all(same) {
            continue;
        }
        let before = found.len();
        for (index, (a, b)) in children.iter().zip(&made).enumerate() {
            differences(&a.inputs.properties, &b.inputs.properties, &Path::default(), &mut |path| {
                found.insert((index, path));
            });
        }
        if found.len() > before {
            return;
        }
    }
    // A list or an object that cannot be left out: each of its parts by itself.
    for step in property.steps() {
        trial(&place.then(step), inputs, children, again, found);
    }
}

/// Values to put in the place of one, the most telling first; `None` leaves it out.
fn others(property: &Property) -> Vec<Option<Property>> {
    let like = |value: Value| Some(Property { value, ..property.clone() });
    let text = |text: String| like(Value::String(text));
    match &property.value {
        // A text goes on being of its kind with one of these: a name, a path, an address, a duration, a number.
        Value::String(old) => {
            vec![text(format!("{old}x")), text(format!("{old}1")), text("1h23m".to_owned()), None]
        }
        Value::Unknown => vec![text("x".to_owned()), text("https://x.example".to_owned()), None],
        Value::Bool(old) => vec![like(Value::Bool(!old)), None],
        Value::Number(old) => vec![like(Value::Number(old + 1.0)), like(Value::Number(old - 1.0)), None],
        Value::Null | Value::List(_) | Value::Map(_) | Value::Reference(_) | Value::Opaque(_) => vec![None],
    }
}

fn at<'p>(properties: &'p PropertyMap, steps: &[Step]) -> Option<&'p Property> {
    let (Step::Member(first), rest) = steps.split_first()? else { return None };
    rest.iter().try_fold(properties.get(first)?, Property::inside)
}

/// Puts a value at a place, or nothing. An item of a list cannot be left out without renumbering the others: it becomes null.
fn put(properties: &mut PropertyMap, steps: &[Step], value: Option<Property>) {
    let Some((Step::Member(first), rest)) = steps.split_first() else { return };
    if rest.is_empty() {
        match value {
            Some(value) => _ = properties.insert(first.clone(), value),
            None => _ = properties.remove(first),
        }
    } else if let Some(property) = properties.get_mut(first) {
        put_into(property, rest, value);
    }
}

fn put_into(property: &mut Property, steps: &[Step], value: Option<Property>) {
    match (&mut property.value, steps.split_first()) {
        (Value::Map(members), Some(_)) => put(members, steps, value),
        (Value::List(items), Some((Step::Item(index), rest))) => {
            if let Some(item) = items.get_mut(*index) {
                if rest.is_empty() { *item = value.unwrap_or_default() } else { put_into(item, rest, value) }
            }
        }
        _ => {}
    }
}

/// Hands over the outermost places at which two objects differ. Lists of different length differ as a whole.
fn differences(a: &PropertyMap, b: &PropertyMap, here: &Path, found: &mut impl FnMut(Path)) {
    let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    for name in names {
        let path = here.then(Step::Member(name.clone()));
        match (a.get(name), b.get(name)) {
            (Some(a), Some(b)) => difference(a, b, &path, found),
            (Some(_), None) | (None, Some(_)) => found(path),
            (None, None) => {}
        }
    }
}

fn difference(a: &Property, b: &Property, here: &Path, found: &mut impl FnMut(Path)) {
    match (&a.value, &b.value) {
        (Value::Map(a), Value::Map(b)) => differences(a, b, here, found),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                difference(a, b, &here.then(Step::Item(index)), found);
            }
        }
        _ if a == b => {}
        _ => found(here.clone()),
    }
}

#[cfg(test)]
mod tests;
