//! Why the API server did not do what it was asked for, in words without a credential.

use std::error::Error as _;
use std::time::Duration;

use kube::Error;
use kube::config::InferConfigError;

/// More of a message is cut off.
const LONGEST: usize = 300;

/// Why a request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The status that the API server answered with, if it did.
    pub(crate) status: Option<u16>,
    /// What is wrong.
    pub(crate) words: String,
    /// How long the server asks to be left alone.
    pub(crate) asked: Duration,
}

impl Failure {
    pub(crate) fn of(error: Error) -> Self {
        match error {
            Error::Api(status) => Self {
                status: Some(status.code),
                words: format!(
                    "the API server answers {}: {}{}",
                    status.code,
                    cut(&status.message),
                    hint(status.code)
                ),
                asked: status
                    .details
                    .map(|details| Duration::from_secs(details.retry_after_seconds.into()))
                    .unwrap_or_default(),
            },
            // What a kubeconfig's program printed may be a token.
            Error::Auth(_) => Self::words(
                "the login of the kubeconfig, or the token of the service account, cannot be used",
            ),
            Error::SerdeError(_) => Self::words("the API server's answer is not understood"),
            Error::Service(error) => {
                let mut innermost: &dyn std::error::Error = &*error;
                while let Some(source) = innermost.source() {
                    innermost = source;
                }
                Self::words(format!("the API server cannot be reached: {}", cut(&innermost.to_string())))
            }
            other => {
                let source = other.source().map(|source| format!(": {}", cut(&source.to_string())));
                Self::words(format!("the API server cannot be asked{}", source.unwrap_or_default()))
            }
        }
    }

    /// No cluster is known.
    pub(crate) fn config(error: &InferConfigError) -> Self {
        Self::words(format!(
            "there is neither a kubeconfig nor a service account of a pod; set KUBECONFIG, or run in a cluster: {}",
            cut(&error.to_string())
        ))
    }

    pub(crate) fn request(_: kube::core::request::Error) -> Self {
        Self::words("the request cannot be put into words")
    }

    pub(crate) fn endless(pages: usize) -> Self {
        Self::words(format!("a list of the API server has no end: {pages} pages were read"))
    }

    pub(crate) fn slow(patience: Duration) -> Self {
        Self::words(format!("the API server did not answer within {} s", patience.as_secs()))
    }

    fn words(words: impl Into<String>) -> Self {
        Self { status: None, words: words.into(), asked: Duration::ZERO }
    }
}

fn hint(status: u16) -> &'static str {
    match status {
        403 => "; `keyloom relay --print-rbac` prints the rights that are needed",
        404 => "; is External Secrets Operator 0.16 or newer installed?",
        _ => "",
    }
}

/// One line of it.
fn cut(text: &str) -> String {
    text.chars().take(LONGEST).map(|it| if it.is_control() { ' ' } else { it }).collect()
}
