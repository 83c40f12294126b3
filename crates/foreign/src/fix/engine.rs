//! `engineVersion: v1`: the engine is gone. The one that is left makes the same of templates which do not depend on it.

use std::sync::LazyLock;

use keyloom_models::code;
use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Sources};
use keyloom_upstream::eso;
use regex::Regex;

use super::{Fix, at, inner};
use crate::edit::Edit;
use crate::object::Object;

/// Where a kind has a template.
pub(super) fn template<'t>(object: &Object<'t>) -> Option<Node<'t>> {
    let path: &[&str] = match object.eso()? {
        eso::Kind::ExternalSecret => &["target", "template"],
        eso::Kind::ClusterExternalSecret => &["externalSecretSpec", "target", "template"],
        eso::Kind::PushSecret => &["template"],
        eso::Kind::ClusterPushSecret => &["pushSecretSpec", "template"],
        _ => return None,
    };
    at(object.node.get("spec")?, path)
}

pub(super) fn fixes(sources: &Sources, object: &Object<'_>) -> Option<Fix> {
    let template = template(object)?;
    let version = template.get("engineVersion").filter(|version| version.as_str() == Some("v1"))?;
    if !is_free(template) {
        return None;
    }
    Some(Fix::one(code::UNKNOWN_VALUE, Edit::replace(inner(sources, version)?, "v2")))
}

/// Whether no result depends on the engine. To the old one a value was a list of bytes, which everybody passed through
/// `toString`; to the new one it is text, of which `toString` makes the same text.
pub(super) fn is_free(template: Node<'_>) -> bool {
    let entries = |path: &[&str]| at(template, path).filter(|node| node.kind() == Kind::Mapping);
    let maps = [entries(&["data"]), entries(&["metadata", "labels"]), entries(&["metadata", "annotations"])];
    template.get("templateFrom").is_none()
        && maps.into_iter().flatten().all(|map| map.entries().all(|(_, value)| same(value)))
}

fn same(value: Node<'_>) -> bool {
    value.scalar().is_some_and(|text| !ACTION.replace_all(text, "").contains("{{"))
}

// The pattern is a constant that a test compiles.
#[expect(clippy::expect_used)]
static ACTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{\{-?\s*\.[A-Za-z_][A-Za-z0-9_]*\s*\|\s*toString\s*-?\}\}")
        .expect("a pattern that a test compiles")
});

#[cfg(test)]
mod tests {
    use keyloom_syntax::{Budget, Sources, parse};

    use super::*;

    #[test]
    fn templates_that_do_not_depend_on_the_engine() {
        for (text, free) in [
            ("{type: Opaque}", true),
            ("{data: {a: plain, b: '{{ .b | toString }}', c: 'x-{{.c|toString}}-y'}}", true),
            ("{data: {a: '{{ .a }}'}}", false),
            ("{data: {a: '{{ .a | base64decode | toString }}'}}", false),
            ("{metadata: {labels: {a: '{{ .a }}'}}}", false),
            ("{templateFrom: [{configMap: {name: a, items: [{key: b}]}}]}", false),
            ("{data: {a: [1]}}", false),
        ] {
            let mut sources = Sources::new();
            sources.add("a.yaml", text.to_owned()).unwrap();
            let (tree, _) = parse(&sources, &Budget::default());
            assert_eq!(is_free(tree.documents().next().unwrap()), free, "{text}");
        }
    }
}
