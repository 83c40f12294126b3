//! The ways to sign in to Vault, as the object spells them.

use keyloom_models::selector::SecretKeySelector;
use keyloom_syntax::Text;

use super::{
    AppRole, GcpWorkloadIdentity, IamCredentials, JwtToken, KubernetesToken, RoleId, VaultAuth, VaultCert,
    VaultGcp, VaultIam, VaultKubernetes, VaultMethod,
};
use crate::walk::{Map, Sink, Walk, map};

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
                    m.optional("path", path)?;
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
    path: &Option<Text>,
    username: &Text,
    secret_ref: &Option<SecretKeySelector>,
) -> Result<(), S::Error> {
    m.optional("path", path)?;
    m.field("username", username)?;
    m.optional("secretRef", secret_ref)
}

fn jwt_token<S: Sink>(m: &mut Map<'_, S>, token: &Option<JwtToken>) -> Result<(), S::Error> {
    match token {
        None => Ok(()),
        Some(JwtToken::Secret(secret)) => m.field("secretRef", secret),
        Some(JwtToken::ServiceAccount { account, audiences, expiration_seconds }) => {
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
            m.optional("path", &self.path)?;
            match &self.role_id {
                Some(RoleId::Inline(id)) => m.field("roleId", id)?,
                Some(RoleId::Ref(secret)) => m.field("roleRef", secret)?,
                None => {}
            }
            m.field("secretRef", &self.secret_ref)
        })
    }
}

impl Walk for VaultKubernetes {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("mountPath", &self.mount_path)?;
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
