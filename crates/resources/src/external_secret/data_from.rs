//! `dataFrom`: many keys at once.

use keyloom_models::policy::{
    ConversionStrategy, DecodingStrategy, MergeConflictPolicy, MergePriorityPolicy, MergeStrategy,
    NullBytePolicy,
};
use keyloom_syntax::Text;

use super::{GeneratorRef, RemoteRef, StoreRef};
use crate::metadata::TextMap;
use crate::walk::{Map, Sink, Walk, map};

/// One entry of `dataFrom`: exactly one source of keys, and how their names are rewritten.
#[derive(Clone, Debug, PartialEq)]
pub struct DataFrom {
    /// Where the keys come from.
    pub source: DataSource,
    /// What is done to their names, in this order.
    pub rewrite: Vec<Rewrite>,
}

/// Where the keys of an entry come from.
#[derive(Clone, Debug, PartialEq)]
pub enum DataSource {
    /// Every field of one remote secret.
    Extract {
        /// The remote secret.
        remote: RemoteRef,
        /// Another store than `secretStoreRef`.
        store: Option<StoreRef>,
    },
    /// Every remote secret that matches.
    Find {
        /// What must match.
        find: Find,
        /// Another store than `secretStoreRef`.
        store: Option<StoreRef>,
    },
    /// What a generator makes.
    Generator(GeneratorRef),
}

/// `find`: remote secrets by path, name and tags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Find {
    /// Where to look.
    pub path: Option<Text>,
    /// Regular expression of the names (`name.regexp`).
    pub name_regexp: Option<Text>,
    /// Tags they must have.
    pub tags: TextMap,
    /// How names become keys.
    pub conversion_strategy: Option<ConversionStrategy>,
    /// How values are decoded.
    pub decoding_strategy: Option<DecodingStrategy>,
    /// What a NUL byte does.
    pub null_byte_policy: Option<NullBytePolicy>,
}

/// One step of `rewrite`.
#[derive(Clone, Debug, PartialEq)]
pub enum Rewrite {
    /// Replaces what a regular expression matches in every name.
    Regexp {
        /// The regular expression (RE2).
        source: Text,
        /// What stands in its place; `$1` is the first group.
        target: Text,
    },
    /// Makes every name anew by a Go template, in which `.value` is the name.
    Transform {
        /// The template.
        template: Text,
    },
    /// Brings several secrets together.
    Merge(RewriteMerge),
}

/// `rewrite.merge`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RewriteMerge {
    /// The key that holds the result; the strategy `JSON` needs it.
    pub into: Option<Text>,
    /// Names in order of rank, lowest first.
    pub priority: Vec<Text>,
    /// What a name in `priority` does that was not fetched.
    pub priority_policy: Option<MergePriorityPolicy>,
    /// What two secrets with one key do.
    pub conflict_policy: Option<MergeConflictPolicy>,
    /// How they come together.
    pub strategy: Option<MergeStrategy>,
}

impl Walk for DataFrom {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match &self.source {
            DataSource::Extract { remote, store } => {
                m.field("extract", remote)?;
                self.rest(m, store)
            }
            DataSource::Find { find, store } => {
                m.field("find", find)?;
                self.rest(m, store)
            }
            DataSource::Generator(generator) => {
                m.nonempty("rewrite", &self.rewrite)?;
                m.map("sourceRef", |m| m.field("generatorRef", generator))
            }
        })
    }
}

impl DataFrom {
    fn rest<S: Sink>(&self, m: &mut Map<'_, S>, store: &Option<StoreRef>) -> Result<(), S::Error> {
        m.nonempty("rewrite", &self.rewrite)?;
        match store {
            Some(store) => m.map("sourceRef", |m| m.field("storeRef", store)),
            None => Ok(()),
        }
    }
}

impl Walk for Find {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("path", &self.path)?;
            if let Some(regexp) = &self.name_regexp {
                m.map("name", |m| m.field("regexp", regexp))?;
            }
            m.nonempty("tags", &self.tags)?;
            m.optional("conversionStrategy", &self.conversion_strategy)?;
            m.optional("decodingStrategy", &self.decoding_strategy)?;
            m.optional("nullBytePolicy", &self.null_byte_policy)
        })
    }
}

impl Walk for Rewrite {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match self {
            Self::Regexp { source, target } => m.map("regexp", |m| {
                m.field("source", source)?;
                m.field("target", target)
            }),
            Self::Transform { template } => m.map("transform", |m| m.field("template", template)),
            Self::Merge(merge) => m.field("merge", merge),
        })
    }
}

impl Walk for RewriteMerge {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("into", &self.into)?;
            m.nonempty("priority", &self.priority)?;
            m.optional("priorityPolicy", &self.priority_policy)?;
            m.optional("conflictPolicy", &self.conflict_policy)?;
            m.optional("strategy", &self.strategy)
        })
    }
}
