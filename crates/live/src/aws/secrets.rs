//! Names in AWS Secrets Manager: of all secrets of a region, or of the keys in one.

use std::collections::BTreeMap;

use keyloom_runtime::Secret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::{Aws, SECRETS_MANAGER};
use crate::error::Error;
use crate::pages::{Cursor, Pages};

/// The names of all secrets of a region. Those that are going to be deleted are not among them.
pub(crate) struct Secrets<'h> {
    aws: Aws<'h>,
    cursor: Cursor,
}

/// The names of the keys in one secret that holds a JSON object.
pub(crate) struct Keys<'h> {
    aws: Aws<'h>,
    secret: String,
    done: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    secret_list: Vec<Named>,
    #[serde(default)]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Value {
    #[serde(default)]
    secret_string: Option<Secret>,
}

impl<'h> Secrets<'h> {
    pub(crate) fn new(aws: Aws<'h>) -> Self {
        Self { aws, cursor: Cursor::default() }
    }
}

impl Pages for Secrets<'_> {
    async fn next(&mut self) -> Result<Option<Vec<String>>, Error> {
        if self.cursor.is_at_end() {
            return Ok(None);
        }
        let mut body = json!({"MaxResults": 100});
        if let Some(token) = self.cursor.token() {
            body["NextToken"] = json!(token);
        }
        let answer = self.aws.call("ListSecrets", &body).await?;
        let page: Page = serde_json::from_slice(&answer.body).map_err(|_| Error::Answer {
            from: SECRETS_MANAGER.title,
            why: "it is no list of secrets".to_owned(),
        })?;
        self.cursor.advance(SECRETS_MANAGER.title, page.next_token)?;
        Ok(Some(page.secret_list.into_iter().map(|secret| secret.name).collect()))
    }
}

impl<'h> Keys<'h> {
    pub(crate) fn new(aws: Aws<'h>, secret: String) -> Self {
        Self { aws, secret, done: false }
    }
}

impl Pages for Keys<'_> {
    async fn next(&mut self) -> Result<Option<Vec<String>>, Error> {
        if std::mem::replace(&mut self.done, true) {
            return Ok(None);
        }
        let answer = match self.aws.call("GetSecretValue", &json!({"SecretId": self.secret})).await {
            // A secret that is not there yet has no keys.
            Err(Error::Aws { code, .. }) if code == "ResourceNotFoundException" => return Ok(None),
            other => other?,
        };
        let value: Value = serde_json::from_slice(&answer.body)
            .map_err(|_| Error::Answer { from: SECRETS_MANAGER.title, why: "it is no secret".to_owned() })?;
        keys(value.secret_string.as_ref())
            .map(Some)
            .ok_or_else(|| Error::NoObject { secret: self.secret.clone() })
    }
}

/// The keys of a JSON object; none of anything else. Nothing but names is made of the value.
fn keys(value: Option<&Secret>) -> Option<Vec<String>> {
    let object: BTreeMap<String, IgnoredAny> = serde_json::from_str(value?.expose()).ok()?;
    Some(object.into_keys().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_and_nothing_else() {
        let of = |text: &str| keys(Some(&Secret::new(text.to_owned())));
        assert_eq!(of(r#"{"B": "canary", "A": {"x": 1}}"#).unwrap(), ["A", "B"]);
        assert_eq!(of("{}").unwrap(), [""; 0]);
        for text in ["canary", r#"["canary"]"#, r#""canary""#, ""] {
            assert_eq!(of(text), None);
        }
        assert_eq!(keys(None), None);
    }
}
