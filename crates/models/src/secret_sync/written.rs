//! Secret syncs as they are written: the destination is that of the kind.

use std::borrow::Cow;

use keyloom_syntax::{Block, Text};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, json};

use super::{
    AppConnectionRef, AwsParameterStoreDestination, AwsSecretsManagerDestination, AzureKeyVaultDestination,
    DestinationConfig, GcpSecretManagerDestination, GithubDestination, SecretSyncConfig, SyncKind,
    SyncOptions,
};
use crate::attributes::schema::{Carried, pascal};
use crate::name::SLUG;

/// A sync as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    /// Name of the sync: lower-case letters, digits and single hyphens between them.
    #[serde(default)]
    #[validate(length(min = 1, max = 256), regex(path = *SLUG))]
    name: Text,
    /// The kind of destination, by Infisical's own name for it.
    #[serde(rename = "type")]
    kind: SyncKind,
    /// The connection that it writes through: its name in `appConnections`, or `{id, app}` of one that is not declared.
    app_connection: AppConnectionRef,
    /// Id of the project in Infisical that it reads.
    #[serde(default)]
    #[schemars(length(min = 1))]
    project_id: Text,
    /// Environment that it reads, by its slug, such as `prod`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 64))]
    environment: Text,
    /// Path that it reads, such as `/api`; folders below it are not.
    #[serde(default)]
    #[schemars(length(min = 1))]
    secret_path: Text,
    /// What it is for.
    #[schemars(length(max = 256))]
    description: Option<Text>,
    /// Whether changes are written at once, default true.
    #[serde(default = "yes")]
    auto_sync_enabled: bool,
    /// Where it writes, in the words of Terraform's provider, in camelCase.
    destination_config: Block,
    /// How it writes.
    sync_options: SyncOptions,
    /// Whether it is made, default true.
    #[serde(default = "yes")]
    enabled: bool,
    /// Names at the destination that the sync may delete, though it did not write them.
    #[serde(default)]
    allow_deletions: Vec<Text>,
}

fn yes() -> bool {
    true
}

impl<'de> Deserialize<'de> for SecretSyncConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        Ok(Self {
            name: written.name,
            app_connection: written.app_connection,
            project_id: written.project_id,
            environment: written.environment,
            secret_path: written.secret_path,
            description: written.description,
            auto_sync_enabled: written.auto_sync_enabled,
            destination: DestinationConfig::read(written.kind, written.destination_config)
                .map_err(de::Error::custom)?,
            options: written.sync_options,
            enabled: written.enabled,
            allow_deletions: written.allow_deletions,
        })
    }
}

impl JsonSchema for SecretSyncConfig {
    fn schema_name() -> Cow<'static, str> {
        "SecretSyncConfig".into()
    }

    /// The fields as written, and which destination goes with which kind.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Written::json_schema(generator);
        let mut rules: Vec<Value> = Vec::new();
        for kind in SyncKind::all() {
            let mut fields = json!({ "destinationConfig": destination(kind, generator) });
            if kind != SyncKind::AZURE_DEVOPS {
                fields["syncOptions"] = json!({ "required": ["initialSyncBehavior"] });
            }
            rules.push(json!({ "if": is(kind), "then": { "properties": fields } }));
        }
        // What is not made may lack what it needs.
        let source = json!({ "required": ["projectId", "environment", "secretPath"] });
        rules.push(crate::schema::if_enabled(&source));
        schema.insert("allOf".into(), rules.into());
        crate::schema::needs_name(&mut schema);
        schema.insert("x-noun".into(), "a secret sync".into());
        let about =
            "A sync: Infisical writes the secrets of one path to one place elsewhere, whenever they change.";
        schema.insert("description".into(), about.into());
        schema
    }
}

/// What stands in the destination of that kind.
fn destination(kind: SyncKind, generator: &mut SchemaGenerator) -> Schema {
    match kind {
        SyncKind::AWS_SECRETS_MANAGER => generator.subschema_for::<AwsSecretsManagerDestination>(),
        SyncKind::AWS_PARAMETER_STORE => generator.subschema_for::<AwsParameterStoreDestination>(),
        SyncKind::GITHUB => generator.subschema_for::<GithubDestination>(),
        SyncKind::GCP_SECRET_MANAGER => generator.subschema_for::<GcpSecretManagerDestination>(),
        SyncKind::AZURE_KEY_VAULT => generator.subschema_for::<AzureKeyVaultDestination>(),
        _ => {
            let carried = Carried {
                definition: format!("SecretSync{}", pascal(kind.as_str())),
                noun: format!("a destination in {}", kind.title()),
                attributes: kind.destination(),
                words: kind.facts().words,
                choice: kind.facts().choice,
            };
            carried.define(generator)
        }
    }
}

fn is(kind: SyncKind) -> Value {
    json!({ "required": ["type"], "properties": { "type": { "const": kind.as_str() } } })
}
