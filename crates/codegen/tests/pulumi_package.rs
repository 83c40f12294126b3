//! The package schema by the rules of Pulumi's metaschema and of its code generators, and by ours. What Pulumi itself says
//! of it is seen end to end.

#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

use std::collections::{BTreeMap, BTreeSet};

use keyloom_codegen::pulumi;
use keyloom_resources::Component;
use regex::Regex;
use serde_json::{Map, Value, json};

const TYPES: &str = "#/types/";
const STORE_REF: &str = "keyloom:index:SecretStoreRef";
/// What components give each other.
const REFERENCES: [&str; 2] = [STORE_REF, "keyloom:index:AppConnectionRef"];

fn package() -> Value {
    serde_json::from_str(&pulumi::render()).unwrap()
}

/// Every mapping in a value, with the way to it.
fn mappings(value: &Value) -> Vec<(String, &Map<String, Value>)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((way, value)) = open.pop() {
        match value {
            Value::Object(map) => {
                found.push((way.clone(), map));
                open.extend(map.iter().map(|(key, value)| (format!("{way}/{key}"), value)));
            }
            Value::Array(list) => {
                open.extend(list.iter().enumerate().map(|(at, value)| (format!("{way}/{at}"), value)));
            }
            _ => {}
        }
    }
    found
}

/// Sets of properties with what is required of them, each with its name.
fn records(package: &Value) -> Vec<(String, &Value, &Value)> {
    let types = package["types"].as_object().unwrap().iter();
    let types = types.map(|(name, it)| (name.clone(), &it["properties"], &it["required"]));
    let resources = package["resources"].as_object().unwrap();
    let inputs = resources
        .iter()
        .map(|(name, it)| (format!("{name} in"), &it["inputProperties"], &it["requiredInputs"]));
    let outputs =
        resources.iter().map(|(name, it)| (format!("{name} out"), &it["properties"], &it["required"]));
    types.filter(|(_, properties, _)| properties.is_object()).chain(inputs).chain(outputs).collect()
}

#[test]
fn the_committed_file_is_fresh() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/pulumi-package.json");
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(committed == pulumi::render(), "{} is stale; run `cargo xtask codegen`", pulumi::PATH);
}

#[test]
fn references_lead_to_types_and_every_type_is_referred_to() {
    let package = package();
    let mut used = BTreeSet::new();
    for (way, map) in mappings(&package) {
        let Some(target) = map.get("$ref").and_then(Value::as_str) else { continue };
        match target.strip_prefix(TYPES) {
            Some(token) => {
                assert!(package["types"].get(token).is_some(), "{way}: {target}");
                used.insert(token.to_owned());
            }
            None => assert_eq!(target, "pulumi.json#/Any", "{way}"),
        }
    }
    let all: BTreeSet<_> = package["types"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(used, all);
}

#[test]
fn tokens_are_of_this_package_and_nothing_is_called_like_a_component() {
    let package = package();
    let token = Regex::new("^keyloom:index:[A-Z][A-Za-z0-9]*$").unwrap();
    let resources = package["resources"].as_object().unwrap();
    assert_eq!(resources.keys().cloned().collect::<Vec<_>>(), Component::ALL.map(Component::token));
    for name in package["types"].as_object().unwrap().keys() {
        assert!(token.is_match(name), "{name}");
        // In Python and Go the arguments of a component `X` and the type `X` as an argument are both `XArgs`.
        assert!(!resources.contains_key(name), "{name}");
        assert_ne!(name, "keyloom:index:Provider");
    }
    assert!(resources.values().all(|it| it["isComponent"] == true && it["type"] == "object"));
}

#[test]
fn what_is_required_is_there_and_names_are_those_that_languages_take() {
    let package = package();
    let name = Regex::new("^[a-z][A-Za-z0-9]*$").unwrap();
    for (record, properties, required) in records(&package) {
        let properties = properties.as_object().unwrap();
        for field in required.as_array().into_iter().flatten() {
            assert!(properties.contains_key(field.as_str().unwrap()), "{record}: {field}");
        }
        let mut folded = BTreeMap::new();
        for field in properties.keys() {
            assert!(name.is_match(field), "{record}: {field}");
            // Every resource has those itself; in a type they are fields like others.
            let reserved = record.ends_with(" in") || record.ends_with(" out");
            let own = ["pulumi", "urn", "id"].contains(&field.as_str());
            assert!(!(reserved && own), "{record}: {field} is reserved");
            let clash = folded.insert(field.to_lowercase(), field);
            assert_eq!(clash, None, "{record}: {field} in other letters");
        }
    }
}

#[test]
fn enums_are_closed_lists_with_names() {
    let package = package();
    for (name, definition) in package["types"].as_object().unwrap() {
        let Some(words) = definition.get("enum").and_then(Value::as_array) else { continue };
        assert_eq!(definition["type"], "string");
        let names: BTreeSet<_> = words.iter().map(|word| word["name"].as_str().unwrap()).collect();
        assert_eq!(names.len(), words.len(), "{name}");
        assert!(names.iter().all(|name| name.starts_with(|c: char| c.is_ascii_uppercase())), "{names:?}");
    }
}

/// A component's inputs are secret when they come in secret, and what is derived from them is marked where it goes. SDKs
/// hold to `secret` at the top level alone, and the engine ignores it for what components give back.
#[test]
fn nothing_is_said_to_be_secret_and_nothing_has_a_default() {
    let package = package();
    for (way, map) in mappings(&package["resources"]).into_iter().chain(mappings(&package["types"])) {
        let is_specification =
            map.contains_key("type") || map.contains_key("$ref") || map.contains_key("oneOf");
        for keyword in ["secret", "default", "defaultInfo", "const"] {
            assert!(!is_specification || !map.contains_key(keyword), "{way}: {keyword}");
        }
    }
}

/// An Output can stand exactly where the plugin takes one: the texts that the input schema marks.
#[test]
fn inputs_are_the_texts_that_may_come_later() {
    let package = package();
    for component in Component::ALL {
        let schema = component.input_schema();
        let mut marked = BTreeMap::new();
        of_schema(&schema, &schema, String::new(), &mut marked);
        let mut offered = BTreeMap::new();
        of_package(&package, &package["resources"][component.token()]["inputProperties"], "", &mut offered);
        assert_eq!(offered, marked, "{component:?}");
        // A declaration is read as a whole, before anything is made.
        let texts = marked.values().any(|it| *it == Leaf::Text);
        assert_eq!(texts, component != Component::Keyloom, "{component:?}");
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    /// May be an Output.
    Text,
    /// May not.
    Value,
    /// Anything.
    Block,
    /// A reference to a store or connection, with its fields.
    Reference,
}

fn of_schema(whole: &Value, schema: &Value, way: String, found: &mut BTreeMap<String, Leaf>) {
    if schema.get("x-block").is_some() {
        found.insert(way, Leaf::Block);
        return;
    }
    if let Some(target) = schema.pointer("/allOf/0/$ref").or(schema.get("$ref")).and_then(Value::as_str) {
        if REFERENCES.iter().any(|token| target.rsplit('/').next() == token.rsplit(':').next()) {
            found.insert(way, Leaf::Reference);
        } else {
            of_schema(whole, whole.pointer(&target[1..]).unwrap(), way, found);
        }
        return;
    }
    if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
        // Keys that no language could write are those of a map.
        let map = fields.keys().any(|name| name.contains('.'));
        for (name, field) in fields.iter().filter(|(_, field)| field.get("not").is_none()) {
            let name = if map { "{}" } else { name };
            of_schema(whole, field, format!("{way}/{name}"), found);
        }
        return;
    }
    for (keyword, step) in [("items", "[]"), ("additionalProperties", "{}")] {
        if let Some(inner) = schema.get(keyword).filter(|inner| inner.is_object()) {
            return of_schema(whole, inner, format!("{way}/{step}"), found);
        }
    }
    if let Some(branches) = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array) {
        for branch in branches.iter().filter(|branch| branch.get("const").is_none()) {
            of_schema(whole, branch, way.clone(), found);
        }
        return;
    }
    found.insert(way, if schema.get("x-text").is_some() { Leaf::Text } else { Leaf::Value });
}

fn of_package(package: &Value, properties: &Value, way: &str, found: &mut BTreeMap<String, Leaf>) {
    for (name, property) in properties.as_object().unwrap() {
        of_type(package, property, format!("{way}/{name}"), found);
    }
}

fn of_type(package: &Value, what: &Value, way: String, found: &mut BTreeMap<String, Leaf>) {
    let plain = what.get("plain").is_some();
    let leaf = if plain { Leaf::Value } else { Leaf::Text };
    if let Some(token) = what.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix(TYPES)) {
        let definition = &package["types"][token];
        match definition.get("properties") {
            Some(_) if REFERENCES.contains(&token) => {
                assert!(!plain, "{way}");
                found.insert(way, Leaf::Reference);
            }
            Some(properties) => {
                assert!(plain, "{way}");
                of_package(package, properties, &way, found);
            }
            None => _ = found.insert(way, leaf),
        }
    } else if what.get("$ref").is_some() {
        found.insert(way, Leaf::Block);
    } else if let Some(branches) = what.get("oneOf").and_then(Value::as_array) {
        for branch in branches.iter().filter(|branch| branch["type"] != "boolean") {
            of_type(package, branch, way.clone(), found);
        }
    } else if let Some(items) = what.get("items") {
        assert!(plain, "{way}");
        of_type(package, items, format!("{way}/[]"), found);
    } else if let Some(values) = what.get("additionalProperties") {
        assert!(plain, "{way}");
        of_type(package, values, format!("{way}/{{}}"), found);
    } else {
        found.insert(way, leaf);
    }
}

/// What `ref` of a store gives can be handed over as it is, so all its fields may be Outputs.
#[test]
fn a_reference_to_a_store_is_an_output_and_an_input() {
    let package = package();
    let whole = &json!(format!("{TYPES}{STORE_REF}"));
    let token = Component::SecretStore.token();
    assert_eq!(package["resources"][token]["properties"]["ref"]["$ref"], *whole);
    let token = Component::DatabaseCredentials.token();
    let input = &package["resources"][token]["inputProperties"]["secretStoreRef"];
    assert_eq!((&input["$ref"], input.get("plain")), (whole, None));
    let fields = package["types"][STORE_REF]["properties"].as_object().unwrap();
    assert!(fields.values().all(|field| field.get("plain").is_none()));
}

#[test]
fn a_reference_to_a_key_of_a_secret() {
    let package = package();
    let definition = &package["types"]["keyloom:index:SecretKeySelector"];
    let types: Vec<_> = definition["properties"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, field)| (name.as_str(), field["type"].clone(), field.get("plain").is_some()))
        .collect();
    let text = json!("string");
    assert_eq!(
        types,
        [
            ("name", text.clone(), false),
            ("namespace", text.clone(), false),
            ("key", text.clone(), false),
            ("value", text, false),
        ]
    );
    assert_eq!(definition.get("required"), None);
}
