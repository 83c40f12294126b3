//! The lists of the document. Each stands here once, with the type of its items; what is done to every item, whatever
//! its list, goes through this table.

use std::borrow::Cow;

use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use validator::ValidationErrors;

use crate::app_connection::AppConnectionConfig;
use crate::cluster::{ClusterExternalSecretConfig, ClusterPushSecretConfig};
use crate::connection::ConnectionConfig;
use crate::defaults::Defaults;
use crate::document::{Item, ItemPlace};
use crate::external_secret::ExternalSecretConfig;
use crate::generator::GeneratorConfig;
use crate::pipeline::PipelineConfig;
use crate::push_secret::PushSecretConfig;
use crate::secret_sync::SecretSyncConfig;
use crate::service::ServiceConfig;
use crate::store::SecretStoreConfig;

/// What the items of every list have.
pub(crate) trait Declared: for<'de> Deserialize<'de> + JsonSchema + Send {
    /// The list.
    const LIST: List;

    /// Takes over what the defaults say and the item does not.
    fn fill(&mut self, defaults: &Defaults);

    /// Its kind, its namespace and its name, which together stand once.
    fn identity(&self) -> (&'static str, Option<&Text>, &Text);

    /// What is out of its limits, of an item built in Rust.
    fn limits(&self) -> ValidationErrors;
}

/// Something that is done to the items of every list.
pub(crate) trait Visit {
    /// Does it to the items of one.
    fn list<T: Declared>(&mut self, items: &mut Vec<Item<T>>);
}

/// A list in the document schema.
pub(crate) struct Section {
    /// The list.
    pub(crate) list: List,
    /// What it holds.
    pub(crate) plural: &'static str,
    /// What that is.
    pub(crate) about: &'static str,
}

/// Declares the lists, in the order in which they are read, checked and rendered.
macro_rules! lists {
    ($( $List:ident($Config:ident) = $key:literal $field:ident, $plural:literal: $about:literal; )+) => {
        /// A list of the document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum List {
            $( #[doc = concat!("`", $key, "`.")] $List, )+
            /// `versions`, of which there is one.
            Versions,
            /// `infisical`, of which there is one.
            Infisical,
            /// Objects of other people's manifests, each a list item of its own.
            Manifests,
        }

        impl List {
            /// The lists that hold items.
            pub const OF_ITEMS: [Self; [$($key),+].len()] = [$(Self::$List),+];

            /// Its key in the document.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$List => $key, )+
                    Self::Versions => "versions",
                    Self::Infisical => "infisical",
                    Self::Manifests => "manifests",
                }
            }

            /// Its number among the lists that hold items; none for what is no such list.
            pub(crate) fn number(self) -> Option<usize> {
                Self::OF_ITEMS.iter().position(|list| *list == self)
            }

            /// What the document schema says of each list.
            pub(crate) const SECTIONS: [Section; Self::OF_ITEMS.len()] =
                [$(Section { list: Self::$List, plural: $plural, about: $about }),+];

            /// The schema of an item, a reference to its definition; anything for what is no list of items.
            pub(crate) fn schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self {
                    $( Self::$List => generator.subschema_for::<$Config>(), )+
                    Self::Versions | Self::Infisical | Self::Manifests => Schema::default(),
                }
            }

            /// Name of that definition in the document schema; none for what is no list of items.
            pub(crate) fn definition(self) -> Option<Cow<'static, str>> {
                match self {
                    $( Self::$List => Some(<$Config as JsonSchema>::schema_name()), )+
                    Self::Versions | Self::Infisical | Self::Manifests => None,
                }
            }
        }

        /// The items of a document, list by list.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Items {
            $( pub(crate) $field: Vec<Item<$Config>>, )+
        }

        impl Items {
            /// Visits every list.
            pub(crate) fn visit(&mut self, visitor: &mut impl Visit) {
                $( visitor.list(&mut self.$field); )+
            }

            /// Where the items of each list were written.
            pub(crate) fn places(&self) -> Vec<Vec<Option<ItemPlace>>> {
                vec![$(self.$field.iter().map(|item| item.place).collect()),+]
            }
        }
    };
}

lists! {
    Stores(SecretStoreConfig) = "stores" stores, "Stores": "the configured access to backends";
    Generators(GeneratorConfig) = "generators" generators, "Generators": "values that the operator makes instead of fetching them";
    Connections(ConnectionConfig) = "connections" connections, "Connections": "secrets that hold the type and the details of a connection, by name";
    ExternalSecrets(ExternalSecretConfig) = "externalSecrets" external_secrets, "External secrets": "which values become which keys of which Kubernetes Secret";
    ClusterExternalSecrets(ClusterExternalSecretConfig) = "clusterExternalSecrets" cluster_external_secrets, "Cluster external secrets": "an external secret in each of several namespaces";
    PushSecrets(PushSecretConfig) = "pushSecrets" push_secrets, "Push secrets": "which Secrets of the cluster are written to stores";
    ClusterPushSecrets(ClusterPushSecretConfig) = "clusterPushSecrets" cluster_push_secrets, "Cluster push secrets": "a push secret in each of several namespaces";
    Services(ServiceConfig) = "services" services, "Services": "the workloads that read the Secrets";
    Pipelines(PipelineConfig) = "pipelines" pipelines, "Pipelines": "secrets on their way from GitHub to AWS Secrets Manager to pods";
    AppConnections(AppConnectionConfig) = "appConnections" app_connections, "App connections": "how Infisical logs in at the systems that it writes secrets to";
    SecretSyncs(SecretSyncConfig) = "secretSyncs" secret_syncs, "Secret syncs": "which paths of Infisical are written to other systems";
}
