//! Addresses in Infisical: a folder and a name.

use crate::address::{Address, Complaint, PathClass, SearchComplaint, Version, WholeEntry, segments};
use crate::data_from::Find;

use super::InfisicalConfig;

/// How its addresses are read.
pub(crate) fn address(_: Option<&InfisicalConfig>) -> &'static Address {
    static ADDRESS: Address = Address {
        reader: "Infisical",
        class: PathClass::Folders,
        leading_slash: true,
        path,
        version: |_| Version::Ignored,
        whole_entry: WholeEntry::Never,
        fetches_metadata: false,
        search,
    };
    &ADDRESS
}

/// The path is taken for folders, and the name is put into the address of the request as it is.
fn path(path: &str) -> Option<Complaint> {
    if path.ends_with('/') {
        return Complaint::new(
            "it ends with `/`, so the name of the secret is empty",
            "write the folder and the name, as in /databases/postgres/host",
        );
    }
    segments(path.strip_prefix('/').unwrap_or(path)).or_else(|| {
        let bad = path
            .chars()
            .find(|c| matches!(c, '?' | '#' | '%' | '\\') || c.is_whitespace() || c.is_control())?;
        Complaint::new(
            format!("it holds {bad:?}"),
            "rename the secret or folder in Infisical; the operator does not escape it",
        )
    })
}

fn search(find: &Find) -> Vec<SearchComplaint> {
    let tags = find.tags.as_ref().is_some_and(|tags| !tags.is_empty());
    let complaint = SearchComplaint {
        field: Some("tags"),
        ignored: false,
        what: "Infisical cannot be searched by tags",
        fix: "search by `name` or `path`",
    };
    tags.then_some(complaint).into_iter().collect()
}
