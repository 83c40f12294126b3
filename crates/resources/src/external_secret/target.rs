//! `target`: the Secret that is written, and its template.

use keyloom_models::policy::{
    CreationPolicy, DecodingStrategy, DeletionPolicy, TemplateEngineVersion, TemplateMergePolicy,
    TemplateScope,
};
use keyloom_syntax::Text;

use crate::metadata::TextMap;
use crate::walk::{Sink, Walk, map};

/// The Secret that is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// Name of the Secret; `None` for the ExternalSecret's.
    pub name: Option<Text>,
    /// Who owns it.
    pub creation_policy: Option<CreationPolicy>,
    /// What happens to it when the values are gone.
    pub deletion_policy: Option<DeletionPolicy>,
    /// How it is made from the fetched values.
    pub template: Option<Template>,
    /// Another kind of object in place of a Secret.
    pub manifest: Option<TargetManifest>,
    /// Whether its data can never change.
    pub immutable: Option<bool>,
}

/// `manifest`: an object that is written in place of a Secret; the operator must be told to allow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetManifest {
    /// API group and version of the object.
    pub api_version: Text,
    /// Kind of the object.
    pub kind: Text,
}

/// `template`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// Type of the Secret.
    pub kind: Option<Text>,
    /// The template engine; `None` for `v2`.
    pub engine_version: Option<TemplateEngineVersion>,
    /// Labels, annotations and finalizers of the Secret. An empty one keeps those of the ExternalSecret away.
    pub metadata: Option<TemplateMetadata>,
    /// What happens to fetched keys that the template does not name; `None` for `Replace`.
    pub merge_policy: Option<TemplateMergePolicy>,
    /// Go templates by key of the Secret.
    pub data: TextMap,
    /// Templates that lie elsewhere, or make several keys.
    pub template_from: Vec<TemplateFrom>,
}

/// `template.metadata`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TemplateMetadata {
    /// Annotations.
    pub annotations: TextMap,
    /// Labels.
    pub labels: TextMap,
    /// Finalizers.
    pub finalizers: Vec<Text>,
}

/// One entry of `templateFrom`.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateFrom {
    /// Where the template lies.
    pub source: TemplateSource,
    /// What the result fills: `Data`, `Annotations` or `Labels`, or a path in a `manifest`; `None` for `Data`.
    pub target: Option<Text>,
    /// How the results are decoded.
    pub values_decoding_strategy: Option<DecodingStrategy>,
}

/// Where a template of `templateFrom` lies.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplateSource {
    /// In a ConfigMap.
    ConfigMap {
        /// Name of the ConfigMap.
        name: Text,
        /// Its keys.
        items: Vec<TemplateItem>,
    },
    /// In a Secret.
    Secret {
        /// Name of the Secret.
        name: Text,
        /// Its keys.
        items: Vec<TemplateItem>,
    },
    /// Here; its result is a YAML mapping.
    Literal(Text),
}

/// A key that holds a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TemplateItem {
    /// The key.
    pub key: Text,
    /// How the result is used; `None` for `Values`.
    pub template_as: Option<TemplateScope>,
}

impl Walk for Target {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("name", &self.name)?;
            m.optional("creationPolicy", &self.creation_policy)?;
            m.optional("deletionPolicy", &self.deletion_policy)?;
            m.optional("template", &self.template)?;
            m.optional("manifest", &self.manifest)?;
            m.optional("immutable", &self.immutable)
        })
    }
}

impl Walk for TargetManifest {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("apiVersion", &self.api_version)?;
            m.field("kind", &self.kind)
        })
    }
}

impl Walk for Template {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("type", &self.kind)?;
            m.optional("engineVersion", &self.engine_version)?;
            m.optional("metadata", &self.metadata)?;
            m.optional("mergePolicy", &self.merge_policy)?;
            m.nonempty("data", &self.data)?;
            m.nonempty("templateFrom", &self.template_from)
        })
    }
}

impl Walk for TemplateMetadata {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.nonempty("annotations", &self.annotations)?;
            m.nonempty("labels", &self.labels)?;
            m.nonempty("finalizers", &self.finalizers)
        })
    }
}

impl Walk for TemplateFrom {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            match &self.source {
                TemplateSource::ConfigMap { name, items } => m.map("configMap", |m| {
                    m.field("name", name)?;
                    m.field("items", items)
                })?,
                TemplateSource::Secret { name, items } => m.map("secret", |m| {
                    m.field("name", name)?;
                    m.field("items", items)
                })?,
                TemplateSource::Literal(template) => m.field("literal", template)?,
            }
            m.optional("target", &self.target)?;
            m.optional("valuesDecodingStrategy", &self.values_decoding_strategy)
        })
    }
}

impl Walk for TemplateItem {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("key", &self.key)?;
            m.optional("templateAs", &self.template_as)
        })
    }
}
