//! Sets of JSON types.

use crate::view::{View, ViewKind};

/// A set of JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Types(pub(crate) u8);

impl Default for Types {
    fn default() -> Self {
        Self::ALL
    }
}

impl Types {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOL: Self = Self(2);
    pub(crate) const INT: Self = Self(4);
    /// Whole numbers are numbers.
    pub(crate) const NUMBER: Self = Self(4 | 8);
    pub(crate) const TEXT: Self = Self(16);
    pub(crate) const LIST: Self = Self(32);
    pub(crate) const MAP: Self = Self(64);
    pub(crate) const ALL: Self = Self(127);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The narrowest set that a view fits in; everything for an unknown one.
    pub(crate) fn of<V: View>(view: V) -> Self {
        match view.kind() {
            ViewKind::Null => Self::NULL,
            ViewKind::Bool => Self::BOOL,
            ViewKind::Int => Self::INT,
            // `2.0` is a whole number in JSON Schema.
            ViewKind::Float if view.number().is_some_and(|n| n.is_finite() && n.fract() == 0.0) => Self::INT,
            ViewKind::Float => Self(8),
            ViewKind::Text => Self::TEXT,
            ViewKind::Sequence => Self::LIST,
            ViewKind::Mapping => Self::MAP,
            ViewKind::Unknown => Self::NONE,
        }
    }
}
