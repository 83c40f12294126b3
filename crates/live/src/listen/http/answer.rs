//! What is answered. Names and values go to whoever has the token, and to nobody else.

use std::time::Duration;

use keyloom_runtime::{ChangeKind, Clock, Secret, Snapshot};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use zeroize::Zeroizing;

use super::token::Token;
use crate::listen::one_file::{Object, room};
use crate::listen::state::{Event, Since, State};

/// So long a request for changes waits if it does not say how long, and at most.
const PATIENCE: Duration = Duration::from_secs(30);
const MOST: Duration = Duration::from_secs(300);
/// What paths begin with.
const BASE: &str = "/v1/";

/// What of a request counts.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// `Authorization`.
    pub(crate) authorization: Option<String>,
    /// `If-None-Match`.
    pub(crate) known: Option<String>,
}

/// An answer.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// JSON; none of 304.
    pub(crate) body: Option<Zeroizing<Vec<u8>>>,
}

#[derive(Serialize)]
struct All<'a> {
    version: &'a str,
    secrets: Object<'a>,
}

#[derive(Serialize)]
struct One<'a> {
    version: &'a str,
    key: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Changes<'a> {
    version: &'a str,
    /// Whether it is not known what changed, so that everything must be read.
    reset: bool,
    changes: Vec<Changed<'a>>,
}

#[derive(Serialize)]
struct Changed<'a> {
    key: &'a str,
    kind: &'static str,
    version: String,
}

#[derive(Serialize)]
struct Fault<'a> {
    error: &'a str,
}

/// Answers a request; one for changes may wait.
pub(crate) async fn answer(state: &State, token: &Token, clock: &Clock, asked: &Asked) -> Answer {
    if !token.is_in(asked.authorization.as_deref()) {
        let mut answer = fault(401, "the token of the file that keyloom was started with is asked for");
        answer.headers.push(("www-authenticate", "Bearer".to_owned()));
        return answer;
    }
    let path = asked.path.strip_prefix(BASE).unwrap_or_default();
    let key = path.strip_prefix("secrets/").filter(|key| !key.is_empty() && !key.contains('/'));
    if path != "secrets" && path != "changes" && key.is_none() {
        return fault(404, "there are /v1/secrets, /v1/secrets/KEY and /v1/changes?since=VERSION");
    }
    if asked.method != "GET" {
        let mut answer = fault(405, "secrets are read here, and changed in Infisical");
        answer.headers.push(("allow", "GET".to_owned()));
        return answer;
    }
    match (path, key) {
        ("changes", _) => changes(state, clock, &asked.query).await,
        (_, None) => all(state, asked),
        (_, Some(key)) => one(state, &percent_decode_str(key).decode_utf8_lossy(), asked),
    }
}

fn all(state: &State, asked: &Asked) -> Answer {
    let snapshot = state.watch().borrow().snapshot.clone();
    let version = state.spell(snapshot.version());
    tagged(asked, &version, || {
        json(200, room(&snapshot), &All { version: &version, secrets: Object(&snapshot) })
    })
}

fn one(state: &State, key: &str, asked: &Asked) -> Answer {
    let snapshot = state.watch().borrow().snapshot.clone();
    let Some(value) = snapshot.get(key).map(Secret::expose) else {
        return fault(404, "there is no secret of this name, or its value may not be read");
    };
    let version = state.spell(snapshot.version());
    let room = 6 * (key.len() + value.len()) + 128;
    tagged(asked, &version, || json(200, room, &One { version: &version, key, value }))
}

/// The answer with the version as its tag, or none for whoever has it.
fn tagged(asked: &Asked, version: &str, answer: impl FnOnce() -> Answer) -> Answer {
    let tag = format!("\"{version}\"");
    let is_it = |it: &str| it.trim().trim_start_matches("W/") == tag;
    let known = asked.known.as_deref().is_some_and(|known| known.split(',').any(is_it));
    let mut answer = if known { Answer { status: 304, ..Answer::default() } } else { answer() };
    answer.headers.push(("etag", tag));
    answer
}

/// What changed since a version; waits for a change where there is none.
async fn changes(state: &State, clock: &Clock, query: &str) -> Answer {
    let (mut since, mut wait) = (None, PATIENCE);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("since", version)) => since = Some(version),
            Some(("wait", seconds)) => match seconds.parse() {
                Ok(seconds) => wait = Duration::from_secs(seconds).min(MOST),
                Err(_) => return fault(400, "wait is a number of seconds"),
            },
            _ => return fault(400, "a request for changes takes since=VERSION and wait=SECONDS"),
        }
    }
    let mut watch = state.watch();
    let Some(since) = since else {
        let snapshot = watch.borrow().snapshot.clone();
        return told(state, &snapshot, &Since::Changed(Vec::new()));
    };
    let Some(version) = state.read(since) else {
        let snapshot = watch.borrow().snapshot.clone();
        return told(state, &snapshot, &Since::Unknown);
    };
    let newer = watch.wait_for(|now| now.since(version) != Since::Changed(Vec::new()));
    tokio::select! {
        // Fails when the state is gone, which outlives this.
        _ = newer => {}
        () = clock.sleep(wait) => {}
    }
    let now = watch.borrow().clone();
    told(state, &now.snapshot, &now.since(version))
}

fn told(state: &State, snapshot: &Snapshot, since: &Since) -> Answer {
    let (reset, events) = match since {
        Since::Changed(events) => (false, &events[..]),
        Since::Unknown => (true, &[][..]),
    };
    let changed = |event: &'_ Event| (kind(event.kind), state.spell(event.version));
    let changes = events.iter().map(|event| {
        let (kind, version) = changed(event);
        Changed { key: &event.key, kind, version }
    });
    json(200, 256, &Changes { version: &state.spell(snapshot.version()), reset, changes: changes.collect() })
}

/// How a kind of change is written.
pub(crate) fn kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Created => "created",
        ChangeKind::Updated => "updated",
        ChangeKind::Rotated => "rotated",
        ChangeKind::Deleted => "deleted",
    }
}

fn fault(status: u16, error: &str) -> Answer {
    json(status, 128, &Fault { error })
}

fn json(status: u16, room: usize, body: &impl Serialize) -> Answer {
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    // Texts, numbers and lists of them can always be written.
    let written = serde_json::to_writer(&mut *bytes, body).is_ok();
    Answer { status: if written { status } else { 500 }, headers: Vec::new(), body: Some(bytes) }
}

#[cfg(test)]
mod tests;
