//! Serving: a port of this machine that the system chooses, told to whoever is to call.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;
use tokio_stream::StreamExt;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::cork::Corked;
use crate::service::Router;

mod plugin;
mod stop;

pub use plugin::{Launch, plugin};
pub use stop::Stop;

/// A port that is open, and not served yet: callers wait.
#[derive(Debug)]
pub struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Opens a port of 127.0.0.1 that the system chooses.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it is: its text is `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `end` is over; then no new call is taken, and those that run are waited for.
    ///
    /// # Errors
    ///
    /// The port cannot be served.
    pub async fn serve(
        self,
        router: Router,
        end: impl Future<Output = ()>,
    ) -> Result<(), tonic::transport::Error> {
        let incoming = TcpIncoming::from(self.listener)
            .with_nodelay(Some(true))
            .map(|connection| connection.map(Corked::new));
        Server::builder().serve_with_incoming_shutdown(router, incoming, end).await
    }
}
