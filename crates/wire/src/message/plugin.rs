//! What plugins of every kind say of themselves and of each other.

use std::collections::BTreeMap;

/// A plugin's answer to who it is.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct PluginInfo {
    /// Semantic version, without a leading `v`.
    #[prost(string, tag = "1")]
    pub version: String,
}

/// Where a provider that runs already finds the engine.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct PluginAttach {
    /// `HOST:PORT` of the engine.
    #[prost(string, tag = "1")]
    pub address: String,
}

/// A plugin that a program needs.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct PluginDependency {
    /// Name, such as `kubernetes`.
    #[prost(string, tag = "1")]
    pub name: String,
    /// `resource` or `language`.
    #[prost(string, tag = "2")]
    pub kind: String,
    /// Version; empty: the newest that is installed.
    #[prost(string, tag = "3")]
    pub version: String,
    /// Where it is downloaded from; empty: Pulumi's own.
    #[prost(string, tag = "4")]
    pub server: String,
    /// Digests of its archives, by system.
    #[prost(btree_map = "string, bytes", tag = "5")]
    pub checksums: BTreeMap<String, Vec<u8>>,
}

/// A package that a program needs: its plugin. Packages made by parameters are not used here.
pub type PackageDependency = PluginDependency;
