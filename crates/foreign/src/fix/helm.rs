//! Objects that are text for Helm, although they can be read as YAML.

use keyloom_syntax::Node;
use keyloom_syntax::tree::Kind;

use crate::templated::is_of_helm;

/// Fields whose text is a template of the operator's own.
const OWN: [&str; 7] = ["template", "transform", "url", "body", "headers", "data", "literal"];

/// Whether some text of an object is filled in by Helm, so that nobody knows what will be in its place.
pub(super) fn is_template(object: Node<'_>) -> bool {
    holds(object, false)
}

fn holds(node: Node<'_>, own: bool) -> bool {
    match node.kind() {
        Kind::Sequence => node.items().any(|item| holds(item, own)),
        Kind::Mapping => node.entries().any(|(key, value)| {
            let name = key.scalar().unwrap_or_default();
            name.contains("{{") || holds(value, own || OWN.contains(&name) && value.kind() != Kind::Sequence)
        }),
        _ => node
            .as_str()
            .is_some_and(|text| text.contains("{{") && (!own || is_of_helm(text) || text.contains("{{`"))),
    }
}

#[cfg(test)]
mod tests {
    use keyloom_syntax::{Budget, Sources, parse};

    use super::*;

    #[test]
    fn templates_of_the_operator_are_told_from_those_of_helm() {
        for (text, helm) in [
            ("spec: {target: {template: {data: {a: '{{ .a }}'}}}}", false),
            ("spec: {dataFrom: [{rewrite: [{transform: {template: '{{ .value }}'}}]}]}", false),
            ("spec: {provider: {webhook: {url: 'https://{{ .remoteRef.key }}'}}}", false),
            ("metadata: {name: '{{ .Release.Name }}-db'}", true),
            ("metadata: {name: '{{ .name }}'}", true),
            ("spec: {data: [{remoteRef: {key: '{{ .key }}'}}]}", true),
            ("spec: {target: {template: {data: {a: '{{ .Values.a }}'}}}}", true),
            ("spec: {target: {template: {data: {a: '{{`{{ .a }}`}}'}}}}", true),
            ("metadata: {labels: {'{{ .a }}': b}}", true),
        ] {
            let mut sources = Sources::new();
            sources.add("a.yaml", text.to_owned()).unwrap();
            let (tree, _) = parse(&sources, &Budget::default());
            assert_eq!(is_template(tree.documents().next().unwrap()), helm, "{text}");
        }
    }
}
