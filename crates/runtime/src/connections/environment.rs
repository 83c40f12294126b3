//! Connections in variables of the environment, one each: for local work, and for what `keyloom run` starts.

use std::collections::BTreeSet;
use std::fmt;

use keyloom_connections::{Secret, variable_name};

use super::backend::{Backend, Over, Pending};
use super::error::{Failure, FailureKind};
use super::setting::{Get, Origin, Setting};
use crate::variable::trimmed;

const WORD: &str = "environment";

/// Connections in variables of the environment: `KEYLOOM_CONNECTION_MY_POSTGRES` holds the JSON of `my-postgres`.
///
/// Names that differ only in what a variable cannot hold, such as `my-postgres` and `my_postgres`, share one.
pub struct Environment {
    get: Get,
    variables: Vec<String>,
}

impl Environment {
    /// What its variables begin with.
    pub const PREFIX: &str = "KEYLOOM_CONNECTION_";

    /// Reads by `get`, which cannot tell what there is: the names are those of the environment of this process.
    pub(super) fn from_env(get: Get) -> Self {
        let all = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        Self { get, variables: all.filter(|name| name.starts_with(Self::PREFIX)).collect() }
    }

    /// Connections in these variables alone; others than `KEYLOOM_CONNECTION_…` do not count.
    pub fn new(variables: impl IntoIterator<Item = (String, Secret)>) -> Self {
        let all: std::collections::BTreeMap<_, _> =
            variables.into_iter().filter(|(name, _)| name.starts_with(Self::PREFIX)).collect();
        let names = all.keys().cloned().collect();
        let get = move |name: &str| all.get(name).map(|text| text.expose().to_owned());
        Self { get: std::sync::Arc::new(get), variables: names }
    }

    /// The variable of a connection.
    ///
    /// ```
    /// use keyloom_runtime::connections::Environment;
    /// assert_eq!(Environment::variable("my-postgres"), "KEYLOOM_CONNECTION_MY_POSTGRES");
    /// ```
    pub fn variable(name: &str) -> String {
        format!("{}{}", Self::PREFIX, variable_name(name))
    }

    fn take(&self, name: &str) -> Result<Secret, Failure> {
        let variable = Self::variable(name);
        if let Some(text) = trimmed((self.get)(&variable)) {
            return Ok(Secret::new(text));
        }
        let (cause, remedy) = match self.misspelt(&variable) {
            Some(other) => (
                format!("{variable} is not set, and {other}, which is, does not count"),
                format!("call {other} {variable}: capitals, digits and `_` alone"),
            ),
            None => (
                format!("{variable} is not set"),
                r#"set it to the connection as JSON, {"type": "TYPE", "details": {…}}"#.to_owned(),
            ),
        };
        let what = "failed to read secret from environment".to_owned();
        Err(Failure { what, cause: Some(cause), remedy, kind: FailureKind::NotFound })
    }

    /// A variable that is set and was to be this one.
    fn misspelt(&self, variable: &str) -> Option<&str> {
        self.set()
            .find(|name| name.strip_prefix(Self::PREFIX).is_some_and(|end| Self::variable(end) == variable))
    }

    /// The variables that are set and not empty.
    fn set(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(String::as_str).filter(|name| trimmed((self.get)(name)).is_some())
    }
}

impl Backend for Environment {
    fn word(&self) -> &'static str {
        WORD
    }

    fn settings(&self) -> Vec<Setting> {
        vec![Setting::value("prefix of variables", Self::PREFIX, Origin::Default)]
    }

    fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret> {
        Box::pin(async { self.take(name) })
    }

    /// As far as variables tell them: in small letters, with `_` for whatever stood there.
    fn names(&self) -> Pending<'_, BTreeSet<String>> {
        let ends = self.set().filter_map(|name| Some((name, name.strip_prefix(Self::PREFIX)?)));
        // Others are read by no name.
        let read = ends.filter(|(name, end)| !end.is_empty() && Self::variable(end) == *name);
        let names = read.map(|(_, end)| end.to_ascii_lowercase()).collect();
        Box::pin(async { Ok(names) })
    }

    /// None where the variable is misspelt, and not the name.
    fn near<'a>(&'a self, name: &'a str) -> Pending<'a, BTreeSet<String>> {
        if self.misspelt(&Self::variable(name)).is_some() {
            return Box::pin(async { Ok(BTreeSet::new()) });
        }
        self.names()
    }

    fn write<'a>(&'a self, name: &'a str, _: &'a Secret, _: Over) -> Pending<'a, ()> {
        Box::pin(async {
            Err(Failure {
                what: "failed to write secret to environment".to_owned(),
                cause: Some("a process cannot set variables of the one that started it".to_owned()),
                remedy: format!(
                    "set {} yourself, or use another backend, such as `file`",
                    Self::variable(name)
                ),
                kind: FailureKind::Unsupported,
            })
        })
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Environment").field(&self.variables).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Connections;
    use super::*;

    fn environment(set: &[(&str, &str)]) -> Environment {
        Environment::new(set.iter().map(|(name, text)| ((*name).to_owned(), Secret::new((*text).to_owned()))))
    }

    #[tokio::test]
    async fn a_connection_is_a_variable() {
        let one = environment(&[
            ("KEYLOOM_CONNECTION_MY_POSTGRES", " canary\n"),
            ("KEYLOOM_CONNECTION_EMPTY", ""),
            ("KEYLOOM_CONNECTION_", "canary"),
            ("OTHER", "canary"),
        ]);
        assert_eq!(one.read("my-postgres").await.unwrap().expose(), "canary");
        assert_eq!(one.read("my_postgres").await.unwrap().expose(), "canary");
        assert_eq!(one.names().await.unwrap().into_iter().collect::<Vec<_>>(), ["my_postgres"]);
        assert!(!format!("{one:?}").contains("canary"));
        let told = one.read("empty").await.unwrap_err().to_string();
        assert!(
            told.contains("KEYLOOM_CONNECTION_EMPTY is not set; set it to the connection as JSON"),
            "{told}"
        );
        let told =
            one.write("my-postgres", &Secret::new("canary".to_owned()), Over::Anything).await.unwrap_err();
        assert_eq!(told.kind, FailureKind::Unsupported);
        assert!(!told.to_string().contains("canary"));
        let near = Connections::new(one).text("my-postgre").await.unwrap_err();
        assert_eq!(
            near.to_string(),
            "failed to read secret from environment: KEYLOOM_CONNECTION_MY_POSTGRE is not set; did you mean `my_postgres`?"
        );
    }

    #[tokio::test]
    async fn a_variable_that_no_name_leads_to_is_not_listed_and_is_named_to_whoever_misses_it() {
        let one = environment(&[
            ("KEYLOOM_CONNECTION_lower", "canary"),
            ("KEYLOOM_CONNECTION_LOWER2", "canary"),
            ("KEYLOOM_CONNECTION_my-db", "canary"),
        ]);
        assert_eq!(one.names().await.unwrap().into_iter().collect::<Vec<_>>(), ["lower2"]);
        let all = Connections::new(one);
        for (name, set, variable) in [
            ("lower", "KEYLOOM_CONNECTION_lower", "KEYLOOM_CONNECTION_LOWER"),
            ("my_db", "KEYLOOM_CONNECTION_my-db", "KEYLOOM_CONNECTION_MY_DB"),
        ] {
            let failure = all.text(name).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::NotFound);
            assert_eq!(
                failure.to_string(),
                format!(
                    "failed to read secret from environment: {variable} is not set, and {set}, which is, does not count; \
                     call {set} {variable}: capitals, digits and `_` alone"
                )
            );
        }
    }
}
