//! Redis.

use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::{Client, ConnectionAddr, IntoConnectionInfo};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Refusal;
use super::place::chain;
use super::tls::{Remedy, Trust, config, fault};

const NO_ADDRESS: &str =
    "it is no address of Redis; write redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss:// for TLS";

/// What to do about a certificate that is not trusted.
const REMEDY: Remedy = Remedy {
    unknown: "name the file of its authority in SSL_CERT_FILE",
    itself: "have the server get one that says CA:FALSE, or one that an authority made",
    name: "see that the host in the address is the name in it",
};

/// Logs in and has a PING answered.
///
/// # Errors
/// Why not.
pub(super) async fn ask(url: &str) -> Result<String, Refusal> {
    // Its words may quote the address.
    let client = Client::open(url).map_err(|_| NO_ADDRESS.to_owned())?;
    ping(client.get_multiplexed_async_connection().await.map_err(|error| said(&error))?).await
}

/// The same over TLS. `url` is the address without that it is asked over TLS, for the client has none of its own.
///
/// # Errors
/// Why not.
pub(super) async fn ask_over_tls(url: &str) -> Result<String, Refusal> {
    let info = url.into_connection_info().map_err(|_| NO_ADDRESS.to_owned())?;
    let ConnectionAddr::Tcp(host, port) = info.addr() else { return Err(NO_ADDRESS.to_owned()) };
    let name = ServerName::try_from(host.clone()).map_err(|_| NO_ADDRESS.to_owned())?;
    let connector = TlsConnector::from(Arc::new(config(Trust::Host)?));
    let tcp = TcpStream::connect((host.as_str(), *port)).await;
    let tcp = tcp.map_err(|error| format!("{error}; see that host and port in the address are right"))?;
    let tls = connector.connect(name, tcp).await.map_err(|error| {
        fault(&error, REMEDY).unwrap_or_else(|| format!(
            "{}; see that the server speaks TLS at this port, that its certificate is for this host, and that its authority is one of this \
             machine's, or in the file of SSL_CERT_FILE",
            chain(&error)
        ))
    })?;
    let connected = MultiplexedConnection::new(info.redis_settings(), tls).await;
    let (connection, driver) = connected.map_err(|error| said(&error))?;
    tokio::select! {
        answered = ping(connection) => answered,
        () = driver => Err("the connection ended before PING was answered; the server's log may say why".to_owned()),
    }
}

async fn ping(mut connection: MultiplexedConnection) -> Result<String, Refusal> {
    let pong: String = redis::cmd("PING").query_async(&mut connection).await.map_err(|error| said(&error))?;
    if pong == "PONG" {
        Ok("PING is answered".to_owned())
    } else {
        Err("PING is not answered with PONG".to_owned())
    }
}

fn said(error: &redis::RedisError) -> Refusal {
    format!("{}; see that host, port, user and password in the address are right", chain(error))
}
