//! [`PipelineSecretConfig`]: one secret of a pipeline.

use std::borrow::Cow;

use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use validator::Validate;

use super::patterns::{AWS_NAME, KEY, NAME, PROPERTY, SETTING};
use crate::name::{NAMESPACE, OBJECT_NAME};
use crate::reference::TextOr;

/// What is said of a name without that form, and its remedy. A value is pasted there by mistake, so it is not shown.
const NO_NAME: &str = "this is no name of a secret at GitHub";
const FORM: &str = "write the name as GitHub shows it: capitals, digits and `_`, and no digit first";

/// One secret on its way: its name, and what is called otherwise at one of the stations.
#[derive(Clone, Debug, PartialEq, Validate)]
pub struct PipelineSecretConfig {
    /// Name of the secret, in capitals.
    #[validate(regex(path = *NAME), length(max = 200))]
    pub name: String,
    /// What it is for (`description` in AWS).
    #[validate(length(max = 2048))]
    pub description: Option<String>,
    /// Name of the Actions secret at GitHub, default `name`.
    #[validate(regex(path = *SETTING), length(max = 200))]
    pub github: Option<String>,
    /// Name in AWS behind the prefix, default `name` in lower case with `-` for `_`.
    #[validate(regex(path = *AWS_NAME), length(max = 256))]
    pub aws: Option<String>,
    /// Field of the JSON value in AWS, default `name`.
    #[validate(regex(path = *PROPERTY), length(max = 253))]
    pub property: Option<String>,
    /// Key in the Kubernetes Secret, default `name`.
    #[validate(regex(path = *KEY), length(max = 253))]
    pub key: Option<String>,
    /// Kubernetes Secrets that get it, in place of the pipeline's own.
    #[validate(nested)]
    pub targets: Vec<PipelineTarget>,
    /// Version of the value, to be raised when it changed; with `values: writeOnly` alone. Default 1.
    #[validate(range(min = 1))]
    pub version: Option<u32>,
}

/// A Kubernetes Secret that gets a secret.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a Secret of a pipeline"))]
pub struct PipelineTarget {
    /// Namespace, default that of the pipeline's `secret`, or of `defaults`.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Name of the Secret, default that of the pipeline's `secret`.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Option<Text>,
    /// Key in it, default that of the entry; not in the pipeline's `secret`.
    #[validate(regex(path = *KEY), length(max = 253))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not a key of a Secret", "fix": "letters, digits, `-`, `_` and `.`, and not dots alone"}}))]
    pub key: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "PipelineSecret", extend("x-noun" = "a secret of a pipeline"))]
struct Written {
    /// Name of the secret, in capitals: that of the Actions secret, the field of the value in AWS, the key in the Secret
    /// and, in lower case, of everything else.
    #[validate(regex(path = *NAME), length(max = 200))]
    #[schemars(extend("x-secret" = true, "x-on" = {"pattern": {"message": NO_NAME, "fix": FORM}}))]
    name: String,
    /// What it is for (`description` in AWS).
    #[validate(length(max = 2048))]
    description: Option<String>,
    /// Name of the Actions secret at GitHub, default `name`.
    #[validate(regex(path = *SETTING), length(max = 200))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is no name of a setting at GitHub", "fix": "letters, digits and `_`, and no digit first"}}))]
    github: Option<String>,
    /// Name in AWS behind the prefix, default `name` in lower case with `-` for `_`.
    #[validate(regex(path = *AWS_NAME), length(max = 256))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not a name in AWS", "fix": "letters, digits and /_+=.@- alone"}}))]
    aws: Option<String>,
    /// Field of the JSON value in AWS, default `name`.
    #[validate(regex(path = *PROPERTY), length(max = 253))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} cannot be a field of the value", "fix": "letters, digits, `_` and `-`; the operator takes other signs for a way into the value"}}))]
    property: Option<String>,
    /// Key in the Kubernetes Secret, default `name`.
    #[validate(regex(path = *KEY), length(max = 253))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not a key of a Secret", "fix": "letters, digits, `-`, `_` and `.`, and not dots alone"}}))]
    key: Option<String>,
    /// Kubernetes Secrets that get it, in place of the pipeline's own.
    #[serde(default)]
    targets: Vec<PipelineTarget>,
    /// Version of the value, to be raised when it changed; with `values: writeOnly` alone. Default 1.
    #[validate(range(min = 1))]
    version: Option<u32>,
}

impl PipelineSecretConfig {
    /// A secret that is called after its name everywhere.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: None,
            github: None,
            aws: None,
            property: None,
            key: None,
            targets: Vec::new(),
            version: None,
        }
    }
}

impl<T: Into<String>> From<T> for PipelineSecretConfig {
    fn from(name: T) -> Self {
        Self::new(name)
    }
}

impl<'de> Deserialize<'de> for PipelineSecretConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match TextOr::<Written>::deserialize(deserializer)? {
            TextOr::Text(name) => Self::new(name.written().unwrap_or_default()),
            TextOr::Other(written) => Self {
                name: written.name,
                description: written.description,
                github: written.github,
                aws: written.aws,
                property: written.property,
                key: written.key,
                targets: written.targets,
                version: written.version,
            },
        })
    }
}

impl JsonSchema for PipelineSecretConfig {
    fn schema_name() -> Cow<'static, str> {
        "PipelineSecretConfig".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = generator.subschema_for::<Written>();
        json_schema!({
            "description": "A secret on its way: its name in capitals, or its name and what is called otherwise somewhere.",
            "anyOf": [{ "type": "string", "x-secret": true, "pattern": NAME.as_str(), "maxLength": 200, "x-on": { "pattern": { "message": NO_NAME, "fix": FORM } } }, whole],
        })
    }
}
