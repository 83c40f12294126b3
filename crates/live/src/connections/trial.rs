//! A connection is tried, step by step: each step says what it found, or what to do.

use std::time::Duration;

use keyloom_connections::{Connection, Problem, Stage};
use keyloom_runtime::connections::{Connections, Failure, FailureKind};

use super::reach::{Generic, Reached, listens, reach};

/// What is asked, in the order in which it is asked. What hangs on a step that failed is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepId {
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
pub enum StepState {
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
    pub id: StepId,
    /// What became of it.
    pub state: StepState,
    /// What was found, a line each; no value is in them.
    pub found: Vec<String>,
}

/// How connections are tried.
#[derive(Clone, Copy, Debug)]
pub struct TrialOptions {
    /// So long what it leads to may take to answer.
    pub timeout: Duration,
    /// How far it goes.
    pub reach: Reach,
}

/// How far a connection is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What it leads to is not asked.
    Secret,
    /// What it leads to is asked; the value of a `generic` connection leads nowhere.
    Server,
    /// The same; the value of a `generic` connection is an address.
    Address,
}

impl StepId {
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
        Self(StepId::ALL.map(|id| Step { id, state: StepState::Skipped, found: Vec::new() }).into())
    }

    fn set(&mut self, id: StepId, state: StepState, found: impl IntoIterator<Item = String>) {
        if let Some(step) = self.0.iter_mut().find(|step| step.id == id) {
            step.state = state;
            step.found.extend(found);
        }
    }

    /// Every step up to this one holds.
    fn hold_up_to(&mut self, last: StepId) {
        StepId::ALL.into_iter().filter(|id| *id <= last).for_each(|id| self.set(id, StepState::Ok, None));
    }
}

/// Tries connections, all at once, and answers in the order in which they are named.
///
/// # Errors
/// What the settings of the backend leave to others is not found, and no connection is tried.
pub async fn trials(
    connections: &Connections,
    names: &[String],
    options: TrialOptions,
) -> Result<Vec<Vec<Step>>, Failure> {
    connections.backend().resolve().await?;
    let start = |name: &String| {
        let (connections, name) = (connections.clone(), name.clone());
        tokio::spawn(async move { trial(&connections, &name, options).await })
    };
    let tasks: Vec<_> = names.iter().map(start).collect();
    let mut all = Vec::new();
    for task in tasks {
        all.push(task.await.unwrap_or_else(|_| panicked()));
    }
    Ok(all)
}

/// A client that panics says nothing more than that.
fn panicked() -> Vec<Step> {
    let mut steps = Steps::new();
    steps.set(StepId::Connect, StepState::Failed, Some("a client stopped at a fault of its own".to_owned()));
    steps.0
}

/// Tries a connection.
async fn trial(connections: &Connections, name: &str, options: TrialOptions) -> Vec<Step> {
    let mut steps = Steps::new();
    let text = match connections.text(name).await {
        Ok(text) => text,
        Err(failure) => {
            refused(connections, &failure, &mut steps).await;
            return steps.0;
        }
    };
    steps.hold_up_to(StepId::Exists);
    if text.is_blank() {
        steps.set(
            StepId::Exists,
            StepState::Failed,
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
        match options.reach {
            Reach::Secret => {
                steps.set(StepId::Connect, StepState::Skipped, Some("not asked for".to_owned()));
            }
            Reach::Server => connected(&connection, Generic::Value, options.timeout, &mut steps).await,
            Reach::Address => connected(&connection, Generic::Address, options.timeout, &mut steps).await,
        }
    }
    steps.0
}

/// The steps up to the one at which the backend said no.
async fn refused(connections: &Connections, failure: &Failure, steps: &mut Steps) {
    let said = Some(failure.to_string());
    match failure.kind {
        FailureKind::Unavailable => steps.set(StepId::Host, StepState::Failed, said),
        FailureKind::Login => {
            steps.hold_up_to(StepId::Host);
            steps.set(StepId::Login, StepState::Failed, said);
        }
        FailureKind::Settings => {
            steps.hold_up_to(StepId::Login);
            steps.set(StepId::Place, StepState::Failed, said);
        }
        FailureKind::Denied => {
            steps.hold_up_to(StepId::Login);
            steps.set(StepId::Readable, StepState::Failed, said);
        }
        FailureKind::Unsupported | FailureKind::Deleted | FailureKind::Exists => {
            steps.hold_up_to(StepId::Readable);
            steps.set(StepId::Exists, StepState::Failed, said);
        }
        FailureKind::NotFound => {
            steps.hold_up_to(StepId::Login);
            missing(connections, failure, steps).await;
        }
    }
}

/// What is not found is the place or the secret; the names that are there tell.
async fn missing(connections: &Connections, failure: &Failure, steps: &mut Steps) {
    match connections.backend().names().await {
        Ok(_) => {
            steps.hold_up_to(StepId::Readable);
            steps.set(StepId::Exists, StepState::Failed, Some(failure.to_string()));
        }
        Err(of_place) if of_place.kind == FailureKind::NotFound => {
            steps.set(StepId::Place, StepState::Failed, Some(of_place.to_string()));
        }
        // Who may read a secret need not be able to list them.
        Err(_) => steps.set(StepId::Exists, StepState::Failed, Some(failure.to_string())),
    }
}

/// The steps of what is written in the secret. Behind one that failed, one is skipped unless something was found of it too.
fn judged(problems: &[Problem], steps: &mut Steps) {
    let each = [
        (StepId::Json, Stage::Json),
        (StepId::Parts, Stage::Parts),
        (StepId::Type, Stage::Type),
        (StepId::Fields, Stage::Fields),
    ];
    let mut state = StepState::Ok;
    for (id, stage) in each {
        let here = || problems.iter().filter(|problem| problem.stage() == stage);
        let failed_before = matches!(state, StepState::Failed | StepState::Skipped);
        state = if here().any(|problem| !problem.is_warning()) {
            StepState::Failed
        } else if here().next().is_some() {
            StepState::Warning
        } else if failed_before {
            StepState::Skipped
        } else {
            StepState::Ok
        };
        steps.set(id, state, here().map(|problem| format!("{problem}; {}", problem.remedy())));
    }
}

async fn connected(connection: &Connection, generic: Generic, timeout: Duration, steps: &mut Steps) {
    let asked = tokio::time::timeout(timeout, reach(connection, generic)).await;
    let (state, found) = match asked {
        Ok(Reached::Answers(what)) => (StepState::Ok, what),
        Ok(Reached::Unknown(why)) => (StepState::Skipped, why),
        Ok(Reached::Refused(why)) => (StepState::Failed, why),
        Err(_) => (StepState::Failed, silent(connection, timeout).await),
    };
    steps.set(StepId::Connect, state, Some(found));
}

/// What may be the cause that there is no answer.
async fn silent(connection: &Connection, timeout: Duration) -> String {
    let seconds = timeout.as_secs();
    match listens(connection).await {
        Some(place) => format!(
            "no answer within {seconds} s, though {place} takes connections; see that what listens there is `{}`, or give it longer with --timeout",
            connection.kind().word
        ),
        None => format!(
            "no answer within {seconds} s; see that the host is right and that no firewall stands between, or give it longer with --timeout"
        ),
    }
}

#[cfg(test)]
mod tests;
