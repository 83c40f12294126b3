//! `provider.vault.auth`.

use keyloom_models::selector::{SecretKeySelector, ServiceAccountSelector};
use keyloom_syntax::Text;

use crate::secret_store::aws::AwsSecretRef;
use crate::walk::{Map, Sink, Walk, map};

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
        path: Text,
        /// The user's name.
        username: Text,
        /// The user's password.
        secret_ref: Option<SecretKeySelector>,
    },
    /// A JSON web token.
    Jwt {
        /// Default `jwt`.
        path: Text,
        /// The role; `None` for the mount's default.
        role: Option<Text>,
        /// The token.
        token: JwtToken,
    },
    /// A client certificate.
    Cert(VaultCert),
    /// An AWS identity.
    Iam(Box<VaultIam>),
    /// A name and password.
    UserPass {
        /// Default `userpass`.
        path: Text,
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
    pub path: Text,
    /// The role's id.
    pub role_id: RoleId,
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
    pub mount_path: Text,
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

impl Walk for VaultAuth {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("namespace", &self.namespace)?;
            match &self.method {
                VaultMethod::Token(secret) => m.field("tokenSecretRef", secret),
                VaultMethod::AppRole(role) => m.field("appRole", role),
                VaultMethod::Kubernetes(kubernetes) => m.field("kubernetes", kubernetes),
                VaultMethod::Ldap { path, username, secret_ref } => {
                    m.map("ldap", |m| user(m, path, username, secret_ref))
                }
                VaultMethod::Jwt { path, role, token } => m.map("jwt", |m| {
                    m.field("path", path)?;
                    m.optional("role", role)?;
                    jwt_token(m, token)
                }),
                VaultMethod::Cert(cert) => m.field("cert", cert),
                VaultMethod::Iam(iam) => m.field("iam", iam),
                VaultMethod::UserPass { path, username, secret_ref } => {
                    m.map("userPass", |m| user(m, path, username, secret_ref))
                }
                VaultMethod::Gcp(gcp) => m.field("gcp", gcp),
            }
        })
    }
}

fn user<S: Sink>(
    m: &mut Map<'_, S>,
    path: &Text,
    username: &Text,
    secret_ref: &Option<SecretKeySelector>,
) -> Result<(), S::Error> {
    m.field("path", path)?;
    m.field("username", username)?;
    m.optional("secretRef", secret_ref)
}

fn jwt_token<S: Sink>(m: &mut Map<'_, S>, token: &JwtToken) -> Result<(), S::Error> {
    match token {
        JwtToken::Secret(secret) => m.field("secretRef", secret),
        JwtToken::ServiceAccount { account, audiences, expiration_seconds } => {
            m.map("kubernetesServiceAccountToken", |m| {
                m.field("serviceAccountRef", account)?;
                m.nonempty("audiences", audiences)?;
                m.optional("expirationSeconds", expiration_seconds)
            })
        }
    }
}

impl Walk for AppRole {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("path", &self.path)?;
            match &self.role_id {
                RoleId::Inline(id) => m.field("roleId", id)?,
                RoleId::Ref(secret) => m.field("roleRef", secret)?,
            }
            m.field("secretRef", &self.secret_ref)
        })
    }
}

impl Walk for VaultKubernetes {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("mountPath", &self.mount_path)?;
            match &self.token {
                Some(KubernetesToken::ServiceAccount(account)) => m.field("serviceAccountRef", account)?,
                Some(KubernetesToken::Secret(secret)) => m.field("secretRef", secret)?,
                None => {}
            }
            m.field("role", &self.role)
        })
    }
}

impl Walk for VaultCert {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("path", &self.path)?;
            m.optional("vaultRole", &self.vault_role)?;
            m.optional("clientCert", &self.client_cert)?;
            m.optional("secretRef", &self.secret_ref)
        })
    }
}

impl Walk for VaultIam {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("path", &self.path)?;
            m.optional("region", &self.region)?;
            m.optional("role", &self.role)?;
            m.field("vaultRole", &self.vault_role)?;
            m.optional("externalID", &self.external_id)?;
            m.optional("vaultAwsIamServerID", &self.vault_aws_iam_server_id)?;
            match &self.credentials {
                Some(IamCredentials::SecretRef(keys)) => m.field("secretRef", keys),
                Some(IamCredentials::Jwt(account)) => m.map("jwt", |m| m.field("serviceAccountRef", account)),
                None => Ok(()),
            }
        })
    }
}

impl Walk for VaultGcp {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("path", &self.path)?;
            m.field("role", &self.role)?;
            m.optional("projectID", &self.project_id)?;
            m.optional("location", &self.location)?;
            if let Some(key) = &self.secret_access_key_secret_ref {
                m.map("secretRef", |m| m.field("secretAccessKeySecretRef", key))?;
            }
            m.optional("serviceAccountRef", &self.service_account_ref)?;
            m.optional("workloadIdentity", &self.workload_identity)
        })
    }
}

impl Walk for GcpWorkloadIdentity {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("serviceAccountRef", &self.service_account_ref)?;
            m.optional("clusterLocation", &self.cluster_location)?;
            m.optional("clusterName", &self.cluster_name)?;
            m.optional("clusterProjectID", &self.cluster_project_id)
        })
    }
}
