//! The secrets of a folder, with their values.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::header::ETAG;
use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
use crate::etag::Etag;
use crate::folder::Folder;
use crate::http::Answer;
use crate::listing::View;
use keyloom_connections::Secret;

/// What came of asking for a folder.
#[derive(Debug)]
pub enum Fetched {
    /// It is what it was when the [`Etag`] was handed out.
    Unchanged,
    /// What is in it now.
    Loaded(Loaded),
}

/// The secrets of a folder, those that its imports bring among them.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Values by name. A secret of the folder itself counts before one that is imported, and the last import before the
    /// others, as on the server.
    pub values: BTreeMap<String, Value>,
    /// Names whose values the identity may not read: the server writes a placeholder in their place.
    pub hidden: BTreeSet<String>,
    /// To ask again with.
    pub etag: Option<Etag>,
}

/// One secret.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its value.
    pub secret: Secret,
    /// Whether a rotation of Infisical makes its values (`isRotatedSecret`, `rotationId`).
    pub rotated: bool,
}

#[derive(Deserialize)]
struct List {
    secrets: Vec<Listed>,
    #[serde(default)]
    imports: Vec<Imported>,
}

#[derive(Deserialize)]
struct Imported {
    #[serde(default)]
    secrets: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listed {
    pub(crate) secret_key: String,
    secret_value: Option<Secret>,
    #[serde(default)]
    secret_value_hidden: bool,
    #[serde(default)]
    is_rotated_secret: bool,
    rotation_id: Option<String>,
}

impl Client {
    /// The secrets of a folder with their values, references in them resolved, those of its imports among them.
    ///
    /// With an [`Etag`] of an earlier answer, one learns whether anything changed without the values travelling again.
    ///
    /// # Errors
    /// [`Error::Refused`] when the folder, environment or project is not there (see [`Error::is_not_found`]) or the
    /// identity may not list it; [`Error::Login`]; and whatever else [`Error`] knows.
    pub async fn secrets(&self, folder: &Folder, known: Option<&Etag>) -> Result<Fetched, Error> {
        let answer = self.list(folder, View::Values, known).await?;
        if answer.status == 304 {
            return Ok(Fetched::Unchanged);
        }
        Ok(Fetched::Loaded(loaded(&answer)?))
    }
}

fn loaded(answer: &Answer) -> Result<Loaded, Error> {
    // What serde says may quote what it read.
    let list: List = serde_json::from_slice(&answer.body).map_err(|_| Error::Answer {
        host: answer.host.clone(),
        why: "it is no list of secrets; does the address lead to Infisical?".to_owned(),
    })?;
    let mut loaded = Loaded { etag: answer.headers.get(ETAG).cloned().map(Etag), ..Loaded::default() };
    let imported = list.imports.into_iter().flat_map(|import| import.secrets);
    for secret in imported.chain(list.secrets) {
        loaded.put(secret);
    }
    Ok(loaded)
}

impl Listed {
    /// The secret, unless its value is hidden.
    pub(crate) fn value(self) -> Option<Value> {
        let rotated = self.is_rotated_secret || self.rotation_id.is_some();
        let secret = self.secret_value.filter(|_| !self.secret_value_hidden)?;
        Some(Value { secret, rotated })
    }
}

impl Loaded {
    /// Takes a secret in, in the place of one of the same name.
    fn put(&mut self, listed: Listed) {
        let key = listed.secret_key.clone();
        match listed.value() {
            Some(value) => {
                self.hidden.remove(&key);
                self.values.insert(key, value);
            }
            None => {
                self.values.remove(&key);
                self.hidden.insert(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;

    fn read(body: &str) -> Result<Loaded, Error> {
        let (host, headers) = (String::new(), HeaderMap::new());
        loaded(&Answer { host, status: 200, headers, body: body.as_bytes().to_vec().into() })
    }

    #[test]
    fn the_last_import_counts_and_the_folder_itself_before_it() {
        let loaded = read(
            r#"{"secrets": [{"secretKey": "A", "secretValue": "own"}],
                "imports": [{"secrets": [{"secretKey": "A", "secretValue": "1"}, {"secretKey": "B", "secretValue": "1"}]},
                            {"secrets": [{"secretKey": "B", "secretValue": "2", "rotationId": "r"}]}]}"#,
        )
        .unwrap();
        let all: Vec<_> = loaded
            .values
            .iter()
            .map(|(key, value)| (key.as_str(), value.secret.expose(), value.rotated))
            .collect();
        assert_eq!(all, [("A", "own", false), ("B", "2", true)]);
    }

    #[test]
    fn a_placeholder_is_no_value() {
        let loaded = read(
            r#"{"secrets": [{"secretKey": "A", "secretValue": "<hidden-by-infisical>", "secretValueHidden": true}],
                "imports": [{"secrets": [{"secretKey": "A", "secretValue": "imported"}]}]}"#,
        )
        .unwrap();
        assert!(loaded.values.is_empty());
        assert_eq!(loaded.hidden.iter().collect::<Vec<_>>(), ["A"]);
    }

    #[test]
    fn what_is_no_list_is_not_quoted() {
        let told = read(r#"{"secrets": [{"secretKey": "A", "secretValue": ["canary"]}]}"#).unwrap_err();
        assert!(!format!("{told} {told:?}").contains("canary"));
    }
}
