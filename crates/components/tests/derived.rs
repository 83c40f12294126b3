//! Where each text of the inputs goes. What derives from a text is found by changing it; exactly that must be secret when the
//! text is, unknown when the text is, and depend on what the text depends on.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::collections::{BTreeMap, BTreeSet};

use keyloom_components::plan::Plan;
use keyloom_resources::component::Component;
use keyloom_wire::property::{Path, PropertyMap, Step};
use keyloom_wire::{Property, Urn, Value};
use serde_json::Value as Json;
use support::{BUCKET, inputs, plan, run};

/// Inputs in full, a line each: the component, and JSON.
const CASES: &str = include_str!("derived/cases.jsonl");

#[derive(Default)]
struct Tally {
    followed: usize,
    refused: usize,
}

#[test]
fn secrets_and_unknowns_and_dependencies_go_where_the_text_goes() {
    let mut tally = Tally::default();
    for line in CASES.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let component =
            Component::of_token(&format!("keyloom:index:{}", case["component"].as_str().unwrap())).unwrap();
        let inputs = inputs(case["inputs"].clone());
        let base = plan(component, &inputs).unwrap_or_else(|errors| panic!("{errors}"));
        for path in texts(&inputs) {
            let derived = derived(component, &inputs, &base, &path);
            secret(component, &inputs, &base, &path, &derived, &mut tally);
            unknown(component, &inputs, &base, &path, &derived);
            depending(component, &inputs, &path, &derived);
        }
    }
    assert!(tally.followed > 60 && tally.refused > 15, "{} {}", tally.followed, tally.refused);
}

/// A leaf of a child: its place in the plan, and its path.
type Leaf = (usize, String);

/// What derives from a text: the leaves of children that are different when it is.
fn derived(component: Component, inputs: &PropertyMap, base: &Plan, path: &Path) -> BTreeSet<Leaf> {
    let before = leaves(base);
    for more in ["1", "x", "/x"] {
        let mut changed = inputs.clone();
        let text = at(&mut changed, path);
        *text = Property::from(format!("{}{more}", text.as_str().unwrap()));
        if let Ok(plan) = plan(component, &changed) {
            let after = leaves(&plan);
            let keys: BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
            return keys.into_iter().filter(|leaf| before.get(leaf) != after.get(leaf)).collect();
        }
    }
    // A word of a list: nothing but itself is legal there, and it is no text to the component.
    BTreeSet::new()
}

fn secret(
    component: Component,
    inputs: &PropertyMap,
    base: &Plan,
    path: &Path,
    derived: &BTreeSet<Leaf>,
    tally: &mut Tally,
) {
    let mut marked = inputs.clone();
    at(&mut marked, path).secret = true;
    match plan(component, &marked) {
        Err(errors) => {
            assert_eq!(errors.problems.len(), 1, "{errors}");
            assert_eq!(errors.problems[0].path, spelled(path), "{errors}");
            assert!(errors.problems[0].engine_path(&marked).ends_with(" (secret)"));
            tally.refused += 1;
        }
        Ok(plan) => {
            let found = leaves(&plan);
            let secret: BTreeSet<_> =
                found.iter().filter(|(_, leaf)| leaf.secret).map(|(at, _)| at.clone()).collect();
            assert_eq!(secret, *derived, "{path} secret");
            // Rules read the mount of a Vault, no object does.
            assert!(!derived.is_empty() || spelled(path) == "secretStoreRef.path", "{path} goes nowhere");
            let plain = |plan: &Plan| {
                let plain =
                    leaves(plan).into_iter().map(|(at, leaf)| (at, Property { secret: false, ..leaf }));
                plain.collect::<BTreeMap<_, _>>()
            };
            assert_eq!(plain(&plan), plain(base), "{path} secret");
            tally.followed += 1;
        }
    }
}

/// The plan of a preview is that of the update, but for the leaves that are not known yet.
fn unknown(component: Component, inputs: &PropertyMap, base: &Plan, path: &Path, derived: &BTreeSet<Leaf>) {
    let mut marked = inputs.clone();
    *at(&mut marked, path) = Property::unknown();
    let Ok(plan) = plan(component, &marked) else { return };
    let mut found = leaves(&plan);
    let unknown: BTreeSet<_> =
        found.iter().filter(|(_, leaf)| leaf.value == Value::Unknown).map(|(at, _)| at.clone()).collect();
    assert_eq!(unknown, *derived, "{path} unknown");
    let known = leaves(base);
    for leaf in &unknown {
        found.insert(leaf.clone(), known[leaf].clone());
    }
    assert_eq!(found, known, "{path} unknown");
    let names = |plan: &Plan| {
        let names = plan.children.iter().map(|it| (it.token.clone(), it.name.clone(), it.needs.clone()));
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&plan), names(base));
}

fn depending(component: Component, inputs: &PropertyMap, path: &Path, derived: &BTreeSet<Leaf>) {
    let mut marked = inputs.clone();
    at(&mut marked, path).urns = BTreeSet::from([Urn::from(BUCKET)]);
    let (records, constructed) = run(component, &marked, false);
    constructed.unwrap_or_else(|error| panic!("{path}: {error}"));
    let (row, children) = records.registrations.split_first().unwrap();
    let [Step::Member(top), ..] = path.0.as_slice() else { panic!("{path}") };
    let own = |map: &BTreeMap<String, BTreeSet<Urn>>| {
        let with = map.iter().filter(|(_, urns)| urns.contains(BUCKET));
        with.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(own(&row.1.property_dependencies), BTreeSet::from([top.clone()]));
    for (index, (_, child)) in children.iter().enumerate() {
        let tops = derived.iter().filter(|leaf| leaf.0 == index);
        let tops: BTreeSet<_> =
            tops.map(|leaf| leaf.1.split(['.', '[']).next().unwrap().to_owned()).collect();
        assert_eq!(own(&child.property_dependencies), tops, "{path}");
        assert_eq!(child.dependencies.contains(BUCKET), !tops.is_empty(), "{path}");
        assert_eq!(child.property_dependencies.len(), child.inputs.len());
    }
}

/// The paths of all texts.
fn texts(inputs: &PropertyMap) -> Vec<Path> {
    let mut found = Vec::new();
    for (name, property) in inputs {
        each(property, Path(vec![Step::Member(name.clone())]), &mut |path, leaf| {
            if leaf.as_str().is_some() {
                found.push(path);
            }
        });
    }
    found
}

fn leaves(plan: &Plan) -> BTreeMap<Leaf, Property> {
    let mut found = BTreeMap::new();
    for (index, child) in plan.children.iter().enumerate() {
        for (name, property) in &child.inputs.properties {
            each(property, Path(vec![Step::Member(name.clone())]), &mut |path, leaf| {
                found.insert((index, path.to_string()), leaf.clone());
            });
        }
    }
    found
}

fn each(property: &Property, path: Path, meet: &mut impl FnMut(Path, &Property)) {
    match &property.value {
        Value::Map(members) => {
            for (name, member) in members {
                each(member, path.then(Step::Member(name.clone())), meet);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                each(item, path.then(Step::Item(index)), meet);
            }
        }
        _ => meet(path, property),
    }
}

fn at<'p>(inputs: &'p mut PropertyMap, path: &Path) -> &'p mut Property {
    let mut steps = path.0.iter();
    let Some(Step::Member(first)) = steps.next() else { panic!("{path}") };
    let mut property = inputs.get_mut(first).unwrap();
    for step in steps {
        property = match (&mut property.value, step) {
            (Value::Map(members), Step::Member(name)) => members.get_mut(name).unwrap(),
            (Value::List(items), Step::Item(index)) => &mut items[*index],
            _ => panic!("{path}"),
        };
    }
    property
}

/// The path as problems spell it, with fewer quotes.
fn spelled(path: &Path) -> String {
    let mut spelled = String::new();
    for step in &path.0 {
        match step {
            Step::Member(name) => keyloom_syntax::check::key_step(&mut spelled, name),
            Step::Item(index) => spelled.push_str(&format!("[{index}]")),
            Step::Every => panic!("{path}"),
        }
    }
    spelled
}
