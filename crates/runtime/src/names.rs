//! The names of the secrets in a folder. Values do not travel: the server is asked to leave them out.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
use crate::listing::View;

/// A folder of an environment of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The project.
    pub project: Project,
    /// Slug of the environment.
    pub environment: String,
    /// Path of the folder, such as `/api`.
    pub path: String,
}

/// A project, by its id or by its slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Project {
    /// A UUID. The current interface takes nothing else.
    Id(String),
    /// A slug, which only the older interface takes.
    Slug(String),
}

impl Project {
    /// What looks like a UUID is an id, everything else a slug.
    ///
    /// ```
    /// use keyloom_runtime::Project;
    /// assert!(matches!(Project::new("7d0c6f3e-1a2b-4c3d-9e8f-001122334455"), Project::Id(_)));
    /// assert!(matches!(Project::new("my-app-x7f2"), Project::Slug(_)));
    /// ```
    pub fn new(text: &str) -> Self {
        let groups: Vec<_> = text.split('-').collect();
        let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let lengths: Vec<_> = groups.iter().map(|group| group.len()).collect();
        if digits && lengths == [8, 4, 4, 4, 12] {
            Self::Id(text.to_owned())
        } else {
            Self::Slug(text.to_owned())
        }
    }
}

/// A list of secrets, without what is in them: not even a value that a server sends although it was asked not to is kept.
#[derive(Deserialize)]
struct List {
    secrets: Vec<Named>,
    #[serde(default)]
    imports: Vec<Imported>,
}

#[derive(Deserialize)]
struct Imported {
    #[serde(default)]
    secrets: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    secret_key: String,
}

impl Client {
    /// The names of the secrets in a folder, with those that its imports bring, as a sync sees them.
    ///
    /// # Errors
    /// [`Error::Refused`] when the folder, environment or project is not there (see [`Error::is_not_found`]) or the
    /// identity may not list it; [`Error::Login`]; and whatever else [`Error`] knows.
    pub async fn names(&self, folder: &Folder) -> Result<BTreeSet<String>, Error> {
        let answer = self.list(folder, View::Names, None).await?;
        let list: List = serde_json::from_slice(&answer.body).map_err(|_| Error::Answer {
            host: answer.host.clone(),
            why: "it is no list of secrets; does the address lead to Infisical?".to_owned(),
        })?;
        let imported = list.imports.into_iter().flat_map(|import| import.secrets);
        Ok(list.secrets.into_iter().chain(imported).map(|secret| secret.secret_key).collect())
    }
}
