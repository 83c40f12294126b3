//! Why a live system was not read, or not told.

use thiserror::Error as ThisError;

/// Why a live system was not read, or not told. No value is in its words.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A request came to nothing.
    #[error(transparent)]
    Request(#[from] keyloom_runtime::Error),
    /// The environment lacks something that is needed to log in.
    #[error("{0}")]
    Environment(String),
    /// Nobody reads the names of such a destination yet.
    #[error("the names at {0} cannot be read; hand them over with `--state FILE`")]
    NoReader(String),
    /// AWS refused.
    #[error("{service} answers {code}: {message}")]
    Aws {
        /// Which service.
        service: &'static str,
        /// AWS's name of it, such as `AccessDeniedException`.
        code: String,
        /// Its message on one line.
        message: String,
    },
    /// What stands for a region of AWS is none, and nothing is sent to where it would lead.
    #[error("`{0}` is no region of AWS, such as eu-central-1")]
    Region(String),
    /// No credentials of AWS, or they cannot be used.
    #[error("no credentials for AWS: {0}")]
    Credentials(String),
    /// GitHub refused.
    #[error("GitHub answers {status} for {path}: {message}{hint}")]
    Github {
        /// Status of HTTP.
        status: u16,
        /// What was asked for.
        path: String,
        /// Its message on one line.
        message: String,
        /// What may be the matter, beginning with `; `, or nothing.
        hint: String,
    },
    /// An answer is not what the interface promises.
    #[error("the answer of {from} is not understood: {why}")]
    Answer {
        /// Whose answer.
        from: &'static str,
        /// What is wrong with it; never quotes it.
        why: String,
    },
    /// A list that goes on and on.
    #[error("the list of names has no end: {most} pages were read")]
    Endless {
        /// How many pages are read at most.
        most: usize,
    },
    /// What holds all secrets is no object.
    #[error(
        "the secret {secret} in AWS Secrets Manager holds no JSON object, so that there are no keys to tell; \
         its first run overwrites whatever is in it"
    )]
    NoObject {
        /// Its name.
        secret: String,
    },
    /// What stands for a project is none.
    #[error(
        "`--project {text}`: {why}; write ID=SLUG, such as 7d0c6f3e-1a2b-4c3d-9e8f-001122334455=web-shop"
    )]
    Project {
        /// What was written.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is no cluster to log in to.
    #[error("{0}")]
    Cluster(String),
    /// There is no key to check webhooks with.
    #[error("the key of the webhook: {0}")]
    Keys(String),
}
