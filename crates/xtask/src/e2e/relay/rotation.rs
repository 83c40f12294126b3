//! Secrets whose values change, and who reads them.

/// A secret whose value changes, and what must come of it.
pub(super) struct Rotation {
    /// Slug of the environment.
    pub(super) environment: &'static str,
    /// Path of the folder.
    pub(super) path: &'static str,
    /// Name of the secret.
    pub(super) key: &'static str,
    /// The Secrets that must have the new value.
    pub(super) arrives: &'static [&'static str],
    /// The objects that must be annotated, and no others.
    pub(super) synced: &'static [&'static str],
    /// What the relay says besides.
    pub(super) besides: &'static str,
}

/// One after the other.
pub(super) const ROTATIONS: [Rotation; 4] = [
    Rotation {
        environment: "prod",
        path: "/apps/web",
        key: "API_KEY",
        arrives: &["e2e-relay/web"],
        synced: &["ExternalSecret e2e-relay/web", "ExternalSecret e2e-relay/whole-tree"],
        besides: "; never synced again: ExternalSecret e2e-relay/never-again (refreshPolicy CreatedOnce)",
    },
    Rotation {
        environment: "dev",
        path: "/apps/web",
        key: "API_KEY",
        arrives: &["e2e-relay/other-environment"],
        synced: &["ExternalSecret e2e-relay/other-environment"],
        besides: "",
    },
    Rotation {
        environment: "prod",
        path: "/apps/api",
        key: "API_KEY",
        arrives: &["e2e-relay/other-path"],
        synced: &["ExternalSecret e2e-relay/other-path", "ExternalSecret e2e-relay/whole-tree"],
        besides: "",
    },
    Rotation {
        environment: "prod",
        path: "/ci",
        key: "TOKEN",
        arrives: &["e2e-relay/ci", "e2e-relay-tools/ci", "e2e-relay/whole-tree"],
        synced: &["ExternalSecret e2e-relay/whole-tree", "ClusterExternalSecret ci"],
        besides: "",
    },
];

impl Rotation {
    /// What the relay says of it.
    pub(super) fn told(&self) -> String {
        let Self { environment, path, synced, besides, .. } = self;
        format!("{environment}:{path} changed: syncs {}{besides}", synced.join(", "))
    }
}
