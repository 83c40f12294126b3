//! Names, which come in pages: no more than AWS has, and in no more time than an operation has.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::list_secrets::{ListSecretsError, ListSecretsOutput};

use super::super::error::{Failure, FailureKind};
use super::TIMEOUT;
use super::refused::{self, Call, Place};
use crate::clock::Clock;

/// Names of a page that are asked for, the most that there are.
const ASKED: i32 = 100;
/// Pages that are read. With a hundred names each these are more than can be read in time.
const MOST: usize = 1000;
/// Bytes of a name, by AWS's manual.
const LONGEST_NAME: usize = 512;
/// Bytes of the token of a page, by AWS's manual.
const LONGEST_TOKEN: usize = 4096;

/// Why names were not read to their end.
#[derive(Debug)]
pub(super) enum Stopped {
    /// A page was refused, or did not come.
    Refused(Box<SdkError<ListSecretsError>>),
    /// The token of a page came again.
    Circle,
    /// There were more pages than [`MOST`].
    TooMany,
    /// There is a name or a token that AWS does not have.
    Odd,
    /// The time of the operation was over.
    Late(Duration),
}

/// What was read so far.
#[derive(Default)]
struct Listed {
    names: BTreeSet<String>,
    tokens: BTreeSet<String>,
}

impl Stopped {
    /// What is said of it.
    pub(super) fn failure(&self, place: &Place) -> Failure {
        let cause = match self {
            Self::Refused(error) => return refused::failure(&**error, Call::List, place),
            Self::Late(time) => {
                format!("{place} has more names than it tells within {} seconds", time.as_secs())
            }
            Self::TooMany => format!("{place} has more than {MOST} pages of names"),
            Self::Circle => format!("the pages of names of {place} lead in a circle"),
            Self::Odd => format!("{place} tells names or tokens that are longer than AWS has them"),
        };
        let remedy = match self {
            Self::Late(_) | Self::TooMany => {
                "ask for a connection by its name, which does not need the others"
            }
            Self::Refused(_) | Self::Circle | Self::Odd => {
                "look at AWS_ENDPOINT_URL and at proxies on the way"
            }
        };
        Failure {
            what: Call::List.what().to_owned(),
            cause: Some(cause),
            remedy: remedy.to_owned(),
            kind: FailureKind::Unavailable,
        }
    }
}

/// All names.
pub(super) async fn names(client: &Client, clock: &Clock) -> Result<BTreeSet<String>, Stopped> {
    let until = clock.now().saturating_add(TIMEOUT);
    tokio::select! {
        biased;
        done = read(client) => done,
        () = clock.sleep_until(until) => Err(Stopped::Late(TIMEOUT)),
    }
}

async fn read(client: &Client) -> Result<BTreeSet<String>, Stopped> {
    let mut listed = Listed::default();
    let mut token = None;
    loop {
        let page = client.list_secrets().max_results(ASKED).set_next_token(token).send().await;
        token = listed.take(page.map_err(|error| Stopped::Refused(Box::new(error)))?)?;
        if token.is_none() {
            return Ok(listed.names);
        }
    }
}

impl Listed {
    /// Takes the names of a page. The token of the next one, if there is one.
    fn take(&mut self, page: ListSecretsOutput) -> Result<Option<String>, Stopped> {
        for name in page.secret_list.unwrap_or_default().into_iter().filter_map(|secret| secret.name) {
            if name.len() > LONGEST_NAME {
                return Err(Stopped::Odd);
            }
            self.names.insert(name);
        }
        let Some(token) = page.next_token.filter(|token| !token.is_empty()) else { return Ok(None) };
        if token.len() > LONGEST_TOKEN {
            return Err(Stopped::Odd);
        }
        if !self.tokens.insert(token.clone()) {
            return Err(Stopped::Circle);
        }
        if self.tokens.len() >= MOST {
            return Err(Stopped::TooMany);
        }
        Ok(Some(token))
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_secretsmanager::types::SecretListEntry;

    use super::*;

    fn page(name: &str, next: &str) -> ListSecretsOutput {
        let secret = SecretListEntry::builder().name(name).build();
        ListSecretsOutput::builder().secret_list(secret).next_token(next).build()
    }

    #[test]
    fn pages_are_read_to_the_last_one_that_may_be() {
        let mut listed = Listed::default();
        for number in 1..MOST {
            let next = listed.take(page(&format!("db{number}"), &number.to_string())).unwrap();
            assert_eq!(next, Some(number.to_string()));
        }
        let mut longer = Listed { names: listed.names.clone(), tokens: listed.tokens.clone() };
        assert!(matches!(longer.take(page("db", "more")), Err(Stopped::TooMany)));
        assert_eq!(listed.take(page("db", "")).unwrap(), None);
        assert_eq!(listed.names.len(), MOST);
    }

    #[test]
    fn what_aws_does_not_have_is_not_kept() {
        let (name, token) = ("x".repeat(LONGEST_NAME), "x".repeat(LONGEST_TOKEN));
        assert!(Listed::default().take(page(&name, &token)).is_ok());
        for (name, token) in [(format!("{name}x"), "1".to_owned()), ("db".to_owned(), format!("{token}x"))] {
            assert!(matches!(Listed::default().take(page(&name, &token)), Err(Stopped::Odd)));
        }
    }
}
