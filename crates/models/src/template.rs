//! The template of the Secret, in ESO's own words.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::name::{OBJECT_NAME, SECRET_KEY};
use crate::policy::{DecodingStrategy, TemplateEngineVersion, TemplateMergePolicy, TemplateScope};

/// How the Secret is made of the fetched keys (ESO's `target.template`). Values are Go templates: `{{ .key }}`, or
/// `{{ index . "a-key" }}` for a key with a dash or dot.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Template {
    /// Type of the Secret, such as `kubernetes.io/tls`, default `Opaque`.
    #[serde(rename = "type")]
    pub secret_type: Option<Text>,
    /// Template engine, default `v2`, the only one.
    pub engine_version: Option<TemplateEngineVersion>,
    /// Whether the made keys replace the fetched ones or are laid over them, default `Replace`.
    pub merge_policy: Option<TemplateMergePolicy>,
    /// Labels, annotations and finalizers of the Secret. With any template the external secret's own are no longer copied.
    pub metadata: Option<TemplateMetadata>,
    /// Keys of the Secret and the templates of their values.
    pub data: Option<IndexMap<String, Text>>,
    /// Templates that are read from elsewhere.
    pub template_from: Option<Vec<TemplateFrom>>,
}

/// Labels, annotations and finalizers of the Secret.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateMetadata {
    /// Labels; their values are templates too.
    #[serde(default)]
    pub labels: IndexMap<String, Text>,
    /// Annotations; their values are templates too.
    #[serde(default)]
    pub annotations: IndexMap<String, Text>,
    /// Finalizers (ESO 2.9).
    #[serde(default)]
    pub finalizers: Vec<Text>,
}

/// A template that is read from elsewhere: exactly one of `configMap`, `secret` and `literal`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["configMap"]}, {"required": ["secret"]}, {"required": ["literal"]}]))]
pub struct TemplateFrom {
    /// Keys of a ConfigMap.
    pub config_map: Option<TemplateSource>,
    /// Keys of a Secret.
    pub secret: Option<TemplateSource>,
    /// A template written here; its result is YAML of keys and values.
    pub literal: Option<Text>,
    /// What the result becomes: `Data`, `Annotations` or `Labels`, default `Data`.
    pub target: Option<Text>,
    /// How the values of the result are decoded (ESO 2.9).
    pub values_decoding_strategy: Option<DecodingStrategy>,
}

/// Keys of a ConfigMap or Secret that hold templates.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateSource {
    /// Name of the object.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// The keys.
    #[validate(nested)]
    pub items: Vec<TemplateItem>,
}

/// One key that holds a template.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateItem {
    /// The key.
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Text,
    /// Whether the template makes one value or keys and values, default `Values`.
    pub template_as: Option<TemplateScope>,
}
