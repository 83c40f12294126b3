//! The fields of each login method of Vault.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::selector::{SecretKeySelector, ServiceAccountSelector};
use crate::store::aws::{AwsJwtAuth, AwsSecretRef};

/// An application role (ESO's `auth.appRole`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultAppRole {
    /// Mount of the method, default `approle`.
    pub path: Option<Text>,
    /// The role's id, which is no secret; or `roleRef`.
    pub role_id: Option<Text>,
    /// Where the role's id lies; or `roleId`.
    #[validate(nested)]
    pub role_ref: Option<SecretKeySelector>,
    /// Where the secret id lies.
    #[validate(nested)]
    pub secret_ref: SecretKeySelector,
}

/// A Kubernetes service account (ESO's `auth.kubernetes`). Without `serviceAccountRef` and `secretRef` it is that of
/// the operator's pod.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultKubernetesAuth {
    /// Mount of the method, default `kubernetes`.
    pub mount_path: Option<Text>,
    /// The role in Vault.
    #[validate(length(min = 1))]
    pub role: Text,
    /// The service account.
    #[validate(nested)]
    pub service_account_ref: Option<ServiceAccountSelector>,
    /// Where a service account's token lies; its key is `token` unless named.
    #[validate(nested)]
    pub secret_ref: Option<SecretKeySelector>,
}

impl VaultKubernetesAuth {
    /// A role, with a service account of the store's namespace.
    pub fn new(role: impl Into<Text>, service_account: impl Into<Text>) -> Self {
        Self {
            role: role.into(),
            service_account_ref: Some(ServiceAccountSelector::new(service_account)),
            ..Self::default()
        }
    }
}

/// A user with a password (ESO's `auth.ldap` and `auth.userPass`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultUserAuth {
    /// Mount of the method, default `ldap` or `userpass`.
    pub path: Option<Text>,
    /// The user.
    pub username: Text,
    /// Where the password lies.
    #[validate(nested)]
    pub secret_ref: Option<SecretKeySelector>,
}

/// A JSON web token (ESO's `auth.jwt`): a fixed one, or one asked for a service account.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultJwtAuth {
    /// Mount of the method, default `jwt`.
    pub path: Option<Text>,
    /// The role in Vault.
    pub role: Option<Text>,
    /// Where the token lies; or `kubernetesServiceAccountToken`.
    #[validate(nested)]
    pub secret_ref: Option<SecretKeySelector>,
    /// A token asked from Kubernetes for a service account; or `secretRef`.
    #[validate(nested)]
    pub kubernetes_service_account_token: Option<VaultServiceAccountToken>,
}

/// A token asked from Kubernetes (ESO's `kubernetesServiceAccountToken`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultServiceAccountToken {
    /// The service account.
    #[validate(nested)]
    pub service_account_ref: ServiceAccountSelector,
    /// Audiences of the token, default `vault`. Deprecated upstream: name them in `serviceAccountRef`.
    pub audiences: Option<Vec<Text>>,
    /// Life of the token in seconds, default 600. Deprecated upstream.
    #[validate(range(min = 1))]
    pub expiration_seconds: Option<i64>,
}

/// A TLS client certificate (ESO's `auth.cert`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultCertAuth {
    /// Mount of the method, default `cert` (ESO 2.9).
    pub path: Option<Text>,
    /// The role in Vault (ESO 2.9).
    pub vault_role: Option<Text>,
    /// Where the certificate lies.
    #[validate(nested)]
    pub client_cert: Option<SecretKeySelector>,
    /// Where the private key lies.
    #[validate(nested)]
    pub secret_ref: Option<SecretKeySelector>,
}

/// An AWS identity (ESO's `auth.iam`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultIamAuth {
    /// The role in Vault.
    pub vault_role: Text,
    /// Mount of the method, default `aws`.
    pub path: Option<Text>,
    /// AWS region of the signed request, default `us-east-1`.
    pub region: Option<Text>,
    /// ARN of an AWS role to assume first.
    pub role: Option<Text>,
    /// External id to give when that role is assumed.
    #[serde(rename = "externalID")]
    pub external_id: Option<Text>,
    /// Value of the header that ties the request to this Vault server.
    #[serde(rename = "vaultAwsIamServerID")]
    pub vault_aws_iam_server_id: Option<Text>,
    /// An access key kept in a Secret.
    #[validate(nested)]
    pub secret_ref: Option<AwsSecretRef>,
    /// A service account with an AWS role.
    #[validate(nested)]
    pub jwt: Option<AwsJwtAuth>,
}

/// A Google identity (ESO's `auth.gcp`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultGcpAuth {
    /// The role in Vault.
    pub role: Text,
    /// Mount of the method, default `gcp`.
    pub path: Option<Text>,
    /// Google project.
    #[serde(rename = "projectID")]
    pub project_id: Option<Text>,
    /// Google location.
    pub location: Option<Text>,
    /// Where a service account key lies.
    #[validate(nested)]
    pub secret_ref: Option<GcpSecretRef>,
    /// A Kubernetes service account to act as.
    #[validate(nested)]
    pub service_account_ref: Option<ServiceAccountSelector>,
    /// A Kubernetes service account bound to a Google one.
    #[validate(nested)]
    pub workload_identity: Option<GcpWorkloadIdentity>,
}

/// A Google service account key (ESO's `secretRef`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GcpSecretRef {
    /// Where the key lies.
    #[validate(nested)]
    pub secret_access_key_secret_ref: Option<SecretKeySelector>,
}

/// Workload identity of Google Kubernetes Engine (ESO's `workloadIdentity`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GcpWorkloadIdentity {
    /// The Kubernetes service account.
    #[validate(nested)]
    pub service_account_ref: ServiceAccountSelector,
    /// Location of the cluster, default that of the operator's.
    pub cluster_location: Option<Text>,
    /// Name of the cluster, default that of the operator's.
    pub cluster_name: Option<Text>,
    /// Project of the cluster, default that of the operator's.
    #[serde(rename = "clusterProjectID")]
    pub cluster_project_id: Option<Text>,
}
