//! Errors with details: `google.rpc.Status` in the trailer of an answer, and what Pulumi puts into it.

use prost::Message;
use prost_types::Any;
use tonic::{Code, Status};

const INPUT_PROPERTIES: &str = "type.googleapis.com/pulumirpc.InputPropertiesError";

/// `google.rpc.Status`: an error whose details are typed.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RpcStatus {
    /// gRPC's code.
    #[prost(int32, tag = "1")]
    pub code: i32,
    /// Message for people.
    #[prost(string, tag = "2")]
    pub message: String,
    /// Details.
    #[prost(message, repeated, tag = "3")]
    pub details: Vec<Any>,
}

/// Inputs that are wrong, all of them.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct InputPropertiesError {
    /// The findings.
    #[prost(message, repeated, tag = "1")]
    pub errors: Vec<PropertyError>,
}

/// One input that is wrong.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct PropertyError {
    /// Where, in Pulumi's spelling of paths; may be empty. The engine prints the value that it finds there, secret or not.
    #[prost(string, tag = "1")]
    pub property_path: String,
    /// What is wrong.
    #[prost(string, tag = "2")]
    pub reason: String,
}

impl InputPropertiesError {
    /// The gRPC status that carries it: `INVALID_ARGUMENT` with that message.
    pub fn into_status(self, message: &str) -> Status {
        let details = Any { type_url: INPUT_PROPERTIES.to_owned(), value: self.encode_to_vec() };
        let code = Code::InvalidArgument;
        let status = RpcStatus { code: code.into(), message: message.to_owned(), details: vec![details] };
        Status::with_details(code, message, status.encode_to_vec().into())
    }

    /// What a status carries, if it does.
    pub fn from_status(status: &Status) -> Option<Self> {
        let status = RpcStatus::decode(status.details()).ok()?;
        let details = status.details.iter().find(|details| details.type_url == INPUT_PROPERTIES)?;
        Self::decode(details.value.as_slice()).ok()
    }
}
