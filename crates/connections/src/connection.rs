//! A connection: a name, a kind, and details that were checked.

use std::fmt;

use crate::check;
use crate::field::FieldType;
use crate::kind::{Kind, Typed};
use crate::object::Object;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::value::Value;

/// A connection whose details were checked, with its defaults filled in. Its `Debug` shows its name and its type.
#[derive(Clone)]
pub struct Connection {
    name: String,
    kind: &'static Kind,
    details: Object,
}

/// A connection that was read, and what is odd about it.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The connection.
    pub connection: Connection,
    /// What is odd about it; every one [`Problem::is_warning`].
    pub warnings: Vec<Problem>,
}

/// Another type was asked for than the connection has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongKind {
    /// Name of the connection.
    pub name: String,
    /// The word of its type.
    pub is: &'static str,
    /// The word of the type that was asked for.
    pub asked: &'static str,
}

impl Connection {
    /// Reads the text of a secret, `{"type": …, "details": {…}}`. The name is that of the secret.
    ///
    /// # Errors
    /// All problems at once.
    pub fn parse(name: &str, text: &Secret) -> Result<Parsed, Vec<Problem>> {
        let (kind, details, warnings) = check::text(text)?;
        Ok(Parsed { connection: Self { name: name.to_owned(), kind, details }, warnings })
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

    /// The connection as its Rust type.
    ///
    /// # Errors
    /// [`WrongKind`] when it is of another type.
    pub fn typed<T: Typed>(&self) -> Result<T, WrongKind> {
        let wrong = || WrongKind { name: self.name.clone(), is: self.kind.word, asked: T::KIND.word };
        if self.kind.word != T::KIND.word {
            return Err(wrong());
        }
        T::read(self).ok_or_else(wrong)
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

impl fmt::Display for WrongKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection `{}` is of type `{}`, not `{}`", self.name, self.is, self.asked)
    }
}

impl std::error::Error for WrongKind {}
