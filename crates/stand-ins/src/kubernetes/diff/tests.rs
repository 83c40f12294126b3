use serde_json::{Value as Json, json};

use super::*;
use crate::object::from_json;

const OPTIONS: Options = Options { namespaced: true, mutable_secrets: false };

fn kind(token: &str) -> Kind {
    Kind::of(&format!("urn:pulumi:d::p::kubernetes:{token}::n")).unwrap()
}

/// The state of an object that the API server took as it was written, with a default of its own.
fn state(inputs: &Json) -> PropertyMap {
    let mut live = inputs.clone();
    live["status"] = json!({"ready": true});
    live["metadata"]["uid"] = json!("u");
    live["__inputs"] = inputs.clone();
    from_json(&live)
}

fn differences(old: &Json, new: &Json, token: &str) -> (Vec<String>, bool) {
    let all = diff(&state(old), &from_json(new), &kind(token), OPTIONS);
    let told =
        |it: &Difference| format!("{} {:?}{}", it.path, it.change, if it.replace { " replace" } else { "" });
    (all.all.iter().map(told).collect(), all.delete_before_replace)
}

fn object(name: &str, spec: Json) -> Json {
    json!({"apiVersion": "g/v1", "kind": "K", "metadata": {"name": name, "namespace": "s"}, "spec": spec})
}

#[test]
fn nothing_differs_from_itself() {
    let object = object("n", json!({"a": [1, {"b": null}]}));
    assert_eq!(differences(&object, &object, "g/v1:K"), (vec![], false));
}

#[test]
fn changes_are_told_by_their_paths() {
    let old = object("n", json!({"a": [1, 2], "b": {"c": "d"}, "e": true, "gone": 1}));
    let new = object("n", json!({"a": [1], "b": {"c": "f", "x.y": 1}, "e": "g", "new": {"h": 1}}));
    let (told, first) = differences(&old, &new, "g/v1:K");
    let expected = ["a[1] Delete", "b.c Update", "b[\"x.y\"] Add", "e Update", "gone Delete", "new Add"];
    assert_eq!(told, expected.map(|it| format!("spec.{it}")));
    assert!(!first);
}

#[test]
fn a_new_name_replaces() {
    let (told, first) = differences(&object("n", json!({})), &object("m", json!({})), "g/v1:K");
    assert_eq!((told, first), (vec!["metadata.name Update replace".to_owned()], false));
}

#[test]
fn a_namespace_that_is_not_written_is_the_default_one() {
    let mut old = object("n", json!({}));
    old["metadata"]["namespace"] = json!("default");
    let mut new = old.clone();
    new["metadata"].as_object_mut().unwrap().remove("namespace");
    assert_eq!(differences(&old, &new, "g/v1:K").0, Vec::<String>::new());
}

#[test]
fn values_of_a_secret_replace_and_the_old_one_goes_first() {
    let secret = |text: &str| {
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "n", "namespace": "s"},
            "stringData": {"a": text}})
    };
    let mut stored = secret("x");
    stored.as_object_mut().unwrap().remove("stringData");
    stored["data"] = json!({"a": "eA=="});
    let mut old = state(&stored);
    old.insert("__inputs".to_owned(), Property::from(from_json(&secret("x"))));
    let same = diff(&old, &from_json(&secret("x")), &kind("core/v1:Secret"), OPTIONS);
    assert_eq!(same, Differences::default());
    let other = diff(&old, &from_json(&secret("y")), &kind("core/v1:Secret"), OPTIONS);
    assert_eq!(other.all[0].path.to_string(), "data.a");
    assert!(other.all[0].replace && other.delete_before_replace);
    let mutable = Options { mutable_secrets: true, ..OPTIONS };
    let other = diff(&old, &from_json(&secret("y")), &kind("core/v1:Secret"), mutable);
    assert!(!other.all[0].replace && !other.delete_before_replace);
}

#[test]
fn what_is_unknown_differs() {
    let new = PropertyMap::from([
        ("metadata".to_owned(), Property::from(from_json(&json!({"name": "n", "namespace": "s"})))),
        ("spec".to_owned(), Property::unknown().secret()),
    ]);
    let old = json!({"metadata": {"name": "n", "namespace": "s"}, "spec": {"a": "b"}});
    let all = diff(&state(&old), &new, &kind("g/v1:K"), OPTIONS);
    assert_eq!(all.all.len(), 1);
    assert_eq!(all.all[0].path.to_string(), "spec");
}
