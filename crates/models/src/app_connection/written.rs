//! App connections as they are written: the fields of all apps side by side, of which those of one may be there.

use std::borrow::Cow;

use keyloom_syntax::{Block, Text};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, json};

use super::{
    App, AppConnectionConfig, AppCredentials, AwsCredentials, AzureCredentials, Connection,
    DeclaredConnection, GcpCredentials, GithubCredentials,
};
use crate::attributes::schema::{Carried, pascal};
use crate::name::SLUG;

/// A connection as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    /// Name of the connection: lower-case letters, digits and single hyphens between them.
    #[serde(default)]
    #[validate(length(min = 1, max = 64), regex(path = *SLUG))]
    name: Text,
    /// The system that it leads to, by Infisical's own name for it.
    app: App,
    /// Id of a connection that is made elsewhere, such as in the browser; in place of `method` and `credentials`.
    #[schemars(length(min = 1))]
    id: Option<Text>,
    /// How it logs in; may be left out where the app has one way only.
    method: Option<Text>,
    /// What it logs in with, in the words of Terraform's provider, in camelCase. A secret is the name of a variable.
    credentials: Option<Block>,
    /// What it is for.
    #[schemars(length(max = 256))]
    description: Option<Text>,
    /// Id of the project that it belongs to; without it the whole organization may use it.
    project_id: Option<Text>,
    /// Id of the gateway that it goes through (HashiCorp Vault alone).
    gateway_id: Option<Text>,
    /// Whether its credentials may lie in the state of Terraform or Pulumi, where they are readable; default false.
    #[serde(default)]
    credentials_in_state: bool,
    /// Whether it is made, default true; one that only syncs use which are not enabled is not.
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

impl<'de> Deserialize<'de> for AppConnectionConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        if written.id.is_some() && written.credentials.is_some() {
            return Err(de::Error::custom("`credentials` beside `id`"));
        }
        // What is not made may lack what it needs.
        let nothing = || (!written.enabled).then(|| Block::Map(Vec::new()));
        let connection = match (written.id, written.credentials.or_else(nothing)) {
            (Some(id), _) => Connection::Elsewhere { app: written.app, id },
            (None, Some(block)) => Connection::Declared(Box::new(DeclaredConnection {
                method: written.method,
                credentials: AppCredentials::read(written.app, block).map_err(de::Error::custom)?,
                description: written.description,
                project_id: written.project_id,
                gateway_id: written.gateway_id,
                credentials_in_state: written.credentials_in_state,
            })),
            (None, None) => return Err(de::Error::missing_field("credentials")),
        };
        Ok(Self { name: written.name, enabled: written.enabled, connection })
    }
}

impl JsonSchema for AppConnectionConfig {
    fn schema_name() -> Cow<'static, str> {
        "AppConnectionConfig".into()
    }

    /// The fields as written, and which credentials and methods go with which app. One that is made elsewhere has none.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Written::json_schema(generator);
        let mut rules: Vec<Value> = Vec::new();
        for app in App::all() {
            let methods: Vec<_> = app.methods().iter().map(|method| method.name).collect();
            let method = json!({
                "enum": methods,
                "x-on": { "enum": { "fix": format!(
                    "write one of {}; a connection that logs in otherwise is made in Infisical itself, and declared by its `id`",
                    methods.join(", ")
                ) } },
            });
            let fields = json!({ "method": method, "credentials": credentials(app, generator) });
            rules.push(json!({ "if": is(app), "then": { "properties": fields } }));
        }
        let several = App::all().filter(|app| app.methods().len() > 1);
        let mut needed: Vec<Value> =
            several.map(|app| json!({ "if": is(app), "then": { "required": ["method"] } })).collect();
        needed.push(json!({
            "required": ["credentials"],
            "x-fix": "write what it logs in with, or `id` of a connection that is made elsewhere",
        }));
        let own = ["method", "credentials", "description", "projectId", "gatewayId", "credentialsInState"];
        let foreign: serde_json::Map<_, _> = own.into_iter().map(beside_id).collect();
        rules.push(json!({
            "if": { "required": ["id"] },
            "then": { "properties": foreign },
            "else": crate::schema::if_enabled(&json!({ "allOf": needed })),
        }));
        schema.insert("allOf".into(), rules.into());
        crate::schema::needs_name(&mut schema);
        schema.insert("x-noun".into(), "an app connection".into());
        let about =
            "A connection of Infisical to an app: how it logs in at the system that it writes secrets to.";
        schema.insert("description".into(), about.into());
        schema
    }
}

/// What stands in the credentials of that app.
fn credentials(app: App, generator: &mut SchemaGenerator) -> Schema {
    match app {
        App::AWS => generator.subschema_for::<AwsCredentials>(),
        App::GITHUB => generator.subschema_for::<GithubCredentials>(),
        App::GCP => generator.subschema_for::<GcpCredentials>(),
        App::AZURE_KEY_VAULT | App::AZURE_APP_CONFIGURATION | App::AZURE_CLIENT_SECRETS => {
            generator.subschema_for::<AzureCredentials>()
        }
        _ => {
            let carried = Carried {
                definition: format!("AppConnection{}", pascal(app.as_str())),
                noun: format!("the credentials of a connection to {}", app.title()),
                attributes: app.credentials(),
                words: app.facts().words,
                choice: None,
            };
            carried.define(generator)
        }
    }
}

fn is(app: App) -> Value {
    json!({ "required": ["app"], "properties": { "app": { "const": app.as_str() } } })
}

fn beside_id(field: &str) -> (String, Value) {
    let rule = json!({
        "not": {},
        "x-code": "connection-made-elsewhere",
        "x-message": format!("`{field}` beside `id`"),
        "x-why": "a connection with an id is made elsewhere, and nothing of it is set here",
        "x-fix": format!("leave `{field}` out, or `id` to make the connection here"),
    });
    (field.to_owned(), rule)
}
