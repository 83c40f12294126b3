//! What a path, a property and a version mean to a provider. Each provider states its own; rules and helpers ask.

use std::borrow::Cow;
use std::fmt;

use crate::data_from::Find;

/// How addresses of one provider are read.
pub struct Address {
    /// Whose addresses they are, as messages say it.
    pub reader: &'static str,
    /// How the provider keeps what belongs together.
    pub(crate) class: PathClass,
    /// Whether a `/` at the beginning of a path has a meaning. Where it has none it is left out, for it would become
    /// an empty segment.
    pub(crate) leading_slash: bool,
    /// What is wrong with a path.
    pub(crate) path: fn(&str) -> Option<Complaint>,
    /// What a version is to the provider.
    pub(crate) version: fn(&str) -> Version,
    /// When a reference without a property takes more than one value.
    pub(crate) whole_entry: WholeEntry,
    /// Whether tags can be fetched in place of a value (`metadataPolicy`).
    pub(crate) fetches_metadata: bool,
    /// What is wrong with a search, in a way of this provider's own.
    pub(crate) search: fn(&Find) -> Vec<SearchComplaint>,
    /// What can be searched for at all.
    pub(crate) finds: Finds,
    /// What else the provider can do.
    pub(crate) abilities: Abilities,
}

impl Address {
    /// Whether values can be read; some providers are only written to.
    pub fn reads(&self) -> bool {
        self.abilities.reads
    }

    /// Whether values can be written.
    pub fn writes(&self) -> bool {
        self.abilities.writes
    }

    /// What is wrong with a search in any store of the provider: with one that names `tags`, and one that names anything.
    pub fn search_complaint(&self, by_tags: bool, narrowed: bool) -> Option<SearchComplaint> {
        let reader = self.reader;
        let complaint = |field, ignored, what: String, fix| {
            Some(SearchComplaint { field, ignored, what: what.into(), fix })
        };
        match self.finds {
            Finds::NamesNeverTags if by_tags => complaint(
                Some("tags"),
                false,
                format!("{reader} cannot be searched by tags"),
                "search by `name` or `path`",
            ),
            Finds::Names if by_tags => complaint(
                Some("tags"),
                true,
                format!("{reader} ignores `tags` of a search"),
                "search by `name`",
            ),
            Finds::Everything if narrowed => complaint(
                None,
                true,
                format!("{reader} ignores what is searched for: every secret is read"),
                "leave `name`, `path` and `tags` out, or name the secrets in `data`",
            ),
            Finds::Nothing => {
                complaint(None, false, format!("{reader} cannot be searched"), "name the secrets in `data`")
            }
            Finds::NamesAndTags | Finds::Names | Finds::NamesNeverTags | Finds::Everything => None,
        }
    }
}

/// What a search may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finds {
    /// Names and tags.
    NamesAndTags,
    /// Names; tags are passed over.
    Names,
    /// Names; tags are refused.
    NamesNeverTags,
    /// Everything there is, whatever the search names.
    Everything,
    /// Nothing: there is no search.
    Nothing,
}

/// What a provider can do besides reading an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Abilities {
    /// Whether values can be read; some are only written to.
    pub(crate) reads: bool,
    /// Whether values can be written.
    pub(crate) writes: bool,
    /// Whether a missing secret is told from an error, as `deletionPolicy` needs it.
    pub(crate) notices_missing: bool,
    /// Whether `property` is heeded where one value is read.
    pub(crate) heeds_property: bool,
}

impl Abilities {
    /// Everything, which is also what is said of a store that nobody knows.
    pub(crate) const ALL: Self =
        Self { reads: true, writes: true, notices_missing: true, heeds_property: true };
}

/// How a provider keeps what belongs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathClass {
    /// Folders of single secrets. A field of a value is looked up as JSON, and only strings are found.
    Folders,
    /// Entries with fields.
    Entries,
    /// Single secrets under flat names, without folders.
    Flat,
    /// A path is an item and one of its fields: `item/field`.
    ItemField,
    /// In a way of its own: a path is handed on as it is written.
    AsWritten,
    /// Nobody knows: the store is not resolved, which is reported.
    Unknown,
}

/// Takes every address as it stands: for the rest of an external secret whose store is not resolved.
pub(crate) static UNKNOWN: Address = Address {
    reader: "the store",
    class: PathClass::Unknown,
    leading_slash: true,
    path: |_| None,
    version: |_| Version::Heeded,
    whole_entry: WholeEntry::Never,
    fetches_metadata: true,
    search: |_| Vec::new(),
    finds: Finds::NamesAndTags,
    abilities: Abilities::ALL,
};

/// When a reference without a property takes more than one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WholeEntry {
    /// Never: a path is one value.
    Never,
    /// When another reference takes a field of the same path.
    BesideFields,
    /// Always: every path is an entry with fields.
    Always,
}

/// What is wrong, and how to mend it.
pub(crate) struct Complaint {
    pub(crate) what: String,
    pub(crate) fix: &'static str,
}

impl Complaint {
    pub(crate) fn new(what: impl Into<String>, fix: &'static str) -> Option<Self> {
        Some(Self { what: what.into(), fix })
    }
}

/// What is wrong with a search: in which field, and whether it fails or is ignored.
pub struct SearchComplaint {
    /// The field of the search; none for the whole of it.
    pub field: Option<&'static str>,
    /// Whether the provider passes over it; otherwise the operator fails.
    pub ignored: bool,
    /// What is wrong.
    pub what: Cow<'static, str>,
    /// How to mend it.
    pub fix: &'static str,
}

/// What a version is to a provider.
pub(crate) enum Version {
    /// It is read.
    Heeded,
    /// It is passed over without a word.
    Ignored,
    /// It cannot be one.
    Wrong { what: String, why: &'static str, fix: String },
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.reader)
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.reader == other.reader
    }
}

/// No empty segments, and none that climb.
pub(crate) fn segments(path: &str) -> Option<Complaint> {
    if path.is_empty() {
        return Complaint::new("it is empty", "write the address of the secret");
    }
    path.split('/').find_map(|segment| match segment {
        "" => Complaint::new("it holds an empty segment", "write one `/` between segments"),
        "." | ".." => {
            Complaint::new(format!("the segment `{segment}` is not resolved"), "write the whole path")
        }
        _ => None,
    })
}
