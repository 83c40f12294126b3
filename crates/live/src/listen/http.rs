//! HTTP for programs on this machine.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, HeaderName, IF_NONE_MATCH};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use keyloom_runtime::Clock;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::state::State;

pub(crate) mod answer;
pub(crate) mod token;

use answer::{Answer, Asked, answer};
use token::Token;

/// So many connections at a time; further ones wait.
const CONNECTIONS: usize = 128;
/// So long a client may take to say what it wants.
const HEADERS: Duration = Duration::from_secs(10);
/// After a connection that could not be accepted, as when there are no more files to be had.
const PAUSE: Duration = Duration::from_millis(100);

/// What requests are answered with.
#[derive(Debug)]
pub(crate) struct Server {
    listener: TcpListener,
    token: Token,
    state: Arc<State>,
    clock: Clock,
}

impl Server {
    /// Listens; port 0 takes one that is free.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn bind(
        address: SocketAddr,
        token: Token,
        state: Arc<State>,
        clock: Clock,
    ) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await?, token, state, clock })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves for ever.
    pub(crate) async fn serve(self) {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let server = Arc::new(self);
        // Nobody closes the semaphore.
        while let Ok(permit) = room.clone().acquire_owned().await {
            let Ok((stream, _)) = server.listener.accept().await else {
                server.clock.sleep(PAUSE).await;
                continue;
            };
            let server = server.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| told(server.clone(), request));
                let mut builder = http1::Builder::new();
                builder.timer(TokioTimer::new()).header_read_timeout(HEADERS);
                // A client that goes away in the middle is no error here.
                let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                drop(permit);
            });
        }
    }
}

async fn told(server: Arc<Server>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let text = |name: HeaderName| request.headers().get(name)?.to_str().ok().map(str::to_owned);
    let asked = Asked {
        method: request.method().as_str().to_owned(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        authorization: text(AUTHORIZATION),
        known: text(IF_NONE_MATCH),
    };
    Ok(response(answer(&server.state, &server.token, &server.clock, &asked).await))
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut builder = Response::builder().status(answer.status).header("cache-control", "no-store");
    for (name, value) in answer.headers {
        builder = builder.header(name, value);
    }
    let body = match answer.body {
        Some(body) => {
            builder = builder.header("content-type", "application/json");
            // Overwritten when it has been sent.
            Bytes::from_owner(body)
        }
        None => Bytes::new(),
    };
    // Names and values of headers are our own, and fit.
    builder.body(Full::new(body)).unwrap_or_default()
}
