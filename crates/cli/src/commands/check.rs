//! `keyloom check`: every mistake, each at its place.

use std::collections::BTreeSet;

use keyloom_models::code;
use keyloom_syntax::{Diagnostic, Sources, Span, Tree};

use super::load::{Without, load};
use crate::args::{Check, Output};
use crate::failure::Failure;
use crate::inputs::{self, Inputs};
use crate::io::Io;
use crate::report::{Report, json, text};

pub(super) fn run(args: &Check, io: &mut Io) -> Result<u8, Failure> {
    let without = if args.manifests.is_empty() { Without::All } else { Without::Base };
    let (inputs, outcome) = load(&args.documents, without)?;
    let manifests = manifests(args)?;
    let mut report = Report::new(args.findings.max_problems);
    report.add(&inputs.sources, &inputs.paths, outcome.diagnostics);
    if let Some((manifests, refused)) = &manifests {
        let mut problems = refused.clone();
        let (tree, found) = keyloom_syntax::parse(&manifests.sources, &inputs::budget(&args.documents));
        problems.extend(found);
        problems.extend(without_objects(&manifests.sources, &tree, &problems));
        match &outcome.config {
            Some(config) => problems.extend(keyloom_models::check_pods(config, &tree)),
            None => io.say("the manifests are not compared with a declaration that has errors"),
        }
        report.add(&manifests.sources, &manifests.paths, problems);
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

/// Files in which there is nothing to compare; one that cannot be read says so itself.
fn without_objects(sources: &Sources, tree: &Tree<'_>, problems: &[Diagnostic]) -> Vec<Diagnostic> {
    let file = |span: Span| sources.locate(span).map(|at| at.file);
    let objects =
        tree.documents().filter(|root| root.get("kind").is_some() && root.get("apiVersion").is_some());
    let broken = problems.iter().filter_map(|problem| problem.primary.span);
    let known: BTreeSet<_> = objects.map(|root| root.span()).chain(broken).filter_map(file).collect();
    let rest = sources.files().filter(|(_, file)| !known.contains(&file.name));
    rest.map(|(_, file)| {
        Diagnostic::warning(code::NO_MANIFEST, format!("no object of Kubernetes in {}", file.name))
            .why("an object has `apiVersion` and `kind`; nothing of this file was compared")
            .fix("hand over what is applied, such as the output of `helm template` or `kustomize build`")
    })
    .collect()
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
