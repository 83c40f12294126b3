//! One secret by its name: read, or written.

use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::Error;
use crate::folder::{Folder, Project};
use crate::http::Answer;
use crate::listing::{Question, View, is_no_route};
use crate::secrets::{Listed, Value};
use keyloom_connections::Secret;

/// What became of a secret that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// There was none of that name.
    Created,
    /// There was one, which has another value now.
    Updated,
    /// Nothing yet: the folder has a change policy, and somebody has to approve it.
    Asked,
}

#[derive(Deserialize)]
struct Single {
    secret: Listed,
}

/// What a writing answers, as far as it is used.
#[derive(Deserialize)]
struct Told {
    secret: Option<Object>,
    approval: Option<Object>,
}

/// That it is there is enough.
#[derive(Deserialize)]
struct Object {}

/// The two interfaces call the project differently.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    project_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_id: Option<&'a str>,
    environment: &'a str,
    secret_path: &'a str,
    r#type: &'static str,
    secret_value: &'a str,
}

impl Client {
    /// One secret of a folder, references in it resolved: the folder's own, or else that of its last import that has one.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is not there (see [`Error::is_not_found`]) or the identity may not read it,
    /// [`Error::Hidden`] when it may see all but its value; [`Error::Login`]; and whatever else [`Error`] knows.
    pub async fn secret(&self, folder: &Folder, name: &str) -> Result<Value, Error> {
        let question = Question { folder, name: Some(checked(name)?), view: View::Values };
        let answer = self.ask(question, None).await?;
        // What serde says may quote what it read.
        let Ok(Single { secret }) = serde_json::from_slice(&answer.body) else {
            return Err(not_understood(&answer, "it is no secret; does the address lead to Infisical?"));
        };
        if secret.secret_key != name {
            return Err(not_understood(&answer, "it is another secret than was asked for"));
        }
        let hidden = || Error::Hidden { host: answer.host.clone(), name: name.to_owned() };
        secret.value().ok_or_else(hidden)
    }

    /// Writes one secret of a folder, which must be there: a secret of that name has another value then, or it is made.
    ///
    /// # Errors
    /// [`Error::Refused`] when the folder is not there or the identity may not write in it; [`Error::Login`]; and whatever else
    /// [`Error`] knows.
    pub async fn write(&self, folder: &Folder, name: &str, value: &Secret) -> Result<Written, Error> {
        let name = checked(name)?;
        match self.write_as(Method::PATCH, folder, name, value).await {
            Ok(answer) => written(&answer, Written::Updated),
            Err(error) if error.is_not_found() => {
                let answer = self.write_as(Method::POST, folder, name, value).await?;
                written(&answer, Written::Created)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes one secret of a folder, which must be there.
    ///
    /// # Errors
    /// As [`Client::write`], and [`Error::Refused`] when the folder has a secret of that name (see [`Error::is_taken`]).
    pub async fn create(&self, folder: &Folder, name: &str, value: &Secret) -> Result<Written, Error> {
        let answer = self.write_as(Method::POST, folder, checked(name)?, value).await?;
        written(&answer, Written::Created)
    }

    /// By the interface that the server has; both take only the id of the project here.
    async fn write_as(
        &self,
        method: Method,
        folder: &Folder,
        name: &str,
        value: &Secret,
    ) -> Result<Answer, Error> {
        let id = match &folder.project {
            Project::Id(id) => id.clone(),
            Project::Slug(slug) => match self.known_id(slug) {
                Some(id) => id,
                None => self.look_up(slug).await?,
            },
        };
        let send = async |is_old: bool| {
            let (url, body) = self.writing(is_old, &id, folder, name, value);
            self.send(method.clone(), &url, &body).await
        };
        let is_old = self.is_old();
        match send(is_old).await {
            Err(error) if is_no_route(&error) => {
                let answer = send(!is_old).await;
                if !answer.as_ref().is_err_and(is_no_route) {
                    self.set_old(!is_old);
                }
                answer
            }
            other => other,
        }
    }

    fn writing(&self, is_old: bool, id: &str, folder: &Folder, name: &str, value: &Secret) -> (Url, Secret) {
        let base: &[&str] = if is_old { &["api", "v3", "secrets", "raw"] } else { &["api", "v4", "secrets"] };
        let body = Body {
            project_id: Some(id).filter(|_| !is_old),
            workspace_id: Some(id).filter(|_| is_old),
            environment: &folder.environment,
            secret_path: &folder.path,
            r#type: "shared",
            secret_value: value.expose(),
        };
        (self.base().join(&[base, &[name]].concat()), Secret::of_json(&body))
    }
}

/// A name that can be a part of a path: an empty one would ask for the whole folder, dots lead elsewhere, and line ends and tabs are
/// left out of addresses.
fn checked(name: &str) -> Result<&str, Error> {
    match name {
        "" | "." | ".." => Err(Error::Request { why: "the name of the secret is empty, or only dots" }),
        name if name.chars().any(char::is_control) => {
            Err(Error::Request { why: "the name of the secret holds a line end, a tab or the like" })
        }
        name => Ok(name),
    }
}

fn written(answer: &Answer, done: Written) -> Result<Written, Error> {
    match serde_json::from_slice(&answer.body) {
        Ok(Told { approval: Some(Object {}), .. }) => Ok(Written::Asked),
        Ok(Told { secret: Some(Object {}), .. }) => Ok(done),
        _ => Err(not_understood(answer, "it does not say that the secret was written")),
    }
}

fn not_understood(answer: &Answer, why: &str) -> Error {
    Error::Answer { host: answer.host.clone(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base_url::BaseUrl;

    fn decoded(segment: &str) -> String {
        let (mut bytes, mut rest) = (Vec::new(), segment.bytes());
        while let Some(byte) = rest.next() {
            let mut digit = || char::from(rest.next().unwrap()).to_digit(16).unwrap();
            bytes.push(if byte == b'%' { u8::try_from(digit() * 16 + digit()).unwrap() } else { byte });
        }
        String::from_utf8(bytes).unwrap()
    }

    proptest! {
        /// Whatever the name: it is one part of the path, or it is refused.
        #[test]
        fn a_name_is_one_part_of_the_path(name in prop_oneof![".*", "[ae2./\\\\%?#;:@ \t\n\r~]{0,6}"]) {
            let url = BaseUrl::parse("https://a.example").unwrap().join(&["api", "v4", "secrets", &name]);
            if checked(&name).is_ok() {
                let parts: Vec<_> = url.path_segments().unwrap().map(decoded).collect();
                prop_assert_eq!(parts, ["api", "v4", "secrets", &name]);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
        }
    }
}
