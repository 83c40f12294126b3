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
use keyloom_runtime::{Clock, Crowd};
use tokio::net::{TcpListener, TcpStream};

use super::state::State;

pub(crate) mod answer;
mod deadline;
pub(crate) mod token;

use answer::{Answer, Asked, answer};
use deadline::Deadline;
use token::Token;

/// So many connections at a time. Who comes then takes the place of the oldest if nobody else goes.
const CONNECTIONS: usize = 128;
/// Bytes of a head, and what is read of a connection at once.
const BUFFER: usize = 16 * 1024;
/// So long a client may take to say what it wants.
const HEADERS: Duration = Duration::from_secs(10);
/// So long a client may take nothing of what it is answered.
const WRITING: Duration = Duration::from_secs(10);
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
        let server = Arc::new(self);
        // They end with this.
        let mut crowd = Crowd::new(CONNECTIONS);
        loop {
            match server.listener.accept().await {
                Ok((stream, _)) => crowd.serve(connection(server.clone(), stream)).await,
                Err(_) => server.clock.sleep(PAUSE).await,
            }
        }
    }
}

async fn connection(server: Arc<Server>, stream: TcpStream) {
    let service = service_fn(move |request| told(server.clone(), request));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(BUFFER);
    // A client that goes away in the middle is no error here.
    let _ = builder.serve_connection(TokioIo::new(Deadline::new(stream, WRITING)), service).await;
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn ask(address: SocketAddr, header: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /v1/none HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{header}\r\n");
        // Who is refused in the middle may not be heard to the end.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    async fn start(dir: &Path) -> (SocketAddr, tokio::task::JoinHandle<()>) {
        let token = Token::of(&dir.join("token")).unwrap();
        let state = Arc::new(State::new().unwrap());
        let server = Server::bind(([127, 0, 0, 1], 0).into(), token, state, Clock::system()).await.unwrap();
        (server.address().unwrap(), tokio::spawn(server.serve()))
    }

    #[tokio::test]
    async fn those_who_say_nothing_shut_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        let (address, serving) = start(dir.path()).await;
        let mut silent = Vec::new();
        for _ in 0..CONNECTIONS + 2 {
            silent.push(TcpStream::connect(address).await.unwrap());
        }
        // They wait longer than those two and this one take, who are let in before anybody is late.
        let asked = tokio::time::timeout(HEADERS / 2, ask(address, "")).await.unwrap();
        assert!(asked.starts_with("HTTP/1.1 401"), "{asked}");
        assert!(matches!(silent[0].read(&mut [0]).await, Ok(0) | Err(_)));
        serving.abort();
    }

    #[tokio::test]
    async fn a_head_without_end_is_not_gathered() {
        let dir = tempfile::tempdir().unwrap();
        let (address, serving) = start(dir.path()).await;
        let asked = ask(address, &format!("x-long: {}\r\n", "a".repeat(4 * BUFFER))).await;
        assert!(!asked.starts_with("HTTP/1.1 401"), "{asked}");
        serving.abort();
    }
}
