//! Options of a resource that Pulumi spells alike where it asks for a component and where a resource is registered.

/// A set of resources, by URN.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Urns {
    /// The URNs.
    #[prost(string, repeated, tag = "1")]
    pub urns: Vec<String>,
}

/// How long an operation may take, as `30s` or `5m`; empty: the provider's own limit.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct CustomTimeouts {
    /// For creation.
    #[prost(string, tag = "1")]
    pub create: String,
    /// For an update.
    #[prost(string, tag = "2")]
    pub update: String,
    /// For deletion.
    #[prost(string, tag = "3")]
    pub delete: String,
    /// For reading.
    #[prost(string, tag = "4")]
    pub read: String,
}

/// Names of hooks, by the moment at which the engine calls them.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Hooks {
    /// Before creation.
    #[prost(string, repeated, tag = "1")]
    pub before_create: Vec<String>,
    /// After creation.
    #[prost(string, repeated, tag = "2")]
    pub after_create: Vec<String>,
    /// Before an update.
    #[prost(string, repeated, tag = "3")]
    pub before_update: Vec<String>,
    /// After an update.
    #[prost(string, repeated, tag = "4")]
    pub after_update: Vec<String>,
    /// Before deletion.
    #[prost(string, repeated, tag = "5")]
    pub before_delete: Vec<String>,
    /// After deletion.
    #[prost(string, repeated, tag = "6")]
    pub after_delete: Vec<String>,
    /// When an operation failed.
    #[prost(string, repeated, tag = "7")]
    pub on_error: Vec<String>,
}

/// Another identity that a resource had before, so that it is kept and not replaced.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Alias {
    /// The whole URN, or what differs from the present one.
    #[prost(oneof = "Former", tags = "1, 2")]
    pub alias: Option<Former>,
}

/// The two ways of writing an [`Alias`].
#[derive(Clone, PartialEq, Eq, prost::Oneof)]
pub enum Former {
    /// The whole URN.
    #[prost(string, tag = "1")]
    Urn(String),
    /// What differs from the present URN; empty fields are as they are now.
    #[prost(message, tag = "2")]
    Spec(AliasSpec),
}

/// Parts of a former URN.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct AliasSpec {
    /// Logical name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Type token.
    #[prost(string, tag = "2")]
    pub r#type: String,
    /// Stack.
    #[prost(string, tag = "3")]
    pub stack: String,
    /// Project.
    #[prost(string, tag = "4")]
    pub project: String,
    /// Parent, where that differs.
    #[prost(oneof = "FormerParent", tags = "5, 6")]
    pub parent: Option<FormerParent>,
}

/// The parent that a resource had before.
#[derive(Clone, PartialEq, Eq, prost::Oneof)]
pub enum FormerParent {
    /// That one.
    #[prost(string, tag = "5")]
    ParentUrn(String),
    /// None, where `true`.
    #[prost(bool, tag = "6")]
    NoParent(bool),
}
