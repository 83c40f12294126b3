//! Push secrets: Secrets of the cluster that are written to stores.

use std::borrow::Cow;

use indexmap::IndexMap;
use keyloom_syntax::{Block, Text};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use validator::{Validate, ValidationErrors};

use crate::data_from::{GeneratorRef, RewriteRegexp, RewriteTransform};
use crate::defaults::Defaults;
use crate::duration::Duration;
use crate::list::{Declared, List};
use crate::name::{NAMESPACE, OBJECT_NAME, SECRET_KEY};
use crate::policy::{PushConversionStrategy, PushDeletionPolicy, PushUpdatePolicy};
use crate::reference::TextOr;
use crate::schema::{needs_name, without_object};
use crate::selector::LabelSelector;
use crate::template::Template;

mod store;

pub use store::{PushStore, PushStores};

/// A PushSecret: a Secret of the cluster, or what a generator makes, written to stores.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(transform = needs_name, extend("x-noun" = "a push secret"))]
pub struct PushSecretConfig {
    /// Name of the PushSecret.
    #[serde(default)]
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Namespace; absent is left to Flux, kustomize or Argo CD.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Stores that are written to: a name, or a list; may be left out when one store is in scope.
    pub secret_store_refs: Option<PushStores>,
    /// What is pushed: a Secret of the same namespace, or what a generator makes.
    pub selector: PushSelector,
    /// Single keys.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[validate(nested)]
    pub data: Vec<PushReference>,
    /// Many keys at once, each under its own name (ESO 2.9).
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[validate(nested)]
    pub data_to: Vec<PushMany>,
    /// What happens to a value that is there already, default `Replace`.
    pub update_policy: Option<PushUpdatePolicy>,
    /// What happens at the store when the PushSecret goes, or an entry or a store is taken out of it, default `None`.
    pub deletion_policy: Option<PushDeletionPolicy>,
    /// How often the Secret is looked at, such as `5m` or `1h`, default `1h`: a change is not noticed before.
    pub refresh_interval: Option<Duration>,
    /// How what is pushed is made of the keys; the keys themselves are kept.
    #[validate(nested)]
    pub template: Option<Box<Template>>,
    /// Labels of the PushSecret.
    #[serde(default)]
    pub labels: IndexMap<String, Text>,
    /// Annotations of the PushSecret.
    #[serde(default)]
    pub annotations: IndexMap<String, Text>,
}

/// The fields of a push secret without those of the object: its name, namespace, labels and annotations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PushSecretSpec(pub PushSecretConfig);

impl<'de> Deserialize<'de> for PushSecretSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PushSecretConfig::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for PushSecretSpec {
    fn schema_name() -> Cow<'static, str> {
        "PushSecretSpec".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PushSecretConfig::json_schema(generator);
        without_object(&mut schema);
        schema
    }
}

/// What is pushed (ESO's `selector`): exactly one of the two.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PushSelector {
    /// A Secret of the same namespace: its name, or a mapping with `name` or `selector`.
    Secret(PushSecretSource),
    /// What a generator makes (ESO's `generatorRef`).
    Generator(GeneratorRef),
}

impl Default for PushSelector {
    fn default() -> Self {
        Self::Secret(PushSecretSource::Named(Text::default()))
    }
}

/// A Secret of the same namespace, or all with certain labels.
#[derive(Clone, Debug, PartialEq)]
pub enum PushSecretSource {
    /// The Secret of that name.
    Named(Text),
    /// Every Secret with those labels.
    Labelled(LabelSelector),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["name"]}, {"required": ["selector"]}]))]
struct WrittenSource {
    /// Name of the Secret.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    name: Option<Text>,
    /// Every Secret with those labels.
    selector: Option<LabelSelector>,
}

impl<'de> Deserialize<'de> for PushSecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match TextOr::<WrittenSource>::deserialize(deserializer)? {
            TextOr::Text(name) => Self::Named(name),
            TextOr::Other(WrittenSource { selector: Some(selector), .. }) => Self::Labelled(selector),
            TextOr::Other(WrittenSource { name, .. }) => Self::Named(name.unwrap_or_default()),
        })
    }
}

impl JsonSchema for PushSecretSource {
    fn schema_name() -> Cow<'static, str> {
        "PushSecretSource".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = generator.subschema_for::<WrittenSource>();
        let limits = serde_json::json!({ "minLength": 1, "maxLength": 253, "pattern": crate::name::OBJECT_NAME_PATTERN });
        let name = crate::schema::text(generator, &limits);
        schemars::json_schema!({
            "description": "A Secret of the same namespace: its name, or a mapping with `name` or `selector`.",
            "anyOf": [name, whole],
        })
    }
}

/// One key of the Secret and where it is written.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "an entry of a push secret"))]
pub struct PushReference {
    /// Key of the Secret (ESO's `match.secretKey`); without it the whole Secret is written, as JSON.
    #[schemars(extend("x-aliases" = ["secretKey", "match.secretKey"]))]
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Option<Text>,
    /// Address in the store, as the backend writes it (ESO's `match.remoteRef.remoteKey`).
    #[schemars(extend("x-aliases" = ["remoteKey", "match.remoteRef.remoteKey", "remoteRef.remoteKey"]))]
    #[validate(length(min = 1))]
    pub path: Text,
    /// Field of a structured value (ESO's `match.remoteRef.property`).
    #[schemars(extend("x-aliases" = ["match.remoteRef.property", "remoteRef.property"]))]
    pub property: Option<Text>,
    /// What the provider is told besides, in its own words.
    pub metadata: Option<Block>,
    /// How keys become names, default `None`.
    pub conversion_strategy: Option<PushConversionStrategy>,
}

/// Many keys at once (ESO's `dataTo`; ESO 2.9).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "an entry of `dataTo`", "if" = {"required": ["path"]}, "then" = {"properties": {"rewrite": {"not": {}, "x-code": "rewrite-beside-path", "x-message": "`rewrite` beside `path`", "x-fix": "keep `path`, under which all keys become one value, or `rewrite`, by which each gets a name of its own"}}}))]
pub struct PushMany {
    /// The store, which must be among `secretStoreRefs` (ESO's `storeRef`).
    #[schemars(extend("x-aliases" = ["storeRef"]))]
    pub secret_store_ref: PushStore,
    /// Address of one value that holds all the keys, as JSON (ESO's `remoteKey`); without it each key has its own.
    #[schemars(extend("x-aliases" = ["remoteKey"]))]
    #[validate(length(min = 1))]
    pub path: Option<Text>,
    /// Which keys are taken, default all.
    #[serde(rename = "match")]
    pub matching: Option<PushMatch>,
    /// Renames of the keys, one after another.
    pub rewrite: Option<Vec<PushRewrite>>,
    /// What the provider is told besides, in its own words.
    pub metadata: Option<Block>,
    /// How keys become names, default `None`.
    pub conversion_strategy: Option<PushConversionStrategy>,
}

/// Which keys are taken.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushMatch {
    /// Regular expression (RE2); it matches anywhere in the key unless it is anchored with `^` and `$`.
    pub regexp: Option<Text>,
}

/// One rename of keys: exactly one way.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PushRewrite {
    /// Replaces what a regular expression matches.
    Regexp(RewriteRegexp),
    /// Computes the name with a template.
    Transform(RewriteTransform),
}

impl PushReference {
    /// The whole Secret, as JSON, at `path`.
    pub fn new(path: impl Into<Text>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// Takes one key.
    #[must_use]
    pub fn key(mut self, key: impl Into<Text>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Writes one field.
    #[must_use]
    pub fn property(mut self, property: impl Into<Text>) -> Self {
        self.property = Some(property.into());
        self
    }
}

impl PushSecretConfig {
    /// Pushes a Secret of the same namespace.
    pub fn new(name: impl Into<Text>, secret: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            selector: PushSelector::Secret(PushSecretSource::Named(secret.into())),
            ..Self::default()
        }
    }

    /// Sets the namespace.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<Text>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Sets the stores.
    #[must_use]
    pub fn secret_store_refs(mut self, stores: PushStores) -> Self {
        self.secret_store_refs = Some(stores);
        self
    }

    /// Adds single keys.
    #[must_use]
    pub fn data(mut self, data: impl IntoIterator<Item = PushReference>) -> Self {
        self.data.extend(data);
        self
    }

    /// Takes over what the defaults say and the item does not.
    pub(crate) fn fill_spec(&mut self, defaults: &Defaults) {
        if self.secret_store_refs.is_none() {
            let store = defaults.secret_store_ref.clone();
            self.secret_store_refs = store.map(|store| PushStores(vec![PushStore::Named(store)]));
        }
        if self.refresh_interval.is_none() {
            self.refresh_interval = defaults.refresh_interval;
        }
        if let Some(prefix) = &defaults.path_prefix {
            let single = self.data.iter_mut().map(|entry| &mut entry.path);
            let many = self.data_to.iter_mut().filter_map(|entry| entry.path.as_mut());
            for path in single.chain(many) {
                *path = prefix.join(path);
            }
        }
    }
}

impl Declared for PushSecretConfig {
    const LIST: List = List::PushSecrets;

    fn fill(&mut self, defaults: &Defaults) {
        defaults.fill_namespace(&mut self.namespace);
        defaults.fill_maps(&mut self.labels, &mut self.annotations);
        self.fill_spec(defaults);
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("PushSecret", self.namespace.as_ref(), &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        self.validate().err().unwrap_or_default()
    }
}
