//! The HTTP server: a thread of its own, so that clients may block or not, as they like.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::clock::Time;
use crate::http::{Answer, Request};
use crate::shared::Shared;

/// How often it is looked whether something is due.
const TICK: Duration = Duration::from_millis(200);

/// A running server; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a port of this machine; 0 takes one that is free.
    pub(crate) fn start(shared: Arc<Shared>, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("fake-infisical".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, shared.clone()) => {}
                    () = tick(shared) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Serves until the process ends.
    pub(crate) fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let (Some(stop), Some(thread)) = (self.stop.take(), self.thread.take()) {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

/// Does what is due, where nobody moves the clock.
async fn tick(shared: Arc<Shared>) {
    if shared.world().settings.time == Time::Standing {
        std::future::pending::<()>().await;
    }
    loop {
        tokio::time::sleep(TICK).await;
        let shared = shared.clone();
        // Receivers are waited for.
        let _ = tokio::task::spawn_blocking(move || shared.deliver()).await;
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        // A connection that fails while it is accepted is its client's.
        let Ok((stream, _)) = listener.accept().await else { continue };
        // An answer that waits for more of it comes 40 ms late.
        let _ = stream.set_nodelay(true);
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(shared.clone(), request));
            // A client that goes away in the middle is no error here.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, hyper::Error> {
    let request = taken(request).await?;
    // Some answers wait for another server.
    let answer = tokio::task::spawn_blocking(move || shared.handle(&request)).await;
    let broken = |_| Answer { status: 500, ..Answer::default() };
    Ok(response(answer.unwrap_or_else(broken)))
}

async fn taken(request: hyper::Request<Incoming>) -> Result<Request, hyper::Error> {
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("/", |it| it.as_str());
    let mut request = Request::new(head.method.as_str(), target);
    for (name, value) in &head.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        request.headers.insert(name.as_str().to_owned(), value);
    }
    request.body = body.collect().await?.to_bytes().to_vec();
    Ok(request)
}

fn response(answer: Answer) -> hyper::Response<Full<Bytes>> {
    let mut builder = hyper::Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        builder = builder.header(name, value);
    }
    let text = answer.text.or_else(|| answer.body.as_ref().map(ToString::to_string));
    let (form, bytes) = match (answer.html, text) {
        (Some(html), _) => (Some("text/html"), html.into_bytes()),
        (None, Some(text)) => (Some("application/json; charset=utf-8"), text.into_bytes()),
        (None, None) => (None, Vec::new()),
    };
    if let Some(form) = form {
        builder = builder.header("content-type", form);
    }
    // Names and values are our own, and fit.
    builder.body(Full::new(bytes.into())).unwrap_or_default()
}
