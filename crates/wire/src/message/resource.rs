//! Messages by which the engine has a provider check, compare, make, read, change and delete a resource.

use std::collections::BTreeMap;

use super::{Struct, quiet};

/// Checks inputs, of a resource or of the provider itself.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct CheckRequest {
    /// The resource.
    #[prost(string, tag = "1")]
    pub urn: String,
    /// Its inputs of last time.
    #[prost(message, optional, tag = "2")]
    pub olds: Option<Struct>,
    /// Its inputs of now.
    #[prost(message, optional, tag = "3")]
    pub news: Option<Struct>,
    /// Where random names come from; the same for the same resource.
    #[prost(bytes = "vec", tag = "5")]
    pub random_seed: Vec<u8>,
    /// Its logical name.
    #[prost(string, tag = "6")]
    pub name: String,
    /// Its type token.
    #[prost(string, tag = "7")]
    pub r#type: String,
}

/// The inputs as they shall be.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct CheckResponse {
    /// Those of now, with defaults.
    #[prost(message, optional, tag = "1")]
    pub inputs: Option<Struct>,
    /// What is wrong with them.
    #[prost(message, repeated, tag = "2")]
    pub failures: Vec<CheckFailure>,
}

/// One input that is wrong.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct CheckFailure {
    /// Which; empty: the whole.
    #[prost(string, tag = "1")]
    pub property: String,
    /// Why.
    #[prost(string, tag = "2")]
    pub reason: String,
}

/// Compares what is with what shall be.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct DiffRequest {
    /// The thing.
    #[prost(string, tag = "1")]
    pub id: String,
    /// The resource.
    #[prost(string, tag = "2")]
    pub urn: String,
    /// Its outputs of last time.
    #[prost(message, optional, tag = "3")]
    pub olds: Option<Struct>,
    /// Its checked inputs of now.
    #[prost(message, optional, tag = "4")]
    pub news: Option<Struct>,
    /// Paths of properties whose changes are left alone.
    #[prost(string, repeated, tag = "5")]
    pub ignore_changes: Vec<String>,
    /// Its inputs of last time.
    #[prost(message, optional, tag = "6")]
    pub old_inputs: Option<Struct>,
    /// Its logical name.
    #[prost(string, tag = "7")]
    pub name: String,
    /// Its type token.
    #[prost(string, tag = "8")]
    pub r#type: String,
}

/// Whether anything differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum DiffChanges {
    /// The engine compares for itself.
    Unknown = 0,
    /// Nothing.
    None = 1,
    /// Something.
    Some = 2,
}

/// How a property differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum DiffKind {
    /// It is new.
    Add = 0,
    /// It is new, and that replaces the resource.
    AddReplace = 1,
    /// It is gone.
    Delete = 2,
    /// It is gone, and that replaces the resource.
    DeleteReplace = 3,
    /// It is another.
    Update = 4,
    /// It is another, and that replaces the resource.
    UpdateReplace = 5,
}

/// A property that differs.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct PropertyDiff {
    /// How.
    #[prost(enumeration = "DiffKind", tag = "1")]
    pub kind: i32,
    /// Its path is one of the inputs; else of the outputs.
    #[prost(bool, tag = "2")]
    pub input_diff: bool,
}

/// What differs.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct DiffResponse {
    /// Properties whose changes replace the resource.
    #[prost(string, repeated, tag = "1")]
    pub replaces: Vec<String>,
    /// Outputs that stay as they are.
    #[prost(string, repeated, tag = "2")]
    pub stables: Vec<String>,
    /// The old thing must go before the new one comes.
    #[prost(bool, tag = "3")]
    pub delete_before_replace: bool,
    /// Whether anything differs.
    #[prost(enumeration = "DiffChanges", tag = "4")]
    pub changes: i32,
    /// Properties that differ.
    #[prost(string, repeated, tag = "5")]
    pub diffs: Vec<String>,
    /// How, by path.
    #[prost(btree_map = "string, message", tag = "6")]
    pub detailed_diff: BTreeMap<String, PropertyDiff>,
    /// `detailed_diff` says it all.
    #[prost(bool, tag = "7")]
    pub has_detailed_diff: bool,
}

/// Makes a thing.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct CreateRequest {
    /// The resource.
    #[prost(string, tag = "1")]
    pub urn: String,
    /// Its checked inputs.
    #[prost(message, optional, tag = "2")]
    pub properties: Option<Struct>,
    /// Seconds that it may take; 0: the provider's own limit.
    #[prost(double, tag = "3")]
    pub timeout: f64,
    /// Nothing is made.
    #[prost(bool, tag = "4")]
    pub preview: bool,
    /// Its logical name.
    #[prost(string, tag = "5")]
    pub name: String,
    /// Its type token.
    #[prost(string, tag = "6")]
    pub r#type: String,
}

/// The thing that was made.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct CreateResponse {
    /// Its name with the provider.
    #[prost(string, tag = "1")]
    pub id: String,
    /// The outputs.
    #[prost(message, optional, tag = "2")]
    pub properties: Option<Struct>,
}

/// Reads a thing.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ReadRequest {
    /// The thing.
    #[prost(string, tag = "1")]
    pub id: String,
    /// The resource.
    #[prost(string, tag = "2")]
    pub urn: String,
    /// Its outputs of last time.
    #[prost(message, optional, tag = "3")]
    pub properties: Option<Struct>,
    /// Its inputs of last time.
    #[prost(message, optional, tag = "4")]
    pub inputs: Option<Struct>,
    /// Its logical name.
    #[prost(string, tag = "5")]
    pub name: String,
    /// Its type token.
    #[prost(string, tag = "6")]
    pub r#type: String,
}

/// The thing as it is.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ReadResponse {
    /// The thing; empty: it is gone.
    #[prost(string, tag = "1")]
    pub id: String,
    /// The outputs.
    #[prost(message, optional, tag = "2")]
    pub properties: Option<Struct>,
    /// The inputs that would make it.
    #[prost(message, optional, tag = "3")]
    pub inputs: Option<Struct>,
}

/// Changes a thing.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct UpdateRequest {
    /// The thing.
    #[prost(string, tag = "1")]
    pub id: String,
    /// The resource.
    #[prost(string, tag = "2")]
    pub urn: String,
    /// Its outputs of last time.
    #[prost(message, optional, tag = "3")]
    pub olds: Option<Struct>,
    /// Its checked inputs of now.
    #[prost(message, optional, tag = "4")]
    pub news: Option<Struct>,
    /// Seconds that it may take; 0: the provider's own limit.
    #[prost(double, tag = "5")]
    pub timeout: f64,
    /// Paths of properties whose changes are left alone.
    #[prost(string, repeated, tag = "6")]
    pub ignore_changes: Vec<String>,
    /// Nothing is changed.
    #[prost(bool, tag = "7")]
    pub preview: bool,
    /// Its inputs of last time.
    #[prost(message, optional, tag = "8")]
    pub old_inputs: Option<Struct>,
    /// Its logical name.
    #[prost(string, tag = "9")]
    pub name: String,
    /// Its type token.
    #[prost(string, tag = "10")]
    pub r#type: String,
}

/// The thing as it was changed.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct UpdateResponse {
    /// The outputs.
    #[prost(message, optional, tag = "1")]
    pub properties: Option<Struct>,
}

/// Deletes a thing.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct DeleteRequest {
    /// The thing.
    #[prost(string, tag = "1")]
    pub id: String,
    /// The resource.
    #[prost(string, tag = "2")]
    pub urn: String,
    /// Its outputs of last time.
    #[prost(message, optional, tag = "3")]
    pub properties: Option<Struct>,
    /// Seconds that it may take; 0: the provider's own limit.
    #[prost(double, tag = "4")]
    pub timeout: f64,
    /// Its inputs of last time.
    #[prost(message, optional, tag = "5")]
    pub old_inputs: Option<Struct>,
    /// Its logical name.
    #[prost(string, tag = "6")]
    pub name: String,
    /// Its type token.
    #[prost(string, tag = "7")]
    pub r#type: String,
}

quiet!(
    CheckRequest,
    CheckResponse,
    DiffRequest,
    CreateRequest,
    CreateResponse,
    ReadRequest,
    ReadResponse,
    UpdateRequest,
    UpdateResponse,
    DeleteRequest,
);
