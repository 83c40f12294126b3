//! What was asked of a backend is logged: which connection, of which backend, and what came of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use keyloom_connections::Secret;

use super::backend::{Backend, Over, Pending};
use super::error::Failure;
use super::setting::Setting;

/// A backend each of whose answers is logged at the level `info`. Name and word are in the line, never a value; a failure has its
/// own words, which tell the id of the request where the server gave one.
#[derive(Debug)]
pub(super) struct Audited(pub(super) Arc<dyn Backend>);

impl Audited {
    /// Logs an answer to a question about the secret of a connection.
    fn told<T>(&self, name: &str, done: &str, answer: Result<T, Failure>) -> Result<T, Failure> {
        let (name, word) = (name.escape_debug(), self.0.word());
        match &answer {
            Ok(_) => log::info!("connection '{name}': {done}, secrets backend '{word}'"),
            Err(failure) => {
                log::info!("connection '{name}': not {done}, secrets backend '{word}': {}", in_line(failure));
            }
        }
        answer
    }
}

/// What a server says could begin a line that looks like another one.
fn in_line(failure: &Failure) -> String {
    let hides = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    failure.to_string().chars().map(|c| if hides(c) { ' ' } else { c }).collect()
}

impl Backend for Audited {
    fn word(&self) -> &'static str {
        self.0.word()
    }

    fn settings(&self) -> Vec<Setting> {
        self.0.settings()
    }

    fn resolve(&self) -> Pending<'_, ()> {
        self.0.resolve()
    }

    fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret> {
        Box::pin(async move { self.told(name, "read", self.0.read(name).await) })
    }

    fn names(&self) -> Pending<'_, BTreeSet<String>> {
        self.0.names()
    }

    fn near<'a>(&'a self, name: &'a str) -> Pending<'a, BTreeSet<String>> {
        self.0.near(name)
    }

    fn write<'a>(&'a self, name: &'a str, text: &'a Secret, over: Over) -> Pending<'a, ()> {
        Box::pin(async move { self.told(name, "written", self.0.write(name, text, over).await) })
    }
}
