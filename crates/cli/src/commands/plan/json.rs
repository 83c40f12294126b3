//! A plan for programs: `{"syncs": [...], "findings": [...]}`, whose fields are part of the contract. Findings are those of
//! `check --output json`.

use std::io::{self, Write};

use keyloom_resources::first_run::{Action, Row, Why};
use serde_json::{Value, json};

use super::Planned;
use crate::report::{Report, json as findings};

const ACTIONS: [Action; 5] = [Action::Add, Action::Change, Action::Import, Action::Delete, Action::Keep];

/// Writes the object, a sync or finding a line.
pub(super) fn write(planned: &[Planned], report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\"syncs\": [")?;
    lines(planned.iter().map(sync), out)?;
    out.write_all(b"], \"findings\": [")?;
    lines(findings::values(report), out)?;
    out.write_all(b"]}\n")
}

fn lines(values: impl Iterator<Item = Value>, out: &mut dyn Write) -> io::Result<()> {
    let mut any = false;
    for value in values {
        out.write_all(if any { b",\n" } else { b"\n" })?;
        serde_json::to_writer(&mut *out, &value)?;
        any = true;
    }
    out.write_all(if any { b"\n" } else { b"" })
}

fn sync(Planned { sync, run }: &Planned) -> Value {
    let counts = ACTIONS.iter().map(|action| (action.as_str().to_owned(), json!(run.of(*action).count())));
    json!({
        "name": sync.name,
        "source": {
            "projectId": sync.source.project,
            "environment": sync.source.environment,
            "secretPath": sync.source.path,
        },
        "destination": sync.target.to_string(),
        "counts": Value::Object(counts.collect()),
        "names": run.rows.iter().map(|row| name(row, &sync.words(row))).collect::<Vec<_>>(),
    })
}

fn name(row: &Row, words: &str) -> Value {
    json!({
        "name": row.name,
        "action": row.action.as_str(),
        "foreign": row.foreign,
        "allowed": row.why == Why::Allowed,
        "why": (!words.is_empty()).then_some(words),
    })
}
