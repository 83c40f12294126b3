//! What must not stand anywhere in a document: literal secrets, and `${...}` that nobody fills in.

use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Diagnostic, Label, Node};

use crate::finding::List;
use crate::parts;
use crate::validate::literal;

mod pipelines;

const PLACEHOLDER: &str = "unfilled-placeholder";

/// Fields whose text is free: `${NAME}` may be meant there.
const FREE: [&str; 8] =
    ["template", "constants", "labels", "annotations", "rewrite", "env", "parameters", "image"];

/// Fields that hold a name, where a credential is put by mistake for the value that it names.
const NAMES: [&str; 3] = ["key", "name", "secretKey"];

/// Keys shorter than this are no credentials.
const SHORTEST: usize = 16;

/// Looks at every scalar of a document.
pub(super) fn document(root: Node<'_>, substitution: bool) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (key, value) in root.entries() {
        let free = substitution || key.as_str().is_some_and(|key| key.starts_with("x-"));
        if value.kind() != Kind::Sequence {
            node(value, free, &mut diagnostics);
            continue;
        }
        let before = diagnostics.len();
        let items: Vec<_> = value.items().collect();
        let runs = parts::of(&items, |_, run| {
            let mut own = Vec::new();
            run.iter().for_each(|item| node(*item, free, &mut own));
            own
        });
        diagnostics.extend(runs.into_iter().flatten());
        if key.as_str() == Some(List::Pipelines.as_str()) {
            value.items().for_each(|pipeline| pipelines::values(pipeline, &mut diagnostics));
            diagnostics[before..].iter_mut().for_each(pipelines::at_github);
        }
    }
    if substitution {
        pipelines::placeholders(root, &mut diagnostics);
    }
    diagnostics
}

fn node(at: Node<'_>, free: bool, diagnostics: &mut Vec<Diagnostic>) {
    match at.kind() {
        Kind::Mapping => {
            for (key, value) in at.entries() {
                if let Some(text) = key.as_str().filter(|text| text.len() >= SHORTEST) {
                    scalar(text, key, true, diagnostics);
                }
                let name = key.as_str().unwrap_or_default();
                if NAMES.contains(&name) && value.as_str().is_some_and(literal::is_random_alone) {
                    let found = literal::diagnostic("a credential");
                    diagnostics.push(found.at(Label::at(value.span(), "")));
                }
                node(value, free || FREE.contains(&name), diagnostics);
            }
        }
        Kind::Sequence => at.items().for_each(|item| node(item, free, diagnostics)),
        Kind::String => {
            if let Some(text) = at.as_str() {
                scalar(text, at, free, diagnostics);
            }
        }
        Kind::Null | Kind::Bool | Kind::Int | Kind::Float => {}
    }
}

fn scalar(text: &str, at: Node<'_>, free: bool, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(what) = literal::scan(text) {
        let mut diagnostic = if literal::is_service_token(text) {
            Diagnostic::error("service-token", "a service token of Infisical, written out")
                .why("service tokens are retired, the operator cannot use them, and this one is now in the file")
                .fix("make a machine identity, keep its client id and secret in a Kubernetes Secret, and write `auth: {universalAuth: ...}`; revoke this token")
        } else {
            literal::diagnostic(what)
        };
        diagnostic.primary = Label::at(at.span(), "");
        diagnostics.push(diagnostic);
    }
    // One byte is looked for faster than two, and hardly any text has it.
    if !free && text.contains('$') && text.contains("${") {
        diagnostics.push(
            Diagnostic::error(PLACEHOLDER, "`${...}` would be written as it stands")
                .at(Label::at(at.span(), ""))
                .why("nothing is filled in here")
                .fix("write `substitution: flux` at the top of the document if Flux fills it in, or write the text itself"),
        );
    }
}
