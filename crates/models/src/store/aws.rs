//! AWS: Secrets Manager, Parameter Store and Certificate Manager.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::finding::Place;
use crate::policy::{AwsService, SessionTagsPolicy};
use crate::selector::{SecretKeySelector, ServiceAccountSelector};

mod address;
mod rules;

pub(crate) use address::{address, of_service};
pub use rules::REGIONS;
pub(crate) use rules::{check, known_region, newer};

/// Without a namespace a reference is read from that of the external secret.
pub(crate) const NEEDS_NAMESPACES: bool = false;

/// Access to one AWS service in one region (ESO's `spec.provider.aws`).
///
/// A path is the secret's or parameter's own name, as written; fields of a JSON value are reached by `property`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsConfig {
    /// The service to read.
    #[serde(default = "secrets_manager")]
    pub service: AwsService,
    /// The region, such as `eu-central-1`.
    #[validate(length(min = 1))]
    #[serde(default)]
    pub region: Text,
    /// How the operator logs in; without it, by the identity its pod has.
    pub auth: Option<AwsAuth>,
    /// ARN of a role to assume.
    pub role: Option<Text>,
    /// ARNs of roles to assume one after another, before `role`.
    pub additional_roles: Option<Vec<Text>>,
    /// External id to give when `role` is assumed.
    #[serde(rename = "externalID")]
    pub external_id: Option<Text>,
    /// Text put before every path by the operator.
    pub prefix: Option<Text>,
    /// Tags of the session when `role` is assumed.
    #[validate(nested)]
    pub session_tags: Option<Vec<SessionTag>>,
    /// Which session tags the operator adds, default `None`.
    pub session_tags_policy: Option<SessionTagsPolicy>,
    /// Session tags added under the policy `Custom`.
    pub custom_session_tags: Option<IndexMap<String, Text>>,
    /// Keys of session tags that the next role keeps.
    pub transitive_tag_keys: Option<Vec<Text>>,
    /// How pushed secrets are deleted in Secrets Manager.
    #[validate(nested)]
    pub secrets_manager: Option<SecretsManagerConfig>,
}

/// What an external store is taken for when its block does not say; a block of ours must say.
fn secrets_manager() -> AwsService {
    AwsService::SecretsManager
}

impl AwsConfig {
    /// Which part of the backend it reads.
    pub(crate) fn scope(&self) -> Vec<(&'static str, Text)> {
        let mut scope = vec![("service", self.service.as_str().into()), ("region", self.region.clone())];
        scope.extend(self.prefix.clone().map(|prefix| ("prefix", prefix)));
        scope
    }

    /// Every Secret reference of the block, at its place.
    pub(crate) fn selectors_mut(
        &mut self,
        place: &Place,
        meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
    ) {
        let Some(auth) = &mut self.auth else { return };
        let at = place.at("auth").at(auth.name());
        for (field, selector) in auth.selectors_mut() {
            meet(&at.at(field), selector);
        }
    }

    /// A service in a region, with the identity of the operator's pod until [`auth`](Self::auth) says otherwise.
    pub fn new(service: AwsService, region: impl Into<Text>) -> Self {
        Self {
            service,
            region: region.into(),
            auth: None,
            role: None,
            additional_roles: None,
            external_id: None,
            prefix: None,
            session_tags: None,
            session_tags_policy: None,
            custom_session_tags: None,
            transitive_tag_keys: None,
            secrets_manager: None,
        }
    }

    /// Sets how the operator logs in.
    #[must_use]
    pub fn auth(mut self, auth: AwsAuth) -> Self {
        self.auth = Some(auth);
        self
    }

    /// Sets the role to assume.
    #[must_use]
    pub fn role(mut self, role: impl Into<Text>) -> Self {
        self.role = Some(role.into());
        self
    }
}

/// How the operator logs in to AWS (ESO's `auth`): exactly one method.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = crate::schema::one_method)]
pub enum AwsAuth {
    /// A Kubernetes service account that carries the role in its annotation `eks.amazonaws.com/role-arn`.
    Jwt(AwsJwtAuth),
    /// An access key kept in a Secret.
    SecretRef(AwsSecretRef),
}

impl AwsAuth {
    /// A service account with a role of its own (IRSA).
    pub fn service_account(name: impl Into<Text>) -> Self {
        Self::Jwt(AwsJwtAuth { service_account_ref: ServiceAccountSelector::new(name) })
    }

    /// An access key: both halves in one Secret, under the keys `access-key-id` and `secret-access-key`.
    pub fn from_secret(name: impl Into<Text>) -> Self {
        let name = name.into();
        Self::SecretRef(AwsSecretRef {
            access_key_id_secret_ref: SecretKeySelector::new(name.clone(), "access-key-id"),
            secret_access_key_secret_ref: SecretKeySelector::new(name, "secret-access-key"),
            session_token_secret_ref: None,
        })
    }
}

/// A Kubernetes service account (ESO's `auth.jwt`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsJwtAuth {
    /// The service account.
    #[validate(nested)]
    pub service_account_ref: ServiceAccountSelector,
}

/// An access key (ESO's `auth.secretRef`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsSecretRef {
    /// Where the access key id lies.
    #[serde(rename = "accessKeyIDSecretRef")]
    #[validate(nested)]
    pub access_key_id_secret_ref: SecretKeySelector,
    /// Where the secret access key lies.
    #[validate(nested)]
    pub secret_access_key_secret_ref: SecretKeySelector,
    /// Where the session token of temporary credentials lies.
    #[validate(nested)]
    pub session_token_secret_ref: Option<SecretKeySelector>,
}

/// A tag of an STS session.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionTag {
    /// Key of the tag.
    pub key: Text,
    /// Value of the tag.
    pub value: Text,
}

/// How pushed secrets are deleted (ESO's `secretsManager`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretsManagerConfig {
    /// Delete at once, without a recovery window; not together with `recoveryWindowInDays`.
    pub force_delete_without_recovery: Option<bool>,
    /// Days until a deleted secret is gone: 7 to 30, or 0 for AWS's default of 30.
    #[validate(range(min = 0, max = 30))]
    pub recovery_window_in_days: Option<i64>,
}

impl AwsAuth {
    /// Every Secret reference of the method, by its field name in the document.
    pub fn selectors(&self) -> Vec<(&'static str, SecretKeySelector)> {
        self.clone().selectors_mut().into_iter().map(|(field, selector)| (field, selector.clone())).collect()
    }

    pub(crate) fn selectors_mut(&mut self) -> Vec<(&'static str, &mut SecretKeySelector)> {
        match self {
            Self::Jwt(_) => Vec::new(),
            Self::SecretRef(keys) => {
                let mut selectors = vec![
                    ("accessKeyIDSecretRef", &mut keys.access_key_id_secret_ref),
                    ("secretAccessKeySecretRef", &mut keys.secret_access_key_secret_ref),
                ];
                selectors
                    .extend(keys.session_token_secret_ref.as_mut().map(|s| ("sessionTokenSecretRef", s)));
                selectors
            }
        }
    }

    /// The method's name in the document.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Jwt(_) => "jwt",
            Self::SecretRef(_) => "secretRef",
        }
    }
}
