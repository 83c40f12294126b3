//! Webhooks in masses, forged, replayed and torn, with figures and a seed that stays.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests stand outside of test functions

mod shop;

use std::time::{Duration, Instant};

use keyloom_fake_infisical::FakeInfisical;
use keyloom_runtime::Subscriber;
use keyloom_runtime::webhook::{Hint, PATH, SIGNATURE_HEADER, Signature};
use shop::{
    KEY, PLACE, START, Sender, figure, folder, modified, pipelined, questions, request, seed, settings,
    shown, started, stop, until, value,
};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// What chance is drawn from here.
const SEED: u64 = 2026;
const HALF: Duration = Duration::from_millis(500);
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn ten_thousand_webhooks_in_a_second_are_three_questions() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let mut settings = settings(fake.url());
    settings.folders.push(folder("/other"));
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    let to = subscriber.webhook_address().unwrap();
    fake.forget_requests();
    let began = Instant::now();
    let mut taken = 0;
    // A second in ten steps, 1,000 webhooks each, a change of a secret in each.
    for step in 0..10_u32 {
        fake.set_secret(PLACE, "URL", &format!("canary-url-{step}")).unwrap();
        let time = clock.unix();
        let all: Vec<_> = (0..1000)
            .map(|number| {
                request(
                    &modified("/api", time).replace("\"project\"", &format!("\"n\":{number},\"project\"")),
                    time,
                )
            })
            .collect();
        for chunk in all.chunks(250) {
            taken += pipelined(to, chunk.to_vec()).await;
        }
        // Nobody is asked just now: both folders are waited with, and so is the login.
        clock.asleep(3).await;
        clock.advance(Duration::from_millis(100));
    }
    assert_eq!(taken, 10_000);
    // What was told last counts, without another webhook.
    let passing = async {
        while value(&subscriber, "URL") != "canary-url-9" {
            clock.asleep(3).await;
            clock.advance(Duration::from_millis(10));
        }
    };
    tokio::time::timeout(MINUTE, passing).await.expect("what was told last is lost");
    let asked = |path: &str| {
        let of = |pair: &(String, String)| pair.0 == "secretPath" && pair.1 == path;
        fake.requests().iter().filter(|request| request.query.iter().any(of)).count()
    };
    let (named, near) = (asked("/api"), asked("/other"));
    let (simulated, took) = (clock.now(), began.elapsed());
    figure(&format!(
        "10,000 webhooks: {named} questions for the folder, {near} for another one, in {simulated:?} ({took:?} real)"
    ));
    assert!(named <= 4 && simulated < Duration::from_secs(2), "{named} questions in {simulated:?}");
    assert_eq!(near, 1);
    stop(vec![subscriber]).await;
}

#[tokio::test]
async fn forged_and_replayed_webhooks_lead_to_nothing() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let settings = settings(fake.url());
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    let to = subscriber.webhook_address().unwrap();
    let sender = Sender::new(KEY);
    let good = modified("/api", START);
    let header = Signature::sign(KEY.as_bytes(), START, good.as_bytes());
    let url = format!("http://{to}{PATH}");
    assert_eq!(sender.post(&url, &[(SIGNATURE_HEADER, &header)], &good).await.status, 202);
    until("it was asked for", || questions(&fake) == 2).await;
    clock.advance(MINUTE);
    fake.forget_requests();
    let mut rng = fastrand::Rng::with_seed(SEED);
    let mut refused = std::collections::BTreeMap::new();
    for _ in 0..500 {
        let (mut header, mut body) = (header.clone().into_bytes(), good.clone().into_bytes());
        match rng.u8(..4) {
            // As it was.
            0 => {}
            1 => {
                let at = rng.usize(..header.len());
                header[at] = rng.u8(b'0'..=b'z');
            }
            2 => {
                let at = rng.usize(..body.len());
                body[at] = rng.u8(b'0'..=b'z');
            }
            _ => header.truncate(rng.usize(1..header.len())),
        }
        let (header, body) = (String::from_utf8(header).unwrap(), String::from_utf8(body).unwrap());
        let status = sender.post(&url, &[(SIGNATURE_HEADER, &header)], &body).await.status;
        assert!(matches!(status, 400 | 401 | 409), "{status}");
        *refused.entry(status).or_insert(0) += 1;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    figure(&format!("500 forged and replayed webhooks: {refused:?}, {} questions", questions(&fake)));
    assert_eq!(questions(&fake), 0);
    stop(vec![subscriber]).await;
}

#[tokio::test]
async fn torn_connections_cost_nothing_but_themselves() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let settings = settings(fake.url());
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    let to = subscriber.webhook_address().unwrap();
    let mut rng = fastrand::Rng::with_seed(SEED);
    let bytes = request(&modified("/api", START), START);
    for _ in 0..300 {
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(&bytes.as_bytes()[..rng.usize(..bytes.len())]).await.unwrap();
    }
    // None of them was whole.
    assert!(shown(&subscriber).contains("webhooks_total{event=\"secrets.modified\"} 0"));
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    assert_eq!(pipelined(to, vec![bytes]).await, 1);
    until("it is known", || value(&subscriber, "URL") == "canary-url-2").await;
    // A server of secrets that breaks the connection off is one that is away.
    let url = fake.url().to_owned();
    drop(fake);
    subscriber.hint(&Hint::default());
    clock.advance(HALF);
    until("it failed", || subscriber.status().last_error.is_some()).await;
    assert!(!subscriber.status().last_error.unwrap().contains(&url));
    assert_eq!(value(&subscriber, "URL"), "canary-url-2");
    figure("300 torn connections: 0 webhooks taken, the next one was");
    stop(vec![Subscriber::new(shop::settings(&url)).unwrap(), subscriber]).await;
}
