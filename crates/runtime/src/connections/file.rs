//! Connections in a file, for local work: a JSON object of names, each with `{"type": …, "details": {…}}`.

mod disk;
mod entries;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use keyloom_connections::Secret;
use keyloom_connections::file::{DEFAULT, SCHEMA, VARIABLE};

use super::backend::{Backend, Over, Pending};
use super::error::{Failure, FailureKind};
use super::setting::{Origin, Setting, Variables};
use disk::Disk;
use entries::{Fault, parse};

const WORD: &str = "file";

const READ: &str = "failed to read secret from file";
const LIST: &str = "failed to list secrets in file";
const WRITE: &str = "failed to write secret to file";

/// Connections in a file: a JSON object of names, each with `{"type": …, "details": {…}}`.
///
/// It is read whenever a connection is asked for that is not in memory. One that is larger than 4 MiB is refused, and on Unix
/// one that everybody on the machine may read or write; that the group may is warned of.
#[derive(Clone, Debug)]
pub struct File {
    disk: Arc<Disk>,
    origin: Origin,
}

impl File {
    /// A file with connections; it need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { disk: Arc::new(Disk::new(path.into())), origin: Origin::Program }
    }

    /// What the environment says: `KEYLOOM_CONNECTIONS_FILE`, or `connections.json` in the working directory.
    /// Whether there is such a file is seen when it is read.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Self {
        let said = Variables::new(WORD, &get).or(&[VARIABLE], DEFAULT);
        Self { origin: said.origin, ..Self::new(said.text) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.disk.path
    }

    /// Reads it where that keeps nobody waiting.
    async fn on_disk<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Disk) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Failure> {
        let disk = Arc::clone(&self.disk);
        let done = tokio::task::spawn_blocking(move || work(&disk)).await;
        done.unwrap_or(Err(Fault::Ended)).map_err(|fault| self.failure(what, fault))
    }

    fn failure(&self, what: &str, fault: Fault) -> Failure {
        let (kind, why, remedy) = fault.words(&self.path().display().to_string(), VARIABLE);
        Failure { what: what.to_owned(), cause: Some(why), remedy, kind }
    }
}

impl Backend for File {
    fn word(&self) -> &'static str {
        WORD
    }

    fn settings(&self) -> Vec<Setting> {
        vec![Setting::value("file", &self.path().display().to_string(), self.origin)]
    }

    fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret> {
        Box::pin(async move {
            let wanted = name.to_owned();
            let found = self.on_disk(READ, move |disk| {
                let text = disk.read()?;
                let entries = parse(&text)?;
                Ok(entries.get(&wanted).map(|entry| Secret::new(entry.text.to_owned())))
            });
            found.await?.ok_or_else(|| Failure {
                what: READ.to_owned(),
                cause: Some(format!("there is no `{name}` in {}", self.path().display())),
                remedy: format!(r#"add "{name}": {{"type": "TYPE", "details": {{…}}}} to it"#),
                kind: FailureKind::NotFound,
            })
        })
    }

    fn names(&self) -> Pending<'_, BTreeSet<String>> {
        Box::pin(self.on_disk(LIST, |disk| {
            let text = disk.read()?;
            Ok(parse(&text)?.connections().map(|entry| entry.name.clone()).collect())
        }))
    }

    /// All else in the file stays as it is, whoever else writes at the same time, and so do its permissions, its group and its owner
    /// where this process may set those; where it may not, a warning says what changes. A file that is new only its owner may read.
    fn write<'a>(&'a self, name: &'a str, text: &'a Secret, over: Over) -> Pending<'a, ()> {
        if name.trim().is_empty() || name == SCHEMA {
            let refused = Failure {
                what: WRITE.to_owned(),
                cause: Some(format!("`{name}` is no name of a connection there")),
                remedy: "write another one, such as my-postgres".to_owned(),
                kind: FailureKind::Unsupported,
            };
            return Box::pin(async { Err(refused) });
        }
        let (wanted, new) = (name.to_owned(), text.clone());
        let change = move |before: Option<&str>| {
            let before = before.unwrap_or("{}");
            if over == Over::Nothing && parse(before)?.get(&wanted).is_some() {
                return Ok(None);
            }
            entries::with(before, &wanted, new.expose()).map(Some)
        };
        Box::pin(async move {
            if self.on_disk(WRITE, move |disk| disk.change(change)).await? {
                return Ok(());
            }
            Err(Failure::exists(WRITE, name, self.path().display()))
        })
    }
}

#[cfg(test)]
mod tests;
