//! The compiled form: an arena of small nodes, rare rules boxed.

use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::SchemaError;
use super::remark::Remarks;
use crate::view::{View, ViewKind};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(crate) u32);

#[derive(Clone, Copy, Debug)]
pub(crate) struct PatternId(pub(crate) u32);

/// One schema.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// `$ref`; the rules below are empty then.
    pub(crate) reference: Option<NodeId>,
    pub(crate) types: Types,
    /// The schema `false`.
    pub(crate) never: bool,
    /// `x-secret`.
    pub(crate) secret: bool,
    pub(crate) deprecated: bool,
    /// Whether a deprecated field can be met below: only then is a fitting branch walked again for warnings.
    pub(crate) warns: bool,
    pub(crate) values: Option<Box<Values>>,
    pub(crate) constant: Option<Box<Value>>,
    pub(crate) text: Option<Box<TextRules>>,
    pub(crate) range: Option<Box<Range>>,
    pub(crate) list: Option<Box<ListRules>>,
    pub(crate) object: Option<Box<ObjectRules>>,
    pub(crate) choice: Option<Box<Choice>>,
    pub(crate) remarks: Option<Box<Remarks>>,
    pub(crate) doc: Option<Box<Doc>>,
}

/// The words for people.
#[derive(Debug, Default)]
pub(crate) struct Doc {
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
}

/// `enum`, or a choice of constants.
#[derive(Debug)]
pub(crate) struct Values {
    pub(crate) list: Vec<Value>,
    /// Whether all are strings.
    pub(crate) texts: bool,
}

#[derive(Debug, Default)]
pub(crate) struct TextRules {
    pub(crate) pattern: Option<PatternId>,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Range {
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) above: Option<f64>,
    pub(crate) below: Option<f64>,
}

#[derive(Debug, Default)]
pub(crate) struct ListRules {
    pub(crate) items: Option<NodeId>,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    pub(crate) unique: bool,
}

#[derive(Debug, Default)]
pub(crate) struct ObjectRules {
    /// Every name the schema mentions in `properties` or `required`, in its order.
    pub(crate) slots: Vec<Slot>,
    /// Slots sorted by (length, name), for [`ObjectRules::find`].
    pub(crate) sorted: Vec<u32>,
    pub(crate) required: Vec<u32>,
    pub(crate) patterns: Vec<(PatternId, NodeId)>,
    pub(crate) additional: Additional,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    /// `x-noun`.
    pub(crate) noun: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) name: Box<str>,
    /// Absent for a name that only `required` mentions.
    pub(crate) schema: Option<NodeId>,
}

/// What a field may be that neither `properties` nor `patternProperties` know.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Additional {
    #[default]
    Anything,
    Nothing,
    Schema(NodeId),
}

#[derive(Debug, Default)]
pub(crate) struct Choice {
    pub(crate) all: Vec<NodeId>,
    pub(crate) any: Option<Branches>,
    pub(crate) one: Option<Branches>,
    pub(crate) not: Option<NodeId>,
    pub(crate) condition: Option<NodeId>,
    pub(crate) then: Option<NodeId>,
    pub(crate) otherwise: Option<NodeId>,
}

#[derive(Debug)]
pub(crate) struct Branches {
    pub(crate) list: Vec<NodeId>,
    /// The one name of each branch, when every branch says only `required: [name]`.
    pub(crate) keys: Option<Vec<Box<str>>>,
}

impl ObjectRules {
    /// The slot of that name. Comparing lengths first makes nearly every comparison one of two numbers.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let order = |slot: &u32| {
            let known = &*self.slots[*slot as usize].name;
            known.len().cmp(&name.len()).then_with(|| known.cmp(name))
        };
        self.sorted.binary_search_by(order).ok().map(|i| self.sorted[i] as usize)
    }

    /// Sorts the slots once all are there.
    pub(crate) fn seal(&mut self) {
        let mut sorted: Vec<u32> = (0u32..).take(self.slots.len()).collect();
        sorted.sort_by(|a, b| {
            let (a, b) = (&self.slots[*a as usize].name, &self.slots[*b as usize].name);
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        });
        self.sorted = sorted;
    }

    /// The names of fields that may stand here, in the schema's order.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter(|slot| slot.schema.is_some()).map(|slot| &*slot.name)
    }
}

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

/// A regular expression, compiled when first needed.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) source: String,
    compiled: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    pub(crate) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), compiled: OnceLock::new() }
    }

    pub(crate) fn compiled(&self) -> Result<&Regex, SchemaError> {
        let compiled = self.compiled.get_or_init(|| Regex::new(&self.source).map_err(|e| e.to_string()));
        compiled
            .as_ref()
            .map_err(|why| SchemaError::BadPattern { pattern: self.source.clone(), why: why.clone() })
    }

    /// Whether it is found in the text. One that does not compile is found nowhere, so nothing passes unchecked.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.compiled().is_ok_and(|regex| regex.is_match(text))
    }
}
