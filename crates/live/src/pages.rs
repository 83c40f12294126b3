//! Names that come page by page.

use std::collections::BTreeSet;

use crate::error::Error;

/// Pages of one list. The largest page has 100 names, so that this is a million of them.
const MOST: usize = 10_000;

/// Something that has names and tells them page by page.
pub trait Pages {
    /// The next page; none when there is no more. A page may be empty although more follow.
    ///
    /// # Errors
    /// When the page cannot be read.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<String>>, Error>> + Send;
}

/// Reads all pages; `progress` is told after each how many names there are so far.
pub(crate) async fn all(
    mut pages: impl Pages,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<BTreeSet<String>, Error> {
    let mut names = BTreeSet::new();
    for _ in 0..MOST {
        let Some(page) = pages.next().await? else { return Ok(names) };
        names.extend(page);
        progress(names.len());
    }
    Err(Error::Endless { most: MOST })
}

/// Where a list goes on, by the tokens of its pages.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    next: Option<String>,
    seen: BTreeSet<String>,
    begun: bool,
}

impl Cursor {
    /// Whether all pages are read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.begun && self.next.is_none()
    }

    /// The token of the next page; none for the first.
    pub(crate) fn token(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Goes on to what a page names as the next; a token that came before would lead in a circle.
    pub(crate) fn advance(&mut self, from: &'static str, next: Option<String>) -> Result<(), Error> {
        self.begun = true;
        self.next = next.filter(|token| !token.is_empty());
        match &self.next {
            Some(token) if !self.seen.insert(token.clone()) => {
                Err(Error::Answer { from, why: "its pages lead in a circle".to_owned() })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Endless;

    impl Pages for Endless {
        async fn next(&mut self) -> Result<Option<Vec<String>>, Error> {
            Ok(Some(vec!["A".to_owned()]))
        }
    }

    #[tokio::test]
    async fn a_list_without_an_end_is_given_up() {
        let error = all(Endless, &|_| {}).await.unwrap_err();
        assert_eq!(error.to_string(), "the list of names has no end: 10000 pages were read");
    }

    #[test]
    fn tokens_lead_to_an_end_and_never_back() {
        let mut cursor = Cursor::default();
        assert!(!cursor.is_at_end() && cursor.token().is_none());
        for token in ["1", "2"] {
            cursor.advance("x", Some(token.to_owned())).unwrap();
            assert_eq!((cursor.token(), cursor.is_at_end()), (Some(token), false));
        }
        let error = cursor.advance("x", Some("1".to_owned())).unwrap_err();
        assert_eq!(error.to_string(), "the answer of x is not understood: its pages lead in a circle");
        for end in [None, Some(String::new())] {
            cursor.advance("x", end).unwrap();
            assert!(cursor.is_at_end());
        }
    }
}
