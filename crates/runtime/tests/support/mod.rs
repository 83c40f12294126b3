//! A server that answers as Infisical does, with one project, and clients of it.

#![allow(dead_code)] // each test file uses a part

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keyloom_fake_infisical::{
    Access, ClientSecret, Environment, FakeInfisical, Identity, KubernetesAuth, Logged, Project as Seeded,
    Seed, TokenSettings, UniversalAuth, Verdict,
};
use keyloom_runtime::http::{Http, Limits};
use keyloom_runtime::{BaseUrl, Client, Clock, Credentials, Error, Folder, Project, Secret, TokenSource};

/// Stands in every value and credential; nothing that is said may hold it.
pub(crate) const CANARY: &str = "canary-value";
/// Tokens of service accounts that the cluster takes.
pub(crate) const FIRST: &str = "canary-first";
pub(crate) const SECOND: &str = "canary-second";

/// An identity that logs in with tokens of service accounts, of which tokens live so many seconds.
pub(crate) fn kubernetes(ttl: u64, max_ttl: u64) -> Identity {
    let verdict = Verdict { namespace: "shop".to_owned(), name: "app".to_owned(), ..Verdict::default() };
    let verdicts = BTreeMap::from([(FIRST.into(), verdict.clone()), (SECOND.into(), verdict)]);
    let tokens = TokenSettings { ttl, max_ttl, ..TokenSettings::default() };
    let auth = KubernetesAuth { verdicts, tokens, ..KubernetesAuth::default() };
    Identity::new("app").kubernetes(auth).may(Access::Read, "shop")
}

/// An identity that logs in with a client secret, of which tokens live so many seconds.
pub(crate) fn universal(tokens: TokenSettings) -> Identity {
    let auth = UniversalAuth {
        client_id: "client".to_owned(),
        client_secrets: vec![ClientSecret::new(CANARY)],
        tokens,
        ..UniversalAuth::default()
    };
    Identity::new("app").universal_auth(auth).may(Access::Read, "shop")
}

pub(crate) fn start(identity: Identity) -> FakeInfisical {
    let prod = Environment::new("prod")
        .folder("/api", &[("STRIPE_KEY", CANARY), ("DB URL/1", CANARY)])
        .folder("/shared", &[("SENTRY_DSN", CANARY), ("STRIPE_KEY", CANARY)])
        .import("/api", "prod", "/shared");
    let seed = Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity);
    FakeInfisical::start(seed).unwrap()
}

pub(crate) fn credentials(secret: &str) -> Credentials {
    Credentials::Universal(keyloom_runtime::UniversalAuth {
        client_id: "client".to_owned(),
        client_secret: Secret::new(secret.to_owned()),
        organization_slug: None,
    })
}

/// A client that does not wait between tries.
pub(crate) fn client(url: &str, credentials: Credentials) -> Client {
    let limits = Limits { pause: Duration::ZERO, ..Limits::default() };
    Client::with_http(BaseUrl::parse(url).unwrap(), credentials, Http::new(limits).unwrap())
}

pub(crate) fn folder(path: &str) -> Folder {
    let project = Project::new(&FakeInfisical::project_id("shop"));
    Folder { project, environment: "prod".to_owned(), path: path.to_owned() }
}

/// What an error says, in every way; without the canary.
pub(crate) fn said(error: &Error) -> String {
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    error.to_string()
}

/// A client on a clock of its own, with pauses that are the same in each run.
pub(crate) fn timed(url: &str, credentials: Credentials, clock: &Clock) -> Client {
    let http = Http::new(Limits::default()).unwrap().on(clock.clone()).seeded(7);
    Client::with_http(BaseUrl::parse(url).unwrap(), credentials, http)
}

/// Credentials with a token of a service account that is read from a file.
pub(crate) fn mounted(path: &Path) -> Credentials {
    service_account(TokenSource::File(path.to_owned()))
}

pub(crate) fn service_account(token: TokenSource) -> Credentials {
    Credentials::Kubernetes(keyloom_runtime::KubernetesAuth {
        identity_id: FakeInfisical::identity_id("app"),
        token,
        organization_slug: None,
    })
}

/// Moves the server's time and the client's together from one thing that is to be done to the next, until a moment has
/// come; `each` is called whenever somebody wakes. Somebody must sleep at any time.
pub(crate) async fn drive(fake: &FakeInfisical, clock: &Clock, until: Duration, mut each: impl AsyncFnMut()) {
    loop {
        clock.asleep(1).await;
        // The server counts in milliseconds.
        let next = clock.next_wake().unwrap().as_nanos().div_ceil(1_000_000);
        let next = Duration::from_millis(u64::try_from(next).unwrap()).min(until);
        let by = next - clock.now();
        fake.advance(by);
        clock.advance(by);
        if next == until {
            return;
        }
        each().await;
    }
}

/// Requests that log in or renew, with the moment of each and whether it was granted.
pub(crate) fn logins(fake: &FakeInfisical) -> Vec<Login> {
    let posts = fake.requests().into_iter().filter(|request| request.method == "POST");
    posts
        .map(|Logged { path, at, status, .. }| Login {
            renews: path.ends_with("/renew"),
            at,
            granted: status == 200,
        })
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) renews: bool,
    pub(crate) at: Duration,
    pub(crate) granted: bool,
}

/// Answers every connection with the same bytes.
pub(crate) fn serve(answer: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (url, count)
}

pub(crate) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}
