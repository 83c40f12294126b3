//! Changes values at a rate, and sends the webhook of each change.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::board::Board;
use super::fake::Fake;
use super::http::Connection;
use super::{KEY, folder, path, project};

/// Webhooks that may be on their way at once; a receiver answers before it asks for anything.
const SENDERS: u64 = 32;
/// A connection that was not used for so long is not used again.
const IDLE: Duration = Duration::from_secs(1);
/// How long a receiver may take to listen once it says that it is ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// Events at a steady rate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phase {
    /// The number of the first.
    pub(super) first: u64,
    pub(super) count: u64,
    /// In a second.
    pub(super) rate: f64,
}

/// Who is told, and of what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sides<'a> {
    pub(super) receiver: SocketAddr,
    pub(super) fake: &'a Fake,
    pub(super) board: &'a Mutex<Board>,
    pub(super) folders: usize,
}

/// What became of a phase.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Webhooks that the receiver did not take.
    pub(super) refused: u64,
    /// How much later than it was due each change was made.
    pub(super) late: Vec<Duration>,
}

/// Sends all events, each when it is due, whatever became of those before.
pub(super) fn send(sides: Sides<'_>, phase: Phase) -> io::Result<Sent> {
    let (next, start) = (AtomicU64::new(0), Instant::now());
    let parts: Vec<io::Result<Sent>> = thread::scope(|scope| {
        let senders =
            (0..SENDERS.min(phase.count)).map(|_| scope.spawn(|| sender(sides, phase, &next, start)));
        let senders: Vec<_> = senders.collect();
        let broken = |_| Err(io::Error::other("a sender panicked"));
        senders.into_iter().map(|sender| sender.join().unwrap_or_else(broken)).collect()
    });
    let mut sent = Sent::default();
    for part in parts {
        let part = part?;
        sent.refused += part.refused;
        sent.late.extend(part.late);
    }
    Ok(sent)
}

fn sender(sides: Sides<'_>, phase: Phase, next: &AtomicU64, start: Instant) -> io::Result<Sent> {
    let (mut connection, mut used) = (connect(sides.receiver)?, Instant::now());
    let mut sent = Sent::default();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= phase.count {
            return Ok(sent);
        }
        let due = start + Duration::from_secs_f64(index as f64 / phase.rate);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let number = phase.first + index;
        sides.board.lock().unwrap_or_else(PoisonError::into_inner).sent(number, due);
        let folder = folder(number, sides.folders);
        sides.fake.set(folder, number);
        sent.late.push(due.elapsed());
        // Servers close connections on which nothing comes.
        if used.elapsed() > IDLE {
            connection = connect(sides.receiver)?;
        }
        let answer = connection.ask(&webhook(number, folder, KEY)?)?;
        used = Instant::now();
        if !answer.second().starts_with('2') {
            sent.refused += 1;
        }
    }
}

/// Whether the receiver refuses a webhook of the first folder whose signature is of another key.
pub(super) fn refuses_forged(receiver: SocketAddr) -> io::Result<bool> {
    let answer = connect(receiver)?.ask(&webhook(0, 0, "another key")?)?;
    Ok(!answer.second().starts_with('2'))
}

fn connect(address: SocketAddr) -> io::Result<Connection> {
    let start = Instant::now();
    loop {
        match Connection::open(address) {
            Err(_) if start.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(5)),
            other => return other,
        }
    }
}

/// A request as Infisical makes it. The number makes each the only one of its kind.
fn webhook(number: u64, folder: usize, key: &str) -> io::Result<Vec<u8>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    let id = project(folder);
    let project = json!({
        "workspaceId": id, "projectId": id, "projectName": "bench", "environment": "prod",
        "environmentName": "Production", "secretPath": path(folder), "changedBy": format!("identity-{number}"),
        "changedByActorType": "identity",
    });
    let body = json!({"event": "secrets.modified", "project": project, "timestamp": now}).to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(io::Error::other)?;
    mac.update(body.as_bytes());
    let code: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let length = body.len();
    Ok(format!(
        "POST /infisical/webhook HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         x-infisical-signature: t={now};{code}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes())
}
