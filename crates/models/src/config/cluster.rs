//! External secrets and push secrets in each of several namespaces, as they are meant.

use indexmap::IndexMap;
use keyloom_syntax::Text;

use super::{ExternalSecret, PushSecret};
use crate::duration::Duration;
use crate::selector::LabelSelector;

/// A cluster external secret.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterExternalSecret {
    /// Name of the object.
    pub name: Text,
    /// Name of the external secrets, where it is another.
    pub external_secret_name: Option<Text>,
    /// The external secret in each of the namespaces; its own namespace is none.
    pub external_secret: ExternalSecret,
    /// Which namespaces get one.
    pub namespace_selectors: Vec<LabelSelector>,
    /// Which namespaces get one, in the deprecated way.
    pub namespace_selector: Option<LabelSelector>,
    /// Names of namespaces that get one, in the deprecated way.
    pub namespaces: Vec<Text>,
    /// How often the operator looks for new namespaces.
    pub refresh_time: Option<Duration>,
    /// Labels of the object.
    pub labels: IndexMap<String, Text>,
    /// Annotations of the object.
    pub annotations: IndexMap<String, Text>,
}

/// A cluster push secret.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterPushSecret {
    /// Name of the object.
    pub name: Text,
    /// Name of the push secrets, where it is another.
    pub push_secret_name: Option<Text>,
    /// The push secret in each of the namespaces; its own namespace is none.
    pub push_secret: PushSecret,
    /// Which namespaces get one.
    pub namespace_selectors: Vec<LabelSelector>,
    /// How often the operator looks for new namespaces.
    pub refresh_time: Option<Duration>,
    /// Labels of the object.
    pub labels: IndexMap<String, Text>,
    /// Annotations of the object.
    pub annotations: IndexMap<String, Text>,
}
