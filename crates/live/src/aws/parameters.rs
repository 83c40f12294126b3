//! Names in AWS Parameter Store, below a path. They are described, not read: no value travels.

use serde::Deserialize;
use serde_json::json;

use super::{Aws, PARAMETER_STORE};
use crate::error::Error;
use crate::pages::{Cursor, Pages};

/// The names of the parameters in a folder, without the path of the sync before them.
pub(crate) struct Parameters<'h> {
    aws: Aws<'h>,
    /// Path of the sync; ends with `/`.
    path: String,
    /// Folder that is listed: the path, and what the key schema puts names into below it.
    folder: String,
    cursor: Cursor,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    parameters: Vec<Named>,
    #[serde(default)]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    name: String,
}

impl<'h> Parameters<'h> {
    /// `below` is what the key schema puts names into, such as `prod/`; may be empty.
    pub(crate) fn new(aws: Aws<'h>, path: &str, below: &str) -> Self {
        Self { aws, path: path.to_owned(), folder: folder(path, below), cursor: Cursor::default() }
    }
}

impl Pages for Parameters<'_> {
    async fn next(&mut self) -> Result<Option<Vec<String>>, Error> {
        if self.cursor.is_at_end() {
            return Ok(None);
        }
        let mut body = json!({
            "MaxResults": 50,
            "ParameterFilters": [{"Key": "Path", "Option": "OneLevel", "Values": [self.folder]}],
        });
        if let Some(token) = self.cursor.token() {
            body["NextToken"] = json!(token);
        }
        let answer = self.aws.call("DescribeParameters", &body).await?;
        let page: Page = serde_json::from_slice(&answer.body).map_err(|_| Error::Answer {
            from: PARAMETER_STORE.title,
            why: "it is no list of parameters".to_owned(),
        })?;
        self.cursor.advance(PARAMETER_STORE.title, page.next_token)?;
        Ok(Some(page.parameters.into_iter().map(|parameter| name(&self.path, parameter.name)).collect()))
    }
}

/// A folder as the filter wants it: without `/` at its end, but for the root.
fn folder(path: &str, below: &str) -> String {
    let whole = format!("{path}{below}");
    match whole.trim_end_matches('/') {
        "" => "/".to_owned(),
        folder => folder.to_owned(),
    }
}

/// The name below the path. In the root, parameters have none before them.
fn name(path: &str, full: String) -> String {
    if path.len() > 1 { full.strip_prefix(path).map(str::to_owned).unwrap_or(full) } else { full }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_names_fit() {
        assert_eq!(folder("/app/", ""), "/app");
        assert_eq!(folder("/app/", "prod/"), "/app/prod");
        assert_eq!(folder("/", ""), "/");
        assert_eq!(folder("/", "prod/"), "/prod");
        let of = |path, full: &str| name(path, full.to_owned());
        assert_eq!(of("/app/", "/app/prod/X"), "prod/X");
        assert_eq!(of("/", "X"), "X");
        assert_eq!(of("/", "/prod/X"), "/prod/X");
    }
}
