//! Why there is no connection.

use std::fmt;

use keyloom_connections::{Problem, Stage, WrongKind};
use thiserror::Error;

use super::setting::Origin;

/// Why there is no connection. No value and no credential is in any of its words. Clones are cheap enough for all that waited.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// Nobody says which backend is used.
    #[error(
        "no secrets backend is chosen; write --secrets-backend or set BRUIN_SECRETS_BACKEND, to one of: {possible}"
    )]
    Unchosen {
        /// The words there are.
        possible: String,
    },
    /// The word for the backend is none.
    #[error(
        "unsupported secrets backend \"{word}\"; possible values: {possible}; {origin} says so{}",
        did_you_mean(*.meant)
    )]
    Unsupported {
        /// The word.
        word: String,
        /// Who said it.
        origin: Origin,
        /// The words there are.
        possible: String,
        /// What was most likely meant.
        meant: Option<&'static str>,
    },
    /// There is such a backend, but not in this build.
    #[error(
        "secrets backend \"{word}\" is not in this build; build with the feature `{word}` of keyloom-runtime, or use another backend"
    )]
    NotBuiltIn {
        /// Its word, which is the name of the feature.
        word: &'static str,
    },
    /// The backend cannot be used as the environment has it; all that is wrong with it.
    #[error("{}", lines(.0))]
    Init(Vec<Failure>),
    /// The backend does not give the connection.
    #[error("connection '{name}' {} secrets backend '{backend}': {failure}", .failure.kind.verb())]
    Read {
        /// Name of the connection.
        name: String,
        /// The backend's word.
        backend: &'static str,
        /// Why.
        failure: Failure,
    },
    /// What the backend gives is no connection; all that is wrong with it.
    #[error("connection '{name}' in secrets backend '{backend}':{}", wrong(.problems))]
    Invalid {
        /// Name of the connection.
        name: String,
        /// The backend's word.
        backend: &'static str,
        /// What is wrong; warnings may be among it.
        problems: Vec<Problem>,
    },
    /// The connection is of another type than was asked for.
    #[error("{_0}; ask for it as `{}`, or under another name", ._0.is)]
    WrongKind(#[from] WrongKind),
    /// This machine gives no thread to block for, or that one has ended.
    #[error("{0}")]
    Machine(crate::Error),
    /// A backend panicked.
    #[error(
        "the program panicked while it read the connection '{name}'; that is a fault of the backend, or of what it logs with"
    )]
    Panicked {
        /// Name of the connection.
        name: String,
    },
}

/// Why a backend did not do what it was asked for. Its words are what happened, then why, then what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, in the words of the contract, such as `failed to read secret from Infisical`.
    pub what: String,
    /// Why; nothing where `what` says it all.
    pub cause: Option<String>,
    /// What to do.
    pub remedy: String,
    /// Of which kind it is.
    pub kind: FailureKind,
}

/// Of which kind a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Something that the backend needs is not set, or cannot be used.
    Settings,
    /// The login was refused.
    Login,
    /// The login holds, but not for this.
    Denied,
    /// There is no such secret, or no such place.
    NotFound,
    /// There is such a secret already, and nobody said that it may be replaced.
    Exists,
    /// The backend was not reached, or does not work.
    Unavailable,
    /// The backend cannot do this.
    Unsupported,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        write!(f, "; {}", self.remedy)
    }
}

impl Failure {
    /// There is a secret of this name already. `place` is where, such as `the file x`.
    pub(super) fn exists(what: &str, name: &str, place: impl fmt::Display) -> Self {
        Self {
            what: what.to_owned(),
            cause: Some(format!("there is a `{name}` in {place} already")),
            remedy: "look at what is there, and say that it may be replaced (--force)".to_owned(),
            kind: FailureKind::Exists,
        }
    }

    /// The backend with this word cannot be made of its settings.
    pub(super) fn of_settings(word: &str, why: String, remedy: impl Into<String>) -> Self {
        Self {
            what: format!("failed to initialize {word} client"),
            cause: Some(why),
            remedy: remedy.into(),
            kind: FailureKind::Settings,
        }
    }
}

impl FailureKind {
    /// What it means for a connection.
    fn verb(self) -> &'static str {
        match self {
            Self::NotFound => "not found in",
            Self::Settings
            | Self::Login
            | Self::Denied
            | Self::Exists
            | Self::Unavailable
            | Self::Unsupported => "cannot be read from",
        }
    }
}

fn did_you_mean(meant: Option<&str>) -> String {
    meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

fn lines(all: &[Failure]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What is wrong with the text of a secret, each with what to do: in a line, or several below each other.
fn wrong(problems: &[Problem]) -> String {
    let (odd, wrong): (Vec<_>, Vec<_>) = problems.iter().partition(|problem| problem.is_warning());
    // Words of the contract are there already where the text is not of the form.
    let has_form = |problem: &&Problem| problem.stage() > Stage::Parts;
    let head = if wrong.iter().all(has_form) { " failed to create manager from config:" } else { "" };
    let all: Vec<_> = wrong.into_iter().chain(odd).collect();
    match all.as_slice() {
        [one] => format!("{head} {one}; {}", one.remedy()),
        several => {
            let lines = several.iter().map(|problem| format!("\n  {problem}; {}", problem.remedy()));
            format!("{head}{}", lines.collect::<String>())
        }
    }
}
