//! What the tasks of a subscriber have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::{Semaphore, watch};

use crate::client::Client;
use crate::error::Error;
use crate::etag::Etag;
use crate::replicas::{Heard, Outbox, Told};
use crate::secrets::{Fetched, Loaded, Value};
use crate::session::LoginStatus;
use crate::settings::{Settings, WebhookKeys};
use crate::snapshot::Snapshot;
use crate::subscriber::metrics::{Asked, Gauges, Metrics};
use crate::subscriber::pending::{Pending, Urgency};
use crate::subscriber::subscriptions::Subscriptions;
use crate::webhook::{Accepted, Event, Hint, LegacyEvents, Own, Refused, Verifier};
use keyloom_connections::Secret;

/// Questions that are on their way at once. Of many folders, the others wait, and no server has to bear a connection for each.
const AT_ONCE: usize = 16;

/// What the tasks of a subscriber have in common.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) client: Client,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) current: ArcSwap<Snapshot>,
    /// The version of the current snapshot, for who waits.
    pub(crate) versions: watch::Sender<u64>,
    /// Whether everything is to end.
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) pending: Vec<Pending>,
    pub(crate) subscriptions: Subscriptions,
    /// What the other replicas are still to be told.
    pub(crate) outbox: Outbox,
    pub(crate) metrics: Metrics,
    /// How many more questions may be on their way.
    free: Semaphore,
    /// Held by who makes the next snapshot; readers never wait for it.
    kept: Mutex<Kept>,
}

/// What is kept besides the snapshot, for the folders in their order.
struct Kept {
    folders: Vec<KeptFolder>,
    last_error: Option<String>,
    /// When a folder was last asked for that answered, since 1970: what was sent before tells nothing newer.
    asked: Duration,
    /// When the event was sent whose value is believed of a secret, for those that were sent since then.
    believed: BTreeMap<String, Duration>,
}

#[derive(Clone, Default)]
struct KeptFolder {
    loaded: bool,
    etag: Option<Etag>,
    /// Keys of webhooks that stand in it.
    keys: Vec<Secret>,
}

impl Kept {
    fn new(folders: usize) -> Self {
        let folders = vec![KeptFolder::default(); folders];
        Self { folders, last_error: None, asked: Duration::ZERO, believed: BTreeMap::new() }
    }

    /// Notes that a folder answered that was asked for at a moment.
    fn answered(&mut self, asked: Duration) {
        self.last_error = None;
        self.asked = self.asked.max(asked);
        let since = self.asked;
        self.believed.retain(|_, sent| *sent >= since);
    }

    /// Whether an event tells of a secret what is not known already; then it does not any more. They come in any order.
    fn is_news(&mut self, key: &str, sent: Duration) -> bool {
        let is_news = sent >= self.asked && self.believed.get(key).is_none_or(|believed| *believed < sent);
        if is_news {
            self.believed.insert(key.to_owned(), sent);
        }
        is_news
    }
}

/// How a subscriber goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whether all folders were loaded.
    pub ready: bool,
    /// Version of the snapshot; 0 before the first load.
    pub version: u64,
    /// How many secrets there are.
    pub secrets: usize,
    /// Names of secrets whose values this identity may not read.
    pub hidden: BTreeSet<String>,
    /// Why a folder could not be loaded the last time, until one is.
    pub last_error: Option<String>,
    /// How the login stands.
    pub login: LoginStatus,
}

impl Shared {
    pub(crate) fn new(settings: Settings, client: Client, verifier: Verifier) -> Self {
        let folders = settings.folders.len();
        Self {
            client,
            verifier: Arc::new(verifier),
            current: ArcSwap::from_pointee(Snapshot::empty(folders)),
            versions: watch::Sender::new(0),
            stop: watch::Sender::new(false),
            pending: std::iter::repeat_with(Pending::default).take(folders).collect(),
            subscriptions: Subscriptions::default(),
            outbox: Outbox::default(),
            metrics: Metrics::default(),
            free: Semaphore::new(AT_ONCE),
            kept: Mutex::new(Kept::new(folders)),
            settings,
        }
    }

    /// Asks for a folder.
    pub(crate) async fn fetch(&self, number: usize, known: Option<&Etag>) -> Result<Fetched, Error> {
        // Fails when it is closed, which nobody does.
        let _permit = self.free.acquire().await;
        let asked_at = self.settings.clock.unix();
        let fetched = self.client.secrets(&self.settings.folders[number], known).await;
        let asked = match &fetched {
            Ok(Fetched::Loaded(_)) => Asked::Changed,
            Ok(Fetched::Unchanged) => Asked::Same,
            Err(_) => Asked::Failed,
        };
        self.metrics.asked(asked, self.settings.clock.unix());
        if fetched.is_ok() {
            self.kept().answered(asked_at);
        }
        fetched
    }

    /// Shows what was loaded of some folders, all of it in one step. What it was is noted last: if somebody else's code panics
    /// here, it is loaded once more.
    pub(crate) fn put(&self, mut all: Vec<(usize, Loaded)>) {
        let mut kept = self.kept();
        let take = |(number, loaded): &mut (usize, Loaded)| {
            let keys = self.take_keys(loaded);
            kept.folders[*number] = KeptFolder { loaded: true, etag: None, keys };
            (*number, loaded.etag.take())
        };
        let etags: Vec<_> = all.iter_mut().map(take).collect();
        let (next, _) = self.current.load().with_all(all);
        let keys: Vec<_> = kept.folders.iter().flat_map(|folder| folder.keys.clone()).collect();
        let named = matches!(self.webhook_keys(), Some(WebhookKeys::Named(_)));
        if named {
            self.verifier.set_keys(&keys);
        }
        self.show(next);
        if let Some(replicas) = self.settings.replicas.as_ref().filter(|_| named) {
            replicas.set_keys(&keys);
        }
        for (number, etag) in etags {
            kept.folders[number].etag = etag;
        }
    }

    /// From now on these keys count.
    pub(crate) fn set_keys(&self, keys: &[Secret]) {
        self.verifier.set_keys(keys);
        if let Some(replicas) = &self.settings.replicas {
            replicas.set_keys(keys);
        }
    }

    /// Only whoever holds the lock of what is kept shows anything.
    fn show(&self, next: Snapshot) {
        let version = next.version();
        self.current.store(Arc::new(next));
        self.versions.send_if_modified(|known| std::mem::replace(known, version) != version);
    }

    /// Takes the keys of webhooks out of what the application is handed.
    fn take_keys(&self, loaded: &mut Loaded) -> Vec<Secret> {
        let Some(WebhookKeys::Named(names)) = self.webhook_keys() else { return Vec::new() };
        let take = |name: &String| {
            loaded.hidden.remove(name);
            loaded.values.remove(name).map(|value| value.secret)
        };
        names.iter().filter_map(take).collect()
    }

    fn webhook_keys(&self) -> Option<&WebhookKeys> {
        self.settings.webhook.as_ref().map(|webhook| &webhook.keys)
    }

    pub(crate) fn failed(&self, error: &Error) {
        log::warn!("a folder could not be loaded: {error}");
        self.kept().last_error = Some(error.to_string());
    }

    pub(crate) fn etag(&self, number: usize) -> Option<Etag> {
        self.kept().folders[number].etag.clone()
    }

    pub(crate) fn is_loaded(&self, number: usize) -> bool {
        self.kept().folders[number].loaded
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.kept().folders.iter().all(|folder| folder.loaded)
    }

    /// What follows from a webhook that was taken.
    pub(crate) fn accept(&self, accepted: &Accepted) {
        self.metrics.event(&accepted.event, self.settings.clock.unix());
        if let Event::Own(own) = &accepted.event {
            self.believe(own);
        }
        let Some(hint) = accepted.event.hint() else { return };
        self.hint(&hint);
        // The others have the same folders.
        let is_near = self.settings.folders.iter().any(|folder| hint.may_show_in(folder));
        let is_told = self.settings.replicas.is_some() && is_near && !accepted.handed_on;
        if is_told && !self.outbox.add(accepted) {
            self.metrics.told(Told { reached: 0, missed: 1 });
        }
    }

    /// What follows from a webhook that was not taken. What came before the keys were known may have told of a change after a
    /// folder was read. Where none stands in any folder, everybody can be refused for that, and nothing follows.
    pub(crate) fn refused(&self, refused: Refused) {
        self.metrics.refused(refused);
        // The keys may have come since it was checked; they are there when it is ready.
        if refused == Refused::NoKey && (!self.is_ready() || self.verifier.has_keys()) {
            self.hint(&Hint::default());
        }
    }

    /// What follows from what another replica says.
    pub(crate) fn heard(&self, heard: &Heard) {
        match heard {
            Heard::Hint(hint) => self.hint(hint),
            Heard::Again => self.hint(&Hint::default()),
        }
    }

    /// Shows what an event of the applications' own form says, where it is believed and is news. The folders are asked for without a word
    /// of what they were, so that it stands no longer than until the answer.
    fn believe(&self, own: &Own) {
        let legacy = self.settings.webhook.as_ref().map_or(LegacyEvents::Off, |webhook| webhook.legacy);
        let is_key =
            matches!(self.webhook_keys(), Some(WebhookKeys::Named(names)) if names.contains(&own.key));
        let Some(sent) = own.time.filter(|_| legacy == LegacyEvents::Values && !is_key && self.is_ready())
        else {
            return;
        };
        let value = own.value.clone().map(|secret| Value { secret, rotated: own.rotated });
        if value.is_none() && !own.deleted {
            return;
        }
        let mut kept = self.kept();
        if !kept.is_news(&own.key, sent) {
            return;
        }
        kept.folders.iter_mut().for_each(|folder| folder.etag = None);
        let next = self.current.load().with_value(&own.key, value);
        self.show(next);
    }

    /// Notes which folders may have changed.
    pub(crate) fn hint(&self, hint: &Hint) {
        for (folder, pending) in self.settings.folders.iter().zip(&self.pending) {
            if hint.is_of(folder) {
                pending.add(Urgency::Named);
            } else if hint.may_show_in(folder) {
                pending.add(Urgency::Near);
            }
        }
    }

    pub(crate) fn status(&self) -> Status {
        let (snapshot, kept) = (self.current.load(), self.kept());
        Status {
            ready: kept.folders.iter().all(|folder| folder.loaded),
            version: snapshot.version(),
            secrets: snapshot.len(),
            hidden: snapshot.hidden().map(str::to_owned).collect(),
            last_error: kept.last_error.clone(),
            login: self.client.status(),
        }
    }

    pub(crate) fn render(&self) -> String {
        let Status { ready, version, secrets, hidden, last_error: _, login } = self.status();
        self.metrics.render(&Gauges { ready, secrets, hidden: hidden.len(), version, login })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::replicas::Headless;
    use crate::{BaseUrl, Clock, Credentials, Folder, Project, Subscriber};

    const NOW: Duration = Duration::from_secs(1_767_225_600);

    /// How many questions are being answered, and how many were at most.
    #[derive(Default)]
    struct Asked {
        now: AtomicUsize,
        most: AtomicUsize,
    }

    async fn answer(mut stream: TcpStream, asked: Arc<Asked>) {
        let mut head = Vec::new();
        while let Ok(byte) = stream.read_u8().await {
            head.push(byte);
            if !head.ends_with(b"\r\n\r\n") {
                continue;
            }
            head.clear();
            let now = asked.now.fetch_add(1, Ordering::SeqCst) + 1;
            asked.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            asked.now.fetch_sub(1, Ordering::SeqCst);
            let body = r#"{"secrets":[]}"#;
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }

    fn folder() -> Folder {
        let project = Project::new("7d0c6f3e-1a2b-4c3d-9e8f-001122334455");
        Folder { project, environment: "prod".to_owned(), path: "/".to_owned() }
    }

    /// Of a subscriber of so many folders that has not started, and whose server is nowhere.
    pub(crate) fn unstarted(folders: usize) -> Shared {
        let base = BaseUrl::parse("http://127.0.0.1:1").unwrap();
        let credentials = Credentials::Token(Secret::new("token".to_owned()));
        let settings = Settings::new(base.clone(), credentials.clone(), vec![folder(); folders]);
        let settings = Settings { clock: Clock::simulated(NOW), ..settings };
        let verifier = Verifier::new(settings.clock.clone());
        Shared::new(settings, Client::new(base, credentials).unwrap(), verifier)
    }

    #[tokio::test]
    async fn a_webhook_that_came_before_the_keys_is_a_hint_also_where_they_came_meanwhile() {
        let shared = unstarted(1);
        let hinted = || {
            shared.refused(Refused::NoKey);
            let urgency = shared.pending[0].urgency();
            shared.pending[0].take();
            urgency
        };
        assert_eq!(hinted(), Urgency::Named);
        shared.put(vec![(0, Loaded::default())]);
        assert_eq!(hinted(), Urgency::None);
        let secret = Secret::new("canary".to_owned());
        let values = BTreeMap::from([("WEBHOOK_SECRET".to_owned(), Value { secret, rotated: false })]);
        shared.put(vec![(0, Loaded { values, ..Loaded::default() })]);
        assert_eq!(hinted(), Urgency::Named);
    }

    #[tokio::test]
    async fn what_shows_in_no_folder_is_not_told_to_the_others() {
        let mut shared = unstarted(1);
        shared.settings.replicas = Some(Arc::new(Headless::at(Vec::new()).unwrap()));
        let told = |project: Option<&str>| {
            let hint = Hint { project: project.map(str::to_owned), ..Hint::default() };
            let event = Event::Modified(hint);
            Accepted { event, body: "{}".into(), signature: None, handed_on: false }
        };
        shared.accept(&told(Some("another")));
        shared.accept(&told(None));
        shared.accept(&told(Some("7d0c6f3e-1a2b-4c3d-9e8f-001122334455")));
        assert_eq!(shared.outbox.take().await.map(|all| all.len()), Some(2));
    }

    #[tokio::test]
    async fn of_many_folders_few_are_asked_for_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = BaseUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let asked = Arc::<Asked>::default();
        let counted = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&counted)));
            }
        });
        let credentials = Credentials::Token(Secret::new("token".to_owned()));
        let settings =
            Settings { webhook: None, ..Settings::new(base, credentials, vec![folder(); 3 * AT_ONCE]) };
        let subscriber = Subscriber::new(settings).unwrap();
        subscriber.start().await.unwrap();
        assert!(subscriber.is_ready());
        subscriber.stop().await;
        let most = asked.most.load(Ordering::SeqCst);
        assert!((2..=AT_ONCE).contains(&most), "{most}");
    }
}
