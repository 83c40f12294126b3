//! Pulumi's services: for each a trait to serve, with methods that answer `UNIMPLEMENTED` until written, and a client.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use prost::Message;
use tonic::body::Body;
use tonic::server::{Grpc, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower_service::Service;

mod caught;
mod client;
mod engine;
mod language;
mod monitor;
mod provider;
mod table;

pub use caught::hide_panics;
pub use client::{Client, connect};
pub use engine::{Engine, EngineClient};
pub use language::{LanguageClient, LanguageRuntime};
pub use monitor::{MonitorClient, ResourceMonitor};
pub use provider::{ProviderClient, ResourceProvider};
use table::service;

/// Size that a message may have, in bytes: what Pulumi's engine allows. gRPC's own default of 4 MiB is less than a large stack has.
pub const MESSAGE_LIMIT: usize = 400 * 1024 * 1024;

type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Handler = Arc<dyn Fn(http::Request<Body>) -> Answer<http::Response<Body>> + Send + Sync>;

/// Which handler answers which method; any other method is answered with `UNIMPLEMENTED`.
#[derive(Clone, Default)]
pub struct Router {
    handlers: Arc<BTreeMap<&'static str, Handler>>,
}

impl Router {
    /// The same, and the methods of another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let of = |router: Self| Arc::unwrap_or_clone(router.handlers);
        Self { handlers: Arc::new(of(self).into_iter().chain(of(other)).collect()) }
    }

    /// The same, and a method that takes one message and answers with one.
    fn unary<Q, A, F, R>(mut self, path: &'static str, method: F) -> Self
    where
        Q: Message + Default + 'static,
        A: Message + Default + 'static,
        F: Fn(Q) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<A, Status>> + Send + 'static,
    {
        let handler = move |request| -> Answer<http::Response<Body>> {
            let method = method.clone();
            let method = Unary(move |message| caught::caught(method(message)));
            Box::pin(async move { grpc::<A, Q>().unary(method, request).await })
        };
        Arc::make_mut(&mut self.handlers).insert(path, Arc::new(handler));
        self
    }
}

fn grpc<A, Q>() -> Grpc<ProstCodec<A, Q>>
where
    Q: Message + Default + 'static,
    A: Message + Default + 'static,
{
    Grpc::new(ProstCodec::default())
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT)
}

impl Service<http::Request<Body>> for Router {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answer<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let Some(handler) = self.handlers.get(request.uri().path()) else {
            let status = unimplemented(request.uri().path());
            return Box::pin(async move { Ok(status.into_http()) });
        };
        let answer = handler(request);
        Box::pin(async move { Ok(answer.await) })
    }
}

/// The answer of a method that nobody wrote.
fn unimplemented(path: &str) -> Status {
    Status::unimplemented(format!("this server does not implement {path}"))
}

/// A function as tonic wants it.
struct Unary<F>(F);

impl<Q, A, F, R> UnaryService<Q> for Unary<F>
where
    Q: Send + 'static,
    A: 'static,
    F: Fn(Q) -> R,
    R: Future<Output = Result<A, Status>> + Send + 'static,
{
    type Response = A;
    type Future = Answer<Result<Response<A>, Status>>;

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let answer = (self.0)(request.into_inner());
        Box::pin(async move { answer.await.map(Response::new) })
    }
}
