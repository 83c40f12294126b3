//! `cargo xtask tidy`: the rules about files and crates that no compiler checks, one line a finding.

use std::path::Path;
use std::process::Command;

use crate::{Outcome, Result, root, say};

mod modules;
mod text;
mod walls;

/// Runs all checks over the checkout and prints what they find.
pub(crate) fn run(args: &[String]) -> Result<Outcome> {
    if let Some(arg) = args.first() {
        return Err(format!("tidy takes no arguments, not {arg}").into());
    }
    let findings = findings(&root())?;
    for finding in &findings {
        say(finding)?;
    }
    Ok(if findings.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

/// All findings of a checkout, sorted.
fn findings(root: &Path) -> Result<Vec<String>> {
    let metadata =
        output(Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into())).current_dir(root).args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version=1",
        ]))?;
    let packages = walls::packages(&metadata)?;
    // Files that are not committed yet count too: better to hear of them before the commit than after.
    let listing = output(Command::new("git").current_dir(root).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut findings = walls::check(&packages);
    let mut rust = Vec::new();
    for name in listing.lines() {
        // Deleted files are still listed, and what is not text has no lines to judge.
        let Ok(text) = std::fs::read_to_string(root.join(name)) else { continue };
        findings.extend(text::check(name, &text));
        if name == "Cargo.toml" {
            findings.extend(text::dependencies(&text));
        }
        if name.starts_with("crates/") && name.ends_with(".rs") {
            rust.push((name.to_owned(), text));
        }
    }
    let roots: Vec<_> = packages
        .iter()
        .flat_map(|package| &package.targets)
        .filter_map(|target| Some(Path::new(&target.src_path).strip_prefix(root).ok()?.to_str()?.to_owned()))
        .collect();
    findings.extend(modules::orphans(&roots, &rust));
    findings.sort();
    findings.dedup();
    Ok(findings)
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_workspace_is_tidy() {
        let findings = super::findings(&crate::root()).unwrap();
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }
}
