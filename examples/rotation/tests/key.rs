//! A client with a key of an interface, exchanged under load. The interface takes the old key until it is drained.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyloom_example_rotation::Swap;
use tokio::task::JoinSet;

const ROTATIONS: u32 = 50;
const WORKERS: usize = 16;

/// An interface that takes one key, and while that is exchanged two.
#[derive(Default)]
struct Interface {
    keys: Mutex<Vec<u32>>,
}

impl Interface {
    async fn ask(&self, key: u32) -> Result<(), u32> {
        tokio::task::yield_now().await;
        if self.keys.lock().unwrap().contains(&key) { Ok(()) } else { Err(key) }
    }
}

/// What is made of a key: here the key alone, elsewhere a client that has it in a header of each request.
struct Client {
    key: u32,
    interface: Arc<Interface>,
}

#[tokio::test]
async fn no_request_is_refused_while_a_key_is_exchanged() {
    let interface = Arc::new(Interface { keys: Mutex::new(vec![0]) });
    let client = |key| Client { key, interface: Arc::clone(&interface) };
    let (swap, stop) = (Arc::new(Swap::new(client(0))), Arc::new(AtomicBool::new(false)));
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        let (swap, stop) = (Arc::clone(&swap), Arc::clone(&stop));
        workers.spawn(async move {
            let mut newest = 0;
            while !stop.load(Ordering::Relaxed) {
                // Two requests belong together, and are sent with the same key.
                let client = swap.lease();
                for _ in 0..2 {
                    client.interface.ask(client.key).await.unwrap();
                }
                assert!(client.key >= newest, "work that begins later is never done with an older key");
                newest = client.key;
            }
            newest
        });
    }
    for key in 1..=ROTATIONS {
        interface.keys.lock().unwrap().push(key);
        let old = swap.swap(client(key));
        assert!(old.drained(Duration::from_secs(60)).await);
        interface.keys.lock().unwrap().retain(|it| *it == key);
    }
    tokio::task::yield_now().await;
    stop.store(true, Ordering::Relaxed);
    while let Some(newest) = workers.join_next().await {
        assert!(newest.unwrap() >= ROTATIONS - 1);
    }
}
