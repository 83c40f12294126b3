//! What an object is, read from the URN of its resource.

use std::fmt;

/// Group, version and kind. The group of the core kinds is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
}

/// Kinds of Kubernetes itself that live in no namespace; of other kinds only a cluster knows.
const CLUSTER_WIDE: [(&str, &[&str]); 5] = [
    ("", &["Namespace", "Node", "PersistentVolume"]),
    ("admissionregistration.k8s.io", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    ("storage.k8s.io", &["StorageClass"]),
];

impl Kind {
    /// Reads `urn:pulumi:STACK::PROJECT::PARENT$kubernetes:GROUP/VERSION:KIND::NAME`.
    ///
    /// # Errors
    /// A URN of another package's type, or of none.
    pub(super) fn of(urn: &str) -> Result<Self, String> {
        let types = urn.split("::").nth(2).unwrap_or_default();
        let token = types.rsplit('$').next().unwrap_or_default();
        let wrong = || format!("{token} is not of the form kubernetes:GROUP/VERSION:KIND");
        let mut parts = token.split(':');
        let (Some("kubernetes"), Some(module), Some(kind), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        let (group, version) = module.split_once('/').ok_or_else(wrong)?;
        if kind.is_empty() {
            return Err(wrong());
        }
        let group = if group == "core" { "" } else { group };
        Ok(Self { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() })
    }

    /// As it stands in `apiVersion`.
    pub(super) fn api_version(&self) -> String {
        match self.group.as_str() {
            "" => self.version.clone(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// Whether its objects live in a namespace, as far as can be told without a cluster: kinds that are not
    /// Kubernetes' own are taken to, as the real provider does.
    pub(super) fn is_namespaced(&self) -> bool {
        let mut cluster_wide = CLUSTER_WIDE.iter().filter(|(group, _)| *group == self.group);
        !cluster_wide.any(|(_, kinds)| kinds.contains(&self.kind.as_str()))
    }

    /// Whether this is the core Secret.
    pub(super) fn is_secret(&self) -> bool {
        self.group.is_empty() && self.kind == "Secret"
    }

    /// Properties that cannot be changed in place, from the outside in.
    pub(super) fn fixed(&self, mutable_secrets: bool) -> &'static [&'static [&'static str]] {
        match (self.group.as_str(), self.kind.as_str()) {
            ("", "Secret") if mutable_secrets => &[NAME, NAMESPACE, KIND, &["type"]],
            ("", "Secret") => &[NAME, NAMESPACE, KIND, &["type"], &["data"], &["stringData"]],
            ("", "ConfigMap") => &[NAME, NAMESPACE, KIND, &["data"], &["binaryData"]],
            ("apps", "Deployment") => &[NAME, NAMESPACE, KIND, &["spec", "selector"]],
            ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
                &[NAME, NAMESPACE, KIND, &["roleRef"]]
            }
            _ => &[NAME, NAMESPACE, KIND],
        }
    }
}

const NAME: &[&str] = &["metadata", "name"];
const NAMESPACE: &[&str] = &["metadata", "namespace"];
const KIND: &[&str] = &["kind"];

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind)
    }
}

/// The name in a URN.
pub(super) fn name_in(urn: &str) -> &str {
    urn.splitn(4, "::").nth(3).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_from_urns() {
        let urn = "urn:pulumi:dev::shop::keyloom:index:Keyloom$kubernetes:external-secrets.io/v1:ExternalSecret::db::x";
        let kind = Kind::of(urn).unwrap();
        assert_eq!(kind.to_string(), "external-secrets.io/v1 ExternalSecret");
        assert_eq!(name_in(urn), "db::x");
        let core = Kind::of("urn:pulumi:dev::shop::kubernetes:core/v1:Secret::s").unwrap();
        assert_eq!(core.api_version(), "v1");
        assert!(core.is_secret());
    }

    #[test]
    fn other_types_are_refused() {
        for token in ["aws:s3/bucket:Bucket", "kubernetes:core:Secret", "kubernetes:core/v1", "nothing"] {
            let error = Kind::of(&format!("urn:pulumi:dev::shop::{token}::s")).unwrap_err();
            assert!(error.contains(token), "{error}");
        }
        for urn in ["", "urn:pulumi:d::p::kubernetes:core/v1:", "a::b::kubernetes:core/v1:::c"] {
            Kind::of(urn).unwrap_err();
        }
    }

    #[test]
    fn unknown_kinds_are_taken_to_live_in_a_namespace() {
        let namespaced = |token: &str| {
            Kind::of(&format!("urn:pulumi:d::p::kubernetes:{token}::n")).unwrap().is_namespaced()
        };
        assert!(!namespaced("core/v1:Namespace"));
        assert!(!namespaced("rbac.authorization.k8s.io/v1:ClusterRole"));
        assert!(namespaced("core/v1:Secret"));
        assert!(namespaced("external-secrets.io/v1:ClusterSecretStore"));
    }
}
