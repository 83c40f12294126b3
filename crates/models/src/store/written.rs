//! Stores as they are written: one block for each provider, of which one may be there.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use validator::Validate;

use super::aws::{self, AwsConfig};
use super::carried::{Carried, CarriedConfig};
use super::infisical::{self, InfisicalConfig};
use super::kubernetes::{self, KubernetesConfig};
use super::onepassword::{self, OnePasswordConfig};
use super::vault::{self, VaultConfig};
use super::{Backend, ExternalStore, RetrySettings, SecretStoreConfig};
use crate::address::Address;
use crate::apart;
use crate::duration::Duration;
use crate::finding::{Findings, Place};
use crate::name::{NAMESPACE, OBJECT_NAME};
use crate::selector::{SecretKeySelector, StoreCondition};
use crate::validate::newer::Asker;
use crate::validate::selectors::Scope;

mod schema;

/// Declares the providers with a type of their own: the only list of them.
macro_rules! providers {
    ($( $(#[$doc:meta])* $variant:ident($config:ty) = $key:literal $field:ident, requires $required:expr; )+) => {
        /// A store's backend kind: the key under ESO's `spec.provider`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ProviderKind {
            $( $(#[$doc])* $variant, )+
            /// Any other that the operator has: its block is carried in the operator's own words.
            Carried(Carried),
        }

        impl ProviderKind {
            /// Those with a type of their own, in the order of the documentation.
            pub const TYPED: &[Self] = &[$(Self::$variant),+];

            /// The name in documents and in ESO's `spec.provider`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ Self::Carried(provider) => provider.as_str() }
            }

            /// Fields that the block of a store which is not external must have, beside what its schema asks for.
            const fn required(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &$required,)+ Self::Carried(_) => &[] }
            }
        }

        impl ProviderKind {
            /// How its addresses are read when nothing else is known.
            pub fn address(self) -> &'static Address {
                match self { $(Self::$variant => $field::address(None),)+ Self::Carried(provider) => provider.address() }
            }
        }

        /// A provider with its block.
        #[derive(Clone, Debug, PartialEq)]
        pub enum StoreProvider {
            $( $(#[$doc])* $variant(Box<$config>), )+
            /// Any other that the operator has.
            Carried(Box<CarriedConfig>),
        }

        impl StoreProvider {
            /// Which provider it is.
            pub fn kind(&self) -> ProviderKind {
                match self {
                    $(Self::$variant(_) => ProviderKind::$variant,)+
                    Self::Carried(block) => ProviderKind::Carried(block.provider()),
                }
            }

            /// How its addresses are read.
            pub fn address(&self) -> &'static Address {
                match self {
                    $(Self::$variant(block) => $field::address(Some(block)),)+
                    Self::Carried(block) => block.provider().address(),
                }
            }

            /// Which part of the backend it reads: names and values, the widest first.
            pub fn scope(&self) -> Vec<(&'static str, Text)> {
                match self { $(Self::$variant(block) => block.scope(),)+ Self::Carried(block) => block.scope() }
            }

            /// Reports fields that the operator's version lacks.
            pub(crate) fn newer(&self, ask: &mut Asker<'_>, place: &Place) {
                match self {
                    $(Self::$variant(block) => $field::newer(block, ask, place),)+
                    Self::Carried(block) => block.newer(ask, place),
                }
            }

            /// Whether a cluster-scoped store must name the namespace of every Secret it refers to.
            pub(crate) fn needs_namespaces(&self) -> bool {
                match self {
                    $(Self::$variant(_) => $field::NEEDS_NAMESPACES,)+
                    Self::Carried(block) => block.needs_namespaces(),
                }
            }

            /// Every key of a Secret that it refers to, at its place; of a carried block, those with a value in their place.
            pub(crate) fn selectors_mut(
                &mut self,
                place: &Place,
                meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
            ) {
                match self {
                    $(Self::$variant(block) => block.selectors_mut(place, meet),)+
                    Self::Carried(block) => block.selectors_mut(place, meet),
                }
            }

            /// Checks the provider's own rules.
            pub(crate) fn check(&self, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
                match self {
                    $(Self::$variant(block) => $field::check(block, scope, place, findings),)+
                    Self::Carried(block) => block.check(scope, place, findings),
                }
            }

            pub(crate) fn validate_block(&self) -> Result<(), validator::ValidationErrors> {
                match self { $(Self::$variant(block) => block.validate(),)+ Self::Carried(block) => block.validate() }
            }
        }

        $(
            impl From<$config> for StoreProvider {
                fn from(config: $config) -> Self {
                    Self::$variant(Box::new(config))
                }
            }
        )+

        /// A store as it is written: the blocks of all providers side by side, of which one may be there.
        #[derive(Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Written {
            /// Name of the SecretStore or ClusterSecretStore.
            #[serde(default)]
            #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
            name: Text,
            /// Namespace of the store; none for a cluster-scoped one.
            #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
            namespace: Option<Text>,
            /// Whether it is a ClusterSecretStore, which every namespace that `conditions` allow may use; default false.
            #[serde(default)]
            #[schemars(extend("x-aliases" = ["kind"]))]
            cluster_scoped: bool,
            /// Whether somebody else declares the store, so that nothing is rendered for it; default false.
            #[serde(default)]
            external: bool,
            /// The backend.
            provider: ProviderKind,
            /// Whether values may be written out in the block `fake`, for everybody to read; default false. For tests.
            #[serde(default)]
            allow_literal: bool,
            $(
                $(#[$doc])*
                $field: Option<$config>,
            )+
            /// Which namespaces may use a cluster-scoped store; without any, all may.
            conditions: Option<Vec<StoreCondition>>,
            /// Class of the operator that serves the store; without it, any operator does.
            controller: Option<Text>,
            /// How the operator retries a failed call (AWS, Vault).
            retry_settings: Option<RetrySettings>,
            /// How often the operator checks the store itself, such as `5m`; secrets have their own interval.
            refresh_interval: Option<Duration>,
            /// Labels of the object.
            labels: Option<IndexMap<String, Text>>,
            /// Annotations of the object.
            annotations: Option<IndexMap<String, Text>>,
        }

        impl Written {
            /// The one block that belongs to the provider; any other is an error.
            fn block(&mut self, carried: impl Iterator<Item = CarriedConfig>) -> Result<Option<StoreProvider>, String> {
                let mut found = None;
                for block in carried {
                    if self.provider != ProviderKind::Carried(block.provider()) {
                        return Err(no_block(self.provider, block.provider().as_str()));
                    }
                    found = Some(StoreProvider::from(block));
                }
                $(
                    if let Some(block) = self.$field.take() {
                        if self.provider != ProviderKind::$variant {
                            return Err(no_block(self.provider, $key));
                        }
                        found = Some(StoreProvider::$variant(Box::new(block)));
                    }
                )+
                Ok(found)
            }
        }
    };
}

providers! {
    /// Infisical: folders of single secrets.
    Infisical(InfisicalConfig) = "infisical" infisical, requires ["projectSlug", "environment", "auth"];
    /// HashiCorp Vault: entries with fields.
    Vault(VaultConfig) = "vault" vault, requires ["server"];
    /// AWS Secrets Manager, Parameter Store or Certificate Manager: entries with fields.
    Aws(AwsConfig) = "aws" aws, requires ["service", "region"];
    /// 1Password, through a Connect server: items with fields.
    OnePassword(OnePasswordConfig) = "onepassword" onepassword, requires ["connectHost", "vaults", "auth"];
    /// Kubernetes: Secrets of another namespace or cluster.
    Kubernetes(KubernetesConfig) = "kubernetes" kubernetes, requires [];
}

impl<'de> Deserialize<'de> for SecretStoreConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (mut written, blocks): (Written, _) =
            apart::read(deserializer, |key| Carried::at_input(key).is_some())?;
        let carried = blocks
            .into_iter()
            .filter_map(|(key, block)| Some(CarriedConfig::new(Carried::at_input(&key)?, block)));
        let block = written.block(carried).map_err(de::Error::custom)?;
        let backend = match (written.external, block) {
            (true, Some(block)) => Backend::External(ExternalStore::from(&block)),
            (true, None) => Backend::External(ExternalStore::new(written.provider)),
            (false, Some(block)) => Backend::Declared(block),
            (false, None) => return Err(de::Error::missing_field(written.provider.as_str())),
        };
        Ok(Self {
            name: written.name,
            namespace: written.namespace,
            cluster_scoped: written.cluster_scoped,
            backend,
            allow_literal: written.allow_literal,
            conditions: written.conditions,
            controller: written.controller,
            retry_settings: written.retry_settings,
            refresh_interval: written.refresh_interval,
            labels: written.labels.unwrap_or_default(),
            annotations: written.annotations.unwrap_or_default(),
        })
    }
}

impl<'de> Deserialize<'de> for ProviderKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::named(&word).ok_or_else(|| de::Error::custom(format_args!("`{word}` is not a provider")))
    }
}

impl ProviderKind {
    /// Every provider that the newest known operator has: those with a type first.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::TYPED.iter().copied().chain(Carried::all().map(Self::Carried))
    }

    /// The provider of that name, if the newest known operator has it.
    pub fn named(name: &str) -> Option<Self> {
        let typed = Self::TYPED.iter().copied().find(|kind| kind.as_str() == name);
        typed.or_else(|| Carried::named(name).map(Self::Carried))
    }
}

impl From<CarriedConfig> for StoreProvider {
    fn from(block: CarriedConfig) -> Self {
        Self::Carried(Box::new(block))
    }
}

fn no_block(provider: ProviderKind, block: &str) -> String {
    format!("a store of provider {} has no block `{block}`", provider.as_str())
}
