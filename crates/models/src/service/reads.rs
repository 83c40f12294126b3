//! What a pod reads of which Secret, told in one way for declared services and for pods of foreign manifests.

use std::collections::BTreeSet;

use keyloom_syntax::Text;

use super::{EnvVar, PullSecret, ServiceConfig};
use crate::finding::{List, Place};

/// One place where a pod reads a Secret.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretRead {
    /// Name of the Secret.
    pub secret: Text,
    /// What it takes of it, and what for.
    pub wanted: Wanted,
    /// Whether the pod starts without it.
    pub optional: bool,
    pub(crate) at_name: Place,
    pub(crate) at_key: Place,
    pub(crate) at_optional: Place,
    /// What comes of it when the Secret or key is missing, where that is not for a container to suffer.
    pub(crate) otherwise: Option<&'static str>,
}

/// What a pod takes of a Secret, and what for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// One key as an environment variable.
    Variable {
        /// The key.
        key: Text,
        /// Name of the variable.
        name: Text,
    },
    /// Every key as an environment variable.
    Variables {
        /// Text put before every name.
        prefix: Option<Text>,
    },
    /// One key as a file.
    File {
        /// The key.
        key: Text,
        /// The file, relative to the volume.
        path: Text,
    },
    /// Every key as a file.
    Files,
    /// What the image is pulled with. It is for the cluster to read, before the container is there.
    Registry {
        /// The key.
        key: Text,
    },
}

impl Wanted {
    /// The one key; none when all are taken.
    pub fn key(&self) -> Option<&Text> {
        match self {
            Self::Variable { key, .. } | Self::File { key, .. } | Self::Registry { key } => Some(key),
            Self::Variables { .. } | Self::Files => None,
        }
    }
}

impl SecretRead {
    /// A read at `at`, the node that holds the Secret's name under `name`.
    pub(crate) fn new(secret: Text, wanted: Wanted, optional: bool, at: &Place, name: &'static str) -> Self {
        Self {
            secret,
            wanted,
            optional,
            at_name: at.at(name),
            at_key: at.at("key"),
            at_optional: at.at("optional"),
            otherwise: None,
        }
    }

    /// `imagePullSecrets[]` at `at`.
    pub(crate) fn by_registry(secret: Text, at: &Place) -> Self {
        const NO_PULL: &str = "the image is pulled without credentials, which a private registry refuses";
        let wanted = Wanted::Registry { key: ".dockerconfigjson".into() };
        let read = Self::new(secret, wanted, false, at, "name");
        Self { at_key: read.at_name.clone(), otherwise: Some(NO_PULL), ..read }
    }

    /// A read of a certain key by the cluster itself; `at` is the Secret's name.
    pub(crate) fn by_cluster(secret: Text, key: &'static str, at: &Place, otherwise: &'static str) -> Self {
        Self {
            secret,
            wanted: Wanted::File { key: key.into(), path: key.into() },
            optional: false,
            at_name: at.clone(),
            at_key: at.clone(),
            at_optional: at.clone(),
            otherwise: Some(otherwise),
        }
    }
}

impl ServiceConfig {
    /// Every place where it reads a Secret, in the order of the declaration.
    pub fn secret_reads(&self) -> Vec<SecretRead> {
        self.reads_at(&Place::item(List::Services, 0))
    }

    /// Names of the Secrets that its container reads, each once, in the order of the declaration.
    pub fn secrets(&self) -> Vec<Text> {
        let reads = self.secret_reads().into_iter();
        once(reads.filter(|read| !matches!(read.wanted, Wanted::Registry { .. })).map(|read| read.secret))
    }

    /// Names of the ConfigMaps that it reads, each once, in the order of the declaration.
    pub fn config_maps(&self) -> Vec<Text> {
        let whole = self.env_from.iter().filter_map(|source| Some(&source.config_map_ref.as_ref()?.name));
        let key =
            |variable: &EnvVar| Some(variable.value_from.as_ref()?.config_map_key_ref.as_ref()?.name.clone());
        let files = self.volumes.iter().filter_map(|volume| Some(&volume.config_map.as_ref()?.name));
        once(whole.cloned().chain(self.env.iter().filter_map(key)).chain(files.cloned()))
    }

    pub(crate) fn reads_at(&self, place: &Place) -> Vec<SecretRead> {
        let at = place.at("imagePullSecrets");
        let registry =
            |(i, secret): (usize, &PullSecret)| SecretRead::by_registry(secret.name.clone(), &at.at(i));
        let mut reads: Vec<_> = self.image_pull_secrets.iter().enumerate().map(registry).collect();
        for (i, source) in self.env_from.iter().enumerate() {
            let Some(secret) = &source.secret_ref else { continue };
            let wanted = Wanted::Variables { prefix: source.prefix.clone() };
            let at = place.at("envFrom").at(i).at("secretRef");
            reads.push(SecretRead::new(secret.name.clone(), wanted, secret.optional, &at, "name"));
        }
        for (i, variable) in self.env.iter().enumerate() {
            let Some(key) = variable.value_from.as_ref().and_then(|from| from.secret_key_ref.as_ref()) else {
                continue;
            };
            let wanted = Wanted::Variable { key: key.key.clone(), name: variable.name.clone() };
            let at = place.at("env").at(i).path("valueFrom.secretKeyRef");
            reads.push(SecretRead::new(key.name.clone(), wanted, key.optional, &at, "name"));
        }
        for (i, volume) in self.volumes.iter().enumerate() {
            let Some(secret) = &volume.secret else { continue };
            let at = place.at("volumes").at(i).at("secret");
            let items = secret.items.iter().map(|item| (item.key.clone(), item.path.clone()));
            reads.extend(files(&secret.secret_name, items, secret.optional, &at, "secretName"));
        }
        reads
    }
}

fn once(names: impl Iterator<Item = Text>) -> Vec<Text> {
    let (mut seen, mut each) = (BTreeSet::new(), Vec::new());
    for name in names {
        let new = match name.written() {
            Some(written) => seen.insert(written.to_owned()),
            None => !each.contains(&name),
        };
        if new {
            each.push(name);
        }
    }
    each
}

/// A volume: the listed keys as files, or all.
pub(crate) fn files(
    secret: &Text,
    items: impl Iterator<Item = (Text, Text)>,
    optional: bool,
    at: &Place,
    name: &'static str,
) -> Vec<SecretRead> {
    let mut reads: Vec<SecretRead> = items
        .enumerate()
        .map(|(n, (key, path))| SecretRead {
            at_key: at.at("items").at(n).at("key"),
            ..SecretRead::new(secret.clone(), Wanted::File { key, path }, optional, at, name)
        })
        .collect();
    if reads.is_empty() {
        reads.push(SecretRead::new(secret.clone(), Wanted::Files, optional, at, name));
    }
    reads
}
