//! The calling side: one connection, any number of calls at once.

use std::time::Duration;

use http::uri::PathAndQuery;
use prost::Message;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

use super::MESSAGE_LIMIT;

/// Errors with details come in headers; this is what Pulumi's own servers may send.
const HEADER_LIMIT: u32 = 16 * 1024 * 1024;
/// Windows of HTTP/2, in bytes: large messages do not wait for each 64 KiB to be confirmed.
const WINDOW: u32 = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects to `HOST:PORT`.
///
/// # Errors
///
/// The address is none, or nobody answers there within 10 seconds.
pub async fn connect(address: &str) -> Result<Channel, tonic::transport::Error> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?
        .connect_timeout(PATIENCE)
        .initial_connection_window_size(WINDOW)
        .initial_stream_window_size(WINDOW)
        .http2_max_header_list_size(HEADER_LIMIT);
    endpoint.connect().await
}

/// Calls of any service over a connection.
#[derive(Clone, Debug)]
pub struct Client(Channel);

impl Client {
    /// Calls over that connection.
    pub fn new(channel: Channel) -> Self {
        Self(channel)
    }

    /// Calls a method by its path, `/PACKAGE.SERVICE/METHOD`.
    ///
    /// # Errors
    ///
    /// What the server answered, or that it could not be reached.
    pub async fn unary<Q, A>(&self, path: &'static str, request: Q) -> Result<A, Status>
    where
        Q: Message + Default + 'static,
        A: Message + Default + 'static,
    {
        let mut grpc = Grpc::new(self.0.clone())
            .max_decoding_message_size(MESSAGE_LIMIT)
            .max_encoding_message_size(MESSAGE_LIMIT);
        grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
        let codec = ProstCodec::<Q, A>::default();
        let answer = grpc.unary(Request::new(request), PathAndQuery::from_static(path), codec).await?;
        Ok(answer.into_inner())
    }
}
