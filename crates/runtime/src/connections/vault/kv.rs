//! Reading, listing and writing entries of a KV secrets engine of version 2.

use std::collections::BTreeSet;

use keyloom_connections::Secret;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::super::backend::Over;
use super::super::error::{Failure, FailureKind};
use super::ask::{Operation, Question};
use super::entry::{self, Found};
use super::{WRITE, refused};
use crate::http::Answer;

#[derive(Deserialize)]
struct Listed {
    data: Keys,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<String>,
}

/// The text of a connection.
pub(super) async fn read(operation: &Operation<'_>, name: &str) -> Result<Secret, Failure> {
    check(operation, name)?;
    let answer = operation.ask(Question::get(data(operation, name))).await?;
    match (answer.status, entry::found(&answer.body)) {
        (200, Found::Text(text, _)) => Ok(text),
        (404, Found::Gone(metadata)) => Err(refused::gone(operation, name, &metadata)),
        (404, _) => Err(refused::not_there(operation, &answer, Some(name)).await),
        (200, _) => Err(refused::no_entry(operation, &answer).await),
        _ => Err(refused::any(operation, &answer, &data_path(operation, name), "read")),
    }
}

/// The names of all entries; folders are none.
pub(super) async fn names(operation: &Operation<'_>) -> Result<BTreeSet<String>, Failure> {
    let mut url = operation.url(below(operation, "metadata"));
    url.set_query(Some("list=true"));
    let answer = operation.ask(Question::get(url)).await?;
    match answer.status {
        200 => match serde_json::from_slice::<Listed>(&answer.body) {
            Ok(listed) => Ok(listed.data.keys.into_iter().filter(|key| !key.ends_with('/')).collect()),
            Err(_) => Err(refused::no_entry(operation, &answer).await),
        },
        404 => match refused::misplaced(operation, &answer).await {
            Some(failure) => Err(failure),
            // Nothing is there yet.
            None => Ok(BTreeSet::new()),
        },
        _ => Err(refused::any(
            operation,
            &answer,
            &below(operation, "metadata").collect::<Vec<_>>().join("/"),
            "list",
        )),
    }
}

/// Writes a new version, if nobody wrote one since this one looked. Over whatever is there, one may write that may not look.
pub(super) async fn write(
    operation: &Operation<'_>,
    name: &str,
    text: &Secret,
    over: Over,
) -> Result<(), Failure> {
    check(operation, name)?;
    if !entry::is_object(text.expose()) {
        let remedy = "write it as {\"type\": ..., \"details\": {...}}";
        return Err(operation.failed(
            FailureKind::Unsupported,
            "the text is no JSON object, and an entry is one",
            remedy,
        ));
    }
    let there = there(operation, name).await?;
    let options = match (over, there) {
        (Over::Nothing, There::Here(_)) => return Err(exists(operation, name)),
        // The first version of all: Vault itself sees whether it is.
        (Over::Nothing, There::Unseen) => r#"{"cas":0}"#.to_owned(),
        (Over::Anything, There::Unseen) => "{}".to_owned(),
        (_, There::Here(version) | There::Gone(version)) => format!(r#"{{"cas":{version}}}"#),
    };
    // The text goes as it is: numbers keep their spelling.
    let body = Zeroizing::new(format!(r#"{{"options":{options},"data":{}}}"#, text.expose()));
    let answer = operation.ask(Question::post(data(operation, name), body)).await?;
    match answer.status {
        200 => Ok(()),
        400 if refused::says(&answer, "check-and-set parameter required") => Err(operation.failed(
            FailureKind::Denied,
            "the engine wants to be told which version is replaced (cas_required), and this token may not look",
            format!("let a policy of the token \"read\" {}", data_path(operation, name)),
        )),
        400 if refused::says(&answer, "check-and-set") && over == Over::Nothing => {
            Err(exists(operation, name))
        }
        400 if refused::says(&answer, "check-and-set") => Err(operation.failed(
            FailureKind::Unavailable,
            format!("somebody else wrote `{name}` at the same time"),
            "look at what is there now, and write again",
        )),
        404 => Err(refused::not_there(operation, &answer, None).await),
        204 => Err(refused::no_entry(operation, &answer).await),
        _ => Err(refused::any(operation, &answer, &data_path(operation, name), "write")),
    }
}

fn exists(operation: &Operation<'_>, name: &str) -> Failure {
    Failure::exists(WRITE, name, below(operation, "data").collect::<Vec<_>>().join("/"))
}

/// The version of an entry that is replaced.
enum There {
    Here(u64),
    /// It was deleted; 0 where there was never one.
    Gone(u64),
    /// The token may not look.
    Unseen,
}

async fn there(operation: &Operation<'_>, name: &str) -> Result<There, Failure> {
    let answer = operation.ask(Question::get(data(operation, name))).await?;
    match (answer.status, entry::found(&answer.body)) {
        (200, Found::Text(_, metadata)) => Ok(There::Here(metadata.version)),
        (404, Found::Gone(metadata)) => Ok(There::Gone(metadata.version)),
        (403, _) if refused::is_vaults(&answer) => Ok(There::Unseen),
        // The first version of the engine would take what is meant for the second as a value.
        (404, _) => match refused::misplaced(operation, &answer).await {
            Some(failure) => Err(failure),
            None => Ok(There::Gone(0)),
        },
        (200, _) => Err(refused::no_entry(operation, &answer).await),
        _ => Err(refused::any(operation, &answer, &data_path(operation, name), "read")),
    }
}

/// Refuses names that lead elsewhere: a path is made of them, and addresses leave line ends and tabs out.
fn check(operation: &Operation<'_>, name: &str) -> Result<(), Failure> {
    let is_control = name.chars().any(char::is_control);
    if is_control || name.split('/').any(|part| matches!(part.trim(), "" | "." | "..")) {
        let remedy = "call the connection as its entry is called";
        return Err(operation.failed(FailureKind::NotFound, "the name is no path of an entry", remedy));
    }
    Ok(())
}

fn data(operation: &Operation<'_>, name: &str) -> reqwest::Url {
    operation.url(below(operation, "data").chain(name.split('/')))
}

/// The path of an entry as policies name it.
pub(super) fn data_path(operation: &Operation<'_>, name: &str) -> String {
    below(operation, "data").chain([name]).collect::<Vec<_>>().join("/")
}

/// The path of everything below which connections are, in one of the engine's views.
fn below<'o>(operation: &'o Operation<'_>, view: &'static str) -> impl Iterator<Item = &'o str> {
    let settings = &operation.vault.settings;
    let path = settings.path.split('/').filter(|part| !part.is_empty());
    settings.mount.split('/').chain([view]).chain(path)
}

/// Where connections are, as policies name it.
pub(super) fn place(operation: &Operation<'_>, answer: &Answer) -> String {
    format!("{} at {}", below(operation, "data").collect::<Vec<_>>().join("/"), answer.host)
}
