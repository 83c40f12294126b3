//! `cargo xtask codegen`: every committed file that is made from something else.
//!
//! A generated file names the command that makes it, the same input gives the same bytes, and `--check` compares
//! instead of writing.

use std::path::Path;

use crate::{Outcome, Result, root, say};

mod condense;
mod crd;
pub(crate) mod crds;
mod eso;
mod fields;
pub(crate) mod terraform;

/// Makes everything that needs no input from elsewhere.
const COMMAND: &str = "cargo xtask codegen";

const USAGE: &str =
    "usage: cargo xtask codegen [eso --crds DIR [--eso VERSION] | terraform --schemas DIR] [--check]";

/// Runs the generator that the first argument names; without one, all whose input is at hand.
pub(crate) fn run(args: &[String]) -> Result<Outcome> {
    match args.split_first().map(|(what, rest)| (what.as_str(), rest)) {
        Some(("eso", rest)) => eso::run(&Options::parse(rest)?),
        Some(("terraform", rest)) => terraform::run(&Options::parse(rest)?),
        None => every(Mode::Write),
        Some(("--check", [])) => every(Mode::Check),
        Some(_) => Err(USAGE.into()),
    }
}

/// Every generated file, from CRDs and schemas where they usually are. What cannot be made here is said.
fn every(mode: Mode) -> Result<Outcome> {
    let mut outcomes = vec![from_types(mode)?, from_examples(mode)?];
    for (version, folder) in crate::e2e::crd_folders()? {
        let Some(folder) = folder else {
            say(&format!("eso-{version}.json: not looked at, its CRDs are not on this machine"))?;
            continue;
        };
        let crds = Some(folder.to_string_lossy().into_owned());
        outcomes.push(eso::run(&Options { mode, crds, eso: Some(version), schemas: None })?);
    }
    match terraform::folder() {
        Some(folder) => {
            let schemas = Some(folder.to_string_lossy().into_owned());
            outcomes.push(terraform::run(&Options { mode, crds: None, eso: None, schemas })?);
        }
        None => say("terraform-*.json: not looked at, the providers' schemas are not on this machine")?,
    }
    let stale = outcomes.contains(&Outcome::Findings);
    Ok(if stale { Outcome::Findings } else { Outcome::Clean })
}

/// The schemas of the document and of connections, for editors, the page of types of connections, Pulumi's package schema with its
/// page, and the pages of all codes.
fn from_types(mode: Mode) -> Result<Outcome> {
    use keyloom_codegen::{code_pages, connection_page, connection_schemas, json_schema, pulumi};
    let mut outcome = ensure(json_schema::PATH, &json_schema::render(), mode, COMMAND)?;
    outcome = outcome.max(ensure(connection_schemas::ONE, &connection_schemas::one(), mode, COMMAND)?);
    outcome = outcome.max(ensure(connection_schemas::FILE, &connection_schemas::file(), mode, COMMAND)?);
    outcome = outcome.max(ensure(connection_page::PATH, &connection_page::render(), mode, COMMAND)?);
    outcome = outcome.max(ensure(pulumi::PATH, &pulumi::render(), mode, COMMAND)?);
    outcome = outcome.max(ensure(pulumi::page::PATH, &pulumi::page::render(), mode, COMMAND)?);
    let pages = code_pages::render();
    let stale = |(path, contents): &&(String, String)| !is_fresh(path, contents);
    let changed: Vec<_> = pages.iter().filter(stale).collect();
    for (path, contents) in &changed {
        outcome = outcome.max(ensure(path, contents, mode, COMMAND)?);
    }
    say(&format!("{}: {} pages, {} changed", code_pages::FOLDER, pages.len(), changed.len()))?;
    Ok(outcome.max(remove_others(code_pages::FOLDER, &pages, mode)?))
}

/// The page of all fields, and the fields that it could say nothing about.
fn from_examples(mode: Mode) -> Result<Outcome> {
    let page = fields::page()?;
    for field in &page.empty {
        say(&format!("{}: no place in a document for {field}", fields::PATH))?;
    }
    let known = if page.empty.is_empty() { Outcome::Clean } else { Outcome::Findings };
    Ok(known.max(ensure(fields::PATH, &page.text, mode, COMMAND)?))
}

/// Removes files of a folder that nobody makes any more, or says that they are there.
fn remove_others(folder: &str, made: &[(String, String)], mode: Mode) -> Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let folder_there = root().join(folder);
    std::fs::create_dir_all(&folder_there)?;
    for entry in std::fs::read_dir(folder_there)? {
        let name = format!("{folder}/{}", entry?.file_name().display());
        match (made.iter().any(|(path, _)| *path == name), mode) {
            (true, _) => {}
            (false, Mode::Check) => {
                say(&format!("{name}: nobody makes it; run `cargo xtask codegen`"))?;
                outcome = Outcome::Findings;
            }
            (false, Mode::Write) => {
                std::fs::remove_file(root().join(&name))?;
                say(&format!("{name}: removed"))?;
            }
        }
    }
    Ok(outcome)
}

fn is_fresh(path: &str, contents: &str) -> bool {
    std::fs::read(root().join(path)).is_ok_and(|now| now == contents.as_bytes())
}

/// Write the files, or only compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

/// Command line of a generator.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    mode: Mode,
    crds: Option<String>,
    eso: Option<String>,
    schemas: Option<String>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self { mode: Mode::Write, crds: None, eso: None, schemas: None };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().cloned().ok_or(format!("{arg} wants a value"));
            match arg.as_str() {
                "--check" => options.mode = Mode::Check,
                "--crds" => options.crds = Some(value()?),
                "--eso" => options.eso = Some(value()?),
                "--schemas" => options.schemas = Some(value()?),
                _ => return Err(format!("unknown argument {arg}\n{USAGE}").into()),
            }
        }
        Ok(options)
    }
}

/// Makes sure that a generated file has these contents: writes it, or says that it is stale.
fn ensure(path: &str, contents: &str, mode: Mode, command: &str) -> Result<Outcome> {
    let file = root().join(path);
    match (is_fresh(path, contents), mode) {
        (true, _) => say(&format!("{path}: up to date, {} bytes", contents.len()))?,
        (false, Mode::Check) => {
            say(&format!("{path}: stale; run `{command}`"))?;
            return Ok(Outcome::Findings);
        }
        (false, Mode::Write) => {
            std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
            std::fs::write(&file, contents)?;
            say(&format!("{path}: written, {} bytes", contents.len()))?;
        }
    }
    Ok(Outcome::Clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_unknown_ones_refused() {
        let parse = |words: &str| Options::parse(&words.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let options = parse("--crds d --eso 2.9 --schemas s --check").unwrap();
        let text = |text: &str| Some(text.to_owned());
        let expected = Options { mode: Mode::Check, crds: text("d"), eso: text("2.9"), schemas: text("s") };
        assert_eq!(options, expected);
        assert_eq!(parse("--crds").unwrap_err().to_string(), "--crds wants a value");
        assert!(parse("--frob").unwrap_err().to_string().starts_with("unknown argument --frob"));
    }
}
