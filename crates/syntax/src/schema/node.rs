//! The compiled form: an arena of small nodes, rare rules boxed.

use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::SchemaError;
use super::remark::Remarks;
use super::types::Types;

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
    /// `x-unit`.
    pub(crate) unit: Option<Box<str>>,
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
    /// Hash table over the slots' names for [`ObjectRules::find`]: a power of two long, at most half full.
    pub(crate) table: Vec<Option<u32>>,
    pub(crate) required: Vec<u32>,
    pub(crate) patterns: Vec<(PatternId, NodeId)>,
    pub(crate) additional: Additional,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    /// `x-noun`.
    pub(crate) noun: Option<String>,
    /// `x-aliases` of the fields.
    pub(crate) aliases: Vec<Alias>,
}

/// What a field is called elsewhere.
#[derive(Debug)]
pub(crate) struct Alias {
    /// The whole name: `remoteRef.key`.
    pub(crate) name: Box<str>,
    /// The field that is meant by it.
    pub(crate) slot: u32,
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
    /// When every branch only asks whether some field is there: the fields, each with the number of its branch.
    pub(crate) keys: Option<Vec<(Box<str>, u32)>>,
}

impl ObjectRules {
    /// The slot of that name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let mask = self.table.len().checked_sub(1)?;
        let mut at = hash(name) & mask;
        while let Some(slot) = self.table[at] {
            if &*self.slots[slot as usize].name == name {
                return Some(slot as usize);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Appends a slot and returns its number.
    pub(crate) fn add(&mut self, name: &str, schema: Option<NodeId>) -> u32 {
        // A schema with more than 2^32 fields in one mapping does not fit in memory.
        let number = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.slots.push(Slot { name: name.into(), schema });
        if self.table.len() < 2 * self.slots.len() {
            self.table = vec![None; (4 * self.slots.len()).next_power_of_two()];
            (0..number).for_each(|slot| self.enter(slot));
        }
        self.enter(number);
        number
    }

    fn enter(&mut self, slot: u32) {
        let mask = self.table.len() - 1;
        let mut at = hash(&self.slots[slot as usize].name) & mask;
        while self.table[at].is_some() {
            at = (at + 1) & mask;
        }
        self.table[at] = Some(slot);
    }

    /// The names of fields that may stand here, in the schema's order.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter(|slot| slot.schema.is_some()).map(|slot| &*slot.name)
    }
}

/// Length and three bytes tell the names of one mapping apart well enough.
fn hash(name: &str) -> usize {
    let bytes = name.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().map_or(0, u32::from);
    let mixed = byte(0) | byte(bytes.len() / 2) << 8 | byte(bytes.len().saturating_sub(1)) << 16;
    let mixed = (mixed ^ (bytes.len() as u32) << 24).wrapping_mul(0x9E37_79B1);
    (mixed >> 16 ^ mixed >> 8) as usize
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
        let compiled =
            self.compiled.get_or_init(|| Regex::new(&ascii(&self.source)).map_err(|e| e.to_string()));
        compiled
            .as_ref()
            .map_err(|why| SchemaError::BadPattern { pattern: self.source.clone(), why: why.clone() })
    }

    /// Whether it is found in the text. One that does not compile is found nowhere, so nothing passes unchecked.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.compiled().is_ok_and(|regex| regex.is_match(text))
    }
}

/// In JSON Schema, as in the operator's RE2, `\d` and `\w` mean ASCII; here they would mean all of Unicode.
fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('d')) => out.push_str("[0-9]"),
            ('\\', Some('D')) => out.push_str("[^0-9]"),
            ('\\', Some('w')) => out.push_str("[0-9A-Za-z_]"),
            ('\\', Some('W')) => out.push_str("[^0-9A-Za-z_]"),
            (_, escaped) => {
                out.push(c);
                out.extend(escaped);
            }
        }
    }
    out
}
