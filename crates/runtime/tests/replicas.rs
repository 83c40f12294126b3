//! Replicas that tell each other, some of whom are gone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests stand outside of test functions

mod shop;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use keyloom_fake_infisical::FakeInfisical;
use keyloom_runtime::replicas::{Headless, Later, Replicas, Told};
use keyloom_runtime::webhook::{Accepted, HOP_HEADER, PATH, SIGNATURE_HEADER, Signature};
use keyloom_runtime::{Clock, Settings, Subscriber};
use shop::{
    KEY, PLACE, START, Sender, figure, modified, questions, seed, settings, started, stop, until, value,
};

const HALF: Duration = Duration::from_millis(500);

/// The other replicas, whose addresses are known when all have started.
#[derive(Debug, Default)]
struct Others(OnceLock<Headless>);

impl Replicas for Others {
    fn tell<'a>(&'a self, news: &'a Accepted) -> Later<'a, Told> {
        self.0.get().unwrap().tell(news)
    }
}

/// So many replicas, each of which knows the addresses of the others, and `more`.
async fn replicas(fake: &FakeInfisical, clock: &Clock, many: usize, more: &[SocketAddr]) -> Vec<Subscriber> {
    let mut all = Vec::new();
    for _ in 0..many {
        let others = Arc::new(Others::default());
        let replicas = Some(Arc::clone(&others) as Arc<dyn Replicas>);
        let settings = Settings { replicas, clock: clock.clone(), ..settings(fake.url()) };
        all.push((started(settings).await, others));
    }
    let addresses: Vec<_> = all.iter().map(|(one, _)| one.webhook_address().unwrap()).collect();
    for (number, (_, others)) in all.iter().enumerate() {
        let but_own = addresses.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, it)| *it);
        let headless = Headless::at(but_own.chain(more.iter().copied()).collect()).unwrap();
        others.0.set(headless.on(clock.clone())).unwrap();
    }
    all.into_iter().map(|(one, _)| one).collect()
}

#[tokio::test]
async fn three_replicas_learn_of_a_webhook_to_one_of_them() {
    let (fake, clock) = (FakeInfisical::start(seed()).unwrap(), Clock::simulated(START));
    let all = replicas(&fake, &clock, 3, &[]).await;
    fake.set_secret(PLACE, "PASSWORD", "canary-password-2").unwrap();
    fake.forget_requests();
    let sender = Sender::new(KEY);
    let began = Instant::now();
    let to = all[1].webhook_address().unwrap();
    assert_eq!(sender.send(to, START, &modified("/api", START)).await, 202);
    until("all know", || all.iter().all(|one| value(one, "PASSWORD") == "canary-password-2")).await;
    let took = began.elapsed();
    until("both were told", || all[1].metrics().contains("replicas_told_total{result=\"reached\"} 2")).await;
    // Nobody handed on what was handed on to them.
    for one in [&all[0], &all[2]] {
        assert!(one.metrics().contains("replicas_told_total{result=\"reached\"} 0"));
        assert!(one.metrics().contains("webhooks_total{event=\"secrets.modified\"} 1"));
    }
    figure(&format!("1 webhook, 3 replicas: {} questions, converged after {took:?}", questions(&fake)));
    assert_eq!(questions(&fake), 3);
    stop(all).await;
}

#[tokio::test]
async fn who_reads_a_webhook_on_its_way_does_not_keep_it_from_the_others() {
    let (fake, clock) = (FakeInfisical::start(seed()).unwrap(), Clock::simulated(START));
    let all = replicas(&fake, &clock, 3, &[]).await;
    fake.set_secret(PLACE, "PASSWORD", "canary-password-2").unwrap();
    let body = modified("/api", START);
    let signature = Signature::sign(KEY.as_bytes(), START, body.as_bytes());
    let url = format!("http://{}{PATH}", all[1].webhook_address().unwrap());
    let (sender, signed) = (Sender::new(KEY), [(SIGNATURE_HEADER, signature.as_str())]);
    let forged = [signed[0], (HOP_HEADER, "1")];
    assert_eq!(sender.post(&url, &forged, &body).await.status, 202);
    assert_eq!(sender.post(&url, &forged, &body).await.status, 409);
    assert_eq!(sender.post(&url, &signed, &body).await.status, 202);
    assert_eq!(sender.post(&url, &signed, &body).await.status, 409);
    until("all know", || all.iter().all(|one| value(one, "PASSWORD") == "canary-password-2")).await;
    until("both were told", || all[1].metrics().contains("replicas_told_total{result=\"reached\"} 2")).await;
    stop(all).await;
}

#[tokio::test]
async fn a_replica_that_is_gone_holds_the_others_up_for_nothing() {
    let (fake, clock) = (FakeInfisical::start(seed()).unwrap(), Clock::simulated(START));
    // Nobody listens there, and nobody answers there.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let more = [gone.local_addr().unwrap(), silent.local_addr().unwrap()];
    drop(gone);
    let all = replicas(&fake, &clock, 3, &more).await;
    let to = all[0].webhook_address().unwrap();
    for round in 2..5_u32 {
        fake.set_secret(PLACE, "URL", &format!("canary-url-{round}")).unwrap();
        clock.advance(HALF);
        let time = clock.unix();
        assert_eq!(Sender::new(KEY).send(to, time, &modified("/api", time)).await, 202);
        until("all know", || all.iter().all(|one| value(one, "URL") == format!("canary-url-{round}"))).await;
    }
    until("the one that is gone was given up", || {
        clock.advance(HALF);
        all[0].metrics().contains("replicas_told_total{result=\"missed\"} 6")
    })
    .await;
    drop(silent);
    stop(all).await;
}
