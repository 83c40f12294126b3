//! The text of a secret becomes a connection.

use crate::check;
use crate::connection::Connection;
use crate::problem::Problem;
use crate::secret::Secret;

/// A connection that was read, and what is odd about it.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The connection.
    pub connection: Connection,
    /// What is odd about it; every one [`Problem::is_warning`].
    pub warnings: Vec<Problem>,
}

impl Connection {
    /// Reads the text of a secret, `{"type": …, "details": {…}}`. The name is that of the secret.
    ///
    /// # Errors
    /// All problems at once.
    pub fn parse(name: &str, text: &Secret) -> Result<Parsed, Vec<Problem>> {
        let (kind, details, warnings) = check::text(text)?;
        Ok(Parsed { connection: Self::checked(name, kind, details), warnings })
    }
}
