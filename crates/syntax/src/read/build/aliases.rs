//! Aliases: followed by id, never copied, and bounded in what they stand for.

use saphyr_parser::Span as Marks;

use crate::place::Span;
use crate::read::wording;
use crate::tree::{Kind, NO_TEXT, OWNED, Raw, RawKind, index};

use super::{Builder, Stop};

impl Builder<'_, '_> {
    pub(super) fn alias(&mut self, anchor: usize, marks: &Marks) -> Result<(), Stop> {
        let start = self.places.byte(marks.start.index());
        let end = self.places.byte(marks.end.index());
        self.last_end = end;
        let span = Span::new(self.global(start), self.global(end));
        let target = anchor.checked_sub(self.first_anchor).and_then(|at| self.anchors.get(at)).copied();
        let is_key = self.take_key_turn();
        let depth = index(self.frames.len());
        let found = match target {
            None => Err(wording::unknown_anchor(span)),
            Some(None) => Err(wording::recursive_alias(span)),
            Some(Some((id, size, height))) => {
                let first = self.expanded <= self.budget.max_nodes;
                self.expanded = self.expanded.saturating_add(size);
                if depth.saturating_add(height) > self.budget.max_depth {
                    self.report(wording::too_deep(span, self.budget.max_depth));
                    return Err(Stop);
                }
                match self.expanded > self.budget.max_nodes {
                    false => Ok((id, size, height)),
                    true if first => Err(wording::alias_budget(span, self.budget.max_nodes)),
                    // Once is enough: every later alias of the file is over the budget too.
                    true => return self.put_null(span),
                }
            }
        };
        match found {
            Ok((id, size, height)) => {
                if is_key && matches!(self.tree.node(id).kind(), Kind::Mapping | Kind::Sequence) {
                    self.report(wording::complex_key(self.text, start, span));
                }
                self.push(Raw {
                    start: span.start,
                    end: span.end,
                    payload: id.0,
                    kind: RawKind::Alias,
                    flags: 0,
                });
                self.count(size, height);
                Ok(())
            }
            Err(problem) => {
                self.report(problem);
                self.put_null(span)
            }
        }
    }

    fn put_null(&mut self, span: Span) -> Result<(), Stop> {
        let kind = RawKind::Value(Kind::Null);
        self.push(Raw { start: span.start, end: span.end, payload: NO_TEXT, kind, flags: OWNED });
        self.count(1, 0);
        Ok(())
    }
}
