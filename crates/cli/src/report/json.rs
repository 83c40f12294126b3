//! Findings for programs: one array of objects, whose fields are part of the contract.
//!
//! Lines and columns count from 1, columns in characters; `endLine` and `endColumn` are one past the last character.
//! Where there is no such thing (a finding about a whole file has no place in it) the field is `null`.

use std::io::{self, Write};

use keyloom_syntax::{Diagnostic, Label};
use serde_json::{Map, Value, json};

use super::secrets::Secrets;
use super::{Part, Report};

/// The findings, as [`write`] writes them.
pub(crate) fn values(report: &Report<'_>) -> impl Iterator<Item = Value> {
    report.shown().map(|(part, diagnostic)| object(report, part, diagnostic))
}

/// Writes the array, one finding a line.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut between = "[\n";
    for value in values(report) {
        out.write_all(between.as_bytes())?;
        serde_json::to_writer(&mut *out, &value)?;
        between = ",\n";
    }
    out.write_all(if between == "[\n" { b"[]\n" } else { b"\n]\n" })
}

fn object(report: &Report<'_>, part: &Part<'_>, diagnostic: &Diagnostic) -> Value {
    let words = |text: &str| part.secrets.hide_in_words(text, diagnostic.primary.span, &part.places);
    let some = |text: &Option<String>| text.as_deref().map(words).map_or(Value::Null, Value::from);
    let mut object = Map::new();
    object.insert("code".to_owned(), diagnostic.code.into());
    object.insert("severity".to_owned(), report.severity(diagnostic).as_str().into());
    object.insert("message".to_owned(), words(&diagnostic.message).into());
    object.extend(place(part, &diagnostic.primary));
    object.insert("label".to_owned(), words(&diagnostic.primary.text).into());
    object.insert("why".to_owned(), some(&diagnostic.why));
    object.insert("fix".to_owned(), some(&diagnostic.fix));
    let related = diagnostic.secondary.iter().map(|label| {
        let mut object = Map::new();
        object.insert("message".to_owned(), words(&label.text).into());
        object.extend(place(part, label));
        Value::Object(object)
    });
    object.insert("related".to_owned(), related.collect());
    Value::Object(object)
}

/// The fields that say where.
fn place(part: &Part<'_>, label: &Label) -> Map<String, Value> {
    let found = label.span.and_then(|span| part.places.find(span));
    let mut fields = Map::new();
    fields.insert("file".to_owned(), json!(found.as_ref().map(|found| found.file.name)));
    let start = found.as_ref().map(|found| found.file.position(found.bytes.start));
    let end = found.as_ref().map(|found| found.file.position(found.bytes.end));
    fields.insert("line".to_owned(), json!(start.map(|at| at.line)));
    fields.insert("column".to_owned(), json!(start.map(|at| at.column)));
    fields.insert("endLine".to_owned(), json!(end.map(|at| at.line)));
    fields.insert("endColumn".to_owned(), json!(end.map(|at| at.column)));
    fields.insert("path".to_owned(), Secrets::hide_in_path(&label.path).into());
    fields
}
