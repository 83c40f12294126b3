//! The client and the subscriber of applications that block.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::sync::{Arc, mpsc};
use std::time::Duration;

use keyloom_connections::Generic;
use keyloom_fake_infisical::{FakeInfisical, TokenSettings};
use keyloom_runtime::connections::{ConnectionError, Environment};
use keyloom_runtime::http::{Http, Limits};
use keyloom_runtime::webhook::Hint;
use keyloom_runtime::{BaseUrl, Clock, Error, Fetched, Secret, Settings, blocking};
use support::{CANARY, credentials, folder, logins, said, start, universal};

fn client(url: &str, secret: &str) -> blocking::Client {
    let limits = Limits { pause: Duration::ZERO, ..Limits::default() };
    let http = Http::new(limits).unwrap();
    blocking::Client::with_http(BaseUrl::parse(url).unwrap(), credentials(secret), http).unwrap()
}

#[test]
fn threads_share_a_login() {
    let fake = start(universal(TokenSettings::default()));
    let client = client(fake.url(), CANARY);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let client = client.clone();
            scope.spawn(move || {
                assert_eq!(client.names(&folder("/api")).unwrap().len(), 3);
                let Fetched::Loaded(loaded) = client.secrets(&folder("/api"), None).unwrap() else {
                    panic!("nothing was known that could be unchanged");
                };
                assert_eq!(loaded.values["STRIPE_KEY"].secret.expose(), CANARY);
                let again = client.secrets(&folder("/api"), loaded.etag.as_ref()).unwrap();
                assert!(matches!(again, Fetched::Unchanged));
            });
        }
    });
    assert_eq!(logins(&fake).len(), 1);
    assert!(!format!("{client:?}").contains("canary"));
}

#[tokio::test]
async fn in_the_middle_of_a_runtime_it_blocks_and_does_not_panic() {
    let fake = start(universal(TokenSettings::default()));
    let client = client(fake.url(), CANARY);
    assert_eq!(client.names(&folder("/api")).unwrap().len(), 3);
    let error = client.names(&folder("/none")).unwrap_err();
    assert!(error.is_not_found());
    drop(client);
}

#[test]
fn a_refused_login_is_an_error_like_anywhere() {
    let fake = start(universal(TokenSettings::default()));
    let error = client(fake.url(), "canary-wrong").names(&folder("/api")).unwrap_err();
    assert!(matches!(error, Error::Login { .. }), "{error:?}");
    said(&error);
}

#[test]
fn a_token_is_kept_where_that_is_asked_for() {
    let fake = start(universal(TokenSettings { ttl: 100, max_ttl: 0, ..TokenSettings::default() }));
    let clock = Clock::simulated(Duration::ZERO);
    let http = Http::new(Limits::default()).unwrap().on(clock.clone()).seeded(7);
    let base = BaseUrl::parse(fake.url()).unwrap();
    let client = blocking::Client::with_http(base, credentials(CANARY), http).unwrap();
    let keeper = client.keep().unwrap();
    client.names(&folder("/api")).unwrap();
    fake.advance(Duration::from_secs(95));
    clock.advance(Duration::from_secs(95));
    while client.status().renewals == 0 {
        std::thread::yield_now();
    }
    drop(keeper);
}

/// One that is told of changes by hints alone.
fn subscriber(fake: &FakeInfisical) -> blocking::Subscriber {
    let base = BaseUrl::parse(fake.url()).unwrap();
    let settings = Settings::new(base, credentials(CANARY), vec![folder("/api")]);
    blocking::Subscriber::new(Settings { webhook: None, reconcile: None, ..settings }).unwrap()
}

#[test]
fn a_subscriber_loads_and_tells_of_changes() {
    let fake = start(universal(TokenSettings::default()));
    let secrets = subscriber(&fake);
    let (tell, told) = mpsc::channel();
    secrets.subscribe("STRIPE_KEY", move |change| Ok(tell.send(change.new.clone())?));
    assert!(!secrets.is_ready() && secrets.get("STRIPE_KEY").is_none());
    secrets.start().unwrap();
    assert!(secrets.is_ready() && secrets.get_all().len() == 3);
    let mut changes = secrets.changes();
    fake.set_secret(("shop", "prod", "/api"), "STRIPE_KEY", "canary-new").unwrap();
    secrets.hint(&Hint::default());
    assert_eq!(told.recv().unwrap().unwrap().expose(), "canary-new");
    assert_eq!(changes.next().unwrap()[0].key, "STRIPE_KEY");
    assert_eq!(secrets.get("STRIPE_KEY").unwrap().expose(), "canary-new");
    assert!(
        !format!("{secrets:?} {changes:?} {} {:?}", secrets.metrics(), secrets.status()).contains("canary")
    );
    secrets.stop().unwrap();
    assert!(changes.next().is_none() && changes.next().is_none());
}

#[test]
fn a_callback_may_stop_what_calls_it() {
    let fake = start(universal(TokenSettings::default()));
    let secrets = Arc::new(subscriber(&fake));
    let (tell, told) = mpsc::channel();
    let own = Arc::downgrade(&secrets);
    secrets.subscribe("STRIPE_KEY", move |_| Ok(tell.send(own.upgrade().unwrap().stop().is_ok())?));
    secrets.start().unwrap();
    fake.set_secret(("shop", "prod", "/api"), "STRIPE_KEY", "canary-new").unwrap();
    secrets.hint(&Hint::default());
    assert!(told.recv_timeout(Duration::from_secs(60)).unwrap(), "without that it waits for itself for ever");
    assert!(secrets.changes().next().is_none());
    secrets.stop().unwrap();
}

#[test]
fn threads_share_what_was_read() {
    let text = Secret::new(r#"{"type": "generic", "details": {"value": "canary"}}"#.to_owned());
    let environment = Environment::new([("KEYLOOM_CONNECTION_A".to_owned(), text)]);
    let connections = blocking::Connections::new(environment).unwrap();
    let first = connections.connection("a").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let (connections, first) = (connections.clone(), &first);
            scope.spawn(move || {
                assert_eq!(connections.get::<Generic>("a").unwrap().value.expose(), "canary");
                assert!(Arc::ptr_eq(first, &connections.connection("a").unwrap()));
            });
        }
    });
    let error = connections.connection("b").unwrap_err();
    assert!(matches!(error, ConnectionError::Read { .. }), "{error:?}");
    assert!(!format!("{connections:?} {error} {error:?}").contains("canary"));
    let get = |name: &str| (name == "BRUIN_SECRETS_BACKEND").then(|| "file".to_owned());
    assert_eq!(
        blocking::Connections::from_flag_or_env(Some("environment"), get).unwrap().settings().len(),
        2
    );
}
