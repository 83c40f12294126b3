//! Messages of the service `Engine`.

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum LogSeverity {
    /// Shown with `--debug` alone.
    Debug = 0,
    /// Told.
    Info = 1,
    /// Something to look at.
    Warning = 2,
    /// Makes the operation fail.
    Error = 3,
}

/// A line for the user.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct LogRequest {
    /// How much it matters.
    #[prost(enumeration = "LogSeverity", tag = "1")]
    pub severity: i32,
    /// The line.
    #[prost(string, tag = "2")]
    pub message: String,
    /// The resource that it is about; empty: the stack.
    #[prost(string, tag = "3")]
    pub urn: String,
    /// Lines of one stream are one text; 0: a text of its own.
    #[prost(int32, tag = "4")]
    pub stream_id: i32,
    /// Shown as the resource's state and not kept.
    #[prost(bool, tag = "5")]
    pub ephemeral: bool,
}

/// Asks for the stack.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct GetRootResourceRequest {}

/// The stack, as it was told before.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetRootResourceResponse {
    /// Its URN; empty before it was told.
    #[prost(string, tag = "1")]
    pub urn: String,
}

/// Tells which resource is the stack.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct SetRootResourceRequest {
    /// Its URN.
    #[prost(string, tag = "1")]
    pub urn: String,
}

/// Nothing.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct SetRootResourceResponse {}

/// Asks whether Pulumi is of one of those versions; an error says that it is not.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct RequirePulumiVersionRequest {
    /// Versions, such as `>=3.200.0`.
    #[prost(string, tag = "1")]
    pub pulumi_version_range: String,
}

/// Nothing.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct RequirePulumiVersionResponse {}
