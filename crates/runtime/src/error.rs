//! Why something did not work.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use thiserror::Error as ThisError;

use crate::http::{Fault, Proxy};
use crate::refusal::Refusal;

/// Why something did not work. No value of a secret, no token and no client secret is in any of its words.
/// Clones share what it comes from: all that waited for one login are told why it failed. `Debug` says what `Display` says, for
/// that is what `main` prints of an error that it returns.
#[derive(Clone, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The address is none.
    #[error("the address of Infisical cannot be used: {why}")]
    Address {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The environment lacks something that is needed to log in.
    #[error("{0}")]
    Environment(String),
    /// There is no token of a service account to log in with.
    #[error("no token of the service account in {}: {why}", .path.display())]
    TokenFile {
        /// Where it was looked for.
        path: PathBuf,
        /// What is wrong there; quotes nothing of it.
        why: &'static str,
    },
    /// A request cannot be made of what it is to hold.
    #[error("no request can be made: {why}")]
    Request {
        /// Why; quotes nothing of it.
        why: &'static str,
    },
    /// The server was not reached, or stopped answering.
    #[error("{}", Fault::of(.source).words(.host, .proxy.as_ref()))]
    Unreachable {
        /// Its host.
        host: String,
        /// The proxy that it was asked through.
        proxy: Option<Proxy>,
        /// What went wrong, without the address.
        source: Arc<reqwest::Error>,
    },
    /// The login was refused. Trying again at once makes it worse: three wrong client secrets lock an identity out.
    #[error("{host} refuses the login: {refusal}")]
    Login {
        /// Its host.
        host: String,
        /// What it says.
        refusal: Box<Refusal>,
    },
    /// The server refused.
    #[error("{host} answers {refusal}")]
    Refused {
        /// Its host.
        host: String,
        /// What it says.
        refusal: Box<Refusal>,
    },
    /// The server shows the secret, but not its value.
    #[error("{host} hides the value of `{name}` from this identity")]
    Hidden {
        /// Its host.
        host: String,
        /// Name of the secret.
        name: String,
    },
    /// The server asks for a longer pause than one waits here.
    #[error("{host} asks to wait for {} seconds", .pause.as_secs())]
    Busy {
        /// Its host.
        host: String,
        /// How long.
        pause: Duration,
    },
    /// The answer is larger than one wants to hold.
    #[error("the answer of {host} is larger than {limit} bytes")]
    TooLarge {
        /// Its host.
        host: String,
        /// How many bytes are read at most.
        limit: usize,
    },
    /// The answer is not what the interface promises.
    #[error("the answer of {host} is not understood: {why}")]
    Answer {
        /// Its host.
        host: String,
        /// What is wrong with it; never quotes it.
        why: String,
    },
    /// This machine cannot do TLS.
    #[error("cannot make an HTTP client: {0}")]
    Client(Arc<reqwest::Error>),
    /// The machine gives no thread to run on.
    #[error("cannot start a thread: {0}")]
    Thread(Arc<io::Error>),
    /// Nobody can be listened to on a port.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// Address and port.
        address: SocketAddr,
        /// Why.
        why: Arc<io::Error>,
    },
    /// A task of this program panicked, such as by what the application logs with.
    #[error("the program panicked while it loaded a folder")]
    Panicked,
    /// A subscriber is started once.
    #[error("the subscriber was started before; make another one")]
    Started,
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error {
    pub(crate) fn client(error: reqwest::Error) -> Self {
        Self::Client(Arc::new(error))
    }

    /// Whether the folder, environment or project is not there; Infisical does not tell them apart.
    pub fn is_not_found(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.status == 404)
    }

    /// Whether there is something of that name already.
    pub fn is_taken(&self) -> bool {
        self.refusal().is_some_and(|refusal| {
            matches!(refusal.status, 400 | 409)
                && refusal.message.to_ascii_lowercase().contains("already exist")
        })
    }

    /// Whether the permission is missing, or the login is wrong.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Hidden { .. })
            || self.refusal().is_some_and(|refusal| matches!(refusal.status, 401 | 403))
    }

    /// Why nobody answered, and the proxy that was asked to.
    pub(crate) fn fault(&self) -> Option<(Fault, Option<&Proxy>)> {
        match self {
            Self::Unreachable { proxy, source, .. } => Some((Fault::of(source), proxy.as_ref())),
            _ => None,
        }
    }

    /// Whether nobody answered, and somebody may in a while; where `may_send` says so, for what changes something is not sent twice.
    pub(crate) fn may_pass(&self, may_send: impl Fn(&reqwest::Error) -> bool) -> bool {
        match self {
            Self::Unreachable { proxy, source, .. } => {
                Fault::of(source).may_pass(proxy.as_ref()) && may_send(source)
            }
            _ => false,
        }
    }

    /// What the server says, if it answered.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Login { refusal, .. } | Self::Refused { refusal, .. } => Some(refusal),
            Self::Address { .. }
            | Self::Environment(_)
            | Self::TokenFile { .. }
            | Self::Request { .. }
            | Self::Unreachable { .. }
            | Self::Hidden { .. }
            | Self::Busy { .. }
            | Self::TooLarge { .. }
            | Self::Answer { .. }
            | Self::Client(_)
            | Self::Thread(_)
            | Self::Listen { .. }
            | Self::Panicked
            | Self::Started => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    fn all() -> Vec<Error> {
        let broken = || Arc::new(reqwest::Client::new().get("no address").build().unwrap_err());
        let (host, refusal) =
            ("a.example".to_owned(), Box::new(Refusal { status: 403, ..Refusal::default() }));
        let io = || Arc::new(io::Error::other("there is a reason"));
        vec![
            Error::Address { why: "it is no URL" },
            Error::Environment("CLIENT_ID is not set".to_owned()),
            Error::TokenFile { path: "/token".into(), why: "it is empty" },
            Error::Request { why: "a name is too long" },
            Error::Unreachable { host: host.clone(), proxy: None, source: broken() },
            Error::Login { host: host.clone(), refusal: refusal.clone() },
            Error::Refused { host: host.clone(), refusal },
            Error::Hidden { host: host.clone(), name: "db".to_owned() },
            Error::Busy { host: host.clone(), pause: Duration::from_secs(90) },
            Error::TooLarge { host: host.clone(), limit: 1 },
            Error::Answer { host, why: "it is no list".to_owned() },
            Error::Client(broken()),
            Error::Thread(io()),
            Error::Listen { address: ([127, 0, 0, 1], 80).into(), why: io() },
            Error::Panicked,
            Error::Started,
        ]
    }

    #[test]
    fn what_is_behind_an_error_is_not_in_its_words_already() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        for error in all() {
            let words = error.to_string();
            assert_eq!(format!("{error:?}"), words);
            let mut behind = error.source();
            while let Some(error) = behind {
                assert!(!words.contains(&error.to_string()), "{words}: {error}");
                behind = error.source();
            }
        }
    }
}
