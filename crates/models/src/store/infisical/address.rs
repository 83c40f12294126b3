//! Addresses in Infisical: a folder and a name.

use crate::address::{Abilities, Address, Complaint, Finds, PathClass, Version, WholeEntry, segments};

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
        search: |_| Vec::new(),
        finds: Finds::NamesNeverTags,
        abilities: Abilities::ALL,
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
