//! What the operator's Kubernetes reader asks for.

use super::{KubernetesConfig, KubernetesLogin};
use crate::finding::{Findings, Place};
use crate::validate::newer::Asker;
use crate::validate::selectors::Scope;

/// Rules of a Kubernetes block.
pub(crate) fn check(config: &KubernetesConfig, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
    login(config, place, findings);
    authority(config, scope, place, findings);
    // A kubeconfig is not looked at by the webhook: without a namespace it lies beside the external secret.
    let referent = Scope { needs_namespace: false, ..*scope };
    if let Some(kubeconfig) = &config.auth_ref {
        referent.secret(kubeconfig, None, &place.at("authRef"), findings);
    }
    match &config.auth {
        Some(KubernetesLogin::Cert(cert)) => {
            scope.secret(&cert.client_cert, None, &place.path("auth.cert.clientCert"), findings);
            scope.secret(&cert.client_key, None, &place.path("auth.cert.clientKey"), findings);
        }
        Some(KubernetesLogin::Token(token)) => {
            scope.secret(&token.bearer_token, None, &place.path("auth.token.bearerToken"), findings);
        }
        Some(KubernetesLogin::ServiceAccount(account)) => {
            referent.service_account(account, &place.path("auth.serviceAccount"), findings);
        }
        None => {}
    }
}

fn login(config: &KubernetesConfig, place: &Place, findings: &mut Findings) {
    const CODE: &str = "kubernetes-login";
    let why = "the custom resource definition allows it, and the operator fails at every sync";
    match (&config.auth, &config.auth_ref) {
        (Some(_), None) | (None, Some(_)) => {}
        (Some(_), Some(_)) => {
            findings
                .error(CODE, place.at("authRef"), "`auth` and `authRef` are both there")
                .why(why)
                .fix("keep one")
                .and(place.at("auth"), "and here");
        }
        (None, None) => {
            findings
                .error(CODE, place.clone(), "the operator is not told how to log in")
                .why(why)
                .fix("write `auth: {serviceAccount: {name: ...}}`, or `authRef` with a kubeconfig");
        }
    }
}

fn authority(config: &KubernetesConfig, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
    let at = place.at("server");
    let server = config.server.as_ref();
    if let Some(server) = server {
        scope.authority(server.ca_bundle.as_ref(), server.ca_provider.as_ref(), &at, findings);
    }
    let named = server.is_some_and(|server| server.ca_bundle.is_some() || server.ca_provider.is_some());
    if !named && config.auth.is_some() {
        findings
            .warning("kubernetes-authority", if server.is_some() { at } else { place.clone() }, "no certificate authority of the API server is named")
            .why("the operator warns at every apply, and trusts the server only if its certificate is a public one")
            .fix("write `server: {caProvider: {type: ConfigMap, name: kube-root-ca.crt, key: ca.crt}}`, which every namespace has");
    }
}

/// Every known version of the operator has all its fields.
pub(crate) fn newer(_: &KubernetesConfig, _: &mut Asker<'_>, _: &Place) {}
