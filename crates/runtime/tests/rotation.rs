//! Keys that rotate together, and many who read them meanwhile.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests stand outside of test functions

mod shop;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use keyloom_runtime::webhook::Hint;
use keyloom_runtime::{BaseUrl, Clock, Credentials, Secret, Settings};
use shop::{START, figure, folder, started, until, value};

const HALF: Duration = Duration::from_millis(500);

/// Answers each question with one more state, in which the user and the password have the same number.
fn rotating() -> (String, Arc<AtomicU64>) {
    use std::io::{BufRead, BufReader, Write};
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
