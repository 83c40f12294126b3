//! One large text parsed in pieces, on as many cores as there are; the result is that of parsing it in one go.
//!
//! A piece begins at an item of a list that is the value of a key of the root: there the parser's whole state is
//! "in a list of that indentation, in a mapping at column 0", which a key on a line of its own brings about too. So
//! the piece is parsed behind such a key. Nothing relies on having guessed the place right: whoever parses the text
//! before it parses on until the item, and looks whether that *is* its state. If not, or if a piece has anything to
//! report, the pieces are dropped and the first parser goes on alone, as if there had never been any.

mod cut;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use saphyr_parser::{Event, Parser, ScanError, Span as Marks};

use crate::place::{Source, Span};
use crate::tree::{Files, Tree};

use super::Budget;
use super::build::Builder;
use super::input::Text;
use super::places::Places;

pub(super) use cut::{Cut, Plan, cuts};

/// What every piece but the first is parsed behind.
const KEY: &str = "_:\n";

/// A later part of a text, read. Its first nodes are a root, [`KEY`]'s key and the list that goes on.
pub(super) struct Piece<'s> {
    pub(super) tree: Tree<'s>,
    /// The list that the next piece continues; nothing when this is the last.
    pub(super) open: Option<u32>,
    /// Nodes that its aliases stand for.
    pub(super) expanded: u64,
}

/// How feeding the builder ended.
pub(super) enum End<'a> {
    Whole,
    Stopped,
    /// What the parser says, and where the bracket stands that was open then.
    Fault(ScanError, Option<Span>),
    /// This event is the first at or behind the cut, or shows that there is no good cut; it was not fed.
    Cut(Event<'a>, Marks),
}

/// Feeds events to the builder, up to the cut if there is one.
pub(super) fn feed<'a>(
    events: &mut impl Iterator<Item = Result<(Event<'a>, Marks), ScanError>>,
    builder: &mut Builder<'_, '_>,
    cut: Option<&Cut>,
) -> End<'a> {
    for event in events {
        match event {
            Ok((Event::StreamEnd, _)) => return End::Whole,
            Ok((event, marks)) => {
                if cut.is_some_and(|cut| builder.reaches(cut, &event, &marks)) {
                    return End::Cut(event, marks);
                }
                if builder.event(event, &marks).is_err() {
                    builder.abandon();
                    return End::Stopped;
                }
            }
            Err(fault) => {
                let opened = builder.open_bracket();
                builder.abandon();
                return End::Fault(fault, opened);
            }
        }
    }
    End::Stopped
}

/// Feeds a whole file; threads of their own read what is behind the cuts meanwhile.
pub(super) fn feed_in_pieces<'a, 's>(
    file: &'s Source,
    budget: &Budget,
    cuts: &[Cut],
    events: &mut impl Iterator<Item = Result<(Event<'a>, Marks), ScanError>>,
    builder: &mut Builder<'_, 's>,
) -> End<'a> {
    let wanted = AtomicBool::new(true);
    let held = thread::scope(|scope| {
        let wanted = &wanted;
        let started = cuts.iter().enumerate().map(|(i, from)| {
            let work = move || read(file, budget, from, cuts.get(i + 1), wanted);
            thread::Builder::new().spawn_scoped(scope, work)
        });
        let threads: Vec<_> = started.collect();
        let end = feed(events, builder, cuts.first());
        let fits = match (&end, cuts.first()) {
            (End::Cut(event, marks), Some(cut)) => {
                builder.fits(cut, event, marks) && builder.has_plain_root()
            }
            _ => false,
        };
        wanted.store(fits, Ordering::Relaxed);
        let pieces: Vec<_> = threads.into_iter().map(|thread| thread.ok()?.join().ok()?).collect();
        let pieces = pieces.into_iter().collect::<Option<Vec<_>>>();
        match pieces {
            Some(pieces) if fits && builder.takes(&pieces) => {
                #[cfg(test)]
                tests::TAKEN.with(|taken| taken.set(taken.get() + pieces.len()));
                pieces.into_iter().for_each(|piece| builder.append(piece));
                End::Whole
            }
            _ => end,
        }
    });
    let End::Cut(event, marks) = held else { return held };
    let held = std::iter::once(Ok((event, marks)));
    feed(&mut held.chain(events), builder, None)
}

/// Reads what is between two cuts; nothing when there is anything to report, or it is no longer `wanted`.
fn read<'s>(
    file: &'s Source,
    budget: &Budget,
    from: &Cut,
    to: Option<&Cut>,
    wanted: &AtomicBool,
) -> Option<Piece<'s>> {
    let mut tree = Tree { files: Files::of([file]), ..Tree::default() };
    let mut problems = Vec::new();
    let places = Places::new(&file.text, from.line, KEY.len());
    let mut builder = Builder::new(file, places, budget, &mut tree, &mut problems);
    let text = Text::behind(KEY, file.text.get(from.line..)?);
    let mut events = Parser::new(text).take_while(|_| wanted.load(Ordering::Relaxed));
    let open = match (feed(&mut events, &mut builder, to), to) {
        (End::Whole, None) => None,
        (End::Cut(event, marks), Some(to)) if builder.fits(to, &event, &marks) => Some(builder.open_list()?),
        _ => return None,
    };
    let expanded = builder.expanded();
    let first = tree.nodes.get(3)?.start;
    let continues = first == file.base + crate::tree::index(from.item);
    (problems.is_empty() && continues).then_some(Piece { tree, open, expanded })
}
