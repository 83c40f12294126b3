//! Names in AWS Secrets Manager: of all secrets of a region, or of the keys in one.

use std::collections::BTreeMap;

use keyloom_runtime::Secret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::list::List;
use super::{Aws, SECRETS_MANAGER};
use crate::error::Error;
use crate::pages::Pages;

/// The names of all secrets of a region. Those that are going to be deleted are not among them.
pub(crate) fn all(aws: Aws<'_>) -> List<'_> {
    List::new(aws, "ListSecrets", json!({"MaxResults": 100}), "secrets")
}

/// The names of the keys in one secret that holds a JSON object.
pub(crate) struct Keys<'h> {
    aws: Aws<'h>,
    secret: String,
    done: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Value {
    #[serde(default)]
    secret_string: Option<Secret>,
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
