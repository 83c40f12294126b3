//! Body of an ExternalSecret (`external-secrets.io/v1`).

use keyloom_models::duration::Duration;

use keyloom_models::policy::{
    ConversionStrategy, DecodingStrategy, GeneratorKind, MetadataPolicy, NullBytePolicy, RefreshPolicy,
    StoreKind, SyncWindowKind,
};
use keyloom_syntax::Text;

use crate::metadata::Metadata;
use crate::walk::{Sink, Walk, map};

pub mod data_from;
pub mod target;

pub use data_from::{DataFrom, DataSource, Find, Rewrite, RewriteMerge};
pub use target::{
    Target, TargetManifest, Template, TemplateFrom, TemplateItem, TemplateMetadata, TemplateSource,
};

/// An ExternalSecret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExternalSecret {
    /// Metadata.
    pub metadata: Metadata,
    /// The spec.
    pub spec: ExternalSecretSpec,
}

/// `spec` of an ExternalSecret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExternalSecretSpec {
    /// The store that is asked, unless an entry names its own.
    pub secret_store_ref: Option<StoreRef>,
    /// When values are read again; `None` for periodically.
    pub refresh_policy: Option<RefreshPolicy>,
    /// Time between two reads; `None` for an hour. Zero reads once.
    pub refresh_interval: Option<Duration>,
    /// When periodic reads may happen.
    pub sync_windows: Option<SyncWindows>,
    /// The Secret that is written.
    pub target: Option<Target>,
    /// Single keys.
    pub data: Vec<Data>,
    /// Many keys at once.
    pub data_from: Vec<DataFrom>,
}

/// A pointer to a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoreRef {
    /// Name of the store.
    pub name: Text,
    /// Kind of the store; `None` for `SecretStore`.
    pub kind: Option<StoreKind>,
}

/// `syncWindows`.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncWindows {
    /// Whether the windows allow or deny.
    pub kind: SyncWindowKind,
    /// The windows, at least one.
    pub windows: Vec<SyncWindow>,
}

/// One window: it opens on a schedule and stays open for a while.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncWindow {
    /// Cron expression of five fields in UTC, or a shorthand such as `@daily`.
    pub schedule: Text,
    /// How long it stays open.
    pub duration: Duration,
}

/// One entry of `data`: a key of the Secret and where its value lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    /// Key of the Secret.
    pub secret_key: Text,
    /// Where the value lies.
    pub remote_ref: RemoteRef,
    /// Another source than `secretStoreRef`.
    pub source_ref: Option<SourceRef>,
}

/// Where a value lies (`remoteRef`, `extract`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteRef {
    /// The provider's key.
    pub key: Text,
    /// A field of the value there.
    pub property: Option<Text>,
    /// A version of it; `None` for the newest.
    pub version: Option<Text>,
    /// Whether tags are fetched in place of the value.
    pub metadata_policy: Option<MetadataPolicy>,
    /// How names become keys.
    pub conversion_strategy: Option<ConversionStrategy>,
    /// How the value is decoded.
    pub decoding_strategy: Option<DecodingStrategy>,
    /// What a NUL byte does.
    pub null_byte_policy: Option<NullBytePolicy>,
}

impl RemoteRef {
    /// The whole value at `key`.
    pub fn new(key: impl Into<Text>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }
}

/// `sourceRef`: the one source of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceRef {
    /// A store.
    Store(StoreRef),
    /// A generator; the operator follows it in `dataFrom` alone.
    Generator(GeneratorRef),
}

/// A pointer to a generator.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratorRef {
    /// API group and version; `None` for `generators.external-secrets.io/v1alpha1`.
    pub api_version: Option<Text>,
    /// Kind of the generator.
    pub kind: GeneratorKind,
    /// Name of the generator.
    pub name: Text,
}

impl Walk for ExternalSecretSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("secretStoreRef", &self.secret_store_ref)?;
            m.optional("refreshPolicy", &self.refresh_policy)?;
            m.optional("refreshInterval", &self.refresh_interval)?;
            m.optional("syncWindows", &self.sync_windows)?;
            m.optional("target", &self.target)?;
            m.nonempty("data", &self.data)?;
            m.nonempty("dataFrom", &self.data_from)
        })
    }
}

impl Walk for StoreRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.optional("kind", &self.kind)
        })
    }
}

impl Walk for SyncWindows {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("kind", &self.kind)?;
            m.field("windows", &self.windows)
        })
    }
}

impl Walk for SyncWindow {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("schedule", &self.schedule)?;
            m.field("duration", &self.duration)
        })
    }
}

impl Walk for Data {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("secretKey", &self.secret_key)?;
            m.field("remoteRef", &self.remote_ref)?;
            m.optional("sourceRef", &self.source_ref)
        })
    }
}

impl Walk for RemoteRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("key", &self.key)?;
            m.optional("property", &self.property)?;
            m.optional("version", &self.version)?;
            m.optional("metadataPolicy", &self.metadata_policy)?;
            m.optional("conversionStrategy", &self.conversion_strategy)?;
            m.optional("decodingStrategy", &self.decoding_strategy)?;
            m.optional("nullBytePolicy", &self.null_byte_policy)
        })
    }
}

impl Walk for SourceRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match self {
            Self::Store(store) => m.field("storeRef", store),
            Self::Generator(generator) => m.field("generatorRef", generator),
        })
    }
}

impl Walk for GeneratorRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("apiVersion", &self.api_version)?;
            m.field("kind", &self.kind)?;
            m.field("name", &self.name)
        })
    }
}
