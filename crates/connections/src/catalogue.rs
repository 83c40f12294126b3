//! All kinds of connections, and how one is found.

use crate::kind::Kind;
use crate::suggest::{fold, suggest};
use crate::{synonyms, types};

/// Words that people write, and the kinds that they mean.
const ALIASES: [(&str, &str); 1] = [("mongodb", "mongo")];

impl Kind {
    /// All kinds, by their words.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        types::KINDS.iter().flat_map(|kinds| kinds.iter().copied())
    }

    /// The kind of a word of Bruin's; no aliases.
    pub fn of(word: &str) -> Option<&'static Self> {
        Self::all().find(|kind| kind.word == word)
    }

    /// The kind that an alias means, such as `mongodb`.
    pub fn aliased(word: &str) -> Option<&'static Self> {
        let (_, meant) = ALIASES.iter().find(|(alias, _)| *alias == word)?;
        Self::of(meant)
    }

    /// All aliases, with the kinds that they mean.
    pub fn aliases() -> impl Iterator<Item = (&'static str, &'static Self)> {
        ALIASES.iter().filter_map(|(alias, meant)| Some((*alias, Self::of(meant)?)))
    }

    /// The word that was most likely meant.
    pub fn suggest(word: &str) -> Option<&'static str> {
        synonyms::kind(&fold(word)).or_else(|| suggest(word, Self::all().map(|kind| kind.word)))
    }
}
