//! Every rule by example: `reject/CODE/CASE.yaml` with what is reported in `CASE.txt`, and `accept/CODE.yaml`, a near
//! miss. `UPDATE=1` rewrites the texts; the difference is then read in review.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;

use common::{compare, diagnostics, folder, shown, source, yaml_files};
use keyloom_models::code::{code, codes};
use keyloom_syntax::Severity;

/// Codes that no declaration in YAML brings about.
const ELSEWHERE: [&str; 42] = [
    // The command's, about files that it writes.
    "edited-output",
    "foreign-output",
    "no-manifest",
    "output-all-gone",
    "output-link",
    "output-name-clash",
    "output-not-a-file",
    "output-of-other-set",
    // Before there is text; the reader's own tests have it.
    "not-utf8",
    // Only in documents built in Rust: in YAML the schema asks for keys.
    "no-keys",
    // Only of programs and of documents built in Rust: no YAML can say such a credential; tests/inline.rs has them.
    "inline-credential",
    "inline-credential-plain",
    // About other people's manifests: crates/foreign has theirs.
    "import-differs",
    "kustomize-patch",
    "provider-not-known",
    "templated-manifest",
    "unknown-kind",
    "unserved-version",
    // About names at the destination, which `keyloom plan` reads: crates/resources has them.
    "sync-deletes-foreign-secrets",
    "sync-names-collide",
    // About pods and Secrets that stand beside a declaration: crates/cli has theirs.
    "empty-secret-value",
    // About Terraform: crates/foreign has theirs.
    "empty-default",
    "json-syntax",
    "trust-too-wide",
    "perpetual-diff",
    "unknown-reference",
    "unknown-resource",
    // The checker's, about schemas that say so; the document schema does not.
    "not-allowed",
    "too-many",
    // About what the secret of a connection holds: crates/connections has theirs, and the codes' own tests their pages.
    "connection-details-kind",
    "connection-field-kind",
    "connection-field-missing",
    "connection-field-place",
    "connection-field-twice",
    "connection-field-unknown",
    "connection-fields-both",
    "connection-file-open",
    "connection-incomplete",
    "connection-name",
    "connection-not-json",
    "connection-password-empty",
    "connection-type",
];

fn code_of(path: &std::path::Path) -> String {
    path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_reject_fixture_reports_its_code_and_nothing_unexpected() {
    let mut wrong = Vec::new();
    for path in yaml_files(&folder("reject")) {
        let sources = source(&path);
        let found = diagnostics(&sources);
        let name = code_of(&path);
        if name != "reject" && !found.iter().any(|diagnostic| diagnostic.code == name) {
            wrong.push(format!("{} does not report {name}:\n{}", path.display(), shown(&sources, &found)));
        }
        compare(&path.with_extension("txt"), &shown(&sources, &found), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_accept_fixture_is_clean_of_its_code_and_of_errors() {
    let mut wrong = Vec::new();
    for path in yaml_files(&folder("accept")) {
        let sources = source(&path);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let found: Vec<_> = diagnostics(&sources)
            .into_iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error || diagnostic.code == name)
            .collect();
        if !found.is_empty() {
            wrong.push(format!("{}\n{}", path.display(), shown(&sources, &found)));
        }
        assert!(code(&name).is_some(), "{name} is no code");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_fixtures_and_every_fixture_a_code() {
    let rejected: BTreeSet<_> = yaml_files(&folder("reject"))
        .iter()
        .map(|path| code_of(path))
        .filter(|name| name != "reject")
        .collect();
    let accepted: BTreeSet<_> = yaml_files(&folder("accept"))
        .iter()
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let wanted: BTreeSet<_> = codes()
        .iter()
        .map(|code| code.name.to_owned())
        .filter(|name| !ELSEWHERE.contains(&&**name))
        .collect();
    let missing = |there: &BTreeSet<String>| wanted.difference(there).cloned().collect::<Vec<_>>();
    assert_eq!(missing(&rejected), [""; 0], "no reject fixture");
    assert_eq!(missing(&accepted), [""; 0], "no accept fixture");
    let more: Vec<_> = rejected.difference(&wanted).collect();
    assert!(more.is_empty(), "no such codes: {more:?}");
}

/// One file, many mistakes: none hides another.
#[test]
fn the_twenty_mistakes_are_all_reported() {
    let path = folder("reject").join("twenty-mistakes.yaml");
    let sources = source(&path);
    let text = std::fs::read_to_string(&path).unwrap();
    let found = diagnostics(&sources);
    let places: BTreeSet<_> = found
        .iter()
        .filter_map(|diagnostic| Some((diagnostic.code, sources.locate(diagnostic.primary.span?)?)))
        .map(|(code, at)| (at.line, code))
        .collect();
    // Each mistake is marked at its line: `# 7: unknown-store`.
    let mut marked = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((_, mark)) = line.split_once(" # ") else { continue };
        for mark in mark.split(", ") {
            let (_, code) = mark.split_once(": ").expect("number: code");
            marked.push((u32::try_from(number + 1).unwrap(), code));
        }
    }
    assert_eq!(marked.len(), 20);
    let missing: Vec<_> = marked.iter().filter(|mark| !places.contains(*mark)).collect();
    assert!(missing.is_empty(), "not reported: {missing:?}\n{}", shown(&sources, &found));
    let distinct: BTreeSet<_> = marked.iter().map(|(_, code)| code).collect();
    assert_eq!(distinct.len(), 20, "twenty different mistakes");
}

/// The rules read the text; no message, label or remedy may repeat what is a credential.
#[test]
fn no_diagnostic_repeats_a_credential() {
    for path in yaml_files(&folder("reject")) {
        let sources = source(&path);
        let text = shown(&sources, &diagnostics(&sources));
        for canary in ["hunter2", "correct-horse", "ghp_", "st.prod.", "sk_live_", "AKIA"] {
            let repeated = text.contains(canary);
            assert!(!repeated, "{} repeats a credential", path.display());
        }
    }
}

/// What the pages show as YAML is YAML, but for the codes of what is none.
#[test]
fn the_examples_of_the_pages_are_yaml() {
    for code in codes() {
        for (number, block) in code.text.split("```yaml\n").skip(1).enumerate() {
            let text = block.split("```").next().unwrap();
            let mut sources = keyloom_syntax::Sources::new();
            sources.add(code.name, text.to_owned()).unwrap();
            let (_, problems) = keyloom_syntax::parse(&sources, &keyloom_syntax::Budget::default());
            let broken = problems.iter().any(|problem| problem.code == code.name);
            assert!(problems.is_empty() || (broken && number == 0), "{} {number}: {problems:#?}", code.name);
        }
    }
}
