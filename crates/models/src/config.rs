//! The valid whole: what a declaration means.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use keyloom_upstream::eso::EsoVersion;

use crate::address::Address;
use crate::connection::ConnectionConfig;
use crate::data_from::{Find, Rewrite};
use crate::duration::Duration;
use crate::external_secret::{ManifestTarget, SyncWindows};
use crate::generator::GeneratorConfig;
use crate::policy::{
    ConversionStrategy, CreationPolicy, DecodingStrategy, DeletionPolicy, GeneratorKind, MetadataPolicy,
    NullBytePolicy, RefreshPolicy, StoreKind,
};
use crate::selector::StoreCondition;
use crate::service::ServiceConfig;
use crate::store::{Backend, ProviderKind, RetrySettings};
use crate::template::Template;

mod cluster;
pub mod infisical;
mod keys;
mod made;
pub mod pipeline;
mod push;

pub use cluster::{ClusterExternalSecret, ClusterPushSecret};
pub use infisical::Argument;
pub use keys::Keys;
pub use made::{ConnectionKey, ConnectionKeys, ConnectionUrl, Made, Registry, Url};
pub use push::{PushEntry, PushMany, PushSecret, PushSource, PushStore};

/// A declaration that is valid as a whole: names are legal and do not collide, references are resolved, and every
/// address is spelled as the store's provider reads it. Made by validation alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub(crate) eso: EsoVersion,
    pub(crate) stores: Vec<Store>,
    pub(crate) generators: Vec<GeneratorConfig>,
    pub(crate) connections: Vec<ConnectionConfig>,
    pub(crate) external_secrets: Vec<ExternalSecret>,
    pub(crate) cluster_external_secrets: Vec<ClusterExternalSecret>,
    pub(crate) push_secrets: Vec<PushSecret>,
    pub(crate) cluster_push_secrets: Vec<ClusterPushSecret>,
    pub(crate) services: Vec<ServiceConfig>,
    pub(crate) pipelines: Vec<pipeline::Pipeline>,
    pub(crate) infisical: infisical::Access,
    pub(crate) app_connections: Vec<infisical::AppConnection>,
    pub(crate) secret_syncs: Vec<infisical::SecretSync>,
    pub(crate) relaxed_env_names: bool,
}

impl Config {
    /// The version of External Secrets Operator that is written for.
    pub fn eso(&self) -> EsoVersion {
        self.eso
    }

    /// The stores, somebody else's included, in the declaration's order.
    pub fn stores(&self) -> &[Store] {
        &self.stores
    }

    /// The generators, somebody else's included, in the declaration's order.
    pub fn generators(&self) -> &[GeneratorConfig] {
        &self.generators
    }

    /// The typed connections, in the declaration's order. What reads one has its keys already.
    pub fn connections(&self) -> &[ConnectionConfig] {
        &self.connections
    }

    /// The external secrets, in the declaration's order.
    pub fn external_secrets(&self) -> &[ExternalSecret] {
        &self.external_secrets
    }

    /// The external secrets in each of several namespaces, in the declaration's order.
    pub fn cluster_external_secrets(&self) -> &[ClusterExternalSecret] {
        &self.cluster_external_secrets
    }

    /// The push secrets in each of several namespaces, in the declaration's order.
    pub fn cluster_push_secrets(&self) -> &[ClusterPushSecret] {
        &self.cluster_push_secrets
    }

    /// The push secrets, in the declaration's order.
    pub fn push_secrets(&self) -> &[PushSecret] {
        &self.push_secrets
    }

    /// The services, in the declaration's order.
    pub fn services(&self) -> &[ServiceConfig] {
        &self.services
    }

    /// The pipelines, in the declaration's order. Their stores and external secrets are among the others, behind them.
    pub fn pipelines(&self) -> &[pipeline::Pipeline] {
        &self.pipelines
    }

    /// The Infisical in which app connections and secret syncs are made.
    pub fn infisical(&self) -> &infisical::Access {
        &self.infisical
    }

    /// The app connections that are made or made elsewhere, in the declaration's order; none that is not enabled.
    pub fn app_connections(&self) -> &[infisical::AppConnection] {
        &self.app_connections
    }

    /// The secret syncs that are made, in the declaration's order; none that is not enabled.
    pub fn secret_syncs(&self) -> &[infisical::SecretSync] {
        &self.secret_syncs
    }
}

/// A store.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// Name of the object.
    pub name: Text,
    /// Namespace; none for a cluster-scoped store, and where a later tool supplies it.
    pub namespace: Option<Text>,
    /// SecretStore or ClusterSecretStore.
    pub kind: StoreKind,
    /// The backend, or what is known of it when somebody else declares the store.
    pub backend: Backend,
    /// Secrets that are made of credentials which a program handed over; the backend refers to them. None of a document.
    pub credentials: Vec<Credentials>,
    /// Which namespaces may use it.
    pub conditions: Vec<StoreCondition>,
    /// Class of the operator that serves it.
    pub controller: Option<Text>,
    /// How the operator retries a failed call.
    pub retry_settings: Option<RetrySettings>,
    /// Seconds between two checks of the store itself.
    pub refresh_seconds: Option<u32>,
    /// Labels of the object.
    pub labels: IndexMap<String, Text>,
    /// Annotations of the object.
    pub annotations: IndexMap<String, Text>,
}

/// A Secret that holds the credentials of a store, made of what a program handed over in place of references.
#[derive(Clone, Debug, PartialEq)]
pub struct Credentials {
    /// Name of the Secret: that of the store and `-credentials`.
    pub name: Text,
    /// Namespace: that of the store, or what a cluster-scoped store says.
    pub namespace: Option<Text>,
    /// The credentials, by key: the way to the field that each was handed over for.
    pub values: IndexMap<String, Text>,
}

/// A resolved reference to a store, with what must be known of it to spell an address.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreRef {
    /// Name of the store.
    pub name: Text,
    /// Kind of the store.
    pub kind: StoreKind,
    /// The backend kind.
    pub provider: ProviderKind,
    /// How its addresses are read.
    pub address: &'static Address,
    /// Mount of a store in Vault that is declared elsewhere.
    pub mount: Option<Text>,
}

impl StoreRef {
    /// Stands in for a store that is not resolved while the rest of its external secret is checked. It never reaches a
    /// config: why the store is not resolved is an error.
    pub(crate) fn unresolved(name: Text) -> Self {
        Self {
            name,
            kind: StoreKind::SecretStore,
            provider: ProviderKind::TYPED[0],
            address: &crate::address::UNKNOWN,
            mount: None,
        }
    }
}

/// An external secret.
#[derive(Clone, Debug, PartialEq)]
pub struct ExternalSecret {
    /// Name of the object.
    pub name: Text,
    /// Namespace; none where a later tool supplies it.
    pub namespace: Option<Text>,
    /// The store of every entry that does not name its own; none when no entry needs one.
    pub store: Option<StoreRef>,
    /// When the values are read again; none is periodically.
    pub refresh_policy: Option<RefreshPolicy>,
    /// How often the values are read again.
    pub refresh_interval: Duration,
    /// When refreshes may happen.
    pub sync_windows: Option<SyncWindows>,
    /// The Secret that is written.
    pub target: Target,
    /// Single values, in the declaration's order.
    pub data: Vec<DataEntry>,
    /// Whole entries, in the declaration's order.
    pub data_from: Vec<FromEntry>,
    /// Keys that are made here.
    pub made: Made,
    /// Labels of the object.
    pub labels: IndexMap<String, Text>,
    /// Annotations of the object.
    pub annotations: IndexMap<String, Text>,
}

/// The Secret that an external secret writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Name of the Secret.
    pub name: Text,
    /// Who owns it.
    pub creation_policy: CreationPolicy,
    /// What happens when the provider no longer has the values.
    pub deletion_policy: DeletionPolicy,
    /// Whether it is frozen once it is written.
    pub immutable: Option<bool>,
    /// Another kind of object in place of a Secret.
    pub manifest: Option<ManifestTarget>,
    /// The template as it was declared.
    pub template: Option<Box<Template>>,
    /// Type of the Secret that a helper asks for.
    pub secret_type: Option<&'static str>,
}

impl Target {
    /// Whether a Secret comes of it: not where the policy is `None`, nor where another kind of object is written.
    pub fn writes_a_secret(&self) -> bool {
        self.creation_policy != CreationPolicy::None && self.manifest.is_none()
    }
}

/// One value and the key it gets.
#[derive(Clone, Debug, PartialEq)]
pub struct DataEntry {
    /// Key in the Secret.
    pub secret_key: Text,
    /// The address, as the provider reads it.
    pub remote: Remote,
    /// Store of this value alone.
    pub store: Option<Box<StoreRef>>,
}

/// An address in a store, spelled as the provider reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remote {
    /// ESO's `key`.
    pub key: Text,
    /// Field of a structured value.
    pub property: Option<Text>,
    /// Version; never `latest`.
    pub version: Option<Text>,
    /// How the value is decoded.
    pub decoding_strategy: Option<DecodingStrategy>,
    /// How names become keys.
    pub conversion_strategy: Option<ConversionStrategy>,
    /// Whether tags are fetched in place of the value.
    pub metadata_policy: Option<MetadataPolicy>,
    /// What happens to a NUL byte in the value.
    pub null_byte_policy: Option<NullBytePolicy>,
}

/// A whole entry, a search, or what a generator makes.
#[derive(Clone, Debug, PartialEq)]
pub struct FromEntry {
    /// Where the keys come from.
    pub source: FromSource,
    /// What is kept: pairs of key in the Secret and field. None keeps everything.
    pub keep: Option<Vec<(Text, Text)>>,
    /// Text put before every key.
    pub prefix: Option<Text>,
    /// Renames in ESO's own words.
    pub rewrite: Vec<Rewrite>,
    /// Store of this entry alone.
    pub store: Option<StoreRef>,
}

/// Where the keys of a whole entry come from.
#[derive(Clone, Debug, PartialEq)]
pub enum FromSource {
    /// All fields of one entry.
    Extract(Remote),
    /// Entries found by name, path or tags.
    Find(Find),
    /// A generator.
    Generator(GeneratorRef),
}

/// A resolved reference to a generator.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratorRef {
    /// Kind that the reference names, which may be ClusterGenerator.
    pub kind: GeneratorKind,
    /// Name of the generator.
    pub name: Text,
    /// Kind of what it makes, as far as it is known.
    pub makes: GeneratorKind,
    /// The keys that it makes; none where they are not known.
    pub keys: Option<Vec<Text>>,
}

impl GeneratorRef {
    /// Whether every sync makes a new value that has nothing to do with the one before.
    pub fn rotates(&self) -> bool {
        self.makes.upstream().rotates()
    }
}
