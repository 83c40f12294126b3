//! The ways to log in to Infisical.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use super::{aliases, service_token};
use crate::selector::SecretKeySelector;

/// How the operator logs in to Infisical (ESO's `auth`, where each name ends in `Credentials`). Every leaf is a
/// reference to a key of a Kubernetes Secret.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = aliases::of_methods, transform = service_token::among_methods, transform = crate::schema::one_method)]
pub enum InfisicalAuth {
    /// A machine identity's client id and secret.
    UniversalAuth(UniversalAuth),
    /// The operator pod's own Kubernetes service account.
    KubernetesAuth(KubernetesAuth),
    /// The operator pod's own AWS identity.
    AwsAuth(IdentityAuth),
    /// The operator pod's own Azure identity.
    AzureAuth(AzureAuth),
    /// The operator pod's own Google identity.
    GcpIdTokenAuth(IdentityAuth),
    /// A Google service account key file inside the operator's container.
    GcpIamAuth(GcpIamAuth),
    /// A JSON web token kept in a Secret.
    JwtAuth(JwtAuth),
    /// A user of an LDAP directory.
    LdapAuth(LdapAuth),
    /// A user of Oracle Cloud.
    OciAuth(Box<OciAuth>),
    /// An access token, sent as it is and never renewed.
    TokenAuth(TokenAuth),
}

/// A machine identity's client id and secret (ESO's `universalAuthCredentials`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UniversalAuth {
    /// Where the client id lies.
    #[validate(nested)]
    pub client_id: SecretKeySelector,
    /// Where the client secret lies.
    #[validate(nested)]
    pub client_secret: SecretKeySelector,
}

impl UniversalAuth {
    /// Both in one Secret, under the keys `clientId` and `clientSecret`.
    pub fn from_secret(name: impl Into<Text>) -> Self {
        let name = name.into();
        Self {
            client_id: SecretKeySelector::new(name.clone(), "clientId"),
            client_secret: SecretKeySelector::new(name, "clientSecret"),
        }
    }
}

impl From<UniversalAuth> for InfisicalAuth {
    fn from(auth: UniversalAuth) -> Self {
        Self::UniversalAuth(auth)
    }
}

/// The operator pod's own service account (ESO's `kubernetesAuthCredentials`). Every namespace that uses the store
/// acts as that one identity.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubernetesAuth {
    /// Where the machine identity's id lies.
    #[validate(nested)]
    pub identity_id: SecretKeySelector,
    /// Where the path of the token file inside the operator's container lies; default is the pod's usual token.
    #[validate(nested)]
    pub service_account_token_path: Option<SecretKeySelector>,
}

impl From<KubernetesAuth> for InfisicalAuth {
    fn from(auth: KubernetesAuth) -> Self {
        Self::KubernetesAuth(auth)
    }
}

/// An identity that the operator pod has from its surroundings (ESO's `awsAuthCredentials`, `gcpIdTokenAuthCredentials`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityAuth {
    /// Where the machine identity's id lies.
    #[validate(nested)]
    pub identity_id: SecretKeySelector,
}

/// The operator pod's Azure identity (ESO's `azureAuthCredentials`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AzureAuth {
    /// Where the machine identity's id lies.
    #[validate(nested)]
    pub identity_id: SecretKeySelector,
    /// Where the name of the resource that the token is asked for lies.
    #[validate(nested)]
    pub resource: Option<SecretKeySelector>,
}

/// A Google service account key (ESO's `gcpIamAuthCredentials`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GcpIamAuth {
    /// Where the machine identity's id lies.
    #[validate(nested)]
    pub identity_id: SecretKeySelector,
    /// Where the path of the key file inside the operator's container lies.
    #[validate(nested)]
    pub service_account_key_file_path: SecretKeySelector,
}

/// A JSON web token (ESO's `jwtAuthCredentials`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JwtAuth {
    /// Where the machine identity's id lies.
    #[validate(nested)]
    pub identity_id: SecretKeySelector,
    /// Where the token lies; nobody renews it.
    #[validate(nested)]
    pub jwt: SecretKeySelector,
}

/// A user of an LDAP directory (ESO's `ldapAuthCredentials`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LdapAuth {
    /// Where the machine identity's id lies.
    #[validate(nested)]
    pub identity_id: SecretKeySelector,
    /// Where the password lies.
    #[validate(nested)]
    pub ldap_password: SecretKeySelector,
    /// Where the user name lies.
    #[validate(nested)]
    pub ldap_username: SecretKeySelector,
}

/// A user of Oracle Cloud (ESO's `ociAuthCredentials`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OciAuth {
    /// Where the machine identity's id lies.
    #[validate(nested)]
    pub identity_id: SecretKeySelector,
    /// Where the private key lies.
    #[validate(nested)]
    pub private_key: SecretKeySelector,
    /// Where the pass phrase of the private key lies.
    #[validate(nested)]
    pub private_key_passphrase: Option<SecretKeySelector>,
    /// Where the fingerprint of the key lies.
    #[validate(nested)]
    pub fingerprint: SecretKeySelector,
    /// Where the user's OCID lies.
    #[validate(nested)]
    pub user_id: SecretKeySelector,
    /// Where the tenancy's OCID lies.
    #[validate(nested)]
    pub tenancy_id: SecretKeySelector,
    /// Where the name of the region lies.
    #[validate(nested)]
    pub region: SecretKeySelector,
}

/// An access token (ESO's `tokenAuthCredentials`). Infisical's retired service tokens (`st.…`) do not work here.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenAuth {
    /// Where the token lies.
    #[validate(nested)]
    pub access_token: SecretKeySelector,
}

impl InfisicalAuth {
    /// Every Secret reference of the method, by its field name in the document.
    pub fn selectors(&self) -> Vec<(&'static str, SecretKeySelector)> {
        self.clone().selectors_mut().into_iter().map(|(field, selector)| (field, selector.clone())).collect()
    }

    pub(crate) fn selectors_mut(&mut self) -> Vec<(&'static str, &mut SecretKeySelector)> {
        match self {
            Self::UniversalAuth(auth) => {
                vec![("clientId", &mut auth.client_id), ("clientSecret", &mut auth.client_secret)]
            }
            Self::KubernetesAuth(auth) => with_optional(
                vec![("identityId", &mut auth.identity_id)],
                "serviceAccountTokenPath",
                auth.service_account_token_path.as_mut(),
            ),
            Self::AwsAuth(auth) | Self::GcpIdTokenAuth(auth) => vec![("identityId", &mut auth.identity_id)],
            Self::AzureAuth(auth) => {
                with_optional(vec![("identityId", &mut auth.identity_id)], "resource", auth.resource.as_mut())
            }
            Self::GcpIamAuth(auth) => vec![
                ("identityId", &mut auth.identity_id),
                ("serviceAccountKeyFilePath", &mut auth.service_account_key_file_path),
            ],
            Self::JwtAuth(auth) => vec![("identityId", &mut auth.identity_id), ("jwt", &mut auth.jwt)],
            Self::LdapAuth(auth) => vec![
                ("identityId", &mut auth.identity_id),
                ("ldapPassword", &mut auth.ldap_password),
                ("ldapUsername", &mut auth.ldap_username),
            ],
            Self::OciAuth(auth) => with_optional(
                vec![
                    ("identityId", &mut auth.identity_id),
                    ("privateKey", &mut auth.private_key),
                    ("fingerprint", &mut auth.fingerprint),
                    ("userId", &mut auth.user_id),
                    ("tenancyId", &mut auth.tenancy_id),
                    ("region", &mut auth.region),
                ],
                "privateKeyPassphrase",
                auth.private_key_passphrase.as_mut(),
            ),
            Self::TokenAuth(auth) => vec![("accessToken", &mut auth.access_token)],
        }
    }

    /// The method's name in the document.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UniversalAuth(_) => "universalAuth",
            Self::KubernetesAuth(_) => "kubernetesAuth",
            Self::AwsAuth(_) => "awsAuth",
            Self::AzureAuth(_) => "azureAuth",
            Self::GcpIdTokenAuth(_) => "gcpIdTokenAuth",
            Self::GcpIamAuth(_) => "gcpIamAuth",
            Self::JwtAuth(_) => "jwtAuth",
            Self::LdapAuth(_) => "ldapAuth",
            Self::OciAuth(_) => "ociAuth",
            Self::TokenAuth(_) => "tokenAuth",
        }
    }
}

fn with_optional<'a>(
    mut selectors: Vec<(&'static str, &'a mut SecretKeySelector)>,
    name: &'static str,
    optional: Option<&'a mut SecretKeySelector>,
) -> Vec<(&'static str, &'a mut SecretKeySelector)> {
    selectors.extend(optional.map(|selector| (name, selector)));
    selectors
}
