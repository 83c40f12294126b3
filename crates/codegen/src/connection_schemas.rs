//! The schemas of typed connections as files for editors: of one, and of a file of them by name.
//!
//! The schemas themselves are made from the table of `keyloom_connections`, against which connections are checked; here they get an
//! address and a header.

use crate::json_schema::headed;

/// Where the committed schema of one connection lies in the repository.
pub const ONE: &str = "schemas/connection.schema.json";
/// Where the committed schema of a file of connections lies.
pub const FILE: &str = "schemas/connections.schema.json";

/// The schema of one connection, `{type, details}`, as JSON text with a newline at its end.
///
/// ```
/// let text = keyloom_codegen::connection_schemas::one();
/// assert!(text.contains("http://json-schema.org/draft-07/schema#"));
/// assert!(text.ends_with("}\n"));
/// ```
pub fn one() -> String {
    text(ONE, &keyloom_connections::schema::connection())
}

/// The schema of a file of connections by name, as JSON text with a newline at its end.
pub fn file() -> String {
    text(FILE, &keyloom_connections::schema::connections())
}

fn text(path: &str, schema: &serde_json::Value) -> String {
    format!("{:#}\n", headed(path, schema))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_are_fresh() {
        for (path, text) in [(ONE, one()), (FILE, file())] {
            let committed = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
            let committed = std::fs::read_to_string(committed).unwrap_or_default();
            assert!(committed == text, "{path} is stale; run `cargo xtask codegen`");
        }
    }
}
