//! The fields of upstream's specs, and which of them a manifest has.

use std::collections::BTreeMap;

use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{EsoVersion, Kind, spec};
use serde_json::Value;

/// A field of a spec, as steps: `[]` for the entries of a list, `{}` for the values of a map.
pub(super) type Path = Vec<String>;

/// The spec of a kind in the newest version.
pub(super) fn root(kind: Kind) -> Cursor<'static> {
    spec(EsoVersion::newest(), kind).root()
}

/// Every field of a spec.
pub(super) fn of(root: Cursor<'_>) -> Vec<Path> {
    let mut found = Vec::new();
    collect(root, &mut Path::new(), &mut found);
    found
}

fn collect(at: Cursor<'_>, path: &mut Path, found: &mut Vec<Path>) {
    for (name, field) in at.properties() {
        path.push(name.to_owned());
        found.push(path.clone());
        collect(field, path, found);
        path.pop();
    }
    for (step, inner) in [("[]", at.item()), ("{}", at.value())] {
        if let Some(inner) = inner {
            path.push(step.to_owned());
            collect(inner, path, found);
            path.pop();
        }
    }
}

/// The path as people write it: `data[].remoteRef.key`.
pub(super) fn spelled(path: &[String]) -> String {
    let mut text = String::new();
    for step in path {
        match step.as_str() {
            "[]" => text.push_str("[]"),
            step => {
                let dot = if text.is_empty() { "" } else { "." };
                text.push_str(dot);
                text.push_str(if step == "{}" { "NAME" } else { step });
            }
        }
    }
    text
}

/// Where a manifest has a field, and what it holds there: by its place in the manifest.
pub(super) type Fields = BTreeMap<String, (Path, String)>;

/// The fields of a spec that a manifest has.
pub(super) fn present(kind: Kind, spec: &Value) -> Fields {
    let mut found = Fields::new();
    look(root(kind), spec, &mut (String::new(), Path::new()), &mut found);
    found
}

fn look(at: Cursor<'_>, value: &Value, place: &mut (String, Path), found: &mut Fields) {
    let (length, depth) = (place.0.len(), place.1.len());
    let mut below = |step: &str, key: &str, inner: Cursor<'_>, value: &Value, is_field: bool| {
        place.0.push_str(&format!("/{key}"));
        place.1.push(step.to_owned());
        if is_field {
            found.insert(place.0.clone(), (place.1.clone(), content(inner, value)));
        }
        look(inner, value, place, found);
        place.0.truncate(length);
        place.1.truncate(depth);
    };
    for (key, value) in value.as_object().into_iter().flatten() {
        let field = at.properties().find(|(name, _)| name == key);
        match (field, at.value()) {
            (Some((_, inner)), _) => below(key, key, inner, value, true),
            (None, Some(inner)) => below("{}", key, inner, value, false),
            (None, None) => {}
        }
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(inner) = at.item() {
            below("[]", &index.to_string(), inner, value, false);
        }
    }
}

/// What a field says by itself: of one that has fields below, only that it is there.
fn content(at: Cursor<'_>, value: &Value) -> String {
    let has_fields = |at: Cursor<'_>| at.properties().next().is_some();
    let inner = at.item().or_else(|| at.value());
    if has_fields(at) || inner.is_some_and(has_fields) { String::new() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_of_a_manifest_are_found_at_their_place() {
        let spec = json!({
            "target": {"template": {"data": {"a": "b"}}},
            "data": [{"secretKey": "k", "remoteRef": {"key": "x"}}],
        });
        let found = present(Kind::ExternalSecret, &spec);
        let shown: Vec<_> =
            found.iter().map(|(place, (path, text))| format!("{place} {} {text}", spelled(path))).collect();
        assert_eq!(
            shown,
            [
                "/data data ",
                "/data/0/remoteRef data[].remoteRef ",
                "/data/0/remoteRef/key data[].remoteRef.key \"x\"",
                "/data/0/secretKey data[].secretKey \"k\"",
                "/target target ",
                "/target/template target.template ",
                "/target/template/data target.template.data {\"a\":\"b\"}",
            ]
        );
    }
}
