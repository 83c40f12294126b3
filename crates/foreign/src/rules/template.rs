//! Templates: what the operator cannot parse, the functions it does not have, and keys that are not read.

use keyloom_models::code::of_template;
use keyloom_syntax::Span;
use keyloom_syntax::check::Problem;
use keyloom_syntax::view::ViewKind;
use keyloom_upstream::eso::EsoVersion;
use keyloom_upstream::template::{Given, Known, Position, check as faults};

use super::{Place, Problems};
use crate::templated::is_of_helm;

/// The templates of an ExternalSecret, or of a PushSecret, whose keys are those of a Secret that nobody knows here.
pub(super) fn check(eso: EsoVersion, spec: &Place<'_, '_>, template: &[&str], problems: &mut Problems) {
    let (keys, complete) = keys(spec);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let known = Known { known: &keys, complete };
    let given = |position| Given { eso: Some(eso), position, keys: known };
    if let Some(template) = spec.at(template) {
        for (key, value) in template.get("data").iter().flat_map(Place::entries) {
            let yaml = key.ends_with(".yaml") || key.ends_with(".yml");
            one(&value, &given(if yaml { Position::Yaml } else { Position::Value }), problems);
        }
        for field in ["labels", "annotations"] {
            let path = ["metadata", field];
            let texts = template.at(&path);
            for (_, value) in texts.iter().flat_map(Place::entries) {
                one(&value, &given(Position::Value), problems);
            }
        }
        let other_kind = spec.at(&["target", "manifest"]).is_some();
        for from in template.get("templateFrom").iter().flat_map(Place::items) {
            if let Some(literal) = from.get("literal") {
                let position = if other_kind { Position::Value } else { Position::KeysAndValues };
                one(&literal, &given(position), problems);
            }
        }
    }
    for list in ["dataFrom", "dataTo"] {
        for entry in spec.get(list).iter().flat_map(Place::items) {
            for step in entry.get("rewrite").iter().flat_map(Place::items) {
                if let Some(template) = step.at(&["transform", "template"]) {
                    one(&template, &given(Position::Transform), problems);
                }
            }
        }
    }
}

/// The keys that are surely read, and whether there are no others.
fn keys(spec: &Place<'_, '_>) -> (Vec<String>, bool) {
    let mut keys = Vec::new();
    let empty = |list: &str| {
        spec.get(list).is_none_or(|list| list.kind() == ViewKind::Sequence && list.items().next().is_none())
    };
    let data = spec.get("data");
    let mut complete = !spec.has("selector") && empty("dataFrom") && data.is_some();
    for entry in data.iter().flat_map(Place::items) {
        match entry.text_of("secretKey") {
            Some(key) => keys.push(key),
            None => complete = false,
        }
    }
    complete &= data.is_none_or(|data| data.kind() == ViewKind::Sequence);
    (keys, complete)
}

/// Text that is a template of somebody else first.
fn is_foreign(text: &str) -> bool {
    let mut actions = text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    actions.any(|action| action.contains("${") || is_of_helm(action))
}

fn one(place: &Place<'_, '_>, given: &Given<'_>, problems: &mut Problems) {
    let node = place.view().node();
    let Some(text) = node.as_str().filter(|text| text.contains("{{") && !is_foreign(text)) else { return };
    for fault in faults(text, given) {
        let at: Span = node.part(fault.range).unwrap_or_else(|| node.span());
        let mut problem = Problem::error(of_template(fault.kind), at, fault.message).severity(fault.severity);
        problem.path = place.path();
        problem.label = fault.label.unwrap_or_default();
        problem.why = fault.why;
        problem.fix = fault.fix;
        problems.push(problem);
    }
}
