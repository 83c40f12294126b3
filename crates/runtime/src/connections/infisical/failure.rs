//! What an error of the client means for whoever asked for a connection: what happened, why, and what to do.

use super::WORD;
use crate::connections::error::{Failure, FailureKind};
use crate::connections::setting::Origin;
use crate::connections::unreached::{self, SSL_CERT_FILE, Signs};
use crate::error::Error;
use crate::folder::{Folder, Project};
use crate::refusal::Refusal;

const AUTHENTICATE: &str = "failed to authenticate with Infisical";

/// Where connections are looked for, and who said so.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) base: String,
    pub(super) folder: Folder,
    pub(super) host: Origin,
    pub(super) project: Origin,
    pub(super) environment: Origin,
    pub(super) path: Origin,
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt<'a> {
    Authenticate,
    Read(&'a str),
    List,
    Write(&'a str),
}

/// Whether the folder was looked at and has no such secret.
fn is_of_name(error: &Error) -> bool {
    error.is_not_found()
        && error.refusal().is_some_and(|refusal| refusal.message.starts_with("Secret with name"))
}

/// There can be no client on this machine.
pub(super) fn of_machine(error: &Error) -> Failure {
    let remedy = "mend TLS on this machine, or the file that SSL_CERT_FILE names";
    Failure::of_settings(WORD, error.to_string(), remedy)
}

impl Attempt<'_> {
    fn what(self) -> &'static str {
        match self {
            Self::Authenticate => AUTHENTICATE,
            Self::Read(_) => "failed to read secret from Infisical",
            Self::List => "failed to list secrets in Infisical",
            Self::Write(_) => "failed to write secret to Infisical",
        }
    }

    /// What the identity must be let do.
    fn action(self) -> &'static str {
        match self {
            Self::Authenticate => "log in",
            Self::Read(_) => "read the values of secrets",
            Self::List => "see the names of secrets",
            Self::Write(_) => "create and edit secrets",
        }
    }
}

impl Place {
    /// A failure of what was tried.
    pub(super) fn failure(&self, attempt: Attempt<'_>, error: &Error) -> Failure {
        let (kind, remedy) = self.judge(attempt, error);
        // A login that is refused is one, whatever it was needed for.
        let what = if kind == FailureKind::Login { AUTHENTICATE } else { attempt.what() };
        let cause = match (kind, attempt) {
            (FailureKind::NotFound | FailureKind::Denied, Attempt::Read(name) | Attempt::Write(name)) => {
                format!("looked for `{name}` in {}: {error}", self.words())
            }
            (FailureKind::NotFound | FailureKind::Denied, Attempt::List) => {
                format!("looked into {}: {error}", self.words())
            }
            _ => error.to_string(),
        };
        Failure { what: what.to_owned(), cause: Some(cause), remedy, kind }
    }

    /// The folder has a change policy.
    pub(super) fn waits_for_approval(&self, name: &str) -> Failure {
        Failure {
            what: Attempt::Write(name).what().to_owned(),
            cause: Some(format!(
                "{} has a change policy, and the change of `{name}` waits for approval",
                self.words()
            )),
            remedy: "have it approved in Infisical".to_owned(),
            kind: FailureKind::Denied,
        }
    }

    /// There is one already, and it may not be replaced.
    pub(super) fn exists(&self, name: &str) -> Failure {
        Failure::exists(Attempt::Write(name).what(), name, self.words())
    }

    /// The server would put another secret's value into the text.
    pub(super) fn would_refer(&self, name: &str) -> Failure {
        Failure {
            what: Attempt::Write(name).what().to_owned(),
            cause: Some(format!(
                "the text of `{name}` holds `${{`, with which references begin, and is no JSON"
            )),
            remedy: "write it as JSON, in which `\\u0024` stands for the dollar".to_owned(),
            kind: FailureKind::Unsupported,
        }
    }

    fn judge(&self, attempt: Attempt<'_>, error: &Error) -> (FailureKind, String) {
        let Self { base, host, .. } = self;
        let permission = || (FailureKind::Denied, format!("let the identity {} there", attempt.action()));
        match error {
            Error::Login { refusal, .. } => login(refusal, base),
            Error::Refused { refusal, .. } if refusal.is_of_token() => (
                FailureKind::Login,
                "check that the identity still has Universal Auth, and that its tokens live long enough"
                    .to_owned(),
            ),
            Error::Refused { refusal, .. } => match refusal.status {
                403 if refusal.error == "ForbiddenError" => (
                    FailureKind::Denied,
                    "make the identity a member of the project, and look at the trusted IPs of its access tokens".to_owned(),
                ),
                403 => permission(),
                404 if is_of_name(error) => (FailureKind::NotFound, self.exactly()),
                404 => (FailureKind::NotFound, self.look()),
                400 | 422 => (FailureKind::Settings, self.look()),
                _ => (FailureKind::Unavailable, "try again later; the server's log has more".to_owned()),
            },
            Error::Hidden { .. } => permission(),
            Error::Busy { .. } => (FailureKind::Unavailable, "try again then".to_owned()),
            Error::TooLarge { .. } | Error::Answer { .. } => (
                FailureKind::Unavailable,
                format!("check that {base} ({host}) is the address of an Infisical"),
            ),
            Error::Unreachable { .. } => (FailureKind::Unavailable, self.unreached(error)),
            Error::Request { .. } => {
                (FailureKind::Settings, "check the name of the connection, and the credentials".to_owned())
            }
            Error::Address { .. }
            | Error::Environment(_)
            | Error::TokenFile { .. }
            | Error::Client(_)
            | Error::Thread(_)
            | Error::Listen { .. }
            | Error::Panicked
            | Error::Started => (FailureKind::Settings, "check what the backend was told".to_owned()),
        }
    }

    fn unreached(&self, error: &Error) -> String {
        let address = format!("{} ({})", self.base, self.host);
        let signs = Signs { address: &address, trust: SSL_CERT_FILE };
        unreached::remedy(error, &signs).unwrap_or_default()
    }

    fn exactly(&self) -> String {
        let Self { environment, path, .. } = self;
        format!("check the exact name, and that it is in this environment ({environment}) and path ({path})")
    }

    fn look(&self) -> String {
        let Self { project, environment, path, .. } = self;
        format!(
            "check the project ({project}), the environment ({environment}) and the path ({path}), and that the identity is a \
             member of the project"
        )
    }

    fn words(&self) -> String {
        let Folder { project, environment, path } = &self.folder;
        let (Project::Id(project) | Project::Slug(project)) = project;
        format!("project `{project}`, environment `{environment}`, path `{path}`")
    }
}

fn login(refusal: &Refusal, base: &str) -> (FailureKind, String) {
    match refusal.status {
        401 => (
            FailureKind::Login,
            "check client ID and client secret: they belong together, and the secret is not revoked, run out or used up; three \
             wrong ones in a row lock the identity for some minutes"
                .to_owned(),
        ),
        403 => (
            FailureKind::Login,
            "let the identity log in from this machine: look at the trusted IPs of its client secrets".to_owned(),
        ),
        404 => (
            FailureKind::Login,
            format!("check that {base} has a machine identity with this client ID, and Universal Auth for it"),
        ),
        _ if refusal.is_final() => (
            FailureKind::Login,
            "check client ID and client secret: the server does not take their form".to_owned(),
        ),
        _ => (FailureKind::Unavailable, format!("try again later, when {base} works")),
    }
}
