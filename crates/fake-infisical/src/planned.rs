//! Answers that a test asks for beforehand: what proxies and failing servers say.

use crate::error::Fault;
use crate::http::Answer;

/// What the next request is answered, whatever it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// An error of the server, such as 500 or 504, in its envelope.
    Status(u16),
    /// Too many requests, with so many seconds to wait.
    TooMany(u64),
    /// Too many requests without `retry-after`, as some proxies say it.
    TooManyForNow,
    /// A page of a proxy, in HTML.
    Html(u16),
    /// What it is answered anyway: for the ones between others.
    AsUsual,
}

impl Planned {
    /// None for what is answered as usual.
    pub(crate) fn answer(self) -> Option<Result<Answer, Fault>> {
        Some(match self {
            Self::Status(status) => Err(Fault::planned(status)),
            Self::TooMany(seconds) => Err(Fault::too_many(seconds, 0)),
            Self::TooManyForNow => Err(Fault { headers: Vec::new(), ..Fault::too_many(1, 0) }),
            Self::Html(status) => {
                let html = Some("<html><body><h1>Bad gateway</h1></body></html>".to_owned());
                Ok(Answer { status, html, ..Answer::default() })
            }
            Self::AsUsual => return None,
        })
    }
}
