//! Replicas that tell each other through a real Redis, `redis-server` of this machine, which each test starts for itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests stand outside of test functions

mod shop;

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyloom_fake_infisical::FakeInfisical;
use keyloom_runtime::replicas::Redis;
use keyloom_runtime::{Clock, Secret, Settings, Subscriber};
use shop::{
    KEY, PLACE, START, Sender, figure, modified, questions, seed, settings, started, stop, until, value,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HALF: Duration = Duration::from_millis(500);
const CHANNEL: &str = "keyloom:shop:/api";
const PASSWORD: &str = "canary-redis";

/// A Redis that ends with the test.
struct Server {
    child: Child,
    port: u16,
    dir: tempfile::TempDir,
}

impl Server {
    async fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let dir = tempfile::tempdir().unwrap();
        let server = Self { child: spawn(port, &dir), port, dir };
        server.wait().await;
        server
    }

    async fn wait(&self) {
        let connect = async {
            while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), connect).await.expect("Redis does not answer");
    }

    fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn start_again(&mut self) {
        self.child = spawn(self.port, &self.dir);
        self.wait().await;
    }

    /// Sends commands, a line each, and reads what is answered at once.
    async fn say(&self, commands: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        stream.write_all(format!("AUTH {PASSWORD}\r\n{commands}\r\nQUIT\r\n").as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    fn url(&self) -> Secret {
        Secret::new(format!("redis://:{PASSWORD}@127.0.0.1:{}", self.port))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(port: u16, dir: &tempfile::TempDir) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD])
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server is needed: Debian's package redis-server has it")
}

/// Three replicas that hear each other.
async fn replicas(fake: &FakeInfisical, server: &Server, clock: &Clock) -> Vec<Subscriber> {
    let mut all = Vec::new();
    for _ in 0..3 {
        let redis = Redis::new(&server.url(), CHANNEL).unwrap().on(clock.clone());
        let settings =
            Settings { replicas: Some(Arc::new(redis)), clock: clock.clone(), ..settings(fake.url()) };
        all.push(started(settings).await);
    }
    // Each asks once more when it hears, for what was told before.
    until("all hear", || questions(fake) == 6).await;
    fake.forget_requests();
    all
}

fn all_know(all: &[Subscriber], url: &str) -> bool {
    all.iter().all(|one| value(one, "URL") == url)
}

#[tokio::test]
async fn three_replicas_learn_of_a_webhook_to_one_of_them_through_redis() {
    let (fake, clock) = (FakeInfisical::start(seed()).unwrap(), Clock::simulated(START));
    let server = Server::start().await;
    let all = replicas(&fake, &server, &clock).await;
    let sender = Sender::new(KEY);
    clock.advance(HALF);
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    let (to, began, time) = (all[1].webhook_address().unwrap(), Instant::now(), clock.unix());
    assert_eq!(sender.send(to, time, &modified("/api", time)).await, 202);
    until("all know", || all_know(&all, "canary-url-2")).await;
    let took = began.elapsed();
    until("it is known who heard", || all[1].metrics().contains("replicas_told_total{result=\"reached\"} 2"))
        .await;
    clock.advance(10 * HALF);
    tokio::time::sleep(Duration::from_millis(50)).await;
    // The one that told does not ask again for what it said itself.
    figure(&format!(
        "1 webhook, 3 replicas, Redis: {} questions, converged after {took:?}",
        questions(&fake)
    ));
    assert_eq!(questions(&fake), 3);
    stop(all).await;
}

#[tokio::test]
async fn what_is_lost_while_redis_is_away_is_made_good_when_it_is_back() {
    let (fake, clock) = (FakeInfisical::start(seed()).unwrap(), Clock::simulated(START));
    let mut server = Server::start().await;
    let all = replicas(&fake, &server, &clock).await;
    let sender = Sender::new(KEY);
    // The server cuts those who hear off: they come back by themselves.
    server.say("CLIENT KILL TYPE pubsub").await;
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    until("all hear again", || {
        clock.advance(HALF / 10);
        all_know(&all, "canary-url-2")
    })
    .await;
    // Redis is gone, and a webhook reaches one of them.
    server.stop();
    fake.set_secret(PLACE, "URL", "canary-url-3").unwrap();
    clock.advance(HALF);
    let (to, time) = (all[0].webhook_address().unwrap(), clock.unix());
    assert_eq!(sender.send(to, time, &modified("/api", time)).await, 202);
    until("one knows, and could not tell", || {
        clock.advance(HALF / 10);
        value(&all[0], "URL") == "canary-url-3" && all[0].metrics().contains("result=\"missed\"} 1")
    })
    .await;
    assert!(all[1..].iter().all(|one| value(one, "URL") == "canary-url-2"));
    server.start_again().await;
    let back = clock.now();
    until("all know", || {
        clock.advance(HALF / 10);
        all_know(&all, "canary-url-3")
    })
    .await;
    let took = clock.now() - back;
    figure(&format!("Redis away while a webhook came: all know {took:?} after it is back"));
    assert!(took < Duration::from_secs(60), "{took:?}");
    stop(all).await;
}

#[tokio::test]
async fn who_has_no_key_is_not_believed() {
    let (fake, clock) = (FakeInfisical::start(seed()).unwrap(), Clock::simulated(START));
    let server = Server::start().await;
    let all = replicas(&fake, &server, &clock).await;
    clock.advance(10 * HALF);
    let time = clock.unix();
    let body = modified("/api", time);
    let quoted = format!("t={};{}\\n{}", time.as_millis(), "0a".repeat(32), body.replace('"', "\\\""));
    let answer = server.say(&format!("PUBLISH {CHANNEL} \"{quoted}\"\r\nPUBLISH {CHANNEL} canary")).await;
    assert_eq!(answer.matches(":3\r\n").count(), 2, "{answer}");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(questions(&fake), 0);
    stop(all).await;
}
