//! A server of secrets, subscribers of its folders, and webhooks to them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests stand outside of test functions
#![allow(dead_code, reason = "each test binary uses a part of it")]

#[path = "../heard/mod.rs"]
mod heard;

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyloom_fake_infisical::{
    Access, Environment, FakeInfisical, Identity, Project as Seeded, Role, Secret as SeededSecret, Seed,
};
use keyloom_runtime::http::header::{CONTENT_TYPE, HeaderValue};
use keyloom_runtime::http::{Answer, Http, Limits, Method, Request, Url};
use keyloom_runtime::webhook::{PATH, SIGNATURE_HEADER, Signature};
use keyloom_runtime::{
    BaseUrl, Changes, Clock, Credentials, Folder, Project, Secret, Settings, Subscriber, UniversalAuth,
    WebhookSettings,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Stands in every value, key and credential; nothing that is said may hold it.
pub(crate) const CANARY: &str = "canary";
/// When the server's clock begins.
pub(crate) const START: Duration = Duration::from_secs(1_767_225_600);
/// The key of webhooks, which stands in the folder.
pub(crate) const KEY: &str = "canary-key";
/// The folder of most tests.
pub(crate) const PLACE: (&str, &str, &str) = ("shop", "prod", "/api");

/// `/api` of `prod` holds a user with a password that rotates, an address and the key of webhooks.
pub(crate) fn seed() -> Seed {
    let rotated =
        SeededSecret { rotation_id: Some("r".to_owned()), ..SeededSecret::new("canary-password-1") };
    let prod = Environment::new("prod")
        .folder("/api", &[("USER", "canary-user-1"), ("URL", "canary-url-1"), ("WEBHOOK_SECRET", KEY)])
        .secret("/api", "PASSWORD", rotated)
        .folder("/other", &[("OTHER", "canary-other-1")]);
    let identity = Identity::new("app")
        .universal("client", "canary-secret")
        .may(Access::Write, "shop")
        .role(Role::Admin);
    Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity)
}

pub(crate) fn folder(path: &str) -> Folder {
    let project = Project::new(&FakeInfisical::project_id("shop"));
    Folder { project, environment: "prod".to_owned(), path: path.to_owned() }
}

/// What was logged so far; without the canary.
pub(crate) fn logged() -> String {
    let text = heard::text();
    let leak = text.lines().find(|line| line.contains(CANARY));
    assert_eq!(leak, None);
    text
}

/// Settings for `/api`, with a server of webhooks on a free port, a clock that stands, and jitter that is the same each time.
pub(crate) fn settings(url: &str) -> Settings {
    heard::listen();
    let credentials = Credentials::Universal(UniversalAuth {
        client_id: "client".to_owned(),
        client_secret: Secret::new("canary-secret".to_owned()),
        organization_slug: None,
    });
    let base = BaseUrl::parse(url).unwrap();
    Settings {
        webhook: Some(WebhookSettings { address: ([127, 0, 0, 1], 0).into(), ..WebhookSettings::default() }),
        clock: Clock::simulated(START),
        limits: Limits { tries: 1, ..Limits::default() },
        seed: Some(7),
        ..Settings::new(base, credentials, vec![folder("/api")])
    }
}

/// The event of a change, as Infisical writes it.
pub(crate) fn modified(path: &str, time: Duration) -> String {
    let project = FakeInfisical::project_id("shop");
    let time = time.as_millis();
    format!(
        r#"{{"event":"secrets.modified","project":{{"projectId":"{project}","environment":"prod","secretPath":"{path}"}},"timestamp":{time}}}"#
    )
}

/// A client of webhooks.
#[derive(Clone)]
pub(crate) struct Sender {
    http: Http,
    key: String,
}

impl Sender {
    pub(crate) fn new(key: &str) -> Self {
        Self { http: Http::new(Limits::default()).unwrap(), key: key.to_owned() }
    }

    /// Sends a body, signed as of a moment.
    pub(crate) async fn send(&self, to: SocketAddr, time: Duration, body: &str) -> u16 {
        let signature = Signature::sign(self.key.as_bytes(), time, body.as_bytes());
        self.post(&format!("http://{to}{PATH}"), &[(SIGNATURE_HEADER, &signature)], body).await.status
    }

    pub(crate) async fn post(&self, url: &str, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut request = Request::new(Method::POST, Url::parse(url).unwrap());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        *request.body_mut() = Some(body.to_owned().into());
        self.http.once(request).await.unwrap()
    }

    pub(crate) async fn get(&self, url: &str) -> (u16, String) {
        let answer = self.http.once(Request::new(Method::GET, Url::parse(url).unwrap())).await.unwrap();
        (answer.status, String::from_utf8(answer.body.to_vec()).unwrap())
    }
}

/// How often folders were asked for.
pub(crate) fn questions(fake: &FakeInfisical) -> usize {
    fake.requests().iter().filter(|request| request.path.contains("secrets")).count()
}

/// The next changes, or nothing when they do not come soon.
pub(crate) async fn next(changes: &mut Changes) -> Vec<keyloom_runtime::Change> {
    tokio::time::timeout(Duration::from_secs(20), changes.next()).await.expect("no change came").unwrap()
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// What is put down from several threads.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    pub(crate) fn add(&self, words: String) {
        self.0.lock().unwrap().push(words);
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// What of a subscriber can be seen by people; without the canary.
pub(crate) fn shown(subscriber: &Subscriber) -> String {
    let text =
        format!("{subscriber:?}{:?}{}{:?}", subscriber.status(), subscriber.metrics(), subscriber.snapshot());
    assert!(!text.contains(CANARY), "{text}");
    logged();
    text
}

/// One that has started.
pub(crate) async fn started(settings: Settings) -> Subscriber {
    let subscriber = Subscriber::new(settings).unwrap();
    subscriber.start().await.unwrap();
    subscriber
}

/// The value of a secret; empty if there is none.
pub(crate) fn value(subscriber: &Subscriber, key: &str) -> String {
    subscriber.get(key).map(|secret| secret.expose().to_owned()).unwrap_or_default()
}

/// Figures are for whoever reads what CI writes: the test's own output is not shown there.
pub(crate) fn figure(words: &str) {
    let line = format!("figure: {words}\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

/// Stops all, none of which shows the canary.
pub(crate) async fn stop(all: Vec<Subscriber>) {
    for one in all {
        shown(&one);
        one.stop().await;
    }
}

/// Sends webhooks on one connection, many at once; how many were taken.
pub(crate) async fn pipelined(to: SocketAddr, requests: Vec<String>) -> usize {
    let stream = TcpStream::connect(to).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let many = requests.len();
    let writer = tokio::spawn(async move {
        for request in requests {
            writing.write_all(request.as_bytes()).await.unwrap();
        }
        writing
    });
    let (mut text, mut buffer) = (String::new(), vec![0; 64 * 1024]);
    while text.matches("HTTP/1.1 ").count() < many {
        let read = reading.read(&mut buffer).await.unwrap();
        assert!(read > 0, "cut off after {text}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    drop(writer.await.unwrap());
    text.matches("HTTP/1.1 202").count()
}

pub(crate) fn request(body: &str, time: Duration) -> String {
    let signature = Signature::sign(KEY.as_bytes(), time, body.as_bytes());
    let length = body.len();
    format!(
        "POST {PATH} HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n{SIGNATURE_HEADER}: {signature}\r\n\r\n{body}"
    )
}
