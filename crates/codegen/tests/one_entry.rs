//! One entry more in a pipeline, or one less: what changes in everything that is written.
//!
//! `examples/pipeline/one-entry.diff` shows it, and one entry must be all that it takes. `UPDATE=1 cargo test -p
//! keyloom-codegen --test one_entry` writes it anew.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use keyloom_codegen::{Format, files};
use keyloom_models::read::{Options, load};
use keyloom_resources::synthesize;
use keyloom_syntax::Sources;
use similar::TextDiff;

const ENTRY: &str = "  - RESEND_API_KEY\n";

#[test]
fn an_entry_is_all_that_a_secret_takes() {
    let with = document();
    assert_eq!(with.matches(ENTRY).count(), 1);
    let without = with.replace(ENTRY, "");
    let (before, after) = (rendered(&without), rendered(&with));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "no file comes or goes");

    let diff = diff(&before, &after);
    let path = example().join("one-entry.diff");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &diff).unwrap();
    }
    assert_eq!(diff, fs::read_to_string(&path).unwrap(), "UPDATE=1 takes it over");

    let touched: BTreeSet<&str> = diff.lines().filter_map(|line| line.strip_prefix("+++ ")).collect();
    let wanted = [
        ".github/workflows/keyloom-lornu-ai.yml",
        "kubernetes/production/externalsecret-lornu-ai-secrets.yaml",
        "terraform/lornu-ai/bootstrap/main.tf.json",
        "terraform/lornu-ai/main.tf.json",
    ];
    assert_eq!(touched, BTreeSet::from(wanted));
}

/// Removing an entry takes away exactly what adding it brought, so that nothing of it stays anywhere.
#[test]
fn nothing_of_a_secret_stays_when_its_entry_goes() {
    let without = document().replace(ENTRY, "");
    for (path, text) in rendered(&without) {
        let lower = text.to_lowercase();
        for trace in ["resend_api_key", "resend-api-key"] {
            assert!(!lower.contains(trace), "{path} still has {trace}");
        }
    }
}

/// What `docs/pipelines.md` shows is a declaration, and its table names every file that is written.
#[test]
fn the_page_names_what_is_written() {
    let page = fs::read_to_string(example().join("../../docs/pipelines.md")).unwrap();
    let shown = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let written = rendered(shown);
    for path in written.keys() {
        assert!(rows.iter().any(|row| path.starts_with(row)), "{path} is not in the table");
    }
    for row in rows {
        assert!(written.keys().any(|path| path.starts_with(row)), "{row} is not written");
    }
}

fn diff(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> String {
    let changed = before.iter().filter(|(path, text)| after[*path] != **text);
    let of_file = |(path, text): (&String, &String)| {
        let diff = TextDiff::from_lines(text, &after[path]);
        diff.unified_diff().context_radius(2).header(path, path).to_string()
    };
    changed.map(of_file).collect()
}

fn rendered(text: &str) -> BTreeMap<String, String> {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", text.to_owned()).unwrap();
    let outcome = load(&sources, &Options::default());
    let config = outcome.config.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    let made = files(&synthesize(&config), &Format::ALL, false).unwrap();
    made.into_iter().map(|file| (file.path, String::from_utf8(file.contents).unwrap())).collect()
}

fn document() -> String {
    fs::read_to_string(example().join("keyloom.yaml")).unwrap()
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pipeline")
}
