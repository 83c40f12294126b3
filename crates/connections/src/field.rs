//! A field of a connection: its name, what it takes, and the Rust types that say so.

use std::collections::BTreeMap;

use crate::object::Object;
use crate::secret::Secret;
use crate::shape::Shape;
use crate::value::Value;

/// A field of `details`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Its name in the JSON.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// Whether its value is secret.
    pub sensitive: bool,
    /// Whether it must be there.
    pub required: bool,
    /// What counts where it is not there.
    pub default: Option<Literal>,
}

/// A default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text.
    Text(&'static str),
    /// A whole number.
    Int(i64),
    /// `true` or `false`.
    Bool(bool),
    /// A list of texts.
    Texts(&'static [&'static str]),
}

impl Literal {
    /// The same as a value.
    pub(crate) fn value(self) -> Value {
        let text = |text: &str| Value::Text(Secret::new(text.to_owned()));
        match self {
            Self::Text(it) => text(it),
            Self::Int(it) => Value::Number(it.into()),
            Self::Bool(it) => Value::Bool(it),
            Self::Texts(list) => Value::List(list.iter().map(|it| text(it)).collect()),
        }
    }
}

impl Field {
    /// A field of the given Rust type.
    pub(crate) const fn of<T: FieldType>(
        name: &'static str,
        about: &'static str,
        default: Option<Literal>,
    ) -> Self {
        let required = T::REQUIRED && default.is_none();
        Self { name, about, shape: T::SHAPE, sensitive: T::SENSITIVE, required, default }
    }

    /// Whether an empty text is something that it can hold, though it must be there: databases have users without a password, such as
    /// `default` of ClickHouse. Tokens and keys are never empty.
    ///
    /// ```
    /// use keyloom_connections::Kind;
    /// let takes_empty = |field| Kind::of("clickhouse").unwrap().field(field).unwrap().takes_empty();
    /// assert!(takes_empty("password") && !takes_empty("username"));
    /// ```
    pub fn takes_empty(&self) -> bool {
        self.sensitive && self.shape == Shape::Text && self.name == "password"
    }
}

/// A Rust type that a field can have.
pub trait FieldType: Sized {
    /// What the field takes.
    const SHAPE: Shape;
    /// Whether its value is secret.
    const SENSITIVE: bool = false;
    /// Whether it must be there.
    const REQUIRED: bool = true;

    /// Reads what was checked; none if it was not.
    fn read(value: &Value) -> Option<Self>;

    /// What it is where nothing is said; none where something must be.
    fn absent() -> Option<Self> {
        None
    }
}

impl FieldType for String {
    const SHAPE: Shape = Shape::Text;

    fn read(value: &Value) -> Option<Self> {
        value.text().map(|text| text.expose().to_owned())
    }
}

impl FieldType for Secret {
    const SHAPE: Shape = Shape::Text;
    const SENSITIVE: bool = true;

    fn read(value: &Value) -> Option<Self> {
        value.text().cloned()
    }
}

impl FieldType for i64 {
    const SHAPE: Shape = Shape::Integer;

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
        }
    }
}

impl FieldType for u16 {
    const SHAPE: Shape = Shape::Port;

    fn read(value: &Value) -> Option<Self> {
        i64::read(value).and_then(|number| Self::try_from(number).ok()).filter(|port| *port > 0)
    }
}

impl FieldType for f64 {
    const SHAPE: Shape = Shape::Number;

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_f64(),
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
        }
    }
}

impl FieldType for bool {
    const SHAPE: Shape = Shape::Bool;

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(it) => Some(*it),
            Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
        }
    }
}

impl FieldType for Vec<String> {
    const SHAPE: Shape = Shape::Texts;

    fn read(value: &Value) -> Option<Self> {
        value.list()?.iter().map(String::read).collect()
    }
}

impl FieldType for BTreeMap<String, String> {
    const SHAPE: Shape = Shape::TextMap;

    fn read(value: &Value) -> Option<Self> {
        by_name(value)
    }
}

impl FieldType for BTreeMap<String, Secret> {
    const SHAPE: Shape = Shape::TextMap;
    const SENSITIVE: bool = true;

    fn read(value: &Value) -> Option<Self> {
        by_name(value)
    }
}

impl FieldType for BTreeMap<String, Vec<String>> {
    const SHAPE: Shape = Shape::TextsMap;

    fn read(value: &Value) -> Option<Self> {
        by_name(value)
    }
}

/// What is in it may be secret, and nothing says which of it.
impl FieldType for Object {
    const SHAPE: Shape = Shape::Object;
    const SENSITIVE: bool = true;

    fn read(value: &Value) -> Option<Self> {
        value.object().cloned()
    }
}

impl<T: FieldType> FieldType for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const SENSITIVE: bool = T::SENSITIVE;
    const REQUIRED: bool = false;

    fn read(value: &Value) -> Option<Self> {
        T::read(value).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// `1.0` is a whole number to JSON.
fn whole(float: f64) -> Option<i64> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and in the range")]
    (float.fract() == 0.0 && (-BEYOND..BEYOND).contains(&float)).then_some(float as i64)
}

fn by_name<T: FieldType>(value: &Value) -> Option<BTreeMap<String, T>> {
    value.object()?.iter().map(|(name, value)| Some((name.to_owned(), T::read(value)?))).collect()
}
