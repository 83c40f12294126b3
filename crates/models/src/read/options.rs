//! How files are read.

use keyloom_syntax::{Budget, Diagnostic};

use crate::code;
use crate::name;

/// How files are read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How large and how deep a document may be.
    pub budget: Budget,
    /// Which environment is meant.
    pub environment: Environment,
    /// Version of External Secrets Operator, in place of what the document says.
    pub eso: Option<String>,
    /// Namespace of every item that says none.
    pub namespace: Option<String>,
}

/// One of the [`Options`], as whoever asks for a run may have chosen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// [`Options::environment`].
    Environment,
    /// [`Options::eso`].
    Eso,
    /// [`Options::namespace`].
    Namespace,
}

impl Options {
    /// Which of the options a finding is about, and not the documents.
    pub fn blamed(&self, finding: &Diagnostic) -> Option<Chosen> {
        let named = matches!(self.environment, Environment::Named(_));
        let placeless = finding.primary.span.is_none();
        match finding.code {
            code::UNKNOWN_ENVIRONMENT if named => Some(Chosen::Environment),
            code::UNKNOWN_ESO_VERSION if self.eso.is_some() => Some(Chosen::Eso),
            code::BAD_FORMAT if self.namespace.is_some() && placeless => Some(Chosen::Namespace),
            _ => None,
        }
    }

    /// What is wrong with the namespace; the schema says it of those that stand in documents.
    pub(super) fn bad_namespace(&self) -> Option<Diagnostic> {
        let name = self.namespace.as_deref()?;
        let legal = name.len() <= name::NAMESPACE_MAX && name::NAMESPACE.is_match(name);
        (!legal).then(|| {
            let shown: String = name.chars().take(80).collect();
            Diagnostic::error(code::BAD_FORMAT, format!("`{shown}` is not a legal namespace")).fix(
                "use 1 to 63 lower-case letters, digits and `-`, beginning and ending with a letter or digit",
            )
        })
    }

    /// Whether all is looked at that the files declare, as they declare it.
    pub(super) fn is_everything(&self) -> bool {
        self.environment == Environment::All && self.eso.is_none() && self.namespace.is_none()
    }
}

/// Which environment is meant. The base is one of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// What the document says without any environment.
    #[default]
    Base,
    /// One environment.
    Named(String),
    /// The base and every environment: all are checked, the base is what comes out.
    All,
}
