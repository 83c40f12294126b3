//! How many requests each class may have in a minute.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::http::Request;
use crate::seed::RateLimits;

const WINDOW: i64 = 60_000;

/// Requests that are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Read,
    Write,
    Secrets,
    Auth,
}

/// Requests that were sent, by address and class: since when, and how many.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buckets(BTreeMap<(String, Class), (i64, u32)>);

impl Class {
    pub(crate) fn of(request: &Request) -> Self {
        let parts: Vec<&str> = request.path.iter().map(String::as_str).collect();
        match (request.method.as_str(), parts.as_slice()) {
            (_, ["api", _, "auth", ..]) => Self::Auth,
            (_, ["api", "v3" | "v4", "secrets", ..]) => Self::Secrets,
            ("GET", _) => Self::Read,
            _ => Self::Write,
        }
    }

    fn limit(self, limits: RateLimits) -> u32 {
        match self {
            Self::Read => limits.read,
            Self::Write => limits.write,
            Self::Secrets => limits.secrets,
            Self::Auth => limits.auth,
        }
    }
}

impl Buckets {
    /// Counts a request; what its answer says of the limit.
    ///
    /// # Errors
    /// One too many.
    pub(crate) fn count(
        &mut self,
        limits: RateLimits,
        request: &Request,
        now: i64,
    ) -> Result<Vec<(&'static str, String)>, Fault> {
        let class = Class::of(request);
        let limit = class.limit(limits);
        let address = request.address().to_owned();
        let (since, count) = self.0.entry((address, class)).or_insert((now, 0));
        if now - *since >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        let left = u64::try_from((*since + WINDOW - now + 999) / 1000).unwrap_or(0);
        match limit.checked_sub(*count) {
            None => Err(Fault::too_many(left, limit)),
            Some(remaining) => Ok(vec![
                ("x-ratelimit-limit", limit.to_string()),
                ("x-ratelimit-remaining", remaining.to_string()),
                ("x-ratelimit-reset", left.to_string()),
            ]),
        }
    }
}
