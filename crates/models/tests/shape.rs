//! The published schema, an independent validator of it, and `load` agree on shape: the same documents are good and
//! bad, and what is good is read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::{Path, PathBuf};

use common::{folder, options, shown, source, yaml_files};
use keyloom_models::code::codes;
use keyloom_models::read::{Environment, load};
use keyloom_models::{Defaults, Versions, document_schema};
use keyloom_syntax::check::{CODES, Problem, check};
use keyloom_syntax::schema::Schema;
use keyloom_syntax::{Budget, De, Node, Severity, Sources, Span, TreeView, parse};
use serde_json::Value;

/// Every document there is: the corpus of shapes, the fixtures, the examples, and what an API server is asked to accept.
fn corpus() -> Vec<PathBuf> {
    let mut files = yaml_files(&folder("shape"));
    assert!(files.len() >= 60);
    files.extend(yaml_files(&folder("reject")));
    files.extend(yaml_files(&folder("accept")));
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let accepted = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/accept");
    let is_input = |path: &PathBuf| path.file_name().is_some_and(|name| name == "keyloom.yaml");
    files.extend(yaml_files(&examples).into_iter().chain(yaml_files(&accepted)).filter(is_input));
    files
}

fn compiled() -> Schema {
    let names: Vec<_> = codes().iter().map(|code| code.name).collect();
    Schema::compile_with_codes(document_schema(), &names).unwrap()
}

/// The documents of a file that is YAML; with the words that a later tool fills in, nothing is known.
fn documents(sources: &Sources, then: impl FnOnce(&[Node<'_>], bool)) {
    let (tree, problems) = parse(sources, &Budget { ..options(sources).budget });
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return;
    }
    let roots: Vec<_> = tree.documents().collect();
    let substitution = roots.iter().any(|root| root.get("substitution").is_some());
    then(&roots, substitution);
}

/// What the checker says, what is only deprecated among it.
fn said(root: Node<'_>, schema: &Schema, substitution: bool) -> Vec<Problem<Span>> {
    let mut problems = Vec::new();
    check(TreeView::new(root, substitution), schema, &mut problems);
    problems
}

fn problems(root: Node<'_>, schema: &Schema, substitution: bool) -> Vec<Problem<Span>> {
    let mut problems = said(root, schema, substitution);
    problems.retain(|problem| problem.severity == Severity::Error);
    problems
}

#[test]
fn the_checker_and_an_independent_validator_agree() {
    let (ours, theirs) = (compiled(), jsonschema::draft7::new(document_schema()).unwrap());
    let mut wrong = Vec::new();
    for path in corpus() {
        let sources = source(&path);
        documents(&sources, |roots, substitution| {
            let mut good = true;
            for root in roots {
                let value: Value = De::new(*root).read().unwrap();
                let problems = problems(*root, &ours, substitution);
                let faults: Vec<_> = theirs
                    .iter_errors(&value)
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                good &= problems.is_empty();
                // Text that a later tool fills in is not known to us, and no legal name to a plain schema.
                let agree = problems.is_empty() == faults.is_empty() || (substitution && problems.is_empty());
                if !agree {
                    wrong.push(format!("{}\n  ours: {problems:?}\n  theirs: {faults:?}", path.display()));
                }
            }
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.parent().unwrap().ends_with("shape") && name.starts_with("good-") != good {
                wrong.push(format!("{name} is {}", if good { "good" } else { "bad" }));
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn load_reports_what_the_schema_refuses_and_nothing_more() {
    let schema = compiled();
    // The one code of the checker that rules share.
    let shape = |code: &str| CODES.contains(&code) && code != "duplicate-item";
    let mut wrong = Vec::new();
    for path in corpus() {
        let sources = source(&path);
        documents(&sources, |roots, substitution| {
            // One finding stands for all of its fields.
            if path.ends_with("unknown-field/manifest.yaml") {
                return;
            }
            let mut options = options(&sources);
            // What an overlay leaves of an item is not in the document that the schema looks at.
            if path.ends_with("missing-field/after-an-overlay.yaml") {
                options.environment = Environment::Base;
            }
            let found = load(&sources, &options).diagnostics;
            let mut clean = true;
            for problem in roots.iter().flat_map(|root| said(*root, &schema, substitution)) {
                clean = false;
                let reported = found.iter().any(|diagnostic| {
                    // Better words of a rule may stand at the same place.
                    diagnostic.primary.span == Some(problem.at)
                        && !(diagnostic.code != problem.code && shape(diagnostic.code))
                });
                if !reported {
                    wrong.push(format!("{} does not report {problem:?}", path.display()));
                }
            }
            let more: Vec<_> = found.into_iter().filter(|diagnostic| shape(diagnostic.code)).collect();
            if clean && !more.is_empty() {
                wrong.push(format!("{}: good by the schema\n{}", path.display(), shown(&sources, &more)));
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sections_of_good_documents_are_read() {
    let schema = compiled();
    for path in corpus() {
        let sources = source(&path);
        documents(&sources, |roots, substitution| {
            for root in roots.iter().filter(|root| problems(**root, &schema, substitution).is_empty()) {
                if let Some(node) = root.get("defaults") {
                    let read = De::new(node).substitution(substitution).read::<Defaults>();
                    assert!(read.is_ok(), "{}: {read:?}", path.display());
                }
                if let Some(node) = root.get("versions") {
                    let read = De::new(node).substitution(substitution).read::<Versions>();
                    assert!(read.is_ok(), "{}: {read:?}", path.display());
                }
            }
        });
    }
}
