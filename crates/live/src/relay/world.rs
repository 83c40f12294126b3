//! What the cluster has, and what of it a change concerns.

use std::collections::BTreeSet;
use std::fmt;

use super::admits::{self, Labels};
use super::changed::Changed;
use super::objects::{ExternalSecretSpec, Object, Owner, StoreRef};
use super::projects::Projects;
use super::reads::{self, Read};
use super::stores::Stores;

/// The longest name that the API server takes.
const LONGEST_NAME: usize = 253;

/// Stores and ExternalSecrets of a cluster, at one moment.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) stores: Stores,
    pub(crate) secrets: Vec<Object<ExternalSecretSpec>>,
    /// Labels of namespaces, where a store's conditions ask for them.
    pub(crate) labels: Labels,
}

/// What is to be synced: an object that is annotated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// An ExternalSecret of its own.
    ExternalSecret {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
    /// A ClusterExternalSecret. The operator writes the annotations of its ExternalSecrets itself: it takes away what others
    /// put there, and hands down one annotation of its own.
    ClusterExternalSecret {
        /// Its name.
        name: String,
        /// Which one of that name: whoever may write an ExternalSecret says whose it is.
        uid: String,
    },
}

/// What a change comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Concerned {
    /// What reads it.
    pub(crate) targets: BTreeSet<Target>,
    /// What reads it and is never synced again, and why.
    pub(crate) deaf: BTreeSet<(Target, &'static str)>,
}

impl World {
    /// What reads a folder that changed.
    pub(crate) fn concerned(&self, changed: &Changed, projects: &Projects) -> Concerned {
        let mut concerned = Concerned::default();
        for secret in &self.secrets {
            let Some(spec) = &secret.spec else { continue };
            if !reads::entries(spec).any(|entry| self.reads(secret, entry, changed, projects)) {
                continue;
            }
            let target = Target::of(secret);
            match reads::deaf(spec) {
                Some(why) => _ = concerned.deaf.insert((target, why)),
                None => _ = concerned.targets.insert(target),
            }
        }
        concerned
    }

    fn reads(
        &self,
        secret: &Object<ExternalSecretSpec>,
        (store, read): (&StoreRef, Read<'_>),
        changed: &Changed,
        projects: &Projects,
    ) -> bool {
        let namespace = &secret.metadata.namespace;
        self.stores.find(store, namespace).is_some_and(|store| {
            changed.concerns(store, projects)
                && changed.path.as_ref().is_none_or(|path| reads::reaches(store, read, path))
                && admits::admits(&store.conditions, namespace, &self.labels)
        })
    }
}

impl Target {
    /// What is to be annotated for an ExternalSecret to be synced.
    fn of(secret: &Object<ExternalSecretSpec>) -> Self {
        let metadata = &secret.metadata;
        let mut owners = metadata.owner_references.iter().flatten();
        match owners.find(|owner| is_operators(owner)) {
            Some(owner) => Self::ClusterExternalSecret { name: owner.name.clone(), uid: owner.uid.clone() },
            None => {
                Self::ExternalSecret { namespace: metadata.namespace.clone(), name: metadata.name.clone() }
            }
        }
    }

    /// The annotation that the operator looks at. On an ExternalSecret any change of any annotation would do, and this is the
    /// one that its documentation tells people to set.
    pub(crate) fn annotation(&self) -> &'static str {
        match self {
            Self::ExternalSecret { .. } => "force-sync",
            Self::ClusterExternalSecret { .. } => "external-secrets.io/force-sync",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExternalSecret { namespace, name } => write!(f, "ExternalSecret {namespace}/{name}"),
            Self::ClusterExternalSecret { name, .. } => write!(f, "ClusterExternalSecret {name}"),
        }
    }
}

/// Whether an owner is a ClusterExternalSecret of the operator's, of a name that one can have.
fn is_operators(owner: &Owner) -> bool {
    let group = owner.api_version.split_once('/').map(|(group, _)| group);
    owner.controller == Some(true)
        && owner.kind == "ClusterExternalSecret"
        && group == Some("external-secrets.io")
        && is_name(&owner.name)
        && !owner.uid.is_empty()
}

/// Whether an object can have the name: parts of lower-case letters, digits and hyphens, with dots between them.
fn is_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let part = |part: &str| {
        !part.is_empty() && !part.starts_with('-') && !part.ends_with('-') && part.bytes().all(inner)
    };
    name.len() <= LONGEST_NAME && name.split('.').all(part)
}

#[cfg(test)]
mod tests;
