//! Settings of a backend: what each of them says, and who said it.

use std::sync::Arc;
use std::{fmt, mem};

use super::error::{Failure, FailureKind};
use crate::http::Proxy;
use crate::variable::trimmed;

/// Reads a variable of the environment.
pub(super) type Get = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// A setting of a backend, as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What it is called, such as `environment`.
    pub name: &'static str,
    /// What of it is shown.
    pub shown: Shown,
    /// Who said it.
    pub origin: Origin,
}

/// What of a setting is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// What it says.
    Value(String),
    /// A credential: it is set, and not shown.
    Credential,
    /// It is not set, and somebody else knows it, such as `AWS's own chain`.
    LeftTo(&'static str),
    /// It is not set, and there is none.
    Unset,
}

/// Who said a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line, such as `--secrets-backend`.
    Flag(&'static str),
    /// A variable of the environment.
    Variable(&'static str),
    /// The program, which made the backend itself.
    Program,
    /// Nobody here: it was left to this one, such as `AWS's own chain`, and found.
    Found(&'static str),
    /// Nobody: it is the default.
    Default,
}

/// What somebody said, and who.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) origin: Origin,
}

impl Setting {
    /// One that is shown.
    pub(super) fn value(name: &'static str, value: &str, origin: Origin) -> Self {
        Self { name, shown: Shown::Value(value.to_owned()), origin }
    }

    /// One that is set, and not shown.
    pub(super) fn credential(name: &'static str, origin: Origin) -> Self {
        Self { name, shown: Shown::Credential, origin }
    }

    /// The proxy that what is asked of a server goes through, if any.
    pub(super) fn proxy(proxy: Option<Proxy>) -> Option<Self> {
        proxy.map(|Proxy { variable, address }| Self::value("proxy", &address, Origin::Variable(variable)))
    }

    /// One that is shown where it is said; `otherwise` is what it is by default.
    #[cfg(any(feature = "aws", feature = "vault"))]
    pub(super) fn optional(
        name: &'static str,
        value: Option<&str>,
        origin: Origin,
        otherwise: Shown,
    ) -> Self {
        Self { name, shown: value.map_or(otherwise, |value| Shown::Value(value.to_owned())), origin }
    }
}

/// Variables as a backend reads them: one that is empty is not set, and what is missing is kept to be told all at once.
pub(super) struct Variables<'a> {
    word: &'static str,
    get: &'a dyn Fn(&str) -> Option<String>,
    failures: Vec<Failure>,
}

impl<'a> Variables<'a> {
    /// The variables of the backend with this word.
    pub(super) fn new(word: &'static str, get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { word, get, failures: Vec::new() }
    }

    /// What the first of these says that is set.
    pub(super) fn optional(&self, names: &[&'static str]) -> Option<Said> {
        names.iter().find_map(|name| {
            let text = trimmed((self.get)(name))?;
            Some(Said { text, origin: Origin::Variable(name) })
        })
    }

    /// The same, or a default.
    pub(super) fn or(&self, names: &[&'static str], default: &str) -> Said {
        let default = || Said { text: default.to_owned(), origin: Origin::Default };
        self.optional(names).unwrap_or_else(default)
    }

    /// The same; where none is set, the first of them is told to be missing. `what` is what it takes, such as `the client ID`.
    pub(super) fn required(&mut self, names: &[&'static str], what: &str) -> Option<Said> {
        let said = self.optional(names);
        if said.is_none() {
            let (name, others) = names.split_first().unwrap_or((&"", &[]));
            let others: String = others.iter().map(|other| format!(", or {other},")).collect();
            self.failures.push(Failure {
                what: format!("failed to initialize {} client: {name} env variable not set", self.word),
                cause: None,
                remedy: format!("set it{others} to {what}"),
                kind: FailureKind::Settings,
            });
        }
        said
    }

    /// All that is missing, which is told then.
    pub(super) fn take_failures(&mut self) -> Vec<Failure> {
        mem::take(&mut self.failures)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag(name) | Self::Variable(name) | Self::Found(name) => name,
            Self::Program => "the program",
            Self::Default => "the default",
        })
    }
}
