//! The calling side: one connection, any number of calls at once.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::PathAndQuery;
use hyper_util::rt::TokioIo;
use prost::Message;
use tokio::net::TcpStream;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_prost::ProstCodec;
use tower_service::Service;

use super::MESSAGE_LIMIT;
use crate::cork::Corked;

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
    endpoint.connect_with_connector(Connector).await
}

/// Opens connections of TCP.
struct Connector;

impl Service<Uri> for Connector {
    type Response = TokioIo<Corked<TcpStream>>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        Box::pin(async move {
            let host = address.host().unwrap_or_default().trim_matches(['[', ']']);
            let connection = TcpStream::connect((host, address.port_u16().unwrap_or(80))).await?;
            connection.set_nodelay(true)?;
            Ok(TokioIo::new(Corked::new(connection)))
        })
    }
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
