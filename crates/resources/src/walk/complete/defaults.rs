//! The part of a condensed schema that has defaults, so that everything else is passed by at almost no cost.

use std::sync::OnceLock;

use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{EsoVersion, Kind, spec};
use serde_json::Value;

/// What the API server adds to objects of one kind in one version of the operator.
#[derive(Debug)]
pub struct Defaults {
    /// The whole object, of which only the `spec` has defaults.
    pub(super) object: Node,
}

/// A mapping or list with defaults in it, or somewhere below.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The fields that matter; those that have a default come first, sorted by name.
    pub(super) fields: Vec<Field>,
    /// One bit for each field with a default, the lowest for the first.
    pub(super) defaulted: u64,
    /// What the entries of a list hold.
    items: Option<Box<Node>>,
    /// What the values under free keys hold.
    values: Option<Box<Node>>,
}

/// A field of a mapping.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) default: Option<&'static Value>,
    below: Option<Node>,
}

impl Defaults {
    /// Those of objects that the API server adds nothing to.
    pub fn none() -> &'static Self {
        static NONE: Defaults = Defaults { object: Node::EMPTY };
        &NONE
    }

    /// The defaults of that kind, in the schema that answers for that version; made once.
    pub fn of(version: EsoVersion, kind: Kind) -> &'static Self {
        static MADE: [[OnceLock<Defaults>; Kind::ALL.len()]; EsoVersion::KNOWN.len()] =
            [const { [const { OnceLock::new() }; Kind::ALL.len()] }; EsoVersion::KNOWN.len()];
        let version = version.condensed();
        let row = EsoVersion::KNOWN.iter().position(|known| *known == version);
        let column = Kind::ALL.iter().position(|known| *known == kind);
        // Both are always found: the lists are those of all condensed versions and all kinds.
        let made = row.zip(column).map(|(row, column)| &MADE[row][column]);
        made.map_or_else(Self::none, |made| made.get_or_init(|| Self::new(spec(version, kind).root())))
    }

    /// The defaults of objects whose `spec` has this schema.
    pub fn new(spec: Cursor<'static>) -> Self {
        let below = Node::below(spec);
        let fields = below.map(|below| Field { name: "spec", default: None, below: Some(below) });
        Self { object: Node { fields: fields.into_iter().collect(), ..Node::EMPTY } }
    }
}

impl Node {
    const EMPTY: Self = Self { fields: Vec::new(), defaulted: 0, items: None, values: None };

    /// `None` when there is no default below. A schema of Kubernetes has an end, so this has one too.
    fn below(schema: Cursor<'static>) -> Option<Self> {
        let items = schema.item().and_then(Self::below).map(Box::new);
        let values = schema.value().and_then(Self::below).map(Box::new);
        let field = |(name, field): (&'static str, Cursor<'static>)| Field {
            name,
            default: field.default().filter(|value| writable(value)),
            below: Self::below(field),
        };
        let mut fields: Vec<Field> = schema.properties().map(field).collect();
        // Beside free keys a field must be known even if it has no defaults: it is not one of them.
        fields.retain(|field| values.is_some() || field.default.is_some() || field.below.is_some());
        fields.sort_by_key(|field| field.default.is_none());
        let count = fields.iter().filter(|field| field.default.is_some()).count();
        let defaulted = (0..count).fold(0, |bits, at| bits | bit(at));
        let empty = fields.is_empty() && items.is_none() && values.is_none();
        (!empty).then_some(Self { fields, defaulted, items, values })
    }

    /// What is below a key, and the bit of the key's default.
    pub(super) fn field(&self, key: &str) -> (Option<&Self>, u64) {
        match self.fields.iter().position(|field| field.name == key) {
            Some(at) => (self.fields[at].below.as_ref(), bit(at) & self.defaulted),
            None => (self.values.as_deref(), 0),
        }
    }

    /// What is in a list.
    pub(super) fn items(&self) -> Option<&Self> {
        self.items.as_deref()
    }
}

/// No mapping has more than 64 defaults; a test looks.
fn bit(at: usize) -> u64 {
    u32::try_from(at).ok().and_then(|at| 1_u64.checked_shl(at)).unwrap_or(0)
}

/// Whether a sink can be told the value. No schema has another default; a test looks.
pub(super) fn writable(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Number(number) => number.is_i64(),
        Value::Bool(_) | Value::String(_) => true,
        Value::Array(items) => items.iter().all(writable),
        Value::Object(fields) => fields.values().all(writable),
    }
}
