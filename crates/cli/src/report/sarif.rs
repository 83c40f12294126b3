//! Findings as SARIF 2.1.0, the form that code scanning reads. One run, one result a finding, no snippet of any file.

use std::io::{self, Write};

use keyloom_models::code::code;
use keyloom_syntax::{Diagnostic, Label, Severity};
use serde_json::{Map, Value, json};

use super::fingerprint::{self, Fingerprints};
use super::secrets::Secrets;
use super::{Part, Report, artifact};
use crate::page_of;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes the log.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let shown = report.shown().map(|(_, diagnostic)| diagnostic.code);
    let suppressed = report.suppressed().map(|(_, suppressed)| suppressed.diagnostic.code);
    let mut codes: Vec<&str> = shown.chain(suppressed).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut fingerprints = Fingerprints::default();
    let mut of = |part, diagnostic| result(report, part, diagnostic, &codes, &mut fingerprints);
    let mut results: Vec<Value> = report.shown().map(|(part, diagnostic)| of(part, diagnostic)).collect();
    for (part, suppressed) in report.suppressed() {
        let mut result = of(part, &suppressed.diagnostic);
        let reason = report.elsewhere(part.words(&suppressed.reason, None));
        result["suppressions"] = json!([{"kind": "inSource", "justification": reason}]);
        results.push(result);
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Keyloom",
                "informationUri": crate::REPOSITORY,
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "artifacts": report.files.iter().map(|file| json!({"location": artifact_of(report, file)}))
                .collect::<Vec<_>>(),
            "results": results,
            "properties": counts(report),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

/// How many findings there are of each severity, shown or not.
fn counts(report: &Report<'_>) -> Value {
    json!({
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
        "suppressed": report.suppressed().count(),
        "notShown": report.hidden(),
    })
}

/// A rule, with its page.
fn rule(name: &str) -> Value {
    let Some(code) = code(name) else { return json!({"id": name}) };
    let text = code.text.trim();
    json!({
        "id": name,
        "shortDescription": {"text": code.summary},
        "helpUri": page_of(name),
        "help": {"text": text, "markdown": text},
    })
}

fn result(
    report: &Report<'_>,
    part: &Part<'_>,
    diagnostic: &Diagnostic,
    codes: &[&str],
    fingerprints: &mut Fingerprints,
) -> Value {
    let (message, more) = report.told(part, diagnostic);
    let more = more.iter().map(|(name, words)| format!("\n{name}: {words}"));
    let text: String = std::iter::once(message.clone()).chain(more).collect();
    let location = location(report, part, &diagnostic.primary, &diagnostic.message);
    let file = location.pointer("/physicalLocation/artifactLocation/uri").and_then(Value::as_str);
    let path = Secrets::hide_in_path(&diagnostic.primary.path);
    let fingerprint = fingerprints.of(diagnostic.code, file.unwrap_or_default(), &path, &message);
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": codes.binary_search(&diagnostic.code).ok(),
        "level": report.severity(diagnostic).as_str(),
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {fingerprint::NAME: fingerprint},
    });
    let related = diagnostic.secondary.iter().zip(1..).map(|(label, id)| {
        let mut location = self::location(report, part, label, "");
        location["id"] = json!(id);
        location
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

/// A place: file and region, and the field in the document's own spelling. What has no place in a text is about the
/// whole of a file.
fn location(report: &Report<'_>, part: &Part<'_>, label: &Label, message: &str) -> Value {
    let mut location = Map::new();
    let found = label.span.and_then(|span| part.places.find(span));
    let file = found.as_ref().map(|found| found.file.name).or(report.file_of(message));
    if let Some(file) = file {
        let mut physical = json!({"artifactLocation": artifact_of(report, file)});
        if let Some(found) = &found {
            let (start, end) = (found.file.position(found.bytes.start), found.file.position(found.bytes.end));
            physical["region"] = json!({
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            });
        }
        location.insert("physicalLocation".to_owned(), physical);
    }
    if !label.path.is_empty() {
        let path = Secrets::hide_in_path(&label.path);
        location.insert("logicalLocations".to_owned(), json!([{"fullyQualifiedName": path}]));
    }
    let words = report.elsewhere(part.words(&label.text, label.span));
    if !words.is_empty() {
        location.insert("message".to_owned(), json!({"text": words}));
    }
    Value::Object(location)
}

fn artifact_of(report: &Report<'_>, file: &str) -> Value {
    json!({"uri": artifact::uri(&report.artifact(file))})
}
