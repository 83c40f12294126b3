//! What anybody may write, and nobody reads.

/// A name that is no matter of who connects.
#[derive(Debug)]
pub(crate) struct Ignored {
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
}

const NAME: Ignored = Ignored {
    name: "name",
    about: "Name of the connection. It is that of its secret, whatever is written here.",
};

/// Beside `type` and `details`.
pub(crate) const BESIDE_TYPE: [Ignored; 2] =
    [NAME, Ignored { name: "$schema", about: "Where an editor finds the schema of a connection." }];

/// Beside the fields of a type, in `details`.
pub(crate) const BESIDE_FIELDS: [Ignored; 2] = [
    NAME,
    Ignored {
        name: "max_concurrent_assets",
        about: "How many assets of Bruin use the connection at once; Keyloom does not read it.",
    },
];

/// Whether a name is one of them.
pub(crate) fn is_one(name: &str, of: &[Ignored]) -> bool {
    of.iter().any(|ignored| ignored.name == name)
}
