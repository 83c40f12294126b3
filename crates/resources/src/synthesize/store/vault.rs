//! HashiCorp Vault.

use keyloom_models::store::vault::{
    VaultAppRole, VaultAuth as Auth, VaultAuthMethod as Method, VaultConfig, VaultGcpAuth, VaultIamAuth,
    VaultJwtAuth, VaultKubernetesAuth,
};

use super::aws::secret_ref;
use crate::secret_store::Vault;
use crate::secret_store::vault::{
    AppRole, GcpWorkloadIdentity, IamCredentials, JwtToken, KubernetesToken, RoleId, VaultAuth, VaultCert,
    VaultGcp, VaultIam, VaultKubernetes, VaultMethod, VaultTls,
};

pub(super) fn lower(config: &VaultConfig) -> Vault {
    let VaultConfig {
        server,
        path,
        version,
        namespace,
        ca_bundle,
        ca_provider,
        tls,
        headers,
        read_your_writes,
        forward_inconsistent,
        check_and_set,
        auth,
    } = config;
    Vault {
        auth: auth.as_ref().map(|Auth { namespace, method }| VaultAuth {
            namespace: namespace.clone(),
            method: lower_method(method),
        }),
        server: server.clone(),
        path: path.clone(),
        version: *version,
        namespace: namespace.clone(),
        ca_bundle: ca_bundle.clone(),
        tls: tls.as_ref().map(|tls| VaultTls {
            cert_secret_ref: Some(tls.cert_secret_ref.clone()),
            key_secret_ref: Some(tls.key_secret_ref.clone()),
        }),
        ca_provider: ca_provider.clone(),
        read_your_writes: *read_your_writes,
        forward_inconsistent: *forward_inconsistent,
        headers: headers.clone().unwrap_or_default(),
        check_and_set_required: check_and_set.and_then(|cas| cas.required),
    }
}

fn lower_method(method: &Method) -> VaultMethod {
    match method.clone() {
        Method::TokenSecretRef(token) => VaultMethod::Token(token),
        Method::AppRole(auth) => VaultMethod::AppRole(app_role(auth)),
        Method::Kubernetes(auth) => VaultMethod::Kubernetes(kubernetes(auth)),
        Method::Ldap(auth) => {
            VaultMethod::Ldap { path: auth.path, username: auth.username, secret_ref: auth.secret_ref }
        }
        Method::UserPass(auth) => {
            VaultMethod::UserPass { path: auth.path, username: auth.username, secret_ref: auth.secret_ref }
        }
        Method::Jwt(auth) => jwt(auth),
        Method::Cert(auth) => VaultMethod::Cert(VaultCert {
            path: auth.path,
            vault_role: auth.vault_role,
            client_cert: auth.client_cert,
            secret_ref: auth.secret_ref,
        }),
        Method::Iam(auth) => VaultMethod::Iam(Box::new(iam(auth))),
        Method::Gcp(auth) => VaultMethod::Gcp(Box::new(gcp(auth))),
    }
}

fn app_role(VaultAppRole { path, role_id, role_ref, secret_ref }: VaultAppRole) -> AppRole {
    AppRole { path, role_id: role_id.map(RoleId::Inline).or(role_ref.map(RoleId::Ref)), secret_ref }
}

fn kubernetes(auth: VaultKubernetesAuth) -> VaultKubernetes {
    let VaultKubernetesAuth { mount_path, role, service_account_ref, secret_ref } = auth;
    let token =
        service_account_ref.map(KubernetesToken::ServiceAccount).or(secret_ref.map(KubernetesToken::Secret));
    VaultKubernetes { mount_path, token, role }
}

fn jwt(
    VaultJwtAuth { path, role, secret_ref, kubernetes_service_account_token }: VaultJwtAuth,
) -> VaultMethod {
    let asked = kubernetes_service_account_token.map(|token| JwtToken::ServiceAccount {
        account: token.service_account_ref,
        audiences: token.audiences.unwrap_or_default(),
        expiration_seconds: token.expiration_seconds,
    });
    VaultMethod::Jwt { path, role, token: secret_ref.map(JwtToken::Secret).or(asked) }
}

fn iam(auth: VaultIamAuth) -> VaultIam {
    let VaultIamAuth {
        vault_role,
        path,
        region,
        role,
        external_id,
        vault_aws_iam_server_id,
        secret_ref: keys,
        jwt,
    } = auth;
    VaultIam {
        path,
        region,
        role,
        vault_role,
        external_id,
        vault_aws_iam_server_id,
        credentials: keys
            .as_ref()
            .map(|keys| IamCredentials::SecretRef(secret_ref(keys)))
            .or(jwt.map(|jwt| IamCredentials::Jwt(jwt.service_account_ref))),
    }
}

fn gcp(auth: VaultGcpAuth) -> VaultGcp {
    let VaultGcpAuth { role, path, project_id, location, secret_ref, service_account_ref, workload_identity } =
        auth;
    VaultGcp {
        path,
        role,
        project_id,
        location,
        secret_access_key_secret_ref: secret_ref.and_then(|keys| keys.secret_access_key_secret_ref),
        service_account_ref,
        workload_identity: workload_identity.map(|identity| GcpWorkloadIdentity {
            service_account_ref: identity.service_account_ref,
            cluster_location: identity.cluster_location,
            cluster_name: identity.cluster_name,
            cluster_project_id: identity.cluster_project_id,
        }),
    }
}
