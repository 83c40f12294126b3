use std::collections::BTreeMap;

use keyloom_wire::property::{Property, PropertyMap};

use super::translate;
use crate::children::Child;
use crate::children::sink::Inputs;
use crate::options::ResourceOptions;
use crate::plan::Plan;

fn map<const N: usize>(members: [(&str, Property); N]) -> PropertyMap {
    members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect()
}

fn child(name: &str, properties: PropertyMap) -> Child {
    let inputs = Inputs { properties, ..Inputs::default() };
    Child {
        token: "kubernetes:a/v1:B".to_owned(),
        name: name.to_owned(),
        inputs,
        needs: Vec::new(),
        origin: 0,
        ids: BTreeMap::new(),
        ignore_changes: Vec::new(),
        replace_on_changes: Vec::new(),
    }
}

/// A component as real ones are: a path that goes to several places, an address, a switch, an item of its own, parts that
/// must be there, and an input that decides which children there are.
fn plan(inputs: PropertyMap) -> Option<Vec<Child>> {
    let path = inputs.get("path")?.clone();
    let server = inputs.get("vault")?.get("server")?.clone();
    let mode = inputs.get("vault")?.get("mode")?.clone();
    if !matches!(mode.as_str(), Some("soft" | "hard")) {
        return None;
    }
    let item = |key: &str| Property::from(map([("key", path.clone()), ("as", key.into())]));
    let spec = map([
        ("data", vec![item("host"), item("port")].into()),
        ("server", server),
        ("prune", inputs.get("prune").cloned().unwrap_or(Property::from(false))),
        ("labels", inputs.get("labels").cloned().unwrap_or_default()),
        ("mode", mode),
    ]);
    let main = child(inputs.get("name")?.as_str()?, map([("spec", spec.into())]));
    let credentials =
        inputs.get("password").map(|password| child("c", map([("stringData", password.clone())])));
    Some(credentials.into_iter().chain([main]).collect())
}

fn translated(paths: &[&str]) -> (Vec<String>, Vec<String>) {
    let vault = map([("server", "https://vault.example".into()), ("mode", "soft".into())]);
    let inputs = map([
        ("name", "db".into()),
        ("path", Property::unknown()),
        ("vault", vault.into()),
        ("prune", true.into()),
        ("labels", map([("team/a", "x".into()), ("tier", "y".into())]).into()),
        ("password", Property::from("canary").secret()),
    ]);
    let ignore_changes = paths.iter().map(|path| (*path).to_owned()).collect();
    let options = ResourceOptions { ignore_changes, ..ResourceOptions::default() };
    let mut made = Plan {
        token: "a:b:C".to_owned(),
        name: "c".to_owned(),
        inputs: Inputs::default(),
        children: plan(inputs.clone()).unwrap(),
        outputs: BTreeMap::new(),
        warnings: Vec::new(),
    };
    translate(&mut made, &options, &inputs, plan);
    assert!(made.children.iter().all(|child| child.replace_on_changes.is_empty()));
    let children = made.children.iter().enumerate();
    let found = children
        .flat_map(|(index, child)| child.ignore_changes.iter().map(move |path| format!("{index}: {path}")));
    (found.collect(), made.warnings)
}

#[test]
fn an_input_is_what_is_made_of_it() {
    let found = |path: &str| translated(&[path]).0;
    assert_eq!(found("path"), ["1: spec.data[0].key", "1: spec.data[1].key"]);
    assert_eq!(found("vault.server"), ["1: spec.server"]);
    assert_eq!(found("prune"), ["1: spec.prune"]);
    assert_eq!(found("password"), ["0: stringData"]);
    assert_eq!(found(r#"labels["team/a"]"#), [r#"1: spec.labels["team/a"]"#]);
    assert_eq!(found("labels"), ["1: spec.labels"]);
}

#[test]
fn what_cannot_be_left_out_is_taken_part_by_part() {
    assert_eq!(translated(&["vault"]).0, ["1: spec.server"]);
    assert_eq!(translated(&["vault.*"]).0, ["1: spec.server"]);
}

#[test]
fn what_ends_up_nowhere_is_said_without_values() {
    let (found, nowhere) = translated(&["name", "vault.mode", "absent", "a..b", "path"]);
    assert_eq!(found.len(), 2);
    assert_eq!(
        nowhere,
        [
            "`ignoreChanges` has no effect on the children for `name`, because no property of a child is made of it alone",
            "`ignoreChanges` has no effect on the children for `vault.mode`, because no property of a child is made of it alone",
            "`ignoreChanges` has no effect on the children for `absent`, because nothing is set there",
            "`ignoreChanges` has no effect on the children for `a..b`, which is no path of a property: a `.` needs a name before and after it",
        ]
    );
}
