//! [`ResourceOptions`]: what a program says of a resource beside its inputs.

use std::collections::{BTreeMap, BTreeSet};

/// Pulumi's own words for what a resource was called before, its timeouts and its hooks.
pub use keyloom_wire::message::options::{Alias, AliasSpec, CustomTimeouts, Former, FormerParent, Hooks};
use keyloom_wire::property::{Property, Urn};

/// What a program says of a component beside its inputs, in Pulumi's words. All of it is passed on to the engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourceOptions {
    /// The parent; none for a resource at the top of the stack.
    pub parent: Option<Urn>,
    /// Resources that must be there before it (`dependsOn`).
    pub depends_on: BTreeSet<Urn>,
    /// Provider of a resource that is no component, as `URN::ID`; empty for that of the parent, or the default.
    pub provider: String,
    /// Providers of the children, as `URN::ID`, by package.
    pub providers: BTreeMap<String, String>,
    /// Whether it must not be deleted; none is as the parent.
    pub protect: Option<bool>,
    /// What it was called before, so that it is not replaced.
    pub aliases: Vec<Alias>,
    /// Outputs that are secret though no input says so.
    pub additional_secret_outputs: Vec<String>,
    /// How long each step may take.
    pub custom_timeouts: Option<CustomTimeouts>,
    /// A resource whose deletion deletes this one too, so that it need not be deleted itself.
    pub deleted_with: Option<Urn>,
    /// Resources whose replacement replaces this one too.
    pub replace_with: Vec<Urn>,
    /// Whether it is deleted before its replacement is created.
    pub delete_before_replace: Option<bool>,
    /// Inputs whose changes are passed over, as property paths.
    pub ignore_changes: Vec<String>,
    /// Inputs whose changes replace it, as property paths.
    pub replace_on_changes: Vec<String>,
    /// Whether it is left alone when it is no longer declared; none is as the parent.
    pub retain_on_delete: Option<bool>,
    /// A change of this value replaces it.
    pub replacement_trigger: Option<Property>,
    /// Names of registered hooks.
    pub hooks: Option<Hooks>,
    /// The engine's handle of the program's place that asked for it.
    pub stack_trace_handle: String,
}
