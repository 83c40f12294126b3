//! Generators: values that the operator makes instead of fetching them.

use indexmap::IndexMap;
use keyloom_syntax::{Block, Text};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, json};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use keyloom_upstream::eso::{self, EsoVersion, Kind};

use crate::defaults::Defaults;
use crate::list::{Declared, List};
use crate::name::{NAMESPACE, OBJECT_NAME};
use crate::policy::GeneratorKind;
use crate::schema::upstream::embed;

pub mod ecr;
pub mod github;
pub mod password;
pub mod ssh_key;

use ecr::EcrAuthorizationToken;
use github::GithubAccessToken;
use password::Password;
use ssh_key::SshKey;

/// A generator, of a namespace or, as a ClusterGenerator, of the whole cluster.
///
/// ```
/// use keyloom_models::GeneratorConfig;
/// use keyloom_models::generator::password::Password;
/// let long = GeneratorConfig::new("long", Password { length: Some(40), ..Password::default() }).namespace("my-app");
/// assert_eq!(long.spec.kind().as_str(), "Password");
/// ```
#[derive(Clone, Debug, PartialEq, Validate)]
pub struct GeneratorConfig {
    /// Name of the object.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Namespace; none for a cluster-scoped one.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Whether it is a ClusterGenerator.
    pub cluster_scoped: bool,
    /// Whether somebody else declares it, so that nothing is rendered for it.
    pub external: bool,
    /// What it makes, and how.
    pub spec: GeneratorSpec,
    /// Labels of the object.
    pub labels: IndexMap<String, Text>,
    /// Annotations of the object.
    pub annotations: IndexMap<String, Text>,
}

/// What a generator makes, and how: upstream's `spec`.
#[derive(Clone, Debug, PartialEq)]
pub enum GeneratorSpec {
    /// A random password.
    Password(Password),
    /// A random UUID, for which there is nothing to say.
    Uuid,
    /// An SSH key pair.
    SshKey(SshKey),
    /// A token for Amazon ECR.
    EcrAuthorizationToken(Box<EcrAuthorizationToken>),
    /// A token of a GitHub App installation.
    GithubAccessToken(Box<GithubAccessToken>),
    /// Any other kind, carried as it is written.
    Carried(GeneratorKind, Block),
}

impl GeneratorKind {
    /// The kind by which upstream's schemas are found.
    pub fn upstream(self) -> Kind {
        // Every kind of generator is one of upstream's; a test looks.
        Kind::ALL.into_iter().find(|kind| kind.name() == self.as_str()).unwrap_or(Kind::ClusterGenerator)
    }
}

impl GeneratorSpec {
    /// The kind of the generator.
    pub fn kind(&self) -> GeneratorKind {
        match self {
            Self::Password(_) => GeneratorKind::Password,
            Self::Uuid => GeneratorKind::Uuid,
            Self::SshKey(_) => GeneratorKind::SshKey,
            Self::EcrAuthorizationToken(_) => GeneratorKind::EcrAuthorizationToken,
            Self::GithubAccessToken(_) => GeneratorKind::GithubAccessToken,
            Self::Carried(kind, _) => *kind,
        }
    }

    /// The keys that it makes; none where they are not known.
    pub fn keys(&self) -> Option<Vec<Text>> {
        let fixed = |keys: &[&'static str]| Some(keys.iter().map(|key| Text::from(*key)).collect());
        match self {
            Self::Password(password) => Some(password.keys()),
            Self::Uuid => fixed(&["uuid"]),
            Self::SshKey(_) => fixed(&["privateKey", "publicKey"]),
            Self::EcrAuthorizationToken(token) => fixed(token.keys()),
            Self::GithubAccessToken(_) => fixed(&["token"]),
            Self::Carried(GeneratorKind::Mfa, _) => fixed(&["token", "timeLeft"]),
            Self::Carried(GeneratorKind::Fake, spec) => {
                let data = spec.get("data").map(Block::entries).unwrap_or_default();
                Some(data.iter().map(|(key, _)| Text::from(key.as_str())).collect())
            }
            Self::Carried(..) => None,
        }
    }

    fn read(kind: GeneratorKind, spec: Option<Block>) -> Result<Self, de::value::Error> {
        let written = spec.unwrap_or_else(|| Block::Map(Vec::new()));
        Ok(match kind {
            GeneratorKind::Password => Self::Password(Deserialize::deserialize(&written)?),
            GeneratorKind::Uuid => Self::Uuid,
            GeneratorKind::SshKey => Self::SshKey(Deserialize::deserialize(&written)?),
            GeneratorKind::EcrAuthorizationToken => {
                Self::EcrAuthorizationToken(Box::new(Deserialize::deserialize(&written)?))
            }
            GeneratorKind::GithubAccessToken => {
                Self::GithubAccessToken(Box::new(Deserialize::deserialize(&written)?))
            }
            other => Self::Carried(other, written),
        })
    }

    fn limits(&self) -> Option<ValidationErrors> {
        match self {
            Self::Password(spec) => spec.validate().err(),
            Self::SshKey(spec) => spec.validate().err(),
            Self::EcrAuthorizationToken(spec) => spec.validate().err(),
            Self::GithubAccessToken(spec) => spec.validate().err(),
            Self::Uuid | Self::Carried(..) => None,
        }
    }
}

impl From<Password> for GeneratorSpec {
    fn from(spec: Password) -> Self {
        Self::Password(spec)
    }
}

impl From<SshKey> for GeneratorSpec {
    fn from(spec: SshKey) -> Self {
        Self::SshKey(spec)
    }
}

impl From<EcrAuthorizationToken> for GeneratorSpec {
    fn from(spec: EcrAuthorizationToken) -> Self {
        Self::EcrAuthorizationToken(Box::new(spec))
    }
}

impl From<GithubAccessToken> for GeneratorSpec {
    fn from(spec: GithubAccessToken) -> Self {
        Self::GithubAccessToken(Box::new(spec))
    }
}

impl GeneratorConfig {
    /// A generator of that kind.
    pub fn new(name: impl Into<Text>, spec: impl Into<GeneratorSpec>) -> Self {
        Self {
            name: name.into(),
            namespace: None,
            cluster_scoped: false,
            external: false,
            spec: spec.into(),
            labels: IndexMap::new(),
            annotations: IndexMap::new(),
        }
    }

    /// Sets the namespace.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<Text>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Makes it a ClusterGenerator.
    #[must_use]
    pub fn cluster_scoped(mut self) -> Self {
        self.cluster_scoped = true;
        self
    }
}

/// A generator as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    /// What it makes: upstream's kind, such as `Password`; for a whole cluster too.
    #[schemars(extend("not" = {"const": "ClusterGenerator"}, "x-on" = {"not": {"code": "unknown-value", "message": "a ClusterGenerator is a generator of some kind", "fix": "write that kind, and `clusterScoped: true`"}}))]
    kind: GeneratorKind,
    /// Name of the generator.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    name: Text,
    /// Namespace of the generator; none for a cluster-scoped one.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    namespace: Option<Text>,
    /// Whether it is a ClusterGenerator, which every namespace may use; default false.
    #[serde(default)]
    cluster_scoped: bool,
    /// Whether somebody else declares it, so that nothing is rendered for it; default false.
    #[serde(default)]
    external: bool,
    /// How it is made, in upstream's words.
    spec: Option<Block>,
    /// Labels of the object.
    labels: Option<IndexMap<String, Text>>,
    /// Annotations of the object.
    annotations: Option<IndexMap<String, Text>>,
}

impl<'de> Deserialize<'de> for GeneratorConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        // Of somebody else's generator only the keys matter.
        let spec = match GeneratorSpec::read(written.kind, written.spec) {
            Ok(spec) => spec,
            Err(_) if written.external => GeneratorSpec::Carried(written.kind, Block::Map(Vec::new())),
            Err(error) => return Err(de::Error::custom(error)),
        };
        Ok(Self {
            name: written.name,
            namespace: written.namespace,
            cluster_scoped: written.cluster_scoped,
            external: written.external,
            spec,
            labels: written.labels.unwrap_or_default(),
            annotations: written.annotations.unwrap_or_default(),
        })
    }
}

impl JsonSchema for GeneratorConfig {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "GeneratorConfig".into()
    }

    /// The fields as written, and which `spec` goes with which kind. One that somebody else declares needs none.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Written::json_schema(generator);
        let kinds = [
            (GeneratorKind::Password, generator.subschema_for::<Password>(), false),
            (GeneratorKind::SshKey, generator.subschema_for::<SshKey>(), false),
            (GeneratorKind::EcrAuthorizationToken, generator.subschema_for::<EcrAuthorizationToken>(), true),
            (GeneratorKind::GithubAccessToken, generator.subschema_for::<GithubAccessToken>(), true),
            (GeneratorKind::Uuid, json_schema_of_nothing(), false),
        ];
        let mut rules: Vec<Value> = kinds
            .iter()
            .map(|(kind, spec, _)| json!({ "if": is(*kind), "then": { "properties": { "spec": spec } } }))
            .collect();
        rules.extend(GeneratorKind::ALL.iter().filter(|kind| !typed(**kind)).map(|kind| {
            let spec = eso::spec(EsoVersion::newest(), kind.upstream()).schema();
            let mut spec = embed(spec, generator);
            if *kind == GeneratorKind::GitlabDeployToken {
                // A rule of the CRD, which the API server holds in another language.
                spec["oneOf"] = json!([{ "required": ["projectID"] }, { "required": ["groupID"] }]);
            }
            json!({ "if": is(*kind), "then": { "properties": { "spec": spec } } })
        }));
        let needed: Vec<Value> = kinds
            .iter()
            .filter(|(_, _, needed)| *needed)
            .map(|(kind, _, _)| json!({ "if": is(*kind), "then": { "required": ["spec"] } }))
            .collect();
        rules.push(json!({
            "if": { "required": ["external"], "properties": { "external": { "const": true } } },
            "else": { "allOf": needed },
        }));
        schema.insert("allOf".into(), rules.into());
        schema.insert("x-noun".into(), "a generator".into());
        let about = "A generator, of a namespace or, as a ClusterGenerator, of the whole cluster: values that the operator makes.";
        schema.insert("description".into(), about.into());
        schema
    }
}

/// Whether there is a type of its own, or nothing to carry.
fn typed(kind: GeneratorKind) -> bool {
    use GeneratorKind::{ClusterGenerator, EcrAuthorizationToken, GithubAccessToken, Password, SshKey, Uuid};
    matches!(kind, Password | SshKey | EcrAuthorizationToken | GithubAccessToken | Uuid | ClusterGenerator)
}

fn json_schema_of_nothing() -> Schema {
    schemars::json_schema!({ "type": "object", "additionalProperties": false, "properties": {} })
}

fn is(kind: GeneratorKind) -> Value {
    json!({ "required": ["kind"], "properties": { "kind": { "const": kind.as_str() } } })
}

impl Declared for GeneratorConfig {
    const LIST: List = List::Generators;

    fn fill(&mut self, defaults: &Defaults) {
        if !self.cluster_scoped {
            defaults.fill_namespace(&mut self.namespace);
        }
        defaults.fill_maps(&mut self.labels, &mut self.annotations);
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        let kind = if self.cluster_scoped { GeneratorKind::ClusterGenerator } else { self.spec.kind() };
        (kind.as_str(), self.namespace.as_ref(), &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        let mut errors = self.validate().err().unwrap_or_default();
        if let Some(spec) = self.spec.limits() {
            errors.errors_mut().insert("spec".into(), ValidationErrorsKind::Struct(Box::new(spec)));
        }
        errors
    }
}
