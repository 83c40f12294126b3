//! Scalars: where they lie, what they are, and whether their text must be kept beside the source.

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Span as Marks, Tag};

use crate::place::Span;
use crate::read::{extent, surrogates, tags, wording};
use crate::scalar::{self, ScalarKind};
use crate::tree::{Kind, MERGE, OWNED, PLAIN, QUOTED, Raw, RawKind, index};

use super::Builder;

impl Builder<'_, '_> {
    pub(super) fn scalar(
        &mut self,
        value: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        marks: &Marks,
    ) {
        let mut start = self.places.byte(marks.start.index());
        if anchor > 0 || tag.is_some() {
            start = extent::after_properties(self.text, start);
        }
        let plain = style == ScalarStyle::Plain;
        let is_key = self.take_key_turn();
        let mut raw = if plain && value.is_empty() {
            self.nothing(start)
        } else {
            self.written(value, style, start, marks)
        };
        raw.kind = RawKind::Value(self.kind_of(&raw, plain, is_key, tag));
        if plain && is_key && raw.end - raw.start == 2 && self.tree.text(&raw) == "<<" {
            raw.flags |= MERGE;
            if let Some(frame) = self.frames.last()
                && let Some(parent) = self.tree.nodes.get_mut(frame.node as usize)
            {
                parent.flags |= MERGE;
            }
        }
        let id = self.push(raw);
        self.remember(anchor, Some((id, 1, 0)));
        self.count(1, 0);
    }

    /// A node that is not there: `key:` and no more.
    fn nothing(&mut self, start: usize) -> Raw {
        let colon = self.text.as_bytes().get(start) == Some(&b':');
        let at = self.global(start + usize::from(colon));
        Raw { start: at, end: at, payload: 0, kind: RawKind::Value(Kind::Null), flags: PLAIN }
    }

    fn written(&mut self, value: Cow<'_, str>, style: ScalarStyle, start: usize, marks: &Marks) -> Raw {
        let places = &mut self.places;
        let limit = || places.byte(marks.end.index());
        let place = extent::scalar(self.text, start, limit, &value, style, self.last_end);
        self.last_end = place.end;
        let mut flags = if style == ScalarStyle::Plain { PLAIN } else { 0 };
        if !place.verbatim {
            flags |= OWNED;
        } else if !matches!(style, ScalarStyle::Plain) {
            flags |= QUOTED;
        }
        let payload = if place.verbatim { 0 } else { self.own(value, style, place.start, place.end) };
        let kind = RawKind::Value(Kind::String);
        Raw { start: self.global(place.start), end: self.global(place.end), payload, kind, flags }
    }

    fn own(&mut self, value: Cow<'_, str>, style: ScalarStyle, start: usize, end: usize) -> u32 {
        let mut value = value.into_owned();
        if self.stand_ins {
            let source = self.text.get(start..end).unwrap_or_default();
            value = match style {
                ScalarStyle::DoubleQuoted => surrogates::restore_quoted(&value, source),
                _ => surrogates::restore_text(&value, source),
            };
        }
        self.tree.owned.push(value.into_boxed_str());
        index(self.tree.owned.len() - 1)
    }

    fn kind_of(&mut self, raw: &Raw, plain: bool, is_key: bool, tag: Option<&Tag>) -> Kind {
        if let Some(tag) = tag {
            return self.tagged_kind(raw, tag, is_key);
        }
        if !plain || is_key {
            return Kind::String;
        }
        if raw.start == raw.end { Kind::Null } else { kind(scalar::resolve(self.tree.text(raw))) }
    }

    fn tagged_kind(&mut self, raw: &Raw, tag: &Tag, is_key: bool) -> Kind {
        let found = tags::wanted(tag).and_then(|wanted| tags::apply(wanted, self.tree.text(raw)));
        if found.is_none() {
            let known = tags::wanted(tag).is_some();
            self.report(wording::bad_tag(&tags::written(tag), known, Span::new(raw.start, raw.end)));
        }
        if is_key { Kind::String } else { found.map_or(Kind::String, kind) }
    }
}

fn kind(scalar: ScalarKind) -> Kind {
    match scalar {
        ScalarKind::Null => Kind::Null,
        ScalarKind::Bool => Kind::Bool,
        ScalarKind::Int => Kind::Int,
        ScalarKind::Float => Kind::Float,
        ScalarKind::String => Kind::String,
    }
}
