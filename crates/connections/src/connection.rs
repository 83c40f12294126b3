//! A connection: a name, a kind, and details that were checked.

use std::fmt;

use crate::field::FieldType;
use crate::kind::Kind;
use crate::object::Object;
use crate::value::Value;

/// A connection whose details were checked, with its defaults filled in. Its `Debug` shows its name and its type.
#[derive(Clone)]
pub struct Connection {
    name: String,
    kind: &'static Kind,
    details: Object,
}

impl Connection {
    /// A connection whose details were checked.
    pub(crate) fn checked(name: &str, kind: &'static Kind, details: Object) -> Self {
        Self { name: name.to_owned(), kind, details }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its kind.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// Its details: the fields that were written, then the defaults of those that were not.
    pub fn details(&self) -> &Object {
        &self.details
    }

    /// A field, as the Rust type that its kind gives it.
    pub(crate) fn field<T: FieldType>(&self, name: &str) -> Option<T> {
        match self.details.get(name) {
            None | Some(Value::Null) => T::absent(),
            Some(value) => T::read(value),
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({}: {}, ..)", self.name, self.kind.word)
    }
}
