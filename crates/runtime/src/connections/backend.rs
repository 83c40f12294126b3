//! What a secrets backend is.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::pin::Pin;

use keyloom_connections::Secret;

use super::error::Failure;
use super::setting::Setting;

/// Something that is on its way.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// Where the texts of connections are: one secret for each, of the connection's own name.
///
/// A failure says what happened, why and what to do; no value and no credential is in its words.
pub trait Backend: Debug + Send + Sync {
    /// Its word in `BRUIN_SECRETS_BACKEND`, such as `infisical`.
    fn word(&self) -> &'static str;

    /// What it was told, and by whom; a credential without what it is.
    fn settings(&self) -> Vec<Setting>;

    /// The text of a secret, as it is there.
    fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret>;

    /// The names of all secrets that could be connections; no value is read.
    fn names(&self) -> Pending<'_, BTreeSet<String>>;

    /// Writes a secret; one that is there already is replaced.
    fn write<'a>(&'a self, name: &'a str, text: &'a Secret) -> Pending<'a, ()>;
}
