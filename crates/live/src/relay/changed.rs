//! What changed, and which stores it may concern.

use std::fmt;

use keyloom_runtime::webhook::Hint;

use super::path::Path;
use super::projects::Projects;
use super::stores::Store;

/// A folder whose secrets changed, as a webhook tells it. What an older server does not say may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Changed {
    /// The id of the project.
    pub(crate) project: Option<String>,
    /// The slug of the environment.
    pub(crate) environment: Option<String>,
    pub(crate) path: Option<Path>,
}

impl Changed {
    /// Whether a store reads that project and environment.
    pub(crate) fn concerns(&self, store: &Store, projects: &Projects) -> bool {
        let here = self.environment.as_ref().is_none_or(|slug| *slug == store.environment);
        here && self.project.as_ref().is_none_or(|id| projects.may_be(id, &store.project))
    }
}

impl From<Hint> for Changed {
    fn from(hint: Hint) -> Self {
        let path = hint.path.as_deref().map(Path::new);
        Self { project: hint.project, environment: hint.environment, path }
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.environment.as_deref().unwrap_or("any environment"))?;
        match &self.path {
            Some(path) => write!(f, ":{path}"),
            None => f.write_str(", any path"),
        }
    }
}
