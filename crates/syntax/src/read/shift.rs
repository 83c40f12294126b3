//! Nodes that move to another arena.

use crate::tree::{Kind, NO_TEXT, OWNED, Raw, RawKind};

/// How far indices move; a negative distance wraps, and wraps back when it is added.
pub(super) struct Shift {
    pub(super) nodes: u32,
    pub(super) texts: u32,
}

impl Shift {
    pub(super) fn node(&self, at: u32) -> u32 {
        at.wrapping_add(self.nodes)
    }

    pub(super) fn moved(&self, raw: &Raw) -> Raw {
        let mut raw = *raw;
        match raw.kind {
            RawKind::Alias | RawKind::Value(Kind::Sequence | Kind::Mapping) => {
                raw.payload = self.node(raw.payload)
            }
            RawKind::Value(_) if raw.flags & OWNED != 0 && raw.payload != NO_TEXT => {
                raw.payload = raw.payload.wrapping_add(self.texts);
            }
            RawKind::Value(_) => {}
        }
        raw
    }
}
