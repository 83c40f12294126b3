//! Projects: environments, folders, secrets and imports.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::seed::Hidden;

/// A project.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Project {
    /// Its slug.
    pub slug: String,
    /// Its name; the slug by default.
    pub name: Option<String>,
    /// Its UUID; made of the slug by default, see [`crate::uuid`].
    pub id: Option<String>,
    /// Its environments.
    pub environments: Vec<Environment>,
}

/// An environment of a project.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Environment {
    /// Its slug.
    pub slug: String,
    /// Its name; the slug by default.
    pub name: Option<String>,
    /// Its folders, by their paths. Those above them, and the root, are there anyway.
    pub folders: BTreeMap<String, Folder>,
}

/// A folder of an environment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Folder {
    /// Secrets by their keys.
    pub secrets: BTreeMap<String, Secret>,
    /// Folders whose secrets show here too; the last one wins.
    pub imports: Vec<Import>,
}

/// A folder that is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Import {
    /// Slug of the environment.
    pub environment: String,
    /// Path of the folder.
    pub path: String,
}

/// A secret. In JSON a text will do, for its value.
#[derive(Clone, Debug, Default)]
pub struct Secret {
    /// The value.
    pub value: Hidden,
    /// What somebody wrote about it.
    pub comment: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Pairs that describe it.
    pub metadata: Vec<Metadata>,
    /// The rotation that writes it.
    pub rotation_id: Option<String>,
}

/// A tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Tag {
    /// What it is asked for by.
    pub slug: String,
}

/// A pair that describes a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Metadata {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl Project {
    /// A project without environments.
    #[must_use]
    pub fn new(slug: &str) -> Self {
        Self { slug: slug.to_owned(), ..Self::default() }
    }

    /// With one more environment.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environments.push(environment);
        self
    }
}

impl Environment {
    /// An environment with an empty root.
    #[must_use]
    pub fn new(slug: &str) -> Self {
        Self { slug: slug.to_owned(), ..Self::default() }
    }

    /// With a folder, or with more in it.
    #[must_use]
    pub fn folder(mut self, path: &str, secrets: &[(&str, &str)]) -> Self {
        let folder = self.folders.entry(path.to_owned()).or_default();
        folder.secrets.extend(secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(value))));
        self
    }

    /// With one more secret, of which more is said than its value.
    #[must_use]
    pub fn secret(mut self, path: &str, key: &str, secret: Secret) -> Self {
        self.folders.entry(path.to_owned()).or_default().secrets.insert(key.to_owned(), secret);
        self
    }

    /// With one more import of a folder into another.
    #[must_use]
    pub fn import(mut self, into: &str, environment: &str, path: &str) -> Self {
        let import = Import { environment: environment.to_owned(), path: path.to_owned() };
        self.folders.entry(into.to_owned()).or_default().imports.push(import);
        self
    }
}

impl Secret {
    /// A secret of which nothing but the value is said.
    #[must_use]
    pub fn new(value: &str) -> Self {
        Self { value: value.into(), ..Self::default() }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

struct SecretVisitor;

impl<'de> Visitor<'de> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or a mapping with `value`")
    }

    fn visit_str<E>(self, value: &str) -> Result<Secret, E> {
        Ok(Secret::new(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Secret, A::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "camelCase")]
        struct Written {
            value: Hidden,
            comment: String,
            tags: Vec<Tag>,
            metadata: Vec<Metadata>,
            rotation_id: Option<String>,
        }
        let Written { value, comment, tags, metadata, rotation_id } =
            Written::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Secret { value, comment, tags, metadata, rotation_id })
    }
}
