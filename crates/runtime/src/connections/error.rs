//! Why there is no connection.

use std::fmt;

use keyloom_connections::{Problem, Stage, WrongKind};
use thiserror::Error;

use super::setting::Origin;

/// The words of the backends, as they are told.
pub(super) const WORDS: &str = "infisical, vault, aws, environment, file";

/// Why there is no connection. No value and no credential is in any of its words. Clones are cheap enough for all that waited.
///
/// `Debug` says what `Display` says, for that is what `main` prints of an error that it returns.
#[derive(Clone, Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// Nobody says which backend is used.
    #[error(
        "no secrets backend is chosen; write --secrets-backend, or set KEYLOOM_SECRETS_BACKEND or BRUIN_SECRETS_BACKEND, to one of: \
         {WORDS}"
    )]
    Unchosen,
    /// The word for the backend is none.
    #[error(
        "unsupported secrets backend \"{word}\"; possible values: {WORDS}; {origin} says so{}",
        did_you_mean(*.meant)
    )]
    Unsupported {
        /// The word.
        word: String,
        /// Who said it.
        origin: Origin,
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
    #[error("{}", all(.0))]
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
    #[error("{}", invalid(.name, .backend, .problems))]
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
    WrongKind(WrongKind),
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
    /// The runtime that read it has ended.
    #[error(
        "the runtime of tokio in which the connection '{name}' was read has ended; ask again in one that has not"
    )]
    Ended {
        /// Name of the connection.
        name: String,
    },
}

impl ConnectionError {
    /// Whether there is no such connection.
    pub fn is_not_found(&self) -> bool {
        self.kind() == Some(FailureKind::NotFound)
    }

    /// Whether the login is refused, or does not hold for this.
    pub fn is_denied(&self) -> bool {
        matches!(self.kind(), Some(FailureKind::Login | FailureKind::Denied))
    }

    /// Whether the backend was not reached or does not work, and may do so later.
    pub fn is_unavailable(&self) -> bool {
        self.kind() == Some(FailureKind::Unavailable)
    }

    fn kind(&self) -> Option<FailureKind> {
        match self {
            Self::Read { failure, .. } => Some(failure.kind),
            _ => None,
        }
    }

    /// The same in lines, each with what to do; what is only odd about a connection comes last. No value is in them.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Invalid { name, backend, problems } => {
                // A field that nobody knows may be why another one is missing.
                let (odd, wrong): (Vec<_>, Vec<_>) = problems.iter().partition(|it| it.is_warning());
                let all = wrong.into_iter().chain(odd);
                all.map(|problem| invalid(name, backend, std::slice::from_ref(problem))).collect()
            }
            other => other.to_string().lines().map(str::to_owned).collect(),
        }
    }
}

impl fmt::Debug for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// By hand, for it is all in the words: whoever prints what is behind an error would print it twice.
impl From<WrongKind> for ConnectionError {
    fn from(wrong: WrongKind) -> Self {
        Self::WrongKind(wrong)
    }
}

/// Why a backend did not do what it was asked for. Its words, in `Debug` too, are what happened, then why, then what to do.
#[derive(Clone, PartialEq, Eq)]
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
    /// There is such a secret, which is marked for deletion: until somebody brings it back, nobody can read or replace it.
    Deleted,
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

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}

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
            | Self::Deleted
            | Self::Exists
            | Self::Unavailable
            | Self::Unsupported => "cannot be read from",
        }
    }
}

/// A backend, or why there is none of its settings.
pub(super) fn init<T>(made: Result<T, Vec<Failure>>) -> Result<T, ConnectionError> {
    made.map_err(ConnectionError::Init)
}

fn did_you_mean(meant: Option<&str>) -> String {
    meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

fn all(all: &[Failure]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What is wrong with the text of a secret, each with what to do: in a line, or several below each other.
fn invalid(name: &str, backend: &str, problems: &[Problem]) -> String {
    let (odd, wrong): (Vec<_>, Vec<_>) = problems.iter().partition(|problem| problem.is_warning());
    // Words of the contract are there already where the text is not of the form.
    let has_form = |problem: &&Problem| problem.stage() > Stage::Parts;
    let contract = if !wrong.is_empty() && wrong.iter().all(has_form) {
        " failed to create manager from config:"
    } else {
        ""
    };
    let head = format!("connection '{name}' in secrets backend '{backend}':{contract}");
    let all: Vec<_> = wrong.into_iter().chain(odd).collect();
    match all.as_slice() {
        [one] => format!("{head} {one}; {}", one.remedy()),
        several => {
            let lines = several.iter().map(|problem| format!("\n  {problem}; {}", problem.remedy()));
            format!("{head}{}", lines.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use keyloom_connections::{Connection, Secret};

    use super::*;

    #[test]
    fn every_problem_has_a_line_with_a_remedy() {
        let told = |text: &str| {
            let problems = Connection::parse("db", &Secret::new(text.to_owned())).unwrap_err();
            ConnectionError::Invalid { name: "db".to_owned(), backend: "file", problems }
        };
        let head = "connection 'db' in secrets backend 'file':";
        let error = told(
            r#"{"type": "postgres", "details": {"host": "canary", "port": "canary", "database": "canary", "usernam": 1}}"#,
        );
        let said = [
            "`details.username` is missing, which `postgres` needs; add `username` to `details`",
            "`details.password` is missing, which `postgres` needs; add `password` to `details`",
            "`details.port` is a text, not a port (a number from 1 to 65535); write a port (a number from 1 to 65535)",
        ];
        let contract = format!("{head} failed to create manager from config:");
        let odd = format!("{head} `postgres` has no field `usernam`; did you mean `username`?");
        let lines: Vec<_> = said.iter().map(|line| format!("{contract} {line}")).chain([odd]).collect();
        assert_eq!(error.lines(), lines);
        let whole = error.to_string();
        assert!(whole.starts_with(&contract) && said.iter().all(|line| whole.contains(line)), "{whole}");
        let error = told("canary");
        assert_eq!(error.lines(), [error.to_string()]);
        assert!(error.to_string().starts_with(&format!("{head} failed to parse secret as JSON")), "{error}");
    }

    /// One of each variant.
    fn all() -> Vec<ConnectionError> {
        let (name, backend) = ("db".to_owned(), "file");
        let failure = Failure::of_settings("vault", "it is not set".to_owned(), "set it");
        let problems = Connection::parse("db", &Secret::new("{}".to_owned())).unwrap_err();
        let all = vec![
            ConnectionError::Unchosen,
            ConnectionError::Unsupported {
                word: "x".to_owned(),
                origin: Origin::Default,
                meant: Some("file"),
            },
            ConnectionError::NotBuiltIn { word: "vault" },
            ConnectionError::Init(vec![failure.clone(), failure.clone()]),
            ConnectionError::Read { name: name.clone(), backend, failure },
            ConnectionError::Invalid { name: name.clone(), backend, problems },
            ConnectionError::WrongKind(WrongKind { name: name.clone(), is: "mysql", asked: "postgres" }),
            ConnectionError::Machine(crate::Error::Thread(Arc::new(io::Error::other("no more of them")))),
            ConnectionError::Panicked { name: name.clone() },
            ConnectionError::Ended { name },
        ];
        let places = all.iter().map(|error| match error {
            ConnectionError::Unchosen => 0,
            ConnectionError::Unsupported { .. } => 1,
            ConnectionError::NotBuiltIn { .. } => 2,
            ConnectionError::Init(_) => 3,
            ConnectionError::Read { .. } => 4,
            ConnectionError::Invalid { .. } => 5,
            ConnectionError::WrongKind(_) => 6,
            ConnectionError::Machine(_) => 7,
            ConnectionError::Panicked { .. } => 8,
            ConnectionError::Ended { .. } => 9,
        });
        assert!(places.eq(0..10));
        all
    }

    #[test]
    fn whoever_returns_an_error_from_main_reads_what_it_says() {
        for error in all() {
            assert_eq!(format!("{error:?}"), error.to_string());
            assert_eq!(format!("{:?}", Box::<dyn std::error::Error>::from(error.clone())), error.to_string());
            assert!(std::error::Error::source(&error).is_none(), "it is all in the words: {error}");
        }
        let built = ConnectionError::NotBuiltIn { word: "vault" };
        assert!(format!("{built:?}").contains("build with the feature `vault`"), "{built:?}");
        let wrong = &all()[6];
        assert_eq!(
            format!("{wrong:?}"),
            "connection `db` is of type `mysql`, not `postgres`; ask for it as `mysql`, or under another name"
        );
    }

    #[test]
    fn what_it_is_about_is_asked_for() {
        let of = |kind| {
            let failure = Failure { what: String::new(), cause: None, remedy: String::new(), kind };
            let error = ConnectionError::Read { name: "db".to_owned(), backend: "file", failure };
            [error.is_not_found(), error.is_denied(), error.is_unavailable()]
        };
        assert_eq!(of(FailureKind::NotFound), [true, false, false]);
        assert_eq!(of(FailureKind::Login), [false, true, false]);
        assert_eq!(of(FailureKind::Denied), [false, true, false]);
        assert_eq!(of(FailureKind::Unavailable), [false, false, true]);
        assert_eq!(of(FailureKind::Settings), [false; 3]);
    }
}
