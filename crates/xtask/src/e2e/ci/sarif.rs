//! What `check --output sarif` writes, held against the schema of SARIF 2.1.0.

use std::fs;

use serde_json::{Value, json};

use crate::e2e::keyloom::Keyloom;
use crate::e2e::manifests::sorted;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::{Result, npm, root};

/// The schema within the package that carries it.
const SCHEMA: &str = "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
/// The documents whose findings are written.
const CASES: &str = "crates/cli/tests/cases";

pub(super) fn run(keyloom: &Keyloom, options: &Options, report: &mut Report) -> Result<()> {
    const CHECK: &str = "ci sarif";
    if !options.selects(CHECK) {
        return Ok(());
    }
    if let Err(error) = npm::is_there() {
        return report.not_run(CHECK, &error.to_string());
    }
    // One pattern, of a language's name, has a bracket too many; only JavaScript reads it as a bracket.
    let schema = fs::read_to_string(npm::installed("sarif", "e2e/sarif")?.join(SCHEMA))?
        .replace(r#"]?$""#, r#"\\]?$""#);
    let schema: Value = serde_json::from_str(&schema)?;
    let validator = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
    let refuses = !validator.is_valid(&json!({"version": "2.1.0", "runs": [{"tool": {}}]}));
    if !refuses {
        return report.fail(CHECK, "the schema refuses nothing");
    }
    for path in sorted(&root().join(CASES))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".yaml") {
            continue;
        }
        let text = keyloom.run(&root().join(CASES), &["check", &name, "--output", "sarif"], &[0, 1])?;
        let log: Value = serde_json::from_str(&text)?;
        let wrong: Vec<String> =
            validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        report.settle(&format!("{CHECK} {name}"), &wrong)?;
    }
    Ok(())
}
