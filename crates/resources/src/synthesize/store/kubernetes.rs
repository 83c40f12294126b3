//! Kubernetes.

use keyloom_models::store::kubernetes::{
    KubernetesConfig, KubernetesLogin as Auth, KubernetesServer as Server,
};

use crate::secret_store::kubernetes::{Kubernetes, KubernetesAuth, KubernetesServer};

pub(super) fn lower(config: &KubernetesConfig) -> Kubernetes {
    let KubernetesConfig { server, auth, auth_ref, remote_namespace } = config;
    Kubernetes {
        auth: auth.as_ref().map(|auth| match auth {
            Auth::Cert(cert) => KubernetesAuth::Cert {
                client_cert: cert.client_cert.clone(),
                client_key: cert.client_key.clone(),
            },
            Auth::Token(token) => KubernetesAuth::Token(token.bearer_token.clone()),
            Auth::ServiceAccount(account) => KubernetesAuth::ServiceAccount(account.clone()),
        }),
        auth_ref: auth_ref.clone(),
        remote_namespace: remote_namespace.clone(),
        server: server.as_ref().map(|Server { url, ca_bundle, ca_provider }| KubernetesServer {
            url: url.clone(),
            ca_bundle: ca_bundle.clone(),
            ca_provider: ca_provider.clone(),
        }),
    }
}
