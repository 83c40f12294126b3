//! Body of a PushSecret (`external-secrets.io/v1alpha1`).

use keyloom_models::duration::Duration;
use keyloom_models::policy::{PushConversionStrategy, PushDeletionPolicy, PushUpdatePolicy, StoreKind};
use keyloom_models::selector::LabelSelector;
use keyloom_syntax::{Block, Text};

use crate::external_secret::{GeneratorRef, Rewrite, Template};
use crate::metadata::Metadata;
use crate::walk::{Sink, Walk, map};

/// A PushSecret.
#[derive(Clone, Debug, PartialEq)]
pub struct PushSecret {
    /// Metadata.
    pub metadata: Metadata,
    /// The spec.
    pub spec: PushSecretSpec,
}

/// `spec` of a PushSecret.
#[derive(Clone, Debug, PartialEq)]
pub struct PushSecretSpec {
    /// Time between two looks at the Secret; `None` for an hour.
    pub refresh_interval: Option<Duration>,
    /// The stores that are written to.
    pub secret_store_refs: Vec<PushStoreRef>,
    /// What happens to a value that is there already; `None` for `Replace`.
    pub update_policy: Option<PushUpdatePolicy>,
    /// What happens at the store when what is declared goes; `None` for `None`.
    pub deletion_policy: Option<PushDeletionPolicy>,
    /// What is pushed.
    pub selector: PushSelector,
    /// Single keys.
    pub data: Vec<PushData>,
    /// Many keys at once.
    pub data_to: Vec<PushDataTo>,
    /// How what is pushed is made of the keys.
    pub template: Option<Template>,
}

/// A pointer to one store, or to all with certain labels.
#[derive(Clone, Debug, PartialEq)]
pub struct PushStoreRef {
    /// Which store.
    pub which: WhichStore,
    /// Kind of the store; `None` for `SecretStore`.
    pub kind: Option<StoreKind>,
}

/// One store by name, or all with certain labels.
#[derive(Clone, Debug, PartialEq)]
pub enum WhichStore {
    /// Name of the store.
    Name(Text),
    /// Labels of the stores.
    Labels(LabelSelector),
}

/// `selector`: what is pushed.
#[derive(Clone, Debug, PartialEq)]
pub enum PushSelector {
    /// The Secret of that name.
    Secret(Text),
    /// Every Secret with those labels.
    Secrets(LabelSelector),
    /// What a generator makes.
    Generator(GeneratorRef),
}

/// One entry of `data`.
#[derive(Clone, Debug, PartialEq)]
pub struct PushData {
    /// Key of the Secret (`match.secretKey`); `None` for all of it, as JSON.
    pub secret_key: Option<Text>,
    /// The provider's key (`match.remoteRef.remoteKey`).
    pub remote_key: Text,
    /// A field of the value there (`match.remoteRef.property`).
    pub property: Option<Text>,
    /// What the provider is told besides.
    pub metadata: Option<Block>,
    /// How keys become names.
    pub conversion_strategy: Option<PushConversionStrategy>,
}

/// One entry of `dataTo`.
#[derive(Clone, Debug, PartialEq)]
pub struct PushDataTo {
    /// The store.
    pub store_ref: PushStoreRef,
    /// The provider's key for all; `None` where each key has its own.
    pub remote_key: Option<Text>,
    /// Regular expression of the keys that are taken (`match.regexp`).
    pub match_regexp: Option<Text>,
    /// Renames, in this order; never a merge.
    pub rewrite: Vec<Rewrite>,
    /// What the provider is told besides.
    pub metadata: Option<Block>,
    /// How keys become names.
    pub conversion_strategy: Option<PushConversionStrategy>,
}

impl Walk for PushSecretSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("refreshInterval", &self.refresh_interval)?;
            m.field("secretStoreRefs", &self.secret_store_refs)?;
            m.optional("updatePolicy", &self.update_policy)?;
            m.optional("deletionPolicy", &self.deletion_policy)?;
            m.field("selector", &self.selector)?;
            m.nonempty("data", &self.data)?;
            m.nonempty("dataTo", &self.data_to)?;
            m.optional("template", &self.template)
        })
    }
}

impl Walk for PushStoreRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            match &self.which {
                WhichStore::Name(name) => m.field("name", name)?,
                WhichStore::Labels(labels) => m.field("labelSelector", labels)?,
            }
            m.optional("kind", &self.kind)
        })
    }
}

impl Walk for PushSelector {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match self {
            Self::Secret(name) => m.map("secret", |m| m.field("name", name)),
            Self::Secrets(labels) => m.map("secret", |m| m.field("selector", labels)),
            Self::Generator(generator) => m.field("generatorRef", generator),
        })
    }
}

impl Walk for PushData {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.map("match", |m| {
                m.optional("secretKey", &self.secret_key)?;
                m.map("remoteRef", |m| {
                    m.field("remoteKey", &self.remote_key)?;
                    m.optional("property", &self.property)
                })
            })?;
            m.optional("metadata", &self.metadata)?;
            m.optional("conversionStrategy", &self.conversion_strategy)
        })
    }
}

impl Walk for PushDataTo {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("storeRef", &self.store_ref)?;
            m.optional("remoteKey", &self.remote_key)?;
            if let Some(regexp) = &self.match_regexp {
                m.map("match", |m| m.field("regexp", regexp))?;
            }
            m.nonempty("rewrite", &self.rewrite)?;
            m.optional("metadata", &self.metadata)?;
            m.optional("conversionStrategy", &self.conversion_strategy)
        })
    }
}
