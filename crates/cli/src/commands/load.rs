//! What verbs that read a declaration do first.

use std::collections::BTreeMap;

use keyloom_models::read::{self, Environment, Options, Outcome};
use keyloom_models::{Config, code};
use keyloom_syntax::{Diagnostic, Label, Severity};

use crate::args::{Documents, Findings};
use crate::exit_code;
use crate::failure::Failure;
use crate::inputs::{self, Inputs};
use crate::io::Io;
use crate::report::{Found, Report};

/// What is read without `--env`.
pub(super) enum Without {
    /// The base alone.
    Base,
    /// The base and every environment.
    All,
}

/// What the options ask for and the documents, or this command, do not know is no finding in a document.
fn of_command_line(options: &Options, outcome: &Outcome) -> Result<(), Failure> {
    let wrong = outcome
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error && options.blamed(diagnostic).is_some());
    let words = wrong.map(|Diagnostic { message, primary, fix, .. }| {
        let label = Some(&primary.text).filter(|text| !text.is_empty());
        let hints = label.into_iter().chain(fix).map(|hint| format!("; {hint}"));
        hints.fold(message.clone(), |words, hint| words + &hint)
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() { Ok(()) } else { Err(Failure::Usage(words.join("; and "))) }
}

/// A declaration that was read.
pub(super) struct Loaded {
    pub(super) inputs: Inputs,
    pub(super) found: Found,
    /// None when there is an error.
    pub(super) config: Option<Config>,
    /// Where each secret sync is written, by its name.
    pub(super) secret_syncs: BTreeMap<String, Label>,
}

/// Reads and checks the documents. Files that are no text are findings as well, and then there is no config.
pub(super) fn load(
    documents: &Documents,
    without: Without,
) -> Result<(Inputs, Found, Option<Config>), Failure> {
    let Loaded { inputs, found, config, .. } = load_all(documents, without)?;
    Ok((inputs, found, config))
}

/// As [`load`], with where things are written.
pub(super) fn load_all(documents: &Documents, without: Without) -> Result<Loaded, Failure> {
    let mut inputs = inputs::read(documents)?;
    let environment = match (&documents.env, without) {
        (Some(name), _) => Environment::Named(name.clone()),
        (None, Without::Base) => Environment::Base,
        (None, Without::All) => Environment::All,
    };
    let options = Options {
        budget: inputs::budget(documents),
        environment,
        eso: documents.eso.clone(),
        namespace: documents.namespace.clone(),
    };
    let outcome = read::load(&inputs.sources, &options);
    of_command_line(&options, &outcome)?;
    let Outcome { mut diagnostics, suppressed, hidden, mut config, secret_syncs } = outcome;
    if !inputs.refused.is_empty() {
        config = None;
        diagnostics.retain(|diagnostic| diagnostic.code != code::NOTHING_DECLARED);
        diagnostics.splice(0..0, inputs.refused.drain(..));
    }
    let found = Found { diagnostics, suppressed, hidden, ..Found::default() };
    Ok(Loaded { inputs, found, config, secret_syncs })
}

/// The documents and the config that they are, or the exit code that their findings deserve. Findings are said, never printed:
/// standard output is for what is made of the config.
pub(super) fn valid(
    documents: &Documents,
    findings: &Findings,
    io: &Io,
) -> Result<Result<(Inputs, Config), u8>, Failure> {
    let (inputs, found, config) = load(documents, Without::Base)?;
    let mut report = Report::new(findings);
    report.add(&inputs.sources, &inputs.paths, found);
    if !report.is_empty() {
        report.say(io);
    }
    let code = report.exit_code();
    let config = config.filter(|_| code == exit_code::CLEAN);
    Ok(config.map(|config| (inputs, config)).ok_or(code.max(exit_code::FINDINGS)))
}
