//! Secrets of a Kubernetes cluster: another one, or another namespace of the same.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::address::{Abilities, Address, Complaint, Finds, PathClass, SearchComplaint, Version, WholeEntry};
use crate::finding::Place;
use crate::name::{NAMESPACE, OBJECT_NAME};
use crate::selector::{CaProvider, SecretKeySelector, ServiceAccountSelector};

mod rules;
pub(crate) use rules::{check, newer};

/// The operator's webhook asks certificates and tokens of a cluster-scoped store for their namespace; a service account
/// without one is that of the external secret's namespace.
pub(crate) const NEEDS_NAMESPACES: bool = true;

/// Access to the Secrets of one namespace of a Kubernetes cluster (ESO's `spec.provider.kubernetes`).
///
/// A path is the name of a Secret; its keys are reached by `property`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubernetesConfig {
    /// The API server that is asked; default the operator's own.
    #[validate(nested)]
    pub server: Option<KubernetesServer>,
    /// How the operator logs in; not together with `authRef`.
    pub auth: Option<KubernetesLogin>,
    /// Where a whole kubeconfig lies, which says server and login; not together with `auth`.
    #[validate(nested)]
    pub auth_ref: Option<SecretKeySelector>,
    /// Namespace whose Secrets are read, default `default`.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub remote_namespace: Option<Text>,
}

/// The API server (ESO's `server`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubernetesServer {
    /// Its address, default `kubernetes.default`.
    pub url: Option<Text>,
    /// Certificate authority of the server: base64 of its PEM text.
    #[schemars(transform = crate::schema::base64)]
    pub ca_bundle: Option<Text>,
    /// Where the certificate authority of the server lies in the cluster; not together with `caBundle`.
    #[validate(nested)]
    pub ca_provider: Option<CaProvider>,
}

/// How the operator logs in to the API server (ESO's `auth`): exactly one method.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = crate::schema::one_method)]
pub enum KubernetesLogin {
    /// A client certificate.
    Cert(KubernetesCert),
    /// A token kept in a Secret.
    Token(KubernetesToken),
    /// A service account of the operator's own cluster.
    ServiceAccount(ServiceAccountSelector),
}

/// A client certificate (ESO's `auth.cert`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubernetesCert {
    /// Where the certificate lies.
    #[validate(nested)]
    pub client_cert: SecretKeySelector,
    /// Where its private key lies.
    #[validate(nested)]
    pub client_key: SecretKeySelector,
}

/// A token kept in a Secret (ESO's `auth.token`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubernetesToken {
    /// Where the token lies.
    #[validate(nested)]
    pub bearer_token: SecretKeySelector,
}

impl KubernetesConfig {
    /// Secrets of that namespace, read as that service account.
    pub fn new(remote_namespace: impl Into<Text>, account: ServiceAccountSelector) -> Self {
        Self {
            remote_namespace: Some(remote_namespace.into()),
            auth: Some(KubernetesLogin::ServiceAccount(account)),
            ..Self::default()
        }
    }

    /// Every Secret reference of the block, at its place.
    pub(crate) fn selectors_mut(
        &mut self,
        place: &Place,
        meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
    ) {
        if let Some(kubeconfig) = &mut self.auth_ref {
            meet(&place.at("authRef"), kubeconfig);
        }
        match &mut self.auth {
            Some(KubernetesLogin::Cert(cert)) => {
                meet(&place.path("auth.cert.clientCert"), &mut cert.client_cert);
                meet(&place.path("auth.cert.clientKey"), &mut cert.client_key);
            }
            Some(KubernetesLogin::Token(token)) => {
                meet(&place.path("auth.token.bearerToken"), &mut token.bearer_token);
            }
            Some(KubernetesLogin::ServiceAccount(_)) | None => {}
        }
    }

    /// Which part of the backend it reads.
    pub(crate) fn scope(&self) -> Vec<(&'static str, Text)> {
        let server = self.server.as_ref().and_then(|server| server.url.clone());
        let mut scope: Vec<_> = server.map(|url| ("server", url)).into_iter().collect();
        scope.push(("namespace", self.remote_namespace.clone().unwrap_or_else(|| "default".into())));
        scope
    }
}

/// How its addresses are read.
pub(crate) fn address(_: Option<&KubernetesConfig>) -> &'static Address {
    static ADDRESS: Address = Address {
        reader: "Kubernetes",
        class: PathClass::Entries,
        leading_slash: true,
        path: |path| {
            if OBJECT_NAME.is_match(path) && path.len() <= 253 {
                return None;
            }
            Complaint::new(
                "it is not the name of a Secret",
                "write the Secret's name alone; its namespace is `remoteNamespace`",
            )
        },
        version: |_| Version::Ignored,
        whole_entry: WholeEntry::Always,
        fetches_metadata: true,
        search: |find| {
            let tags = find.tags.as_ref().is_some_and(|tags| !tags.is_empty());
            let complaint = |field, ignored, what: &'static str, fix| SearchComplaint {
                field,
                ignored,
                what: what.into(),
                fix,
            };
            let mut found = Vec::new();
            if !tags && find.name.is_none() {
                found.push(complaint(
                    None,
                    false,
                    "Kubernetes is searched by `name` or `tags`",
                    "write `name: {regexp: ...}`, or labels as `tags`",
                ));
            }
            if tags && find.name.is_some() {
                found.push(complaint(
                    Some("name"),
                    true,
                    "Kubernetes ignores `name` beside `tags`",
                    "keep one of the two",
                ));
            }
            found
        },
        finds: Finds::NamesAndTags,
        abilities: Abilities::ALL,
    };
    &ADDRESS
}
