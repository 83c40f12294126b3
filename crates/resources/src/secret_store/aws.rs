//! `provider.aws`.

use keyloom_models::policy::{AwsService, SessionTagsPolicy};
use keyloom_models::selector::{SecretKeySelector, ServiceAccountSelector};
use keyloom_syntax::Text;

use crate::metadata::TextMap;
use crate::walk::{Sink, Walk, map};

/// AWS as a store's backend.
#[derive(Clone, Debug, PartialEq)]
pub struct Aws {
    /// The service that is read.
    pub service: AwsService,
    /// How the operator signs in; `None` for the credentials of its own pod.
    pub auth: Option<AwsAuth>,
    /// Role that is assumed, after `additional_roles`.
    pub role: Option<Text>,
    /// The region.
    pub region: Text,
    /// Roles that are assumed one after the other, before `role`.
    pub additional_roles: Vec<Text>,
    /// External ID given when `role` is assumed.
    pub external_id: Option<Text>,
    /// Tags of the session of `role`.
    pub session_tags: Vec<AwsTag>,
    /// Whether the operator adds tags of its own to the session.
    pub session_tags_policy: Option<SessionTagsPolicy>,
    /// Further tags under the policy `Custom`.
    pub custom_session_tags: TextMap,
    /// How secrets that a push made are deleted.
    pub secrets_manager: Option<AwsSecretsManager>,
    /// Keys of tags that later roles of the chain keep.
    pub transitive_tag_keys: Vec<Text>,
    /// Prefix of every remote key.
    pub prefix: Option<Text>,
}

impl Aws {
    /// A service in a region, with the credentials of the operator's own pod.
    pub fn new(service: AwsService, region: impl Into<Text>) -> Self {
        Self {
            service,
            auth: None,
            role: None,
            region: region.into(),
            additional_roles: Vec::new(),
            external_id: None,
            session_tags: Vec::new(),
            session_tags_policy: None,
            custom_session_tags: TextMap::new(),
            secrets_manager: None,
            transitive_tag_keys: Vec::new(),
            prefix: None,
        }
    }
}

/// How the operator signs in to AWS.
#[derive(Clone, Debug, PartialEq)]
pub enum AwsAuth {
    /// With access keys from a Secret.
    SecretRef(AwsSecretRef),
    /// As a service account whose annotation names a role (IRSA).
    Jwt(ServiceAccountSelector),
}

/// Access keys in a Secret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AwsSecretRef {
    /// The access key's id.
    pub access_key_id_secret_ref: Option<SecretKeySelector>,
    /// The secret access key.
    pub secret_access_key_secret_ref: Option<SecretKeySelector>,
    /// The session token of temporary keys.
    pub session_token_secret_ref: Option<SecretKeySelector>,
}

/// A tag.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AwsTag {
    /// Key of the tag.
    pub key: Text,
    /// Its value.
    pub value: Text,
}

/// `secretsManager`: how AWS Secrets Manager deletes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AwsSecretsManager {
    /// Deletes at once, without a way back.
    pub force_delete_without_recovery: Option<bool>,
    /// Days (7 to 30) in which a deleted secret can be brought back.
    pub recovery_window_in_days: Option<i64>,
}

impl Walk for Aws {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("service", &self.service)?;
            m.optional("auth", &self.auth)?;
            m.optional("role", &self.role)?;
            m.field("region", &self.region)?;
            m.nonempty("additionalRoles", &self.additional_roles)?;
            m.optional("externalID", &self.external_id)?;
            m.nonempty("sessionTags", &self.session_tags)?;
            m.optional("sessionTagsPolicy", &self.session_tags_policy)?;
            m.nonempty("customSessionTags", &self.custom_session_tags)?;
            m.optional("secretsManager", &self.secrets_manager)?;
            m.nonempty("transitiveTagKeys", &self.transitive_tag_keys)?;
            m.optional("prefix", &self.prefix)
        })
    }
}

impl Walk for AwsAuth {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match self {
            Self::SecretRef(keys) => m.field("secretRef", keys),
            Self::Jwt(account) => m.map("jwt", |m| m.field("serviceAccountRef", account)),
        })
    }
}

impl Walk for AwsSecretRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("accessKeyIDSecretRef", &self.access_key_id_secret_ref)?;
            m.optional("secretAccessKeySecretRef", &self.secret_access_key_secret_ref)?;
            m.optional("sessionTokenSecretRef", &self.session_token_secret_ref)
        })
    }
}

impl Walk for AwsTag {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("key", &self.key)?;
            m.field("value", &self.value)
        })
    }
}

impl Walk for AwsSecretsManager {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("forceDeleteWithoutRecovery", &self.force_delete_without_recovery)?;
            m.optional("recoveryWindowInDays", &self.recovery_window_in_days)
        })
    }
}
