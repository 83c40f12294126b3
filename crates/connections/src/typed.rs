//! Connections as Rust types.

use std::fmt;

use crate::connection::Connection;
use crate::kind::Kind;

/// A Rust type for one kind of connection.
pub trait Typed: Sized {
    /// The kind.
    const KIND: Kind;

    /// Reads a connection of this kind; none where a field is not what was checked.
    fn read(connection: &Connection) -> Option<Self>;
}

/// Another type was asked for than the connection has. `Debug` says what `Display` says.
#[derive(Clone, PartialEq, Eq)]
pub struct WrongKind {
    /// Name of the connection.
    pub name: String,
    /// The word of its type.
    pub is: &'static str,
    /// The word of the type that was asked for.
    pub asked: &'static str,
}

impl Connection {
    /// The connection as its Rust type.
    ///
    /// # Errors
    /// [`WrongKind`] when it is of another type.
    pub fn typed<T: Typed>(&self) -> Result<T, WrongKind> {
        let wrong = || WrongKind { name: self.name().to_owned(), is: self.kind().word, asked: T::KIND.word };
        if self.kind().word != T::KIND.word {
            return Err(wrong());
        }
        T::read(self).ok_or_else(wrong)
    }
}

impl fmt::Display for WrongKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection `{}` is of type `{}`, not `{}`", self.name, self.is, self.asked)
    }
}

impl fmt::Debug for WrongKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for WrongKind {}
