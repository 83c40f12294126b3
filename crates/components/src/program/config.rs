//! [`Config`]: what `pulumi config set` gave the stack.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use keyloom_syntax::suggest::suggest;
use keyloom_syntax::{Origins, Text};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// The configuration of the stack, as one namespace of it sees it: that of the project, or of a package.
///
/// Configuration is text. What was set with `--secret` can only be read as a secret [`Text`].
#[derive(Clone)]
pub struct Config {
    namespace: String,
    values: Arc<Values>,
}

/// All values of the stack, by `namespace:key`.
#[derive(Default)]
pub(crate) struct Values(BTreeMap<String, Setting>);

enum Setting {
    Plain(String),
    Secret(SecretString),
}

/// Why a value cannot be read. It names keys, never values.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// Nothing was set.
    #[error(
        "the stack has no configuration `{key}`; set it with `pulumi config set {flags}{name} VALUE`{hint}"
    )]
    Missing {
        /// The whole key, `namespace:key`.
        key: String,
        /// How `pulumi config` takes it: without the namespace where that is the project.
        name: String,
        /// `--secret ` where a secret was asked for.
        flags: &'static str,
        /// A key of nearly that name, or nothing.
        hint: String,
    },
    /// A secret was read as if it were none.
    #[error("the configuration `{0}` is secret; read it with `require_secret`, which keeps it one")]
    Secret(String),
}

impl Values {
    /// The values that a host hands over, and which of them are secret.
    pub(crate) fn new(values: impl IntoIterator<Item = (String, String)>, secret: &[String]) -> Self {
        let setting = |(key, value): (String, String)| {
            let secret = secret.contains(&key);
            let value = if secret { Setting::Secret(value.into()) } else { Setting::Plain(value) };
            (key, value)
        };
        Self(values.into_iter().map(setting).collect())
    }
}

impl Config {
    pub(crate) fn new(namespace: &str, values: Arc<Values>) -> Self {
        Self { namespace: namespace.to_owned(), values }
    }

    /// The value of `key`, if it was set.
    ///
    /// # Errors
    /// When it is secret.
    pub fn get(&self, key: &str) -> Result<Option<String>, ConfigError> {
        match self.setting(key) {
            None => Ok(None),
            Some(Setting::Plain(value)) => Ok(Some(value.clone())),
            Some(Setting::Secret(_)) => Err(ConfigError::Secret(self.key(key))),
        }
    }

    /// The value of `key`.
    ///
    /// # Errors
    /// When it was not set, or is secret.
    pub fn require(&self, key: &str) -> Result<String, ConfigError> {
        self.get(key)?.ok_or_else(|| self.missing(key, ""))
    }

    /// The value of `key` as a secret, however it was set; `None` when it was not.
    pub fn get_secret(&self, key: &str) -> Option<Text> {
        let value = match self.setting(key)? {
            Setting::Plain(value) => SecretString::from(value.clone()),
            Setting::Secret(value) => SecretString::from(value.expose_secret()),
        };
        Some(Text::secret(value, Origins::NONE))
    }

    /// The value of `key` as a secret, however it was set.
    ///
    /// # Errors
    /// When it was not set.
    pub fn require_secret(&self, key: &str) -> Result<Text, ConfigError> {
        self.get_secret(key).ok_or_else(|| self.missing(key, "--secret "))
    }

    fn setting(&self, key: &str) -> Option<&Setting> {
        self.values.0.get(&self.key(key))
    }

    fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.namespace)
    }

    fn missing(&self, key: &str, flags: &'static str) -> ConfigError {
        let prefix = self.key("");
        let names = self.values.0.keys().filter_map(|known| known.strip_prefix(&prefix));
        let hint = suggest(key, names).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        ConfigError::Missing { key: self.key(key), name: self.key(key), flags, hint }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Config").field(&self.namespace).field(&self.values).finish()
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let values = [("shop:region", "eu-west-1"), ("shop:token", "canary"), ("aws:region", "us-east-1")];
        let values = values.map(|(key, value)| (key.to_owned(), value.to_owned()));
        Config::new("shop", Arc::new(Values::new(values, &["shop:token".to_owned()])))
    }

    #[test]
    fn values_are_those_of_the_namespace() {
        let config = config();
        assert_eq!(config.require("region").as_deref(), Ok("eu-west-1"));
        assert_eq!(config.get("profile"), Ok(None));
        assert_eq!(
            Config { namespace: "aws".to_owned(), ..config }.require("region").as_deref(),
            Ok("us-east-1")
        );
    }

    #[test]
    fn a_secret_stays_one() {
        let config = config();
        assert_eq!(config.require_secret("token").unwrap().expose_secret(), Some("canary"));
        assert!(config.require_secret("region").unwrap().is_secret(), "asked for as a secret");
        let words = [config.get("token").unwrap_err().to_string(), format!("{config:?}")].concat();
        assert!(words.contains("`shop:token` is secret") && !words.contains("canary"), "{words}");
    }

    #[test]
    fn what_is_missing_is_said_with_the_command_that_sets_it() {
        let missing = config().require("regoin").unwrap_err().to_string();
        assert_eq!(
            missing,
            "the stack has no configuration `shop:regoin`; set it with `pulumi config set shop:regoin VALUE`; \
             did you mean `region`?"
        );
        let missing = config().require_secret("password").unwrap_err().to_string();
        assert!(missing.ends_with("`pulumi config set --secret shop:password VALUE`"), "{missing}");
    }
}
