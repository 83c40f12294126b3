//! What tests of components share: inputs written as JSON, and a run with the recorder.

#![allow(dead_code, clippy::unwrap_used, clippy::panic)] // each test uses its part of it

use std::sync::Arc;

use keyloom_components::component;
use keyloom_components::construct::{Constructed, Host, construct};
use keyloom_components::failure::Failure;
use keyloom_components::monitor::recorder::{Recorder, Records};
use keyloom_components::options::ResourceOptions;
use keyloom_components::origins::OriginTable;
use keyloom_components::plan::Plan;
use keyloom_components::problem::InputErrors;
use keyloom_resources::component::Component;
use keyloom_wire::property::PropertyMap;
use keyloom_wire::{Property, Urn, Value};
use serde_json::Value as Json;

/// What no output may show.
pub(crate) const CANARY: &str = "canary-0c1f";
pub(crate) const BUCKET: &str = "urn:pulumi:stack::project::aws:s3:Bucket::bucket";

/// Inputs as JSON. Texts in angle brackets stand for what JSON cannot say: `<secret>` is the canary as a secret,
/// `<unknown>`, `<unknown secret>`, `<bucket>` a text that depends on a bucket, `<resource>` a resource.
pub(crate) fn inputs(json: Json) -> PropertyMap {
    match property(json).value {
        Value::Map(members) => members,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn property(json: Json) -> Property {
    match json {
        Json::Null => Property::default(),
        Json::Bool(value) => value.into(),
        Json::Number(number) => number.as_f64().unwrap().into(),
        Json::String(text) => match text.as_str() {
            "<secret>" => Property::from(CANARY).secret(),
            "<unknown>" => Property::unknown(),
            "<unknown secret>" => Property::unknown().secret(),
            "<bucket>" => Property::from("bucket").after([Urn::from(BUCKET)]),
            "<resource>" => Value::Reference(keyloom_wire::Reference::default()).into(),
            _ => text.into(),
        },
        Json::Array(items) => items.into_iter().map(property).collect::<Vec<_>>().into(),
        Json::Object(members) => {
            let members = members.into_iter().map(|(key, value)| (key, property(value)));
            members.collect::<PropertyMap>().into()
        }
    }
}

pub(crate) fn plan(component: Component, inputs: &PropertyMap) -> Result<Plan, InputErrors> {
    component::plan(component, "app", inputs, &OriginTable::new())
}

/// Plans and constructs; what was registered, and what came of it.
pub(crate) fn run(
    component: Component,
    inputs: &PropertyMap,
    dry_run: bool,
) -> (Records, Result<Constructed, Failure>) {
    run_with(Recorder::new(), component, inputs, dry_run)
}

pub(crate) fn run_with(
    recorder: Recorder,
    component: Component,
    inputs: &PropertyMap,
    dry_run: bool,
) -> (Records, Result<Constructed, Failure>) {
    let (recorder, origins) = (Arc::new(recorder), OriginTable::new());
    let plan = match component::plan(component, "app", inputs, &origins) {
        Ok(plan) => plan,
        Err(errors) => return (Records::default(), Err(errors.into())),
    };
    let host = Host { monitor: Arc::<Recorder>::clone(&recorder), origins, dry_run };
    let parent = Some(Urn::from("urn:pulumi:stack::project::pulumi:pulumi:Stack::project-stack"));
    let options = ResourceOptions { parent, ..ResourceOptions::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let constructed = runtime.block_on(construct(&host, plan, options));
    (recorder.records(), constructed)
}

/// A value with what travels beside it, for snapshots: secrets and dependencies marked, secrets not shown.
pub(crate) fn shown(property: &Property) -> Json {
    let value = match &property.value {
        Value::Unknown => "<unknown>".into(),
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(value) => (*value).into(),
        Value::String(_) if property.secret => "...".into(),
        Value::String(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(shown).collect(),
        Value::Map(members) => members.iter().map(|(key, value)| (key.clone(), shown(value))).collect(),
        Value::Reference(_) | Value::Opaque(_) => "<opaque>".into(),
    };
    let urns: Vec<_> = property.urns.iter().map(|urn| urn.rsplit("::").next().unwrap()).collect();
    let after = if urns.is_empty() { String::new() } else { format!(" after {}", urns.join(", ")) };
    match (property.secret, after.is_empty()) {
        (false, true) => value,
        (secret, _) => {
            let secret = if secret { "secret " } else { "" };
            format!("{secret}{}{after}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                .into()
        }
    }
}
