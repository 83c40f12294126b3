//! Addresses in Vault: an entry below the mount, and its fields.

use crate::address::{
    Abilities, Address, Complaint, Finds, PathClass, SearchComplaint, Version, WholeEntry, segments,
};
use crate::data_from::Find;

use super::VaultConfig;

/// How its addresses are read.
pub(crate) fn address(_: Option<&VaultConfig>) -> &'static Address {
    static ADDRESS: Address = Address {
        reader: "Vault",
        class: PathClass::Entries,
        leading_slash: false,
        path,
        version,
        whole_entry: WholeEntry::Always,
        fetches_metadata: true,
        search,
        finds: Finds::NamesAndTags,
        abilities: Abilities::ALL,
    };
    &ADDRESS
}

fn path(path: &str) -> Option<Complaint> {
    if path.len() > 1 && path.ends_with('/') {
        return Complaint::new("it ends with `/`", "leave the `/` at the end out");
    }
    segments(path.trim_start_matches('/'))
}

fn version(version: &str) -> Version {
    if version.parse::<u32>().is_ok() {
        return Version::Heeded;
    }
    Version::Wrong {
        what: format!("`{version}` is not a version of Vault"),
        why: "Vault counts versions of an entry: 1, 2, 3 ...",
        fix: "write the number in quotes, or leave `version` out for the newest".to_owned(),
    }
}

fn search(find: &Find) -> Vec<SearchComplaint> {
    let tags = find.tags.as_ref().is_some_and(|tags| !tags.is_empty());
    let complaint = SearchComplaint {
        field: Some("tags"),
        ignored: true,
        what: "Vault ignores `tags` beside `name`".into(),
        fix: "keep one of the two",
    };
    (tags && find.name.is_some()).then_some(complaint).into_iter().collect()
}
