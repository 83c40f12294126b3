//! A value that nobody may read by accident.

use std::sync::Arc;
use std::{fmt, io};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::Zeroizing;

/// A secret text. It has no `Display` and no `Serialize`, its `Debug` shows nothing, and its memory is overwritten when it
/// is dropped. Clones share it.
///
/// ```
/// use keyloom_connections::Secret;
/// let secret = Secret::new("first value".to_owned());
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert_eq!(secret.expose(), "first value");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<SecretString>);

impl Secret {
    /// Takes a text over. What else holds a copy of it is not overwritten.
    pub fn new(text: String) -> Self {
        Self(Arc::new(SecretString::from(text)))
    }

    /// A value as JSON: one that holds texts, numbers and names of fields, which can always be written.
    pub fn of_json(value: &impl Serialize) -> Self {
        // Counted first, for memory that grows leaves what was in it behind.
        let mut count = Count(0);
        let counted = serde_json::to_writer(&mut count, value);
        let mut text = Zeroizing::new(Vec::with_capacity(count.0));
        let written = serde_json::to_writer(&mut *text, value);
        debug_assert!(counted.is_ok() && written.is_ok(), "maps have texts for keys");
        Self::new(String::from_utf8_lossy(&text).into_owned())
    }

    /// The text itself, for whoever needs it: a header, a body. Never for a message.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether the two are the same text.
    pub fn is_same(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }

    /// Whether there is nothing in it, not even a space.
    pub fn is_blank(&self) -> bool {
        self.expose().trim().is_empty()
    }
}

/// How many bytes are written.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
