//! References from stores to Secrets, service accounts and certificates: keys, and namespaces by the store's scope.

use keyloom_syntax::Text;
use keyloom_upstream::format::is_base64;

use super::{same, shown};
use crate::finding::{Findings, Place};
use crate::selector::{CaProvider, SecretKeySelector, ServiceAccountSelector};

const NAMESPACE: &str = "selector-namespace";

/// The scope that references are judged by.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// Whether the store is a ClusterSecretStore.
    pub(crate) cluster: bool,
    /// Namespace of the store.
    pub(crate) namespace: Option<&'a Text>,
    /// Whether a cluster-scoped store of this provider must name the namespace.
    pub(crate) needs_namespace: bool,
}

impl Scope<'_> {
    /// A key of a Secret; `default_key` is the key that the operator takes when none is named.
    pub(crate) fn secret(
        &self,
        selector: &SecretKeySelector,
        default_key: Option<&str>,
        place: &Place,
        findings: &mut Findings,
    ) {
        if selector.key.is_none() && default_key.is_none() {
            findings
                .error(
                    "selector-key",
                    place.clone(),
                    format!("the key in Secret `{}` is not said", shown(&selector.name)),
                )
                .why("the operator looks for a key without a name, and the store never becomes ready")
                .fix(format!("write `{{name: {}, key: ...}}`", shown(&selector.name)));
        }
        self.namespaced(selector.namespace.as_ref(), "Secret", place, findings);
    }

    /// A service account.
    pub(crate) fn service_account(
        &self,
        selector: &ServiceAccountSelector,
        place: &Place,
        findings: &mut Findings,
    ) {
        self.namespaced(selector.namespace.as_ref(), "service account", place, findings);
    }

    /// The namespace of whatever is referred to.
    pub(crate) fn namespaced(
        &self,
        namespace: Option<&Text>,
        what: &str,
        place: &Place,
        findings: &mut Findings,
    ) {
        match namespace {
            None if self.cluster && self.needs_namespace => {
                findings
                    .error(
                        NAMESPACE,
                        place.clone(),
                        format!("a cluster-scoped store must say the namespace of the {what}"),
                    )
                    .why("the operator checks the store without a namespace, fails, and then serves nobody")
                    .fix("write `namespace`");
            }
            Some(namespace)
                if !self.cluster
                    && same(Some(namespace), self.namespace) == Some(false)
                    && self.namespace.is_some() =>
            {
                findings
                    .error(
                        NAMESPACE,
                        place.at("namespace"),
                        format!("a SecretStore reads a {what} of its own namespace alone"),
                    )
                    .fix("leave `namespace` out, or make the store cluster-scoped");
            }
            Some(_) if !self.cluster && self.namespace.is_none() => {
                findings
                    .warning(NAMESPACE, place.at("namespace"), format!("a SecretStore reads a {what} of its own namespace alone, and that is not said here"))
                    .fix("leave `namespace` out");
            }
            None | Some(_) => {}
        }
    }

    /// A certificate authority is said twice.
    pub(crate) fn two_authorities(&self, place: &Place, findings: &mut Findings) {
        findings
            .error("two-ca-sources", place.at("caProvider"), "`caBundle` and `caProvider` are both there")
            .why("the operator takes `caBundle` and says nothing")
            .fix("keep one")
            .and(place.at("caBundle"), "and here");
    }

    /// Certificates of the server: one source, and a namespace for cluster-scoped stores alone.
    pub(crate) fn authority(
        &self,
        bundle: Option<&Text>,
        provider: Option<&CaProvider>,
        place: &Place,
        findings: &mut Findings,
    ) {
        if bundle.and_then(Text::known).is_some_and(|bundle| !is_base64(bundle)) {
            findings
                .error("bad-format", place.at("caBundle"), "`caBundle` is not base64")
                .why("the API server decodes it, and takes neither line breaks nor an empty text")
                .fix("write the output of `base64 -w0 FILE`");
        }
        let Some(provider) = provider else { return };
        let at = place.at("caProvider");
        if bundle.is_some() {
            self.two_authorities(place, findings);
        }
        match (&provider.namespace, self.cluster) {
            (None, true) => {
                findings
                    .error(NAMESPACE, at, "a cluster-scoped store must say the namespace of its `caProvider`")
                    .fix("write `namespace`");
            }
            (Some(_), false) => {
                findings
                    .error(
                        NAMESPACE,
                        at.at("namespace"),
                        "the `caProvider` of a SecretStore has no namespace",
                    )
                    .why("the operator's webhook refuses even the store's own")
                    .fix("leave `namespace` out");
            }
            (None, false) | (Some(_), true) => {}
        }
    }
}
