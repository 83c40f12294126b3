//! `keyloom check`: every mistake, each at its place.

use std::collections::BTreeSet;

use keyloom_models::suppress::{self, Suppressions};
use keyloom_models::{Config, code};
use keyloom_syntax::{Diagnostic, Sources, Tree};

use super::load::{Without, load};
use crate::args::Check;
use crate::failure::Failure;
use crate::inputs::{self, Inputs};
use crate::io::Io;
use crate::report::{Found, Report};

pub(super) fn run(args: &Check, io: &mut Io) -> Result<u8, Failure> {
    let without = if args.manifests.is_empty() { Without::All } else { Without::Base };
    inputs::stdin_once(args.documents.files.iter().chain(&args.manifests))?;
    let (inputs, found, config) = load(&args.documents, without)?;
    let manifests = manifests(args)?;
    let mut report = Report::new(&args.findings);
    report.add(&inputs.sources, &inputs.paths, found);
    if let Some((manifests, refused)) = &manifests {
        if config.is_none() {
            io.say("the manifests are not compared with a declaration that has errors");
        }
        let found = compared(args, manifests, refused, config.as_ref());
        report.add(&manifests.sources, &manifests.paths, found);
    }
    report.print(args.output.output, "", io)?;
    Ok(report.exit_code())
}

/// What is found in manifests, beside the config if there is one.
fn compared(args: &Check, manifests: &Inputs, refused: &[Diagnostic], config: Option<&Config>) -> Found {
    let mut problems = refused.to_vec();
    let (tree, found) = keyloom_syntax::parse(&manifests.sources, &inputs::budget(&args.documents));
    problems.extend(found);
    problems.extend(without_objects(&manifests.sources, &tree, &problems));
    problems.extend(config.into_iter().flat_map(|config| keyloom_models::check_pods(config, &tree)));
    let hidden = match problems.is_empty() {
        true => Vec::new(),
        false => keyloom_models::hidden_in_manifests(&manifests.sources, &tree),
    };
    // Whatever else is wrong with manifests was not looked for.
    let unread = suppress::unread(&manifests.sources, &problems);
    let allowed = Suppressions { errors: true, unread, ..Suppressions::default() };
    let (diagnostics, suppressed) = suppress::apply(&manifests.sources, &tree, problems, &allowed);
    Found { diagnostics, suppressed, hidden, ..Found::default() }
}

/// Files in which there is nothing to compare; one that cannot be read says so itself.
fn without_objects(sources: &Sources, tree: &Tree<'_>, problems: &[Diagnostic]) -> Vec<Diagnostic> {
    let objects =
        tree.documents().filter(|root| root.get("kind").is_some() && root.get("apiVersion").is_some());
    let broken = problems.iter().filter_map(|problem| problem.primary.span);
    let known = objects.map(|root| root.span()).chain(broken).filter_map(|span| sources.file_of(span));
    let known: BTreeSet<_> = known.collect();
    let rest = sources.files().filter(|(id, _)| !known.contains(id));
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
