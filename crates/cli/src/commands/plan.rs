//! `keyloom plan`: what the first run of each secret sync writes, imports and deletes.

use std::collections::BTreeMap;

use keyloom_models::{Config, code};
use keyloom_resources::first_run::{Action, FirstRun, Names, Sync, findings, simulate};
use keyloom_syntax::suggest::suggest;

use super::load::{Loaded, Without, load_all};
use crate::args::{Plan, TextOrJson};
use crate::exit_code;
use crate::failure::Failure;
use crate::inputs;
use crate::io::Io;
use crate::report::Report;
use crate::report::text::one_line;

mod json;
mod live;
mod state;
mod text;

/// A sync and what its first run does.
struct Planned {
    sync: Sync,
    run: FirstRun,
}

pub(super) fn run(args: &Plan, io: &mut Io) -> Result<u8, Failure> {
    inputs::stdin_once(args.documents.files.iter().chain(&args.state))?;
    let Loaded { inputs, mut found, config, secret_syncs } = load_all(&args.documents, Without::Base)?;
    // What may be deleted is said by name here.
    found.diagnostics.retain(|diagnostic| diagnostic.code != code::SYNC_MAY_DELETE);
    let mut planned = Vec::new();
    if let Some(config) = &config {
        let syncs = chosen(config, args)?;
        let names = match &args.state {
            Some(path) => {
                let state = state::read(path, &inputs::budget(&args.documents))?;
                state.take(&syncs, args.sync.is_empty(), io)?
            }
            None => live::read(&syncs, io)?,
        };
        planned = syncs.into_iter().zip(names).map(|(sync, names)| first_run(sync, &names)).collect();
    }
    for Planned { sync, run } in &planned {
        let at = secret_syncs.get(&sync.name).cloned().unwrap_or_default();
        found.diagnostics.extend(findings(sync, run, &at));
    }
    let mut report = Report::new(&args.findings);
    report.add(&inputs.sources, &inputs.paths, found);
    match args.output {
        TextOrJson::Text => text::write(&planned, &report, io)?,
        TextOrJson::Json => io.write(|out| json::write(&planned, &report, out))?,
    }
    if config.is_some() {
        io.say(&summary(&planned));
    }
    if !report.is_empty() {
        io.say(&report.summary());
    }
    let changes = args.detailed_exitcode && planned.iter().any(|one| one.run.changes());
    Ok(match report.exit_code() {
        exit_code::CLEAN if config.is_none() => exit_code::FINDINGS,
        exit_code::CLEAN if changes => exit_code::CHANGES,
        code => code,
    })
}

fn first_run(sync: Sync, names: &Names) -> Planned {
    let run = simulate(&sync, names);
    Planned { sync, run }
}

/// The syncs that were asked for, all of them by default, in the declaration's order.
fn chosen(config: &Config, args: &Plan) -> Result<Vec<Sync>, Failure> {
    let mut syncs = Vec::new();
    for sync in Sync::all(config) {
        match sync {
            Ok(sync) => syncs.push(sync),
            Err(not_known) if args.sync.is_empty() || args.sync.contains(&not_known.sync) => {
                return Err(Failure::Usage(not_known.to_string()));
            }
            Err(_) => {}
        }
    }
    let known: Vec<&str> = syncs.iter().map(|sync| sync.name.as_str()).collect();
    if let Some(name) = args.sync.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Failure::Usage(format!(
            "no secret sync is declared as {}{}",
            one_line(name),
            near(name, &known)
        )));
    }
    if !args.sync.is_empty() {
        syncs.retain(|sync| args.sync.contains(&sync.name));
    }
    Ok(syncs)
}

/// `; did you mean X?`, or nothing.
fn near(name: &str, known: &[&str]) -> String {
    let near = suggest(name, known.iter().copied());
    near.map(|near| format!("; did you mean {}?", one_line(near))).unwrap_or_default()
}

/// One line: "1 to add, 2 to delete in 1 sync".
fn summary(planned: &[Planned]) -> String {
    let mut counts: BTreeMap<Action, usize> = BTreeMap::new();
    for row in planned.iter().flat_map(|one| &one.run.rows) {
        *counts.entry(row.action).or_default() += 1;
    }
    let word = |action| match action {
        Action::Add => "to add",
        Action::Change => "to overwrite",
        Action::Import => "to import",
        Action::Delete => "to delete",
        Action::Keep => "kept",
    };
    let words: Vec<_> = counts.iter().map(|(action, count)| format!("{count} {}", word(*action))).collect();
    match planned.len() {
        0 => "no secret sync".to_owned(),
        1 if words.is_empty() => "nothing at either end of 1 sync".to_owned(),
        many if words.is_empty() => format!("nothing at either end of {many} syncs"),
        1 => format!("{} in 1 sync", words.join(", ")),
        many => format!("{} in {many} syncs", words.join(", ")),
    }
}
