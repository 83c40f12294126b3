//! Infisical: its address, its scope, and the ways to log in.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::finding::Place;
use crate::selector::{CaProvider, SecretKeySelector};

mod address;
mod aliases;
mod rules;
mod service_token;
pub(crate) use address::address;
pub(crate) use rules::{check, newer};

/// The operator checks a cluster-scoped store without a namespace of its own, so every reference must name one.
pub(crate) const NEEDS_NAMESPACES: bool = true;

/// Access to one environment of one Infisical project (ESO's `spec.provider.infisical`).
///
/// In Infisical a path is a folder and a name: `/databases/postgres/host` is the secret `host` in the folder
/// `/databases/postgres`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(transform = service_token::in_block)]
pub struct InfisicalConfig {
    /// Slug of the project, as in its settings; neither its id nor its display name (ESO's `secretsScope.projectSlug`).
    #[schemars(extend("x-aliases" = ["secretsScope.projectSlug"]))]
    #[validate(length(min = 1))]
    pub project_slug: Text,
    /// Slug of the environment, such as `prod` (ESO's `secretsScope.environmentSlug`).
    #[schemars(extend("x-aliases" = ["environmentSlug", "secretsScope.environmentSlug"]))]
    #[validate(length(min = 1))]
    pub environment: Text,
    /// Folder that paths without a leading `/` start from, default `/`. The identity must be allowed to list it (ESO's `secretsScope.secretsPath`).
    #[schemars(extend("x-aliases" = ["secretsScope.secretsPath"]))]
    pub secrets_path: Option<Text>,
    /// Whether `find` and the store's own check look into sub-folders, default false; single reads never do (ESO's `secretsScope.recursive`).
    #[schemars(extend("x-aliases" = ["secretsScope.recursive"]))]
    pub recursive: Option<bool>,
    /// Whether references inside values, such as `${prod.db.PASSWORD}`, are replaced by what they name, default true (ESO's `secretsScope.expandSecretReferences`).
    #[schemars(extend("x-aliases" = ["secretsScope.expandSecretReferences"]))]
    pub expand_secret_references: Option<bool>,
    /// Slug of the sub-organisation to log in to (ESO's `secretsScope.organizationSlug`; ESO 2.9).
    #[schemars(extend("x-aliases" = ["secretsScope.organizationSlug"]))]
    pub organization_slug: Option<Text>,
    /// Base address of the server, default `https://app.infisical.com/api`; `/api` may be left out.
    #[serde(rename = "hostAPI")]
    pub host_api: Option<Text>,
    /// Certificate authority of the server: base64 of its PEM text.
    #[schemars(transform = crate::schema::base64)]
    pub ca_bundle: Option<Text>,
    /// Where the certificate authority of the server lies in the cluster; not together with `caBundle`.
    #[validate(nested)]
    pub ca_provider: Option<CaProvider>,
    /// How the operator logs in: exactly one method.
    pub auth: InfisicalAuth,
}

impl InfisicalConfig {
    /// A project's environment. [`auth`](Self::auth) says how to log in; until then it is the operator pod's own
    /// Kubernetes identity without a name, which validation refuses.
    pub fn new(project_slug: impl Into<Text>, environment: impl Into<Text>) -> Self {
        Self {
            project_slug: project_slug.into(),
            environment: environment.into(),
            secrets_path: None,
            recursive: None,
            expand_secret_references: None,
            organization_slug: None,
            host_api: None,
            ca_bundle: None,
            ca_provider: None,
            auth: InfisicalAuth::KubernetesAuth(KubernetesAuth::default()),
        }
    }

    /// Which part of the backend it reads.
    pub(crate) fn scope(&self) -> Vec<(&'static str, Text)> {
        let mut scope =
            vec![("project", self.project_slug.clone()), ("environment", self.environment.clone())];
        scope.extend(self.secrets_path.clone().map(|path| ("folder", path)));
        scope
    }

    /// Every Secret reference of the block, at its place.
    pub(crate) fn selectors_mut(
        &mut self,
        place: &Place,
        meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
    ) {
        let at = place.at("auth").at(self.auth.name());
        for (field, selector) in self.auth.selectors_mut() {
            meet(&at.at(field), selector);
        }
    }

    /// Sets how the operator logs in.
    #[must_use]
    pub fn auth(mut self, auth: impl Into<InfisicalAuth>) -> Self {
        self.auth = auth.into();
        self
    }

    /// Sets the server's base address.
    #[must_use]
    pub fn host_api(mut self, host_api: impl Into<Text>) -> Self {
        self.host_api = Some(host_api.into());
        self
    }

    /// Sets the folder that relative paths start from.
    #[must_use]
    pub fn secrets_path(mut self, secrets_path: impl Into<Text>) -> Self {
        self.secrets_path = Some(secrets_path.into());
        self
    }
}

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
