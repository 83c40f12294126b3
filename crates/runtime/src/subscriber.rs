//! Secrets that an application reads without asking anybody, and that are never old for long.

mod changes;
mod load;
mod metrics;
mod pending;
mod refresh;
mod restart;
mod schedule;
mod shared;
mod spread;
mod subscriptions;

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::client::Client;
use crate::error::Error;
use crate::http::Http;
use crate::session::Keeper;
use crate::settings::{Settings, WebhookKeys, WebhookSettings};
use crate::snapshot::{Change, Snapshot};
use crate::webhook::{Hint, Server, Service, Verifier};
pub use changes::Changes;
use keyloom_connections::Secret;
use shared::Shared;
pub use shared::Status;
pub use subscriptions::{CallbackError, Subscription};

/// How long one that stops still tells the other replicas.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The secrets of some folders, held in memory and kept as they are in Infisical.
///
/// [`Subscriber::start`] loads them once. From then on reading is a look at one immutable [`Snapshot`], without a lock; a
/// webhook, another replica or a question every few minutes brings the next one, all keys of a folder at once, and
/// callbacks are told what changed. Dropped, it stops at once, and whoever waits for changes is told that there are no more.
///
/// ```no_run
/// # async fn run(settings: keyloom_runtime::Settings) -> Result<(), keyloom_runtime::Error> {
/// use keyloom_runtime::Subscriber;
/// let secrets = Subscriber::new(settings)?;
/// secrets.subscribe("DATABASE_URL", |change| {
///     let new = change.new.as_ref().ok_or("the address of the database is gone")?;
///     // Open a pool with the new address, swap, drain the old one.
///     # let _ = new;
///     Ok(())
/// });
/// secrets.start().await?;
/// let url = secrets.get("DATABASE_URL");
/// # let _ = url;
/// secrets.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Subscriber {
    shared: Arc<Shared>,
    running: Mutex<Running>,
}

/// What runs.
#[derive(Debug, Default)]
struct Running {
    started: bool,
    stopped: bool,
    server: Option<Server>,
    keeper: Option<Keeper>,
    /// The task that tells the other replicas, which ends when all is told.
    telling: JoinSet<()>,
    tasks: JoinSet<()>,
}

impl Subscriber {
    /// One that has not started: it holds no secrets yet, and callbacks can be given to it.
    ///
    /// # Errors
    /// [`Error::Client`] when this machine cannot do TLS.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let http = Http::new(settings.limits)?.on(settings.clock.clone());
        let http = settings.seed.map_or(http.clone(), |seed| http.seeded(seed));
        let client = Client::with_http(settings.base.clone(), settings.credentials.clone(), http);
        let verifier = Verifier::new(settings.clock.clone());
        let verifier = match &settings.webhook {
            Some(WebhookSettings { keys: WebhookKeys::Unsigned, legacy, .. }) => {
                verifier.unsigned().legacy(*legacy)
            }
            Some(WebhookSettings { keys: WebhookKeys::Given(_) | WebhookKeys::Named(_), legacy, .. }) => {
                verifier.legacy(*legacy)
            }
            None => verifier,
        };
        let shared = Arc::new(Shared::new(settings, client, verifier));
        if let Some(WebhookSettings { keys: WebhookKeys::Given(keys), .. }) = &shared.settings.webhook {
            shared.set_keys(keys);
        }
        Ok(Self { shared, running: Mutex::default() })
    }

    /// Listens for webhooks, loads all folders once, and returns when all are there. Only then `/ready` answers 200.
    ///
    /// # Errors
    /// [`Error::Started`] the second time; [`Error::Listen`]; and, but where [`Settings::degraded`] is asked for, whatever the
    /// first load that fails says, with nothing left running.
    pub async fn start(&self) -> Result<(), Error> {
        if std::mem::replace(&mut self.running().started, true) {
            return Err(Error::Started);
        }
        if self.shared.settings.base.is_plain() {
            log::warn!("credentials and values travel in the clear to {}", self.shared.settings.base);
        }
        let mut server = self.listen().await?;
        let loaded = load::all(&self.shared).await;
        let failed = loaded.err().filter(|error| {
            self.shared.failed(error);
            !self.shared.settings.degraded
        });
        if failed.is_none() && self.keep(&mut server) {
            return Ok(());
        }
        self.shared.stop.send_replace(true);
        if let Some(server) = server {
            server.stop().await;
        }
        failed.map_or(Ok(()), Err)
    }

    async fn listen(&self) -> Result<Option<Server>, Error> {
        let Some(webhook) = &self.shared.settings.webhook else { return Ok(None) };
        let shared = || Arc::clone(&self.shared);
        let (accept, refuse, ready, metrics) = (shared(), shared(), shared(), shared());
        let service =
            Service::new(Arc::clone(&self.shared.verifier), move |accepted| accept.accept(&accepted))
                .on_refused(move |refused| refuse.refused(refused))
                .ready_when(move || ready.is_ready())
                .with_metrics(move || metrics.render());
        Server::start(webhook.address, service).await.map(Some)
    }

    /// From here on, tasks of their own keep the folders, and tell who subscribed; not where somebody stopped it meanwhile.
    fn keep(&self, server: &mut Option<Server>) -> bool {
        let mut running = self.running();
        if running.stopped {
            return false;
        }
        running.server = server.take();
        running.keeper = Some(self.shared.client.keep());
        for number in 0..self.shared.settings.folders.len() {
            let shared = Arc::clone(&self.shared);
            running
                .tasks
                .spawn(self.again("keeps a folder", move || refresh::keep(Arc::clone(&shared), number)));
        }
        if let Some(replicas) = &self.shared.settings.replicas {
            let both = || (Arc::clone(&self.shared), Arc::clone(replicas));
            let (shared, replicas) = both();
            let tell = move || spread::tell(Arc::clone(&shared), Arc::clone(&replicas));
            running.telling.spawn(self.again("tells the other replicas", tell));
            let (shared, replicas) = both();
            let hear = move || spread::hear(Arc::clone(&shared), Arc::clone(&replicas));
            running.tasks.spawn(self.again("hears from the other replicas", hear));
        }
        let (shared, changes) = (Arc::clone(&self.shared), Arc::new(tokio::sync::Mutex::new(self.changes())));
        let tell = move || subscriptions::tell(Arc::clone(&shared), Arc::clone(&changes));
        running.tasks.spawn(self.again("tells of changes", tell));
        true
    }

    /// A task that is started again when it panics.
    fn again<T: Future<Output = ()> + Send + 'static, S: Fn() -> T>(
        &self,
        what: &'static str,
        start: S,
    ) -> impl Future<Output = ()> + use<T, S> {
        restart::keep(Arc::clone(&self.shared), what, start)
    }

    /// Stops to listen, to ask and to tell, and returns when everything has ended: answers to webhooks that are on their way,
    /// what the other replicas are still to be told of them, for at most two seconds, and the callbacks of one batch. What
    /// was loaded can still be read. A callback that stops what calls it is not waited for: it would wait for itself.
    pub async fn stop(&self) {
        self.end(self.is_callback()).await;
    }

    /// Whether one of its callbacks asks.
    pub(crate) fn is_callback(&self) -> bool {
        subscriptions::is_callback_of(&self.shared)
    }

    /// Stops, and waits for callbacks but where one of them does it.
    pub(crate) async fn end(&self, is_callback: bool) {
        let ended = Running { started: true, stopped: true, ..Running::default() };
        let Running { server, keeper, mut telling, mut tasks, .. } =
            std::mem::replace(&mut *self.running(), ended);
        if let Some(server) = server {
            server.stop().await;
        }
        self.shared.outbox.close();
        // Who sent the last webhooks was answered that they are taken, and sends none of them again.
        let _ = tokio::time::timeout(LAST_WORDS, telling.join_next()).await;
        drop(keeper);
        self.shared.stop.send_replace(true);
        while telling.join_next().await.is_some() {}
        if is_callback {
            // They end when it returns.
            tasks.detach_all();
        }
        while tasks.join_next().await.is_some() {}
    }

    /// The value of a secret, as it is now. Takes no lock and asks nobody.
    pub fn get(&self, key: &str) -> Option<Secret> {
        self.shared.current.load().get(key).cloned()
    }

    /// All secrets as they are at one moment. It stays as it is while newer ones come; keys that belong together are read
    /// from one.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.current.load_full()
    }

    /// The same as [`Subscriber::snapshot`].
    pub fn get_all(&self) -> Arc<Snapshot> {
        self.snapshot()
    }

    /// Has a function told of every change of a secret from now on; the first load is none. Functions run one after another,
    /// on a thread where they may block. One that fails or panics is counted and does not stop the others; its words are
    /// not shown, for they may hold a value. While one takes long, changes add up: it is told of the latest then.
    pub fn subscribe(
        &self,
        key: &str,
        callback: impl Fn(&Change) -> Result<(), CallbackError> + Send + Sync + 'static,
    ) -> Subscription {
        self.shared.subscriptions.add_key(key, Box::new(callback))
    }

    /// As [`Subscriber::subscribe`], of all secrets: what changes at once, such as a user's name and password, is told at once.
    pub fn subscribe_all(
        &self,
        callback: impl Fn(&[Change]) -> Result<(), CallbackError> + Send + Sync + 'static,
    ) -> Subscription {
        self.shared.subscriptions.add_all(Box::new(callback))
    }

    /// Ends a subscription; whether there was one. A call that is running is not waited for.
    pub fn unsubscribe(&self, subscription: Subscription) -> bool {
        self.shared.subscriptions.remove(subscription)
    }

    /// The changes from now on, for who would rather wait for them than be called. Before the first load, it is one of them.
    pub fn changes(&self) -> Changes {
        Changes::new(Arc::clone(&self.shared))
    }

    /// Says that something in a folder may have changed. It is asked for at once, then twice in a second at most.
    pub fn hint(&self, hint: &Hint) {
        self.shared.hint(hint);
    }

    /// Whether all folders were loaded.
    pub fn is_ready(&self) -> bool {
        self.shared.is_ready()
    }

    /// How it goes.
    pub fn status(&self) -> Status {
        self.shared.status()
    }

    /// What `/metrics` says.
    pub fn metrics(&self) -> String {
        self.shared.render()
    }

    /// Where webhooks arrive, while it runs.
    pub fn webhook_address(&self) -> Option<SocketAddr> {
        self.running().server.as_ref().map(Server::address)
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.shared.stop.send_replace(true);
    }
}

impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subscriber({:?})", self.status())
    }
}
