//! A connection is tried, step by step: each step says what it found, or what to do.

use std::time::Duration;

use keyloom_connections::{Connection, Problem, Stage};
use keyloom_runtime::connections::{Connections, Failure, FailureKind};

use super::reach::{Reached, reach};

/// What is asked, in the order in which it is asked. What hangs on a step that failed is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    /// The backend is reached.
    Host,
    /// It lets us in.
    Login,
    /// Project, environment, path: the place where secrets are is there.
    Place,
    /// This secret may be read.
    Readable,
    /// This secret is there, and not empty.
    Exists,
    /// It is JSON.
    Json,
    /// It has `type` and `details`.
    Parts,
    /// The type is one.
    Type,
    /// The fields are those of the type.
    Fields,
    /// What it leads to answers.
    Connect,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It holds.
    Ok,
    /// It holds, and something is odd.
    Warning,
    /// It does not hold.
    Failed,
    /// It was not looked at.
    Skipped,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was asked.
    pub id: Id,
    /// What became of it.
    pub state: State,
    /// What was found, a line each; no value is in them.
    pub found: Vec<String>,
}

/// How far a connection is tried.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// So long what it leads to may take to answer.
    pub timeout: Duration,
    /// Whether that is asked at all.
    pub connect: bool,
    /// Whether the value of a `generic` connection is taken for an address.
    pub url: bool,
}

impl Id {
    /// All of them, in order.
    pub const ALL: [Self; 10] = [
        Self::Host,
        Self::Login,
        Self::Place,
        Self::Readable,
        Self::Exists,
        Self::Json,
        Self::Parts,
        Self::Type,
        Self::Fields,
        Self::Connect,
    ];

    /// A word for it that does not change.
    pub fn word(self) -> &'static str {
        match self {
            Self::Host => "backend.host",
            Self::Login => "backend.login",
            Self::Place => "backend.place",
            Self::Readable => "secret.readable",
            Self::Exists => "secret.exists",
            Self::Json => "secret.json",
            Self::Parts => "secret.parts",
            Self::Type => "connection.type",
            Self::Fields => "connection.fields",
            Self::Connect => "connection.connect",
        }
    }
}

/// The steps of one connection, all of them, in order.
#[derive(Debug)]
struct Steps(Vec<Step>);

impl Steps {
    fn new() -> Self {
        Self(Id::ALL.map(|id| Step { id, state: State::Skipped, found: Vec::new() }).into())
    }

    fn set(&mut self, id: Id, state: State, found: impl IntoIterator<Item = String>) {
        if let Some(step) = self.0.iter_mut().find(|step| step.id == id) {
            step.state = state;
            step.found.extend(found);
        }
    }

    /// Every step up to this one holds.
    fn hold_up_to(&mut self, last: Id) {
        Id::ALL.into_iter().filter(|id| *id <= last).for_each(|id| self.set(id, State::Ok, None));
    }
}

/// Tries connections, all at once, and answers in the order in which they are named.
pub async fn trials(connections: &Connections, names: &[String], limits: Limits) -> Vec<Vec<Step>> {
    let start = |name: &String| {
        let (connections, name) = (connections.clone(), name.clone());
        tokio::spawn(async move { trial(&connections, &name, limits).await })
    };
    let tasks: Vec<_> = names.iter().map(start).collect();
    let mut all = Vec::new();
    for task in tasks {
        all.push(task.await.unwrap_or_else(|_| panicked()));
    }
    all
}

/// A client that panics says nothing more than that.
fn panicked() -> Vec<Step> {
    let mut steps = Steps::new();
    steps.set(Id::Connect, State::Failed, Some("a client stopped at a fault of its own".to_owned()));
    steps.0
}

/// Tries a connection.
async fn trial(connections: &Connections, name: &str, limits: Limits) -> Vec<Step> {
    let mut steps = Steps::new();
    let text = match connections.text(name).await {
        Ok(text) => text,
        Err(failure) => {
            refused(connections, &failure, &mut steps).await;
            return steps.0;
        }
    };
    steps.hold_up_to(Id::Exists);
    if text.is_blank() {
        steps.set(
            Id::Exists,
            State::Failed,
            Some("the secret is empty; write the connection as JSON".to_owned()),
        );
        return steps.0;
    }
    let (connection, problems) = match Connection::parse(name, &text) {
        Ok(read) => (Some(read.connection), read.warnings),
        Err(problems) => (None, problems),
    };
    judged(&problems, &mut steps);
    if let Some(connection) = connection {
        if limits.connect {
            connected(&connection, limits, &mut steps).await;
        } else {
            steps.set(Id::Connect, State::Skipped, Some("not asked for".to_owned()));
        }
    }
    steps.0
}

/// The steps up to the one at which the backend said no.
async fn refused(connections: &Connections, failure: &Failure, steps: &mut Steps) {
    let said = Some(failure.to_string());
    match failure.kind {
        FailureKind::Unavailable => steps.set(Id::Host, State::Failed, said),
        FailureKind::Login => {
            steps.hold_up_to(Id::Host);
            steps.set(Id::Login, State::Failed, said);
        }
        FailureKind::Settings => {
            steps.hold_up_to(Id::Login);
            steps.set(Id::Place, State::Failed, said);
        }
        FailureKind::Denied => {
            steps.hold_up_to(Id::Login);
            steps.set(Id::Readable, State::Failed, said);
        }
        FailureKind::Unsupported | FailureKind::Exists => {
            steps.hold_up_to(Id::Readable);
            steps.set(Id::Exists, State::Failed, said);
        }
        FailureKind::NotFound => {
            steps.hold_up_to(Id::Login);
            missing(connections, failure, steps).await;
        }
    }
}

/// What is not found is the place or the secret; the names that are there tell.
async fn missing(connections: &Connections, failure: &Failure, steps: &mut Steps) {
    match connections.backend().names().await {
        Ok(_) => {
            steps.hold_up_to(Id::Readable);
            steps.set(Id::Exists, State::Failed, Some(failure.to_string()));
        }
        Err(of_place) if of_place.kind == FailureKind::NotFound => {
            steps.set(Id::Place, State::Failed, Some(of_place.to_string()));
        }
        // Who may read a secret need not be able to list them.
        Err(_) => steps.set(Id::Exists, State::Failed, Some(failure.to_string())),
    }
}

/// The steps of what is written in the secret. Behind one that failed, one is skipped unless something was found of it too.
fn judged(problems: &[Problem], steps: &mut Steps) {
    let each = [
        (Id::Json, Stage::Json),
        (Id::Parts, Stage::Parts),
        (Id::Type, Stage::Type),
        (Id::Fields, Stage::Fields),
    ];
    let mut state = State::Ok;
    for (id, stage) in each {
        let here = || problems.iter().filter(|problem| problem.stage() == stage);
        let failed_before = matches!(state, State::Failed | State::Skipped);
        state = if here().any(|problem| !problem.is_warning()) {
            State::Failed
        } else if here().next().is_some() {
            State::Warning
        } else if failed_before {
            State::Skipped
        } else {
            State::Ok
        };
        steps.set(id, state, here().map(|problem| format!("{problem}; {}", problem.remedy())));
    }
}

async fn connected(connection: &Connection, limits: Limits, steps: &mut Steps) {
    let asked = tokio::time::timeout(limits.timeout, reach(connection, limits.url)).await;
    let (state, found) = match asked {
        Ok(Reached::Answers(what)) => (State::Ok, what),
        Ok(Reached::Unknown(why)) => (State::Skipped, why),
        Ok(Reached::Refused(why)) => (State::Failed, why),
        Err(_) => (
            State::Failed,
            format!(
                "no answer within {} s; see that the host is right and that no firewall stands between, or give it longer with --timeout",
                limits.timeout.as_secs()
            ),
        ),
    };
    steps.set(Id::Connect, state, Some(found));
}

#[cfg(test)]
mod tests;
