//! The names of the secrets in a folder. Values do not travel: the server is asked to leave them out.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
use crate::folder::Folder;
use crate::listing::View;

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
