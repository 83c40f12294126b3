//! What is wrong with a first run.

use keyloom_models::code;
use keyloom_syntax::{Diagnostic, Label};

use super::sync::Sync;
use super::{FirstRun, Row};

/// A message names this many secrets at most; the rows have them all.
const NAMED: usize = 10;

/// What is wrong with the first run of a sync that is declared there: deletions that nobody allowed, and secrets that overwrite
/// each other.
pub fn findings(sync: &Sync, run: &FirstRun, at: &Label) -> Vec<Diagnostic> {
    let refused: Vec<&Row> = run.refused().collect();
    let mut findings: Vec<_> =
        run.collisions.iter().map(|(name, from)| collision(sync, name, from, at)).collect();
    if !refused.is_empty() {
        findings.push(deletes(sync, &refused, at));
    }
    findings
}

fn deletes(sync: &Sync, rows: &[&Row], at: &Label) -> Diagnostic {
    let (count, s) = (rows.len(), if rows.len() == 1 { "" } else { "s" });
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let allow = format!("allowDeletions: [{}]", listed(&names));
    let (why, fix) = if sync.is_one_secret() {
        (
            "with `many-to-one` the secret is written as a whole: keys that are not in Infisical vanish, whatever keySchema and \
             disableSecretDeletion say"
                .to_owned(),
            format!("set syncOptions.initialSyncBehavior: import-prioritize-source, or {allow}"),
        )
    } else {
        let schema = match sync.key_schema.claims_all() {
            true => "syncOptions.keySchema: \"INFISICAL_{{secretKey}}\"",
            false => "a syncOptions.keySchema that claims only what the sync writes",
        };
        let import = match sync.target.can_import() {
            true => ", or initialSyncBehavior: import-prioritize-source",
            false => "",
        };
        (
            "`overwrite-destination` makes the destination what the source is, within the names that the sync claims".to_owned(),
            format!("set {schema}, or disableSecretDeletion: true{import}, or {allow}"),
        )
    };
    let message =
        format!("the first run of \"{}\" deletes {count} secret{s} that it did not write", sync.name);
    Diagnostic::error(code::SYNC_DELETES_FOREIGN_SECRETS, message).at(at.clone()).why(why).fix(fix)
}

fn collision(sync: &Sync, name: &str, from: &[String], at: &Label) -> Diagnostic {
    let from: Vec<&str> = from.iter().map(String::as_str).collect();
    let message = format!("{} of {} all become {name}", listed(&from), sync.source.path);
    Diagnostic::warning(code::SYNC_NAMES_COLLIDE, message)
        .at(at.clone())
        .why("the destination takes their names for one, so that one value is lost at every run, and it is not said which")
        .fix("rename all of them but one in Infisical, or move them to another path")
}

/// Names as they stand in a list of the declaration.
fn listed(names: &[&str]) -> String {
    let spelled = |name: &&str| {
        let mut out = Vec::new();
        keyloom_syntax::spell::write_flow(&mut out, name);
        String::from_utf8_lossy(&out).into_owned()
    };
    let mut words: Vec<String> = names.iter().take(NAMED).map(spelled).collect();
    if names.len() > NAMED {
        words.push(format!("... and {} more", names.len() - NAMED));
    }
    words.join(", ")
}
