//! `provider.infisical`.

use keyloom_models::selector::{CaProvider, SecretKeySelector};
use keyloom_syntax::Text;

use crate::walk::{Sink, Walk, map};

/// Infisical as a store's backend.
#[derive(Clone, Debug, PartialEq)]
pub struct Infisical {
    /// How the operator signs in.
    pub auth: InfisicalAuth,
    /// Where the secrets lie.
    pub secrets_scope: SecretsScope,
    /// Address of the API; `None` for Infisical Cloud (US).
    pub host_api: Option<Text>,
    /// CA certificates of the server: PEM in base64.
    pub ca_bundle: Option<Text>,
    /// CA certificates in a Secret or ConfigMap.
    pub ca_provider: Option<CaProvider>,
}

/// `secretsScope`: project, environment and folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecretsScope {
    /// Slug of the organisation to sign in to, for sub-organisations.
    pub organization_slug: Option<Text>,
    /// Slug of the project.
    pub project_slug: Text,
    /// Slug of the environment.
    pub environment_slug: Text,
    /// Folder; `None` for `/`.
    pub secrets_path: Option<Text>,
    /// Whether a `find` looks into folders of the folder; `None` for no.
    pub recursive: Option<bool>,
    /// Whether references inside values are followed; `None` for yes.
    pub expand_secret_references: Option<bool>,
}

/// How the operator signs in to Infisical: exactly one method. Every value lies in a Secret.
#[derive(Clone, Debug, PartialEq)]
pub enum InfisicalAuth {
    /// Universal auth of a machine identity.
    UniversalAuth {
        /// The client's id.
        client_id: SecretKeySelector,
        /// The client's secret.
        client_secret: SecretKeySelector,
    },
    /// Azure's identity of the operator's pod.
    AzureAuth {
        /// The machine identity's id.
        identity_id: SecretKeySelector,
        /// The resource that the token is for.
        resource: Option<SecretKeySelector>,
    },
    /// An id token from Google's metadata server.
    GcpIdTokenAuth {
        /// The machine identity's id.
        identity_id: SecretKeySelector,
    },
    /// A Google service account's key.
    GcpIamAuth {
        /// The machine identity's id.
        identity_id: SecretKeySelector,
        /// Path of the key's file in the operator's container.
        service_account_key_file_path: SecretKeySelector,
    },
    /// A JSON web token.
    JwtAuth {
        /// The machine identity's id.
        identity_id: SecretKeySelector,
        /// The token.
        jwt: SecretKeySelector,
    },
    /// A user of an LDAP directory.
    LdapAuth {
        /// The machine identity's id.
        identity_id: SecretKeySelector,
        /// The user's password.
        ldap_password: SecretKeySelector,
        /// The user's name.
        ldap_username: SecretKeySelector,
    },
    /// A user of Oracle Cloud.
    OciAuth(Box<OciAuth>),
    /// The service account of the operator's pod.
    KubernetesAuth {
        /// The machine identity's id.
        identity_id: SecretKeySelector,
        /// Path of the token's file in the operator's container.
        service_account_token_path: Option<SecretKeySelector>,
    },
    /// The AWS identity of the operator's pod.
    AwsAuth {
        /// The machine identity's id.
        identity_id: SecretKeySelector,
    },
    /// An access token, sent as it is.
    TokenAuth {
        /// The token.
        access_token: SecretKeySelector,
    },
}

/// A user of Oracle Cloud, and the key that signs for the user.
#[derive(Clone, Debug, PartialEq)]
pub struct OciAuth {
    /// The machine identity's id.
    pub identity_id: SecretKeySelector,
    /// The private key.
    pub private_key: SecretKeySelector,
    /// Passphrase of the private key.
    pub private_key_passphrase: Option<SecretKeySelector>,
    /// Fingerprint of the key.
    pub fingerprint: SecretKeySelector,
    /// The user's OCID.
    pub user_id: SecretKeySelector,
    /// The tenancy's OCID.
    pub tenancy_id: SecretKeySelector,
    /// The region.
    pub region: SecretKeySelector,
}

impl Walk for Infisical {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("auth", &self.auth)?;
            m.field("secretsScope", &self.secrets_scope)?;
            m.optional("hostAPI", &self.host_api)?;
            m.optional("caBundle", &self.ca_bundle)?;
            m.optional("caProvider", &self.ca_provider)
        })
    }
}

impl Walk for SecretsScope {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("organizationSlug", &self.organization_slug)?;
            m.field("projectSlug", &self.project_slug)?;
            m.field("environmentSlug", &self.environment_slug)?;
            m.optional("secretsPath", &self.secrets_path)?;
            m.optional("recursive", &self.recursive)?;
            m.optional("expandSecretReferences", &self.expand_secret_references)
        })
    }
}

impl InfisicalAuth {
    /// The method's key in the object.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::UniversalAuth { .. } => "universalAuthCredentials",
            Self::AzureAuth { .. } => "azureAuthCredentials",
            Self::GcpIdTokenAuth { .. } => "gcpIdTokenAuthCredentials",
            Self::GcpIamAuth { .. } => "gcpIamAuthCredentials",
            Self::JwtAuth { .. } => "jwtAuthCredentials",
            Self::LdapAuth { .. } => "ldapAuthCredentials",
            Self::OciAuth(_) => "ociAuthCredentials",
            Self::KubernetesAuth { .. } => "kubernetesAuthCredentials",
            Self::AwsAuth { .. } => "awsAuthCredentials",
            Self::TokenAuth { .. } => "tokenAuthCredentials",
        }
    }
}

impl Walk for InfisicalAuth {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |auth| {
            auth.map(self.as_str(), |m| match self {
                Self::UniversalAuth { client_id, client_secret } => {
                    m.field("clientId", client_id)?;
                    m.field("clientSecret", client_secret)
                }
                Self::AzureAuth { identity_id, resource } => {
                    m.field("identityId", identity_id)?;
                    m.optional("resource", resource)
                }
                Self::GcpIdTokenAuth { identity_id } | Self::AwsAuth { identity_id } => {
                    m.field("identityId", identity_id)
                }
                Self::GcpIamAuth { identity_id, service_account_key_file_path } => {
                    m.field("identityId", identity_id)?;
                    m.field("serviceAccountKeyFilePath", service_account_key_file_path)
                }
                Self::JwtAuth { identity_id, jwt } => {
                    m.field("identityId", identity_id)?;
                    m.field("jwt", jwt)
                }
                Self::LdapAuth { identity_id, ldap_password, ldap_username } => {
                    m.field("identityId", identity_id)?;
                    m.field("ldapPassword", ldap_password)?;
                    m.field("ldapUsername", ldap_username)
                }
                Self::OciAuth(oci) => {
                    m.field("identityId", &oci.identity_id)?;
                    m.field("privateKey", &oci.private_key)?;
                    m.optional("privateKeyPassphrase", &oci.private_key_passphrase)?;
                    m.field("fingerprint", &oci.fingerprint)?;
                    m.field("userId", &oci.user_id)?;
                    m.field("tenancyId", &oci.tenancy_id)?;
                    m.field("region", &oci.region)
                }
                Self::KubernetesAuth { identity_id, service_account_token_path } => {
                    m.field("identityId", identity_id)?;
                    m.optional("serviceAccountTokenPath", service_account_token_path)
                }
                Self::TokenAuth { access_token } => m.field("accessToken", access_token),
            })
        })
    }
}
