//! What a server of webhooks does with what it gets.

use std::fmt;
use std::sync::Arc;

use hyper::body::Bytes;

use crate::webhook::event::Event;
use crate::webhook::refused::Refused;
use crate::webhook::verifier::Verifier;

/// A webhook that was taken.
#[derive(Clone)]
pub struct Accepted {
    /// What it says.
    pub event: Event,
    /// The very bytes that were signed.
    pub body: Bytes,
    /// The header of the signature.
    pub signature: Option<String>,
    /// Whether another replica handed it on; then it is not handed on again.
    pub handed_on: bool,
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Accepted({}, {} bytes)", self.event.name(), self.body.len())
    }
}

/// What a server of webhooks does with what it gets. None of its functions may block: the sender waits for the answer.
pub struct Service {
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) accept: Box<dyn Fn(Accepted) + Send + Sync>,
    pub(crate) refuse: Box<dyn Fn(Refused) + Send + Sync>,
    pub(crate) ready: Box<dyn Fn() -> bool + Send + Sync>,
    pub(crate) metrics: Box<dyn Fn() -> String + Send + Sync>,
}

impl Service {
    /// One that hands the webhooks it takes to a function, is ready at once and has no metrics.
    pub fn new(
        verifier: impl Into<Arc<Verifier>>,
        accept: impl Fn(Accepted) + Send + Sync + 'static,
    ) -> Self {
        Self {
            verifier: verifier.into(),
            accept: Box::new(accept),
            refuse: Box::new(|_| {}),
            ready: Box::new(|| true),
            metrics: Box::new(String::new),
        }
    }

    /// One that tells a function of webhooks that it does not take, to count them.
    #[must_use]
    pub fn on_refused(self, refuse: impl Fn(Refused) + Send + Sync + 'static) -> Self {
        Self { refuse: Box::new(refuse), ..self }
    }

    /// One whose `/ready` answers 200 when a function says so, and 503 before.
    #[must_use]
    pub fn ready_when(self, ready: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { ready: Box::new(ready), ..self }
    }

    /// One whose `/metrics` answers what a function says, in Prometheus' text format.
    #[must_use]
    pub fn with_metrics(self, metrics: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self { metrics: Box::new(metrics), ..self }
    }

    /// The one that checks, to give it keys.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({:?})", self.verifier)
    }
}
