//! Which project is which: webhooks name projects by id, and stores by slug.

use std::collections::BTreeMap;

use crate::error::Error;

/// Slugs of projects by id, as far as somebody said them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projects(BTreeMap<String, String>);

impl Projects {
    /// Reads `ID=SLUG`, each id once.
    ///
    /// # Errors
    /// [`Error::Project`] for a text of another form, and for an id that is there twice.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, Error> {
        let mut slugs = BTreeMap::new();
        for text in texts {
            let wrong = |why| Error::Project { text: text.to_owned(), why };
            let (id, slug) = text.split_once('=').ok_or_else(|| wrong("it is not of the form ID=SLUG"))?;
            let (id, slug) = (id.trim(), slug.trim());
            if id.is_empty() || slug.is_empty() {
                return Err(wrong("an id or a slug is missing"));
            }
            if slugs.insert(id.to_owned(), slug.to_owned()).is_some() {
                return Err(wrong("this id is there twice"));
            }
        }
        Ok(Self(slugs))
    }

    /// Whether the project of this id may have this slug. One whose slug nobody said has none that is said of another.
    pub(crate) fn may_be(&self, id: &str, slug: &str) -> bool {
        match self.0.get(id) {
            Some(known) => known == slug,
            None => !self.0.values().any(|known| known == slug),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_that_nobody_named_may_be_any_but_those_that_are_named() {
        let projects = Projects::parse(["1=web-shop", " 2 = billing "]).unwrap();
        for (id, slug, expected) in [
            ("1", "web-shop", true),
            ("1", "billing", false),
            ("2", "billing", true),
            ("3", "other", true),
            ("3", "web-shop", false),
        ] {
            assert_eq!(projects.may_be(id, slug), expected, "{id} {slug}");
        }
        assert!(Projects::default().may_be("1", "web-shop"));
    }

    #[test]
    fn what_is_no_project_is_refused() {
        for texts in [&["web-shop"][..], &["=a"], &["1="], &["1=a", "1=b"]] {
            assert!(Projects::parse(texts.iter().copied()).is_err(), "{texts:?}");
        }
    }
}
