//! What hands webhooks of Infisical on to External Secrets Operator: whoever reads the folder that changed is told to sync.
//!
//! The cluster is asked who that is, each time: ExternalSecrets and stores as they are stored now. An ExternalSecret is told
//! by an annotation; nothing else of it is changed, and no secret is read.

mod admits;
mod changed;
mod cluster;
mod failure;
mod keys;
mod metrics;
mod objects;
mod path;
mod projects;
mod queue;
mod reads;
mod serve;
mod stores;
mod told;
mod world;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keyloom_runtime::Clock;
use keyloom_runtime::webhook::{Accepted, Event, Service, Verifier};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::error::Error;
use cluster::Cluster;
use failure::Failure;
pub use keys::Keys;
use metrics::Metrics;
pub use projects::Projects;
use queue::{Failed, Mark, Queue};
pub use serve::{Settings, serve};
pub use stores::Hosts;
use told::Kind;
pub use told::Told;
use world::Target;

/// Objects that are annotated at the same time.
const AT_ONCE: usize = 8;

/// Whose webhooks concern which stores.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Slugs of projects, as far as they are said.
    pub projects: Projects,
    /// Addresses of the Infisical that sends webhooks; any, if there are none.
    pub hosts: Hosts,
}

/// Where it tells what happens.
type Tell = Arc<dyn Fn(Told) + Send + Sync>;

/// Hands webhooks on.
struct Relay {
    cluster: Cluster,
    scope: Scope,
    clock: Clock,
    tell: Tell,
    queue: Mutex<Queue>,
    /// Something was put into the queue.
    woken: Notify,
    /// Whether the cluster could be looked at once. It stays so: what is taken waits here until the cluster can again, and
    /// would be lost elsewhere.
    ready: AtomicBool,
    /// Whether it could not, the last time.
    failing: AtomicBool,
    /// Nothing more will be taken.
    ending: AtomicBool,
    metrics: Metrics,
}

impl Relay {
    /// One for the cluster of the kubeconfig, or else for that in which this runs.
    async fn connect(scope: Scope, clock: Clock, tell: Tell) -> Result<Self, Error> {
        let cluster = Cluster::find().await.map_err(|failure| Error::Cluster(failure.words))?;
        Ok(Self::new(cluster, scope, clock, tell))
    }

    fn new(cluster: Cluster, scope: Scope, clock: Clock, tell: Tell) -> Self {
        Self {
            cluster,
            scope,
            clock,
            tell,
            queue: Mutex::default(),
            woken: Notify::new(),
            ready: AtomicBool::new(false),
            failing: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            metrics: Metrics::default(),
        }
    }

    /// What a server of webhooks does to hand them to this relay.
    fn service(self: &Arc<Self>, verifier: Arc<Verifier>) -> Service {
        let (takes, refuses, ready, counts) =
            (Arc::clone(self), Arc::clone(self), Arc::clone(self), Arc::clone(self));
        Service::new(verifier, move |accepted| takes.take(&accepted))
            .on_refused(move |refused| refuses.metrics.refuse(refused))
            .ready_when(move || ready.ready.load(Ordering::Relaxed))
            .with_metrics(move || counts.metrics.text())
    }

    /// Takes a webhook: something in a folder may have changed.
    fn take(&self, accepted: &Accepted) {
        self.metrics.take(&accepted.event);
        if let Event::Test(_) = accepted.event {
            (self.tell)(Told(Kind::Test));
        }
        let Some(hint) = accepted.event.hint() else { return };
        self.queue().change(hint.into(), value(&accepted.body));
        self.woken.notify_one();
    }

    /// Does what webhooks ask for, until it is to end and nothing is left to do.
    async fn run(&self) {
        self.begin().await;
        loop {
            self.look().await;
            self.sync().await;
            let next = self.queue().next();
            match next {
                None if self.ending.load(Ordering::Relaxed) => return,
                None => self.woken.notified().await,
                Some(next) => tokio::select! {
                    () = self.woken.notified() => {}
                    () = self.clock.sleep_until(next) => {}
                },
            }
        }
    }

    /// Nothing more will be taken.
    fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
        self.woken.notify_one();
    }

    /// Looks at the cluster until that works: what is wrong with rights shows before the first webhook.
    async fn begin(&self) {
        let mut pause = Duration::from_secs(1);
        while let Err(failure) = self.cluster.look(&self.scope.hosts).await {
            self.look_failed(failure);
            self.clock.sleep(pause).await;
            pause = (pause * 2).min(queue::LONGEST_PAUSE);
        }
        self.looked();
    }

    /// Looks up who reads what changed.
    async fn look(&self) {
        let Some(changes) = self.queue().look(self.clock.now()) else { return };
        match self.cluster.look(&self.scope.hosts).await {
            Ok(world) => {
                self.looked();
                self.queue().looked(self.clock.now());
                for (changed, mark) in changes {
                    let concerned = world.concerned(&changed, &self.scope.projects);
                    for target in &concerned.targets {
                        self.queue().sync(target.clone(), mark.clone());
                    }
                    (self.tell)(Told(Kind::Concerned(changed, concerned)));
                }
            }
            Err(failure) => {
                self.queue().look_failed(changes, self.clock.now());
                self.look_failed(failure);
            }
        }
    }

    /// Annotates whose turn it is.
    async fn sync(&self) {
        let due = self.queue().due(self.clock.now());
        let mut waiting = due.into_iter();
        let mut running = JoinSet::new();
        loop {
            while running.len() < AT_ONCE
                && let Some((target, mark)) = waiting.next()
            {
                let cluster = self.cluster.clone();
                running.spawn(async move {
                    let done = cluster.sync(&target, &mark.value).await;
                    (target, mark, done)
                });
            }
            let Some(done) = running.join_next().await else { return };
            // A task of ours neither panics nor is aborted.
            let Ok((target, mark, done)) = done else { continue };
            match done {
                Ok(()) => {
                    self.metrics.syncs.add();
                    self.queue().synced(&target);
                }
                // It was deleted in between.
                Err(failure) if failure.status == Some(404) => self.queue().synced(&target),
                Err(failure) => self.failed(target, mark, failure),
            }
        }
    }

    fn failed(&self, target: Target, mark: Mark, failure: Failure) {
        self.metrics.failed_syncs.add();
        let failed = self.queue().sync_failed(target.clone(), mark, failure.asked, self.clock.now());
        let kind = match failed {
            Failed::Again => Kind::SyncFailed(target, failure),
            Failed::GivenUp => {
                self.metrics.given_up.add();
                Kind::GivenUp(target, failure)
            }
        };
        (self.tell)(Told(kind));
    }

    fn looked(&self) {
        self.metrics.looks.add();
        let first = !self.ready.swap(true, Ordering::Relaxed);
        if self.failing.swap(false, Ordering::Relaxed) || first {
            (self.tell)(Told(Kind::Looked));
        }
    }

    fn look_failed(&self, failure: Failure) {
        self.metrics.failed_looks.add();
        self.failing.store(true, Ordering::Relaxed);
        (self.tell)(Told(Kind::LookFailed(failure)));
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What objects are marked with for a webhook: the same for the same webhook, and different for every other, for its time is
/// in it.
fn value(body: &[u8]) -> String {
    Sha256::digest(body).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
