//! Text to [`Tree`]: YAML and JSON within a budget, every fault a diagnostic at its place.

mod build;
mod decode;
mod extent;
mod input;
mod keys;
mod many;
mod pieces;
mod places;
mod shift;
mod surrogates;
mod tags;
mod wording;

use std::borrow::Cow;

use saphyr_parser::{Parser, ScanError};

use crate::diagnostic::{Diagnostic, Label};
use crate::place::{Source, Sources, Span};
use crate::tree::Tree;

use build::Builder;
pub use decode::decode;
use pieces::{End, Plan};
use places::Places;

/// What one file may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Size of one file in bytes; 64 MiB by default.
    pub max_bytes: usize,
    /// How deep lists and mappings may nest, those reached through aliases included; 128 by default.
    pub max_depth: u32,
    /// How many nodes the aliases of one file may stand for together; 2,000,000 by default. Nodes that are written
    /// out are bounded by `max_bytes`.
    pub max_nodes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { max_bytes: 64 << 20, max_depth: 128, max_nodes: 2_000_000 }
    }
}

/// Problems reported for one file at most; a file that goes on like this is not worth more memory.
const MAX_PROBLEMS: usize = 1_000;

/// Reads all files into one tree.
///
/// Never fails as a whole: a file with a syntax error, or one nested too deep, contributes the documents before the
/// fault; one that is too large or holds a NUL byte contributes none. Codes: `too-large`, `nul-byte`, `too-deep`,
/// `yaml-syntax`, `tab-indentation`, `duplicate-key`, `complex-key`, `unsupported-tag`, `bad-merge`, `alias-budget`,
/// `recursive-alias`.
pub fn parse<'s>(sources: &'s Sources, budget: &Budget) -> (Tree<'s>, Vec<Diagnostic>) {
    parse_as(sources, budget, &Plan::of_machine())
}

fn parse_as<'s>(sources: &'s Sources, budget: &Budget, plan: &Plan) -> (Tree<'s>, Vec<Diagnostic>) {
    let files: Vec<_> = sources.files().map(|(_, file)| file).collect();
    let (mut tree, problems) = many::read(&files, budget, plan);
    // The tree stays as long as anybody may ask for a place; its growing room need not.
    tree.nodes.shrink_to_fit();
    tree.owned.shrink_to_fit();
    (tree, problems)
}

fn read_file<'s>(
    file: &'s Source,
    budget: &Budget,
    plan: &Plan,
    tree: &mut Tree<'s>,
    problems: &mut Vec<Diagnostic>,
) {
    if let Some((at, problem)) = decode::admit(&file.text, budget) {
        let start = file.base + crate::tree::index(at);
        problems.push(problem.at(Label::at(Span::new(start, start + 1), "")));
        return;
    }
    let before = (tree.nodes.len(), tree.owned.len(), tree.roots.len(), problems.len());
    let fault = read_text(file, budget, Some(plan), tree, problems);
    // Escaped surrogate pairs are JSON's way to write an emoji; the parser refuses them, so it gets to see stand-ins.
    let retry =
        fault.as_ref().is_some_and(|(fault, _)| fault.info().contains("invalid Unicode character escape"));
    let fault = if retry && surrogates::present(&file.text) {
        tree.nodes.truncate(before.0);
        tree.owned.truncate(before.1);
        tree.roots.truncate(before.2);
        problems.truncate(before.3);
        read_text(file, budget, None, tree, problems)
    } else {
        fault
    };
    if let Some((fault, opened)) = fault {
        let prepared = Prepared::of(&file.text, false);
        let at = prepared.places(file).byte(fault.marker().index());
        problems.push(wording::syntax_error(file, at, fault.info(), opened));
    }
}

/// Feeds the events of one file to the builder; answers with the syntax error that ended it, if one did, and the bracket
/// that was open. Without a
/// plan it is read in one piece, with stand-ins for surrogate pairs.
fn read_text<'s>(
    file: &'s Source,
    budget: &Budget,
    plan: Option<&Plan>,
    tree: &mut Tree<'s>,
    problems: &mut Vec<Diagnostic>,
) -> Option<(ScanError, Option<Span>)> {
    let prepared = Prepared::of(&file.text, plan.is_none());
    let mut builder = Builder::new(file, prepared.places(file), budget, tree, problems);
    builder.stand_ins = plan.is_none();
    let cuts = match plan {
        Some(plan) if prepared.lead == 0 => pieces::cuts(&file.text, plan),
        _ => Vec::new(),
    };
    let mut events = Parser::new(input::Text::new(&prepared.text));
    let end = if cuts.is_empty() {
        pieces::feed(&mut events, &mut builder, None)
    } else {
        pieces::feed_in_pieces(file, budget, &cuts, &mut events, &mut builder)
    };
    match end {
        End::Fault(fault, opened) => Some((fault, opened)),
        _ => None,
    }
}

/// The text as the parser gets it.
struct Prepared<'a> {
    text: Cow<'a, str>,
    /// Bytes of the source left out at the front: a byte order mark, blank lines.
    skipped: usize,
    /// Characters put before the rest.
    lead: usize,
}

impl<'a> Prepared<'a> {
    fn of(source: &'a str, stand_ins: bool) -> Self {
        let body = source.strip_prefix('\u{feff}').unwrap_or(source);
        let json = body.trim_start_matches([' ', '\t', '\r', '\n']);
        if !json.starts_with(['{', '[']) {
            let text = if stand_ins { Cow::Owned(surrogates::replaced(body)) } else { Cow::Borrowed(body) };
            return Self { text, skipped: source.len() - body.len(), lead: 0 };
        }
        // A bracket at the root could begin a key for all the parser knows, so it would hold every token of the
        // file back until the closing one. After `---` on the same line it cannot.
        let lead = "--- ";
        let text =
            if stand_ins { [lead, &surrogates::replaced(json)].concat() } else { [lead, json].concat() };
        Self { text: Cow::Owned(text), skipped: source.len() - json.len(), lead: lead.len() }
    }

    fn places(&self, file: &'a Source) -> Places<'a> {
        Places::new(&file.text, self.skipped, self.lead)
    }
}
