//! Code of others that panics, and what it does not take with it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests stand outside of test functions

mod shop;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keyloom_fake_infisical::FakeInfisical;
use keyloom_runtime::replicas::{Heard, Later, Replicas, Told};
use keyloom_runtime::webhook::{Accepted, Hint};
use keyloom_runtime::{Secret, Settings};
use shop::{KEY, Notes, PLACE, START, Sender, modified, seed, settings, started, stop, until, value};

const SECOND: Duration = Duration::from_secs(1);

/// Others that panic the first time one hears from them or tells them, and the second time they are given keys.
#[derive(Debug, Default)]
struct Brittle {
    heard: AtomicUsize,
    told: AtomicUsize,
    keys: AtomicUsize,
}

impl Brittle {
    fn count(counter: &AtomicUsize, brittle: usize) {
        assert!(counter.fetch_add(1, Ordering::SeqCst) + 1 != brittle, "canary panic");
    }
}

impl Replicas for Brittle {
    fn tell<'a>(&'a self, _: &'a Accepted) -> Later<'a, Told> {
        Self::count(&self.told, 1);
        Box::pin(std::future::ready(Told { reached: 1, missed: 0 }))
    }

    fn hear<'a>(&'a self, _: &'a (dyn Fn(Heard) + Send + Sync)) -> Later<'a, ()> {
        Self::count(&self.heard, 1);
        Box::pin(std::future::pending())
    }

    fn set_keys(&self, _: &[Secret]) {
        Self::count(&self.keys, 2);
    }
}

#[tokio::test]
async fn tasks_that_panic_are_counted_and_started_again() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let brittle = Arc::<Brittle>::default();
    let replicas = Some(Arc::clone(&brittle) as Arc<dyn Replicas>);
    let settings = Settings { replicas, ..settings(fake.url()) };
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    until("it is counted", || subscriber.metrics().contains("keyloom_panics_total 1")).await;
    until("one hears again", || {
        clock.advance(SECOND);
        brittle.heard.load(Ordering::SeqCst) == 2
    })
    .await;
    // It is shown before anybody else is asked, and asked for again, keys included.
    until("nothing more is waited for", || brittle.keys.load(Ordering::SeqCst) == 1).await;
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    subscriber.hint(&Hint::default());
    until("it is known, and counted", || {
        value(&subscriber, "URL") == "canary-url-2" && subscriber.metrics().contains("panics_total 2")
    })
    .await;
    until("the keys are told", || {
        clock.advance(SECOND);
        brittle.keys.load(Ordering::SeqCst) == 3
    })
    .await;
    fake.set_secret(PLACE, "URL", "canary-url-3").unwrap();
    let (to, time) = (subscriber.webhook_address().unwrap(), clock.unix());
    assert_eq!(Sender::new(KEY).send(to, time, &modified("/api", time)).await, 202);
    until("it is known", || {
        clock.advance(SECOND);
        value(&subscriber, "URL") == "canary-url-3"
    })
    .await;
    until("it is counted", || subscriber.metrics().contains("told_total{result=\"missed\"} 1")).await;
    assert!(subscriber.metrics().contains("keyloom_panics_total 3"));
    assert!(shop::logged().contains("a task panicked that hears from the other replicas"));
    stop(vec![subscriber]).await;
}

/// Others who write down what they are told.
#[derive(Clone, Default)]
struct Written(Notes);

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Written")
    }
}

impl Replicas for Written {
    fn tell<'a>(&'a self, news: &'a Accepted) -> Later<'a, Told> {
        self.0.add(news.event.hint().and_then(|hint| hint.path).unwrap());
        Box::pin(std::future::ready(Told { reached: 1, missed: 0 }))
    }
}

#[tokio::test]
async fn who_stops_tells_the_others_first() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let others = Written::default();
    let settings = Settings { replicas: Some(Arc::new(others.clone())), ..settings(fake.url()) };
    let subscriber = started(settings).await;
    let (to, sender) = (subscriber.webhook_address().unwrap(), Sender::new(KEY));
    assert_eq!(sender.send(to, START, &modified("/api", START)).await, 202);
    until("the others are told at once", || others.0.all().len() == 1).await;
    // The clock stands: of this one they would be told half a second later.
    assert_eq!(sender.send(to, START, &modified("/other", START)).await, 202);
    subscriber.stop().await;
    assert_eq!(others.0.all(), ["/api", "/other"]);
}
