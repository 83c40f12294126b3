//! A connection is written, and nothing is replaced that nobody said may be.

use keyloom_connections::{Connection, Secret};
use keyloom_runtime::connections::{Connections, Failure, FailureKind, Over};

use super::compose::changes;

/// What became of a connection that was to be written.
#[derive(Debug, PartialEq, Eq)]
pub enum Written {
    /// There was none before.
    New,
    /// There is the same one already, and nothing is written.
    Same,
    /// Another one was there, and is replaced: what changed, in words.
    Replaced(Vec<String>),
    /// Another one is there, and stays: what would change, in words.
    Kept(Vec<String>),
}

/// Writes a connection that was checked. `text` is its JSON as it is to be there; `over` says whether another one may be replaced.
///
/// # Errors
/// Why the backend does not take it, or does not say whether one is there.
pub async fn put(
    connections: &Connections,
    connection: &Connection,
    text: &Secret,
    over: Over,
) -> Result<Written, Failure> {
    let backend = connections.backend();
    let name = connection.name();
    let text = &without_mark(text);
    let there = match backend.read(name).await {
        Ok(there) => Some(there),
        Err(failure) => match failure.kind {
            FailureKind::NotFound => None,
            // Who may write need not be able to read.
            FailureKind::Denied if over == Over::Anything => {
                backend.write(name, text, over).await?;
                return Ok(Written::Replaced(vec!["what was there cannot be read".to_owned()]));
            }
            FailureKind::Settings
            | FailureKind::Login
            | FailureKind::Denied
            | FailureKind::Deleted
            | FailureKind::Exists
            | FailureKind::Unavailable
            | FailureKind::Unsupported => return Err(failure),
        },
    };
    let Some(there) = there else {
        // Somebody else may write one at the same time.
        backend.write(name, text, over).await?;
        return Ok(Written::New);
    };
    let changed = match Connection::parse(name, &there) {
        Ok(read) => changes(&read.connection, connection),
        Err(_) => vec!["what is there is no connection".to_owned()],
    };
    if changed.is_empty() && (over == Over::Nothing || there.is_same(text)) {
        return Ok(Written::Same);
    }
    if over == Over::Nothing {
        return Ok(Written::Kept(changed));
    }
    backend.write(name, text, over).await?;
    Ok(Written::Replaced(changed))
}

/// Some editors put a byte order mark first, which is no part of JSON.
fn without_mark(text: &Secret) -> Secret {
    match text.expose().strip_prefix('\u{feff}') {
        Some(rest) => Secret::new(rest.trim_start_matches('\u{feff}').to_owned()),
        None => text.clone(),
    }
}
