//! What goes wrong between Infisical and an application, with figures and a seed that stays.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests stand outside of test functions

mod shop;

use std::io::Write;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use keyloom_fake_infisical::{
    Access, ClientSecret, Environment, FakeInfisical, Identity, Planned, Project as Seeded, Seed,
    TokenSettings, UniversalAuth,
};
use keyloom_runtime::http::Limits;
use keyloom_runtime::replicas::{Headless, Later, Replicas, Told};
use keyloom_runtime::webhook::{Accepted, Hint, PATH, SIGNATURE_HEADER, Signature};
use keyloom_runtime::{BaseUrl, Clock, Credentials, Secret, Settings, Subscriber};
use shop::{KEY, PLACE, START, Sender, folder, modified, questions, seed, settings, shown, until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What chance is drawn from here.
const SEED: u64 = 2026;
const HALF: Duration = Duration::from_millis(500);
const MINUTE: Duration = Duration::from_secs(60);

async fn started(settings: Settings) -> Subscriber {
    let subscriber = Subscriber::new(settings).unwrap();
    subscriber.start().await.unwrap();
    subscriber
}

fn value(subscriber: &Subscriber, key: &str) -> String {
    subscriber.get(key).map(|secret| secret.expose().to_owned()).unwrap_or_default()
}

/// Figures are for whoever reads what CI writes: the test's own output is not shown there.
fn figure(words: &str) {
    let line = format!("figure: {words}\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

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

async fn stop(all: Vec<Subscriber>) {
    for one in all {
        shown(&one);
        one.stop().await;
    }
}

#[tokio::test]
async fn three_replicas_learn_of_a_webhook_to_one_of_them() {
    let (fake, clock) = (FakeInfisical::start(seed()).unwrap(), Clock::simulated(START));
    let all = replicas(&fake, &clock, 3, &[]).await;
    fake.set_secret(PLACE, "PASSWORD", "canary-password-2").unwrap();
    fake.forget_requests();
    let began = Instant::now();
    let to = all[1].webhook_address().unwrap();
    assert_eq!(Sender::new(KEY).send(to, START, &modified("/api", START)).await, 202);
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

/// Sends webhooks on one connection, many at once; how many were taken.
async fn pipelined(to: SocketAddr, requests: Vec<String>) -> usize {
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

fn request(body: &str, time: Duration) -> String {
    let signature = Signature::sign(KEY.as_bytes(), time, body.as_bytes());
    let length = body.len();
    format!(
        "POST {PATH} HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n{SIGNATURE_HEADER}: {signature}\r\n\r\n{body}"
    )
}

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
        clock.advance(Duration::from_millis(100));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(taken, 10_000);
    // What was told last counts, without another webhook.
    until("nothing is lost", || {
        clock.advance(Duration::from_millis(10));
        value(&subscriber, "URL") == "canary-url-9"
    })
    .await;
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

/// Moves the clock to whatever is waited for next, until something is so; how long it went.
async fn pass(clock: &Clock, what: &str, is_so: impl Fn() -> bool) -> Duration {
    let began = clock.now();
    until(what, || {
        if let Some(next) = clock.next_wake().filter(|_| !is_so()) {
            clock.advance((next - clock.now()).min(MINUTE));
        }
        is_so()
    })
    .await;
    clock.now() - began
}

#[tokio::test]
async fn while_the_server_is_away_the_last_secrets_are_served() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let settings = settings(fake.url());
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    fake.forget_requests();
    let faults = [Planned::Status(500), Planned::Html(502), Planned::TooManyForNow, Planned::Status(504)];
    fake.plan(faults.into_iter().cycle().take(20));
    subscriber.hint(&Hint::default());
    let took = pass(&clock, "the server is back", || {
        assert!(value(&subscriber, "USER") == "canary-user-1" && subscriber.is_ready());
        // However often somebody says that there is news, the server is left alone.
        subscriber.hint(&Hint::default());
        value(&subscriber, "URL") == "canary-url-2"
    })
    .await;
    let asked = questions(&fake);
    figure(&format!("server away: {asked} questions in {took:?}"));
    assert!(asked == 21 && took > 10 * MINUTE, "{asked} questions in {took:?}");
    assert!(
        shop::logged().contains("WARN keyloom_runtime::subscriber::shared: a folder could not be loaded: ")
    );
    stop(vec![subscriber]).await;
}

#[tokio::test]
async fn a_server_that_is_busy_is_left_alone_for_as_long_as_it_wants() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let settings = Settings { limits: Limits::default(), ..settings(fake.url()) };
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    fake.forget_requests();
    fake.plan([Planned::TooMany(45), Planned::TooMany(300)]);
    subscriber.hint(&Hint::default());
    let took = pass(&clock, "it answers", || value(&subscriber, "URL") == "canary-url-2").await;
    figure(&format!("server busy for 45 s and 300 s: {} questions in {took:?}", questions(&fake)));
    assert_eq!(questions(&fake), 3);
    assert!(took >= Duration::from_secs(345) && took < Duration::from_secs(600), "{took:?}");
    stop(vec![subscriber]).await;
}

#[tokio::test]
async fn a_token_that_ran_out_is_replaced_and_nothing_is_missed() {
    let tokens = TokenSettings { ttl: 60, ..TokenSettings::default() };
    let client_secrets = vec![ClientSecret::new("canary-secret")];
    let auth =
        UniversalAuth { client_id: "client".to_owned(), client_secrets, tokens, ..UniversalAuth::default() };
    let prod = Environment::new("prod").folder("/api", &[("URL", "canary-url-1"), ("WEBHOOK_SECRET", KEY)]);
    let identity = Identity::new("app").universal_auth(auth).may(Access::Read, "shop");
    let fake =
        FakeInfisical::start(Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity))
            .unwrap();
    let settings = settings(fake.url());
    let subscriber = started(settings).await;
    fake.forget_requests();
    // The server's clock only: the client learns of it by being refused.
    fake.advance(2 * MINUTE);
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    subscriber.hint(&Hint::default());
    until("it is known", || value(&subscriber, "URL") == "canary-url-2").await;
    let seen: Vec<_> = fake.requests().into_iter().map(|request| (request.status, request.error)).collect();
    let refused = (403, Some("TokenError".to_owned()));
    figure(&format!("token ran out: {} requests", seen.len()));
    assert_eq!((seen.len(), &seen[0]), (3, &refused), "{seen:?}");
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

/// Answers each question with one more state, in which the user and the password have the same number.
fn rotating() -> (String, Arc<AtomicU64>) {
    use std::io::{BufRead, BufReader};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let state = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&state);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let head = BufReader::new(stream.try_clone().unwrap()).lines();
            head.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
            let secret = |key: &str| format!(r#"{{"secretKey": "{key}", "secretValue": "{number}"}}"#);
            let body = format!(r#"{{"secrets": [{}, {}]}}"#, secret("USER"), secret("PASSWORD"));
            let length = body.len();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    (url, state)
}

#[tokio::test]
async fn readers_never_see_half_a_rotation() {
    let (url, state) = rotating();
    let clock = Clock::simulated(START);
    let settings = Settings {
        webhook: None,
        clock: clock.clone(),
        ..Settings::new(
            BaseUrl::parse(&url).unwrap(),
            Credentials::Token(Secret::new("canary-token".to_owned())),
            vec![folder("/api")],
        )
    };
    let subscriber = Arc::new(started(settings).await);
    let torn = Arc::new(AtomicU64::new(0));
    let told = Arc::clone(&torn);
    subscriber.subscribe_all(move |changes| {
        let new: Vec<_> = changes.iter().map(|change| change.new.as_ref().unwrap().expose()).collect();
        if new.len() != 2 || new[0] != new[1] {
            told.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    });
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (subscriber, done, torn) = (Arc::clone(&subscriber), Arc::clone(&done), Arc::clone(&torn));
            std::thread::spawn(move || {
                let (mut reads, mut last) = (0_u64, 0_u64);
                while !done.load(Ordering::Relaxed) {
                    let all = subscriber.snapshot();
                    let (user, password) = (all.get("USER").unwrap(), all.get("PASSWORD").unwrap());
                    let now: u64 = user.expose().parse().unwrap();
                    if !user.is_same(password) || now < last {
                        torn.fetch_add(1, Ordering::SeqCst);
                    }
                    (reads, last) = (reads + 1, now);
                    std::thread::yield_now();
                }
                reads
            })
        })
        .collect();
    for number in 2..=200 {
        clock.advance(HALF);
        subscriber.hint(&Hint::default());
        until("the next state is there", || value(&subscriber, "USER") == number.to_string()).await;
    }
    done.store(true, Ordering::Relaxed);
    let reads: u64 = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
    let rotations = state.load(Ordering::SeqCst);
    figure(&format!(
        "{rotations} rotations of 2 keys, {reads} reads by 4 threads: {} torn",
        torn.load(Ordering::SeqCst)
    ));
    assert_eq!(torn.load(Ordering::SeqCst), 0);
    subscriber.stop().await;
}
