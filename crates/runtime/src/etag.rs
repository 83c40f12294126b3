//! What a server calls one state of what it holds.

use reqwest::header::HeaderValue;

/// What the server calls the state that it answered, to ask later whether it is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etag(pub(crate) HeaderValue);
