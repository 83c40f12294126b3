//! [`Monitor`]: who registers resources. The engine, over gRPC, or a [recorder] in tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::pin::Pin;

use keyloom_wire::property::{PropertyMap, Urn};

use crate::options::ResourceOptions;

pub mod grpc;
pub mod recorder;

/// What a monitor is asked for takes its time.
pub type Answer<'m, T> = Pin<Box<dyn Future<Output = Result<T, MonitorError>> + Send + 'm>>;

/// Who registers resources: Pulumi's resource monitor and its log, as far as components need them.
pub trait Monitor: fmt::Debug + Send + Sync {
    /// Registers a resource. Answers when it is there: created, updated, or looked at in a preview.
    fn register(&self, registration: Registration) -> Answer<'_, Registered>;

    /// Says the outputs of a component, once, after all its children.
    fn register_outputs(&self, urn: Urn, outputs: PropertyMap) -> Answer<'_, ()>;

    /// Tells the user something, at a resource.
    fn log(&self, message: LogMessage) -> Answer<'_, ()>;

    /// Whether the engine knows a feature.
    fn supports(&self, feature: Feature) -> Answer<'_, bool>;
}

/// A resource that is registered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registration {
    /// Type token, such as `kubernetes:external-secrets.io/v1:SecretStore`.
    pub token: String,
    /// Name in the stack: the last part of the URN.
    pub name: String,
    /// Whether a provider manages it. A component is managed by nobody.
    pub custom: bool,
    /// Inputs, secrets and unknown values marked. What they depend on stands beside them.
    pub inputs: PropertyMap,
    /// Everything that the resource depends on.
    pub dependencies: BTreeSet<Urn>,
    /// What each input depends on, with an entry for each: without any, the engine takes each for depending on everything.
    pub property_dependencies: BTreeMap<String, BTreeSet<Urn>>,
    /// Everything else, as the program said it.
    pub options: ResourceOptions,
}

/// What became of a registration.
#[derive(Clone, Debug, PartialEq)]
pub struct Registered {
    /// URN of the resource.
    pub urn: Urn,
    /// Its provider's name for it; empty for components, and in a preview of a resource that does not exist yet.
    pub id: String,
    /// Whether it is there.
    pub outcome: RegisteredAs,
    /// What its provider answered; none for components. In a preview there may be less than there will be.
    pub outputs: PropertyMap,
}

/// Whether a resource is there after its registration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegisteredAs {
    /// It is.
    #[default]
    Success,
    /// Its provider failed; the engine has told the user why.
    Failed,
    /// Something that it depends on failed, so it was not tried.
    Skipped,
}

/// What the user is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogMessage {
    /// How bad it is.
    pub severity: LogSeverity,
    /// The words; never a secret.
    pub message: String,
    /// The resource that it is about.
    pub urn: Option<Urn>,
}

/// How bad it is what the user is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogSeverity {
    /// Shown with `--debug` alone.
    Debug,
    /// Good to know.
    Info,
    /// It works, and will hurt later.
    Warning,
    /// It failed. The engine fails the whole update for it.
    Error,
}

/// What an engine may know or not, by its age and settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Secret values.
    Secrets,
    /// Values with their dependencies.
    OutputValues,
    /// Aliases as specs.
    AliasSpecs,
    /// `deletedWith`.
    DeletedWith,
    /// `replaceWith`.
    ReplaceWith,
    /// `replacementTrigger`.
    ReplacementTrigger,
    /// Hooks of resources.
    ResourceHooks,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 7] = [
        Self::Secrets,
        Self::OutputValues,
        Self::AliasSpecs,
        Self::DeletedWith,
        Self::ReplaceWith,
        Self::ReplacementTrigger,
        Self::ResourceHooks,
    ];

    /// The engine's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::OutputValues => "outputValues",
            Self::AliasSpecs => "aliasSpecs",
            Self::DeletedWith => "deletedWith",
            Self::ReplaceWith => "replaceWith",
            Self::ReplacementTrigger => "replacementTrigger",
            Self::ResourceHooks => "resourceHooks",
        }
    }
}

/// The monitor did not do what it was asked for. Its words may repeat what it was handed, secrets included: whoever shows
/// them takes those out first.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct MonitorError {
    /// The engine's words.
    pub message: String,
}

impl MonitorError {
    /// An error in those words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Debug for MonitorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MonitorError(..)")
    }
}
