//! `keyloom check`: every mistake, each at its place.

use keyloom_syntax::Diagnostic;

use super::load::{Without, load};
use crate::args::{Check, Output};
use crate::failure::Failure;
use crate::inputs::{self, Inputs};
use crate::io::Io;
use crate::report::{Report, json, text};

pub(super) fn run(args: &Check, io: &mut Io) -> Result<u8, Failure> {
    let without = if args.manifests.is_empty() { Without::All } else { Without::Base };
    inputs::stdin_once(args.documents.files.iter().chain(&args.manifests))?;
    let (inputs, outcome) = load(&args.documents, without)?;
    let manifests = manifests(args)?;
    let mut report = Report::new(args.findings.max_problems);
    report.add(&inputs.sources, &inputs.paths, outcome.hidden, outcome.diagnostics);
    if let Some((manifests, refused)) = &manifests {
        let mut problems = refused.clone();
        let (tree, found) = keyloom_syntax::parse(&manifests.sources, &inputs::budget(&args.documents));
        problems.extend(found);
        match &outcome.config {
            Some(config) => problems.extend(keyloom_models::check_pods(config, &tree)),
            None => io.say("the manifests are not compared with a declaration that has errors"),
        }
        let hidden = match problems.is_empty() {
            true => Vec::new(),
            false => keyloom_models::hidden_in_manifests(&manifests.sources, &tree),
        };
        report.add(&manifests.sources, &manifests.paths, hidden, problems);
    }

    match args.output {
        Output::Text => {
            let color = io.color_out();
            io.write(|out| text::write(&report, color, out))?;
        }
        Output::Json => io.write(|out| json::write(&report, out))?,
    }
    io.say(&report.summary());
    Ok(report.exit_code(args.findings.deny_warnings))
}

/// The manifests to compare with, and what is wrong with files that are no text.
fn manifests(args: &Check) -> Result<Option<(Inputs, Vec<Diagnostic>)>, Failure> {
    if args.manifests.is_empty() {
        return Ok(None);
    }
    let mut inputs = inputs::read_files(args.manifests.clone(), &inputs::budget(&args.documents))?;
    let refused = std::mem::take(&mut inputs.refused);
    Ok(Some((inputs, refused)))
}
