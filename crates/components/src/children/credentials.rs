//! The Secret of credentials that a program handed over.

use keyloom_models::SecretKeySelector;
use keyloom_resources::metadata::Metadata;
use keyloom_resources::walk::{Sink, Walk, map};
use keyloom_syntax::Text;

use super::{Child, sink, token};
use crate::origins::OriginTable;

/// Credentials that a program hands over itself, to be kept in a Secret of the cluster beside the store that logs in with
/// them.
///
/// ```
/// use keyloom_components::children::credentials::Credentials;
/// use keyloom_syntax::{Origins, Text};
/// let mut credentials = Credentials::new("app-store-credentials", Some("my-app".into()));
/// let secret = Text::secret("test".to_owned().into(), Origins::NONE);
/// let reference = credentials.add("clientSecret", secret);
/// assert_eq!(reference.key.unwrap(), "clientSecret");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Credentials {
    /// Name of the Secret.
    pub name: Text,
    /// Its namespace; none where the provider has a default one.
    pub namespace: Option<Text>,
    /// The values, by key.
    pub values: Vec<(String, Text)>,
}

impl Credentials {
    /// A Secret without values yet.
    pub fn new(name: impl Into<Text>, namespace: Option<Text>) -> Self {
        Self { name: name.into(), namespace, values: Vec::new() }
    }

    /// Adds a value, and refers to it.
    pub fn add(&mut self, key: impl Into<String>, value: impl Into<Text>) -> SecretKeySelector {
        let key = key.into();
        self.values.push((key.clone(), value.into()));
        SecretKeySelector::new(self.name.clone(), key)
    }

    /// The Secret as a child, if it has values.
    pub(crate) fn child(&self, name: String, origins: &OriginTable) -> Option<Child> {
        let child = || Child::new(token("v1", "Secret"), name, sink::plain(self, origins), origins);
        (!self.values.is_empty()).then(child)
    }
}

impl Walk for Credentials {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        let metadata =
            Metadata { name: self.name.clone(), namespace: self.namespace.clone(), ..Metadata::default() };
        map(sink, |m| {
            m.field("apiVersion", "v1")?;
            m.field("kind", "Secret")?;
            m.field("metadata", &metadata)?;
            m.map("stringData", |m| self.values.iter().try_for_each(|(key, value)| m.field(key, value)))?;
            m.field("type", "Opaque")
        })
    }
}
