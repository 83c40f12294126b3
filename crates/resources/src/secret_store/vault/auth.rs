//! `provider.vault.auth`.

use keyloom_models::selector::{SecretKeySelector, ServiceAccountSelector};
use keyloom_syntax::Text;

use crate::secret_store::aws::AwsSecretRef;

mod walk;

/// How the operator signs in to Vault.
#[derive(Clone, Debug, PartialEq)]
pub struct VaultAuth {
    /// Namespace of Vault Enterprise to sign in to; `None` for the store's.
    pub namespace: Option<Text>,
    /// The method.
    pub method: VaultMethod,
}

/// The one method of signing in. A `path` is where Vault has the method mounted.
#[derive(Clone, Debug, PartialEq)]
pub enum VaultMethod {
    /// A token.
    Token(SecretKeySelector),
    /// An app role.
    AppRole(AppRole),
    /// A Kubernetes service account.
    Kubernetes(VaultKubernetes),
    /// A user of an LDAP directory.
    Ldap {
        /// Default `ldap`.
        path: Option<Text>,
        /// The user's name.
        username: Text,
        /// The user's password.
        secret_ref: Option<SecretKeySelector>,
    },
    /// A JSON web token.
    Jwt {
        /// Default `jwt`.
        path: Option<Text>,
        /// The role; `None` for the mount's default.
        role: Option<Text>,
        /// The token.
        token: Option<JwtToken>,
    },
    /// A client certificate.
    Cert(VaultCert),
    /// An AWS identity.
    Iam(Box<VaultIam>),
    /// A name and password.
    UserPass {
        /// Default `userpass`.
        path: Option<Text>,
        /// The user's name.
        username: Text,
        /// The user's password.
        secret_ref: Option<SecretKeySelector>,
    },
    /// A Google identity.
    Gcp(Box<VaultGcp>),
}

/// `appRole`.
#[derive(Clone, Debug, PartialEq)]
pub struct AppRole {
    /// Default `approle`.
    pub path: Option<Text>,
    /// The role's id.
    pub role_id: Option<RoleId>,
    /// The role's secret id.
    pub secret_ref: SecretKeySelector,
}

/// Where an app role's id stands.
#[derive(Clone, Debug, PartialEq)]
pub enum RoleId {
    /// In the store itself (`roleId`).
    Inline(Text),
    /// In a Secret (`roleRef`).
    Ref(SecretKeySelector),
}

/// `kubernetes`.
#[derive(Clone, Debug, PartialEq)]
pub struct VaultKubernetes {
    /// Default `kubernetes`.
    pub mount_path: Option<Text>,
    /// Whose token is shown; `None` for the operator's own.
    pub token: Option<KubernetesToken>,
    /// Vault's role.
    pub role: Text,
}

/// The service account token that is shown to Vault.
#[derive(Clone, Debug, PartialEq)]
pub enum KubernetesToken {
    /// A fresh token of this account.
    ServiceAccount(ServiceAccountSelector),
    /// A token that lies in a Secret; the default key is `token`.
    Secret(SecretKeySelector),
}

/// The JSON web token that is shown to Vault.
#[derive(Clone, Debug, PartialEq)]
pub enum JwtToken {
    /// It lies in a Secret.
    Secret(SecretKeySelector),
    /// A fresh token of a service account (`kubernetesServiceAccountToken`).
    ServiceAccount {
        /// The account.
        account: ServiceAccountSelector,
        /// Audiences of the token; upstream calls the field deprecated and wants them at the account.
        audiences: Vec<Text>,
        /// Life of the token in seconds, 600 by default; deprecated upstream.
        expiration_seconds: Option<i64>,
    },
}

/// `cert`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VaultCert {
    /// `None` for `cert`.
    pub path: Option<Text>,
    /// Vault's role.
    pub vault_role: Option<Text>,
    /// The client certificate.
    pub client_cert: Option<SecretKeySelector>,
    /// The private key.
    pub secret_ref: Option<SecretKeySelector>,
}

/// `iam`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VaultIam {
    /// `None` for `aws`.
    pub path: Option<Text>,
    /// AWS region; `None` for `us-east-1`.
    pub region: Option<Text>,
    /// AWS role that is assumed first.
    pub role: Option<Text>,
    /// Vault's role.
    pub vault_role: Text,
    /// External ID given when `role` is assumed.
    pub external_id: Option<Text>,
    /// Value of the header `X-Vault-AWS-IAM-Server-ID`.
    pub vault_aws_iam_server_id: Option<Text>,
    /// Where the AWS identity comes from; `None` for the operator's own pod.
    pub credentials: Option<IamCredentials>,
}

/// An AWS identity for Vault's IAM method.
#[derive(Clone, Debug, PartialEq)]
pub enum IamCredentials {
    /// Access keys from a Secret.
    SecretRef(AwsSecretRef),
    /// A service account whose annotation names a role (IRSA).
    Jwt(ServiceAccountSelector),
}

/// `gcp`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VaultGcp {
    /// `None` for `gcp`.
    pub path: Option<Text>,
    /// Vault's role.
    pub role: Text,
    /// Google's project.
    pub project_id: Option<Text>,
    /// Google's region.
    pub location: Option<Text>,
    /// A service account's key from a Secret (`secretRef.secretAccessKeySecretRef`).
    pub secret_access_key_secret_ref: Option<SecretKeySelector>,
    /// A service account to act as.
    pub service_account_ref: Option<ServiceAccountSelector>,
    /// Workload identity of a service account.
    pub workload_identity: Option<GcpWorkloadIdentity>,
}

/// `gcp.workloadIdentity`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GcpWorkloadIdentity {
    /// The service account.
    pub service_account_ref: ServiceAccountSelector,
    /// Location of the cluster; `None` asks the metadata server.
    pub cluster_location: Option<Text>,
    /// Name of the cluster; `None` asks the metadata server.
    pub cluster_name: Option<Text>,
    /// Project of the cluster; `None` asks the metadata server.
    pub cluster_project_id: Option<Text>,
}
