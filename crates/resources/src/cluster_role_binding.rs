//! Body of a ClusterRoleBinding (`rbac.authorization.k8s.io/v1`): a service account gets a role of the whole cluster.

use keyloom_syntax::Text;

use crate::metadata::Metadata;
use crate::walk::{Map, Sink, Walk, map};

/// API group of roles.
const GROUP: &str = "rbac.authorization.k8s.io";

/// A ClusterRoleBinding for one service account.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterRoleBinding {
    /// Metadata; there is no namespace.
    pub metadata: Metadata,
    /// Name of the ClusterRole. Kubernetes never lets it be changed.
    pub role: &'static str,
    /// The service account that gets it.
    pub account: AccountRef,
}

/// A service account, seen from outside of its namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountRef {
    /// Its name.
    pub name: Text,
    /// Its namespace. Validation sees to it that it is said: the API server takes none without.
    pub namespace: Option<Text>,
}

impl ClusterRoleBinding {
    /// API version of the object.
    pub const API_VERSION: &str = "rbac.authorization.k8s.io/v1";
    /// Kind of the object.
    pub const KIND: &str = "ClusterRoleBinding";

    /// The fields behind its metadata.
    pub(crate) fn fields<S: Sink>(&self, m: &mut Map<'_, S>) -> Result<(), S::Error> {
        m.map("roleRef", |m| {
            m.field("apiGroup", GROUP)?;
            m.field("kind", "ClusterRole")?;
            m.field("name", self.role)
        })?;
        m.field("subjects", std::slice::from_ref(&self.account))
    }
}

impl Walk for AccountRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("kind", "ServiceAccount")?;
            m.field("name", &self.name)?;
            m.optional("namespace", &self.namespace)
        })
    }
}
