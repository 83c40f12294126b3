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
    /// Its word in `KEYLOOM_SECRETS_BACKEND` and `BRUIN_SECRETS_BACKEND`, such as `infisical`.
    fn word(&self) -> &'static str;

    /// What it was told, and by whom; a credential without what it is.
    fn settings(&self) -> Vec<Setting>;

    /// Finds what its settings leave to others, such as a region that AWS's own chain knows; the backend itself is not asked. What was
    /// found is among the settings then. Whatever else is asked does so too: this tells the two apart.
    fn resolve(&self) -> Pending<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// The text of a secret, as it is there.
    fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret>;

    /// The names of all secrets that could be connections; no value is read.
    fn names(&self) -> Pending<'_, BTreeSet<String>>;

    /// Names among which the one may be that was meant by this one, which there is not: all of them, or less where that is dear.
    fn near<'a>(&'a self, _: &'a str) -> Pending<'a, BTreeSet<String>> {
        self.names()
    }

    /// Writes a secret. One that is there already is replaced only where that is said: else it is a failure of the kind
    /// [`FailureKind::Exists`](super::FailureKind::Exists), whoever made it and however shortly before.
    fn write<'a>(&'a self, name: &'a str, text: &'a Secret, over: Over) -> Pending<'a, ()>;
}

/// What a secret that is written may be written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Nothing: there must be none of that name, and there is one afterwards.
    Nothing,
    /// Whatever is there, if anything is.
    Anything,
}
