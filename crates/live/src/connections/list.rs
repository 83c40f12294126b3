//! The names of connections, and what is behind them.

use keyloom_connections::{Connection, Parsed};
use keyloom_runtime::connections::{ConnectionError, Connections, Failure};
use tokio::task::JoinSet;

/// So many are read at once.
const AT_ONCE: usize = 16;

/// A name, and what is behind it.
#[derive(Debug)]
pub struct Listed {
    /// Name of the connection.
    pub name: String,
    /// What was read; none where nothing was to be.
    pub read: Option<Result<Parsed, ConnectionError>>,
}

/// What is listed of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Their names; no value is read.
    Names,
    /// Their names, and what is behind each.
    Connections,
}

/// The names of all that could be connections, in order, and what is behind them as far as that is asked for.
///
/// # Errors
/// Why the backend does not tell the names.
pub async fn list(connections: &Connections, depth: Depth) -> Result<Vec<Listed>, Failure> {
    let names = connections.backend().names().await?;
    let mut listed: Vec<_> = names.into_iter().map(|name| Listed { name, read: None }).collect();
    if depth == Depth::Names {
        return Ok(listed);
    }
    let mut waiting = listed.iter().map(|one| one.name.clone()).collect::<Vec<_>>().into_iter().enumerate();
    let mut tasks = JoinSet::new();
    let start = |(at, name): (usize, String)| {
        let connections = connections.clone();
        async move { (at, parsed(&connections, &name).await) }
    };
    for next in waiting.by_ref().take(AT_ONCE) {
        tasks.spawn(start(next));
    }
    while let Some(done) = tasks.join_next().await {
        if let Some(next) = waiting.next() {
            tasks.spawn(start(next));
        }
        let Ok((at, read)) = done else { continue };
        if let Some(one) = listed.get_mut(at) {
            one.read = Some(read);
        }
    }
    Ok(listed)
}

/// A connection with what is odd about it.
async fn parsed(connections: &Connections, name: &str) -> Result<Parsed, ConnectionError> {
    let backend = connections.backend();
    let text = backend.read(name).await.map_err(|failure| ConnectionError::Read {
        name: name.to_owned(),
        backend: backend.word(),
        failure,
    })?;
    Connection::parse(name, &text).map_err(|problems| ConnectionError::Invalid {
        name: name.to_owned(),
        backend: backend.word(),
        problems,
    })
}
