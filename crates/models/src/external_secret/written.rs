//! External secrets as they are written: every field side by side.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use super::{Content, Entries, ExternalSecretConfig, ManifestTarget, Options, SyncWindows};
use crate::data_from::DataFrom;
use crate::duration::Duration;
use crate::helper::{
    ApiKey, BasicAuth, Connection, DatabaseCredentials, DockerConfig, Helper, S3Credentials, TlsCertificate,
};
use crate::name::{NAMESPACE, OBJECT_NAME};
use crate::policy::{CreationPolicy, DeletionPolicy, RefreshPolicy};
use crate::reference::{SecretReference, SecretStoreRef};
use crate::schema::{needs_name, without_object};
use crate::template::Template;

/// An external secret as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    /// Name of the ExternalSecret.
    #[serde(default)]
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    name: Text,
    /// Namespace; absent is left to Flux, kustomize or Argo CD.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    namespace: Option<Text>,
    /// Store; may be left out when one store is in scope.
    secret_store_ref: Option<SecretStoreRef>,
    /// Name of the Secret, default that of the ExternalSecret.
    #[schemars(extend("x-aliases" = ["target.name"]))]
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    target_secret_name: Option<Text>,
    /// Single values of the store, each under a key of the Secret.
    #[schemars(length(min = 1))]
    data: Option<Vec<SecretReference>>,
    /// Whole entries of the store; later ones win over earlier ones, `data` wins over all.
    #[schemars(length(min = 1))]
    data_from: Option<Vec<DataFrom>>,
    /// Helper: host, port, user name, password and database.
    database_credentials: Option<DatabaseCredentials>,
    /// Helper: one key of an API.
    api_key: Option<ApiKey>,
    /// Helper: a TLS certificate.
    tls_certificate: Option<TlsCertificate>,
    /// Helper: a user name and a password.
    basic_auth: Option<BasicAuth>,
    /// Helper: credentials of a container registry.
    docker_config: Option<DockerConfig>,
    /// Helper: an access key for S3.
    s3_credentials: Option<S3Credentials>,
    /// Helper: the keys of a typed connection.
    connection: Option<Connection>,
    /// Keys with fixed values that are no secrets, such as `PORT: "5432"`.
    constants: Option<IndexMap<String, Text>>,
    /// When the values are read again, default `Periodic`; `CreatedOnce` when the keys come from a Password, SSHKey or UUID generator.
    refresh_policy: Option<RefreshPolicy>,
    /// How often the values are read again, such as `30s`, `5m` or `1h`, default `1h`; helpers have their own default.
    refresh_interval: Option<Duration>,
    /// When refreshes may happen (ESO 2.9).
    sync_windows: Option<SyncWindows>,
    /// Who owns the Secret, default `Owner`.
    #[schemars(extend("x-aliases" = ["target.creationPolicy"]))]
    creation_policy: Option<CreationPolicy>,
    /// What happens when the provider no longer has the values, default `Retain`.
    #[schemars(extend("x-aliases" = ["target.deletionPolicy"]))]
    deletion_policy: Option<DeletionPolicy>,
    /// Whether the Secret is frozen once it is written, default false.
    #[schemars(extend("x-aliases" = ["target.immutable"]))]
    immutable: Option<bool>,
    /// Another kind of object in place of a Secret (ESO 2.9).
    #[schemars(extend("x-aliases" = ["target.manifest"]))]
    manifest: Option<ManifestTarget>,
    /// How the Secret is made of the keys.
    #[schemars(extend("x-aliases" = ["target.template"]))]
    template: Option<Template>,
    /// Labels of the ExternalSecret; without a template the operator copies them to the Secret.
    labels: Option<IndexMap<String, Text>>,
    /// Annotations of the ExternalSecret; without a template the operator copies them to the Secret.
    annotations: Option<IndexMap<String, Text>>,
}

/// The fields that say where the keys come from; `data` and `dataFrom` may stand together.
pub(crate) const HELPERS: [&str; 7] = [
    "databaseCredentials",
    "apiKey",
    "tlsCertificate",
    "basicAuth",
    "dockerConfig",
    "s3Credentials",
    "connection",
];

impl<'de> Deserialize<'de> for ExternalSecretConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let w = Written::deserialize(deserializer)?;
        let helper = w
            .database_credentials
            .map(Helper::DatabaseCredentials)
            .or(w.api_key.map(Helper::ApiKey))
            .or(w.tls_certificate.map(Helper::TlsCertificate))
            .or(w.basic_auth.map(Helper::BasicAuth))
            .or(w.docker_config.map(Helper::DockerConfig))
            .or(w.s3_credentials.map(Helper::S3Credentials))
            .or(w.connection.map(Helper::Connection));
        let content = match helper {
            Some(helper) => Content::Helper(Box::new(helper)),
            None => Content::Entries(Entries {
                data: w.data.unwrap_or_default(),
                data_from: w.data_from.unwrap_or_default(),
            }),
        };
        Ok(Self {
            name: w.name,
            namespace: w.namespace,
            secret_store_ref: w.secret_store_ref,
            target_secret_name: w.target_secret_name,
            content,
            refresh_policy: w.refresh_policy,
            refresh_interval: w.refresh_interval,
            options: Box::new(Options {
                constants: w.constants.unwrap_or_default(),
                creation_policy: w.creation_policy,
                deletion_policy: w.deletion_policy,
                immutable: w.immutable,
                manifest: w.manifest,
                template: w.template.map(Box::new),
                sync_windows: w.sync_windows,
            }),
            labels: w.labels.unwrap_or_default(),
            annotations: w.annotations.unwrap_or_default(),
        })
    }
}

impl JsonSchema for ExternalSecretConfig {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ExternalSecretConfig".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Written::json_schema(generator);
        needs_name(&mut schema);
        let mut choices =
            vec![serde_json::json!({ "anyOf": [{ "required": ["data"] }, { "required": ["dataFrom"] }] })];
        choices.extend(HELPERS.iter().map(|helper| serde_json::json!({ "required": [helper] })));
        schema.insert("oneOf".into(), choices.into());
        schema.insert("x-code".into(), "one-source-of-keys".into());
        schema.insert("x-codes".into(), serde_json::json!({ "oneOf-none": "one-source-of-keys" }));
        schema.insert("x-noun".into(), "an external secret".into());
        schema.insert(
            "x-fix".into(),
            "write `data` and `dataFrom`, or exactly one helper such as `databaseCredentials`".into(),
        );
        schema.insert(
            "description".into(),
            "An ExternalSecret: values of a store, written to one Kubernetes Secret and kept fresh.".into(),
        );
        schema
    }
}

/// The fields of an external secret without those of the object: its name, namespace, labels and annotations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExternalSecretSpec(pub ExternalSecretConfig);

impl<'de> Deserialize<'de> for ExternalSecretSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ExternalSecretConfig::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for ExternalSecretSpec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ExternalSecretSpec".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = ExternalSecretConfig::json_schema(generator);
        without_object(&mut schema);
        schema
    }
}
