//! The server on which webhooks arrive.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::crowd::Crowd;
use crate::error::Error;
use crate::webhook::bind::bind;
use crate::webhook::event::Event;
use crate::webhook::refused::Refused;
use crate::webhook::service::{Accepted, Service};
use crate::webhook::{BODY_LIMIT, HOP_HEADER, PATH, SIGNATURE_HEADER};

/// Bytes of a head, and what is read of a connection at once.
const BUFFER: usize = 16 * 1024;
/// After an accept that failed, such as for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a client may take of the server.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// For the head of a request, and between two of them.
    head: Duration,
    /// For the body behind it.
    body: Duration,
    /// For answers that are on their way when the server stops.
    grace: Duration,
    /// Connections at once. Who comes then waits for a moment, and takes the place of the oldest if nobody else goes.
    connections: usize,
}

const LIMITS: Limits = Limits {
    head: Duration::from_secs(5),
    body: Duration::from_secs(5),
    grace: Duration::from_secs(2),
    connections: 128,
};

/// A running server: `POST /infisical/webhook`, `GET /health`, `/ready` and `/metrics`. Dropping it stops it at once.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Listens; port 0 takes one that is free. `[::]` is all addresses, of IPv4 too, and those alone where there is no IPv6.
    ///
    /// # Errors
    /// [`Error::Listen`] when the port is taken or may not be had.
    pub async fn start(address: SocketAddr, service: Service) -> Result<Self, Error> {
        Self::start_with(address, service, LIMITS).await
    }

    async fn start_with(address: SocketAddr, service: Service, limits: Limits) -> Result<Self, Error> {
        let failed = |why: std::io::Error| Error::Listen { address, why: why.into() };
        let listener = bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(serve(listener, Arc::new(service), stopped, limits));
        Ok(Self { address, stop, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more connections, and ends when the answers that are on their way are sent, or after two seconds.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        // A task that panicked has ended too.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    mut stopped: watch::Receiver<bool>,
    limits: Limits,
) {
    let mut crowd = Crowd::new(limits.connections);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // An answer that waits for more of it comes 40 ms late.
        let _ = stream.set_nodelay(true);
        crowd.serve(connection(stream, Arc::clone(&service), stopped.clone(), limits)).await;
    }
    drop(listener);
    // Whoever is late is cut off when the crowd is dropped.
    let _ = tokio::time::timeout(limits.grace, crowd.end()).await;
}

/// A client that goes away in the middle is no error here.
async fn connection(
    stream: TcpStream,
    service: Arc<Service>,
    mut stopped: watch::Receiver<bool>,
    limits: Limits,
) {
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(answer(&service, request, limits.body).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(BUFFER);
    let mut served = std::pin::pin!(http.serve_connection(TokioIo::new(stream), answer));
    tokio::select! {
        _ = served.as_mut() => return,
        _ = stopped.wait_for(|stopped| *stopped) => served.as_mut().graceful_shutdown(),
    }
    let _ = served.await;
}

async fn answer(service: &Service, request: Request<Incoming>, time: Duration) -> Response<Full<Bytes>> {
    let wanted = match request.uri().path() {
        PATH => Method::POST,
        "/health" | "/ready" | "/metrics" => Method::GET,
        _ => return text(404, "there is nothing here"),
    };
    if *request.method() != wanted {
        return text(405, "another method");
    }
    match request.uri().path() {
        PATH => webhook(service, request, time).await,
        "/ready" if !(service.ready)() => text(503, "not ready"),
        "/metrics" => {
            let mut answer = text(200, "");
            let form = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            answer.headers_mut().insert(CONTENT_TYPE, form);
            *answer.body_mut() = Full::new((service.metrics)().into());
            answer
        }
        _ => text(200, "ok"),
    }
}

async fn webhook(service: &Service, request: Request<Incoming>, time: Duration) -> Response<Full<Bytes>> {
    match taken(service, request, time).await {
        Ok(accepted) => {
            let status = if accepted.event.hint().is_some() { 202 } else { 200 };
            (service.accept)(accepted);
            text(status, "taken")
        }
        Err(refused) => {
            (service.refuse)(refused);
            text(refused.status(), refused.name())
        }
    }
}

async fn taken(service: &Service, request: Request<Incoming>, time: Duration) -> Result<Accepted, Refused> {
    let (head, body) = request.into_parts();
    if head.headers.get(CONTENT_ENCODING).is_some_and(|it| it != "identity") {
        return Err(Refused::Encoded);
    }
    let signature = signature(&head.headers)?;
    let whole = tokio::time::timeout(time, Limited::new(body, BODY_LIMIT).collect()).await;
    let body = match whole {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(Refused::TooLarge),
        Ok(Err(_)) | Err(_) => return Err(Refused::TooSlow),
    };
    let handed_on = head.headers.contains_key(HOP_HEADER);
    let event: Event = service.verifier.check_of(signature.as_deref(), &body, handed_on)?;
    Ok(Accepted { event, body, signature, handed_on })
}

/// The one header; none if there is none.
fn signature(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let mut all = headers.get_all(SIGNATURE_HEADER).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one.to_str().map(|it| Some(it.to_owned())).map_err(|_| Refused::SignatureForm),
        (Some(_), Some(_)) => Err(Refused::SignatureForm),
    }
}

fn text(status: u16, words: &'static str) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from_static(words.as_bytes())));
    *answer.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::clock::Clock;
    use crate::webhook::signature::Signature;
    use crate::webhook::verifier::Verifier;
    use keyloom_connections::Secret;

    const NOW: Duration = Duration::from_secs(1_767_225_600);
    const BODY: &str =
        r#"{"event":"secrets.modified","project":{"secretPath":"/"},"timestamp":1767225600000}"#;

    type Log = Arc<Mutex<Vec<String>>>;

    /// A server that is patient for half a second, and what it takes and refuses.
    async fn start() -> (Server, Log) {
        let log = Log::default();
        let note = |log: &Log| {
            let log = Arc::clone(log);
            move |words: String| log.lock().unwrap().push(words)
        };
        let verifier = Verifier::new(Clock::simulated(NOW));
        verifier.set_keys(&[Secret::new("key".to_owned())]);
        let (accepted, refused) = (note(&log), note(&log));
        let service = Service::new(verifier, move |it| accepted(format!("{it:?} {}", it.handed_on)))
            .on_refused(move |it| refused(it.name().to_owned()))
            .ready_when(|| false)
            .with_metrics(|| "one 1\n".to_owned());
        let half = Duration::from_millis(500);
        let limits = Limits { head: half, body: half, grace: half, connections: 2 };
        let server = Server::start_with(([127, 0, 0, 1], 0).into(), service, limits).await.unwrap();
        (server, log)
    }

    /// What is answered to these bytes, until the server closes.
    async fn send(server: &Server, bytes: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // Who is cut off may not see all of the answer.
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    fn post(headers: &str, body: &str) -> String {
        let length = body.len();
        format!(
            "POST {PATH} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        )
    }

    fn signed(body: &str) -> String {
        format!("X-Infisical-Signature: {}\r\n", Signature::sign(b"key", NOW, body.as_bytes()))
    }

    fn status(answer: &str) -> &str {
        answer.split(' ').nth(1).unwrap_or_default()
    }

    #[tokio::test]
    async fn signed_webhooks_are_taken_and_others_refused() {
        let (server, log) = start().await;
        let good = signed(BODY);
        let test = BODY.replace("secrets.modified", "test");
        let huge = " ".repeat(BODY_LIMIT + 1);
        for (request, expected) in [
            (post(&good, BODY), "202"),
            (post(&good, BODY), "409"),
            (post(&format!("{}x-keyloom-hop: 1\r\n", signed(&test)), &test), "200"),
            (post("", BODY), "401"),
            (post(&format!("{good}{good}"), BODY), "401"),
            (post(&good, &BODY.replace('/', "/x")), "401"),
            (post(&signed("canary"), "canary"), "400"),
            (post(&format!("{good}content-encoding: gzip\r\n"), BODY), "415"),
            (post(&signed(&huge), &huge), "413"),
        ] {
            let answer = send(&server, &request).await;
            assert_eq!(status(&answer), expected, "{answer}");
            assert!(!answer.contains("canary"));
        }
        let length = BODY.len();
        assert_eq!(
            *log.lock().unwrap(),
            [
                format!("Accepted(secrets.modified, {length} bytes) false").as_str(),
                "replayed",
                &format!("Accepted(test, {} bytes) true", test.len()),
                "unsigned",
                "signature-form",
                "signature",
                "form",
                "encoded",
                "too-large"
            ]
        );
        server.stop().await;
    }

    #[tokio::test]
    async fn whoever_is_slow_or_goes_away_holds_nobody_up() {
        let (server, log) = start().await;
        let mut torn = TcpStream::connect(server.address()).await.unwrap();
        torn.write_all(b"POST /infisical/webhook HTTP/1.1\r\ncontent-length: 9\r\n\r\nx").await.unwrap();
        drop(torn);
        let head = send(&server, "POST /infisical/webhook HTTP/1.1\r\nhost").await;
        assert!(head.is_empty() || status(&head) == "408", "{head}");
        let body = send(
            &server,
            "POST /infisical/webhook HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 9\r\n\r\nx",
        );
        assert_eq!(status(&body.await), "408");
        // Two that say nothing are all that are let in, and one of them makes room.
        let mut idle = [
            TcpStream::connect(server.address()).await.unwrap(),
            TcpStream::connect(server.address()).await.unwrap(),
        ];
        assert_eq!(status(&send(&server, &post(&signed(BODY), BODY)).await), "202");
        assert!(matches!(idle[0].read(&mut [0]).await, Ok(0) | Err(_)));
        let log = log.lock().unwrap().clone();
        assert_eq!(log.iter().filter(|it| *it == "too-slow").count(), 2, "{log:?}");
        server.stop().await;
    }

    #[tokio::test]
    async fn many_who_say_nothing_do_not_keep_a_probe_waiting() {
        let (server, _) = start().await;
        let mut idle = Vec::new();
        for _ in 0..200 {
            idle.push(TcpStream::connect(server.address()).await.unwrap());
        }
        // As long as the kubelet waits for an answer.
        let answer = tokio::time::timeout(Duration::from_secs(1), send(&server, &get("/health"))).await;
        assert_eq!(status(&answer.expect("the probe has to wait")), "200");
        server.stop().await;
    }

    fn get(path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
    }

    #[tokio::test]
    async fn the_other_paths_answer() {
        let (server, _) = start().await;
        for (path, expected) in
            [("/health", "200"), ("/ready", "503"), ("/metrics", "200"), ("/", "404"), (PATH, "405")]
        {
            let answer = send(&server, &get(path)).await;
            assert_eq!(status(&answer), expected, "{path} {answer}");
            assert_eq!(answer.ends_with("\r\n\r\none 1\n"), path == "/metrics");
        }
        let address = server.address();
        server.stop().await;
        assert!(TcpStream::connect(address).await.is_err());
    }
}
