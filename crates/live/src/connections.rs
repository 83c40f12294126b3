//! `keyloom run` and `keyloom connection`: connections of a secrets backend for a command, and what can be asked of them.

use std::sync::Arc;
use std::time::Duration;

use keyloom_connections::Connection;
use keyloom_runtime::connections::{ConnectionError, Connections, FailureKind};

mod chosen;
mod command;
mod compose;
mod list;
mod put;
mod reach;
mod shell;
mod trial;

pub use crate::command_error::CommandError;
pub use chosen::{Chosen, ChosenValue, Mischosen, chosen, no_field, values};
pub use command::{Clash, Credentials, Variables, run, variables};
pub use compose::{Part, Refused, changes, compose};
pub use list::{Depth, Listed, list};
pub use put::{Written, put};
pub use shell::quoted;
pub use trial::{Reach, Step, StepId, StepState, TrialOptions, trials};

/// Has what the client has to say, such as a field that a type does not have, said from now on. Who does so in a process first is the
/// one.
pub fn hear(say: &'static (dyn Fn(&str) + Sync)) {
    crate::heard::hear(say);
}

/// How long the names are waited for.
const NAMES: Duration = Duration::from_secs(3);

/// Whether the place in the backend (project, environment and path, or the file) is known not to be there, so that nothing could be
/// found in it. Who may not see the names does not know.
pub async fn lacks_place(connections: &Connections) -> bool {
    let names = tokio::time::timeout(NAMES, connections.backend().names()).await;
    matches!(names, Ok(Err(failure)) if failure.kind == FailureKind::NotFound)
}

/// Fetches connections, all at once and each once, in the order in which they are named; and an error for each that is not there.
pub async fn fetch(
    connections: &Connections,
    names: &[String],
) -> (Vec<Arc<Connection>>, Vec<ConnectionError>) {
    let tasks: Vec<_> = names
        .iter()
        .map(|name| {
            let (connections, name) = (connections.clone(), name.clone());
            tokio::spawn(async move { connections.connection(&name).await })
        })
        .collect();
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (task, name) in tasks.into_iter().zip(names) {
        match task.await {
            Ok(Ok(connection)) => found.push(connection),
            Ok(Err(error)) => errors.push(error),
            Err(_) => errors.push(ConnectionError::Panicked { name: name.clone() }),
        }
    }
    (found, errors)
}
