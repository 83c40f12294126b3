//! A kind of connection: its word, its fields and the rules between them.

use crate::field::Field;
use crate::suggest::{fold, suggest};
use crate::synonyms;

/// A kind of connection, such as `postgres`.
#[derive(Debug)]
pub struct Kind {
    /// What `type` says.
    pub word: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// The fields of `details`, in Bruin's order, without the name.
    pub fields: &'static [Field],
    /// What goes together.
    pub rules: &'static [Rule],
}

/// How TLS is used, in the words of libpq (`sslmode`).
pub const SSL_MODES: &[&str] = &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// What goes together in a kind of connection.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// At least one of these groups must be there whole; a field that is `false` is not there.
    OneOf(&'static [&'static [&'static str]]),
    /// Where one of these is there, all are.
    Together(&'static [&'static str]),
    /// Nothing of the first group beside anything of the second.
    NotBoth(&'static [&'static str], &'static [&'static str]),
    /// The field holds JSON, not the path of a file.
    Json(&'static str),
    /// The field holds the path of a file, not JSON.
    Path(&'static str),
    /// The field holds one of these words.
    Word(&'static str, &'static [&'static str]),
    /// The field holds this number or a greater one.
    AtLeast(&'static str, i64),
}

impl Rule {
    /// What it says, as a sentence.
    pub fn words(self) -> String {
        match self {
            Self::OneOf(groups) => format!("Needs {}.", alternatives(groups)),
            Self::Together(group) => format!("{} belong together.", listed(group, " and ")),
            Self::NotBoth(one, other) => {
                format!("Takes {} or {}, not both.", listed(one, ", "), listed(other, ", "))
            }
            Self::Json(field) => format!("`{field}` holds an object of JSON."),
            Self::Word(field, words) => format!("`{field}` is one of {}.", listed(words, ", ")),
            Self::AtLeast(field, least) => format!("`{field}` is {least} or more."),
            Self::Path(field) => format!("`{field}` is the path of a file, not its content."),
        }
    }
}

/// `a`, or `b` with `c`.
pub(crate) fn alternatives(groups: &[&[&str]]) -> String {
    groups.iter().map(|group| listed(group, " with ")).collect::<Vec<_>>().join(" or ")
}

pub(crate) fn listed(names: &[&str], between: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
}

impl Kind {
    /// One of its fields.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that was most likely meant.
    pub fn suggest_field(&self, name: &str) -> Option<&'static str> {
        self.meant(name).or_else(|| suggest(name, self.names()))
    }

    /// The field that a name means for sure: it is written otherwise, or is what others call it.
    pub(crate) fn meant(&self, name: &str) -> Option<&'static str> {
        let folded = fold(name);
        self.names().find(|known| fold(known) == folded).or_else(|| synonyms::field(&folded, self.names()))
    }

    fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.fields.iter().map(|field| field.name)
    }
}
