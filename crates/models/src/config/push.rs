//! Push secrets as they are meant.

use indexmap::IndexMap;
use keyloom_syntax::{Block, Text};

use super::{GeneratorRef, StoreRef};
use crate::duration::Duration;
use crate::policy::{PushConversionStrategy, PushDeletionPolicy, PushUpdatePolicy, StoreKind};
use crate::push_secret::PushRewrite;
use crate::selector::LabelSelector;
use crate::template::Template;

/// A push secret.
#[derive(Clone, Debug, PartialEq)]
pub struct PushSecret {
    /// Name of the object.
    pub name: Text,
    /// Namespace; none where a later tool supplies it.
    pub namespace: Option<Text>,
    /// The stores that are written to.
    pub stores: Vec<PushStore>,
    /// What is pushed.
    pub source: PushSource,
    /// Single keys, in the declaration's order.
    pub data: Vec<PushEntry>,
    /// Many keys at once, in the declaration's order.
    pub data_to: Vec<PushMany>,
    /// What happens to a value that is there already.
    pub update_policy: Option<PushUpdatePolicy>,
    /// What happens at the store when what is declared goes.
    pub deletion_policy: Option<PushDeletionPolicy>,
    /// How often the Secret is looked at.
    pub refresh_interval: Duration,
    /// The template as it was declared.
    pub template: Option<Box<Template>>,
    /// Labels of the object.
    pub labels: IndexMap<String, Text>,
    /// Annotations of the object.
    pub annotations: IndexMap<String, Text>,
}

/// A store that is written to, or all with certain labels.
#[derive(Clone, Debug, PartialEq)]
pub enum PushStore {
    /// One store.
    Named(StoreRef),
    /// Every store with those labels.
    Labelled {
        /// The labels.
        selector: LabelSelector,
        /// Kind of the stores.
        kind: StoreKind,
    },
}

/// What is pushed.
#[derive(Clone, Debug, PartialEq)]
pub enum PushSource {
    /// The Secret of that name.
    Secret(Text),
    /// Every Secret with those labels.
    Secrets(LabelSelector),
    /// What a generator makes.
    Generator(GeneratorRef),
}

/// One key and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct PushEntry {
    /// Key of the Secret; none for the whole Secret.
    pub key: Option<Text>,
    /// ESO's `remoteKey`, as the provider reads it.
    pub remote_key: Text,
    /// Field of a structured value.
    pub property: Option<Text>,
    /// What the provider is told besides.
    pub metadata: Option<Block>,
    /// How keys become names.
    pub conversion_strategy: Option<PushConversionStrategy>,
}

/// Many keys at once.
#[derive(Clone, Debug, PartialEq)]
pub struct PushMany {
    /// The store.
    pub store: PushStore,
    /// ESO's `remoteKey`; none where each key has its own.
    pub remote_key: Option<Text>,
    /// Regular expression of the keys that are taken.
    pub matching: Option<Text>,
    /// Renames of the keys.
    pub rewrite: Vec<PushRewrite>,
    /// What the provider is told besides.
    pub metadata: Option<Block>,
    /// How keys become names.
    pub conversion_strategy: Option<PushConversionStrategy>,
}
