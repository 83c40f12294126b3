//! `${...}` in pipelines: Flux fills in manifests, and no workflow, no Terraform and no name in AWS.

use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Diagnostic, Label, Node};

use super::PLACEHOLDER;
use crate::validate::literal;
use crate::validate::pipelines::AT_GITHUB;

/// Fields of a pipeline that end in manifests alone.
const OF_MANIFESTS: [&str; 4] = ["labels", "annotations", "secretStoreRef", "serviceAccount"];
/// Kubernetes Secrets, whose names do too.
const OF_SECRETS: [&str; 2] = ["secret", "targets"];

/// Looks at the pipelines of a document and of its environments.
pub(super) fn placeholders(root: Node<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let overlays = root.get("environments").into_iter().flat_map(Node::entries).map(|(_, overlay)| overlay);
    for pipelines in std::iter::once(root).chain(overlays).filter_map(|part| part.get("pipelines")) {
        walk(pipelines, false, diagnostics);
    }
}

/// A value that is pasted anywhere in a pipeline stands where a name belongs: nothing there is as random as a key.
pub(super) fn values(at: Node<'_>, diagnostics: &mut Vec<Diagnostic>) {
    match at.kind() {
        Kind::Mapping => at.entries().for_each(|(_, value)| values(value, diagnostics)),
        Kind::Sequence => at.items().for_each(|item| values(item, diagnostics)),
        Kind::String if at.as_str().is_some_and(literal::is_random_alone) => {
            diagnostics.push(literal::diagnostic("a credential").at(Label::at(at.span(), "")));
        }
        Kind::String | Kind::Null | Kind::Bool | Kind::Int | Kind::Float => {}
    }
}

/// A pipeline names the secret that GitHub keeps.
pub(super) fn at_github(found: &mut Diagnostic) {
    if found.code == literal::CODE {
        found.fix = Some(AT_GITHUB.to_owned());
    }
}

fn walk(at: Node<'_>, of_secret: bool, diagnostics: &mut Vec<Diagnostic>) {
    match at.kind() {
        Kind::Mapping => {
            for (key, value) in at.entries() {
                let key = key.as_str().unwrap_or_default();
                let filled_in =
                    OF_MANIFESTS.contains(&key) || of_secret && matches!(key, "name" | "namespace");
                // `roleArnFrom: {secret: NAME}` is a text.
                let secret = OF_SECRETS.contains(&key) && value.kind() != Kind::String;
                if !filled_in {
                    walk(value, secret, diagnostics);
                }
            }
        }
        Kind::Sequence => at.items().for_each(|item| walk(item, of_secret, diagnostics)),
        Kind::String if at.as_str().is_some_and(|text| text.contains("${")) => diagnostics.push(
            Diagnostic::error(PLACEHOLDER, "Flux does not fill in this `${...}`")
                .at(Label::at(at.span(), ""))
                .why("it fills in manifests; this goes into a workflow, into Terraform and to AWS")
                .fix("write the text itself; what differs between environments stands in `environments`"),
        ),
        Kind::String | Kind::Null | Kind::Bool | Kind::Int | Kind::Float => {}
    }
}
