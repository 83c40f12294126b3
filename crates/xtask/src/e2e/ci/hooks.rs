//! The hooks as pre-commit runs them: it clones this repository and runs their script from the clone.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Result;
use crate::e2e::ci::said;
use crate::e2e::engines::Tools;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::options::Options;
use crate::e2e::report::Report;

/// A hook, a declaration, whether the hook passes, and words that it says.
const CASES: [(&str, &str, bool, &str); 3] = [
    ("keyloom-check", "crates/cli/tests/cases/good.yaml", true, "Passed"),
    ("keyloom-check", "crates/cli/tests/cases/two-methods.yaml", false, "error[two-auth-methods]"),
    ("keyloom-validate", "crates/cli/tests/cases/manifest.yaml", false, "error[unknown-field]"),
];

pub(super) fn run(tools: &Tools, keyloom: &Keyloom, options: &Options, report: &mut Report) -> Result<()> {
    for (hook, case, passes, words) in CASES {
        let check = format!("ci pre-commit {hook} {case}");
        if !options.selects(&check) {
            continue;
        }
        let dir = tempfile::tempdir()?;
        let (code, said) = tried(tools, keyloom, hook, &crate::root().join(case), dir.path())?;
        let fits = (code == Some(0)) == passes && said.contains(words);
        report.settle(&check, if fits { &[] } else { std::slice::from_ref(&said) })?;
    }
    Ok(())
}

/// `pre-commit try-repo` in a repository with one declaration.
fn tried(
    tools: &Tools,
    keyloom: &Keyloom,
    hook: &str,
    declaration: &Path,
    dir: &Path,
) -> Result<(Option<i32>, String)> {
    let repository = dir.join("repository");
    fs::create_dir(&repository)?;
    fs::copy(declaration, repository.join("keyloom.yaml"))?;
    for args in [&["init", "--quiet"][..], &["add", "keyloom.yaml"]] {
        let (code, words) = said(Command::new("git").args(args).current_dir(&repository))?;
        if code != Some(0) {
            return Err(format!("git {}: {words}", args.join(" ")).into());
        }
    }
    said(
        Command::new(&tools.pre_commit)
            .arg("try-repo")
            .arg(crate::root())
            .args([hook, "--verbose", "--color", "never", "--files", "keyloom.yaml"])
            .current_dir(&repository)
            .env("PRE_COMMIT_HOME", dir.join("home"))
            .env("KEYLOOM_BIN", keyloom.path()),
    )
}
