//! Names in AWS Parameter Store, below a path. They are described, not read: no value travels.

use serde_json::json;

use super::Aws;
use super::list::List;
use crate::error::Error;
use crate::pages::Pages;

/// The names of the parameters in a folder, without the path of the sync before them.
pub(crate) struct Parameters<'h> {
    list: List<'h>,
    /// Path of the sync; ends with `/`.
    path: String,
}

impl<'h> Parameters<'h> {
    /// `below` is what the key schema puts names into, such as `prod/`; may be empty.
    pub(crate) fn new(aws: Aws<'h>, path: &str, below: &str) -> Self {
        let request = json!({
            "MaxResults": 50,
            "ParameterFilters": [{"Key": "Path", "Option": "OneLevel", "Values": [folder(path, below)]}],
        });
        Self { list: List::new(aws, "DescribeParameters", request, "parameters"), path: path.to_owned() }
    }
}

impl Pages for Parameters<'_> {
    async fn next(&mut self) -> Result<Option<Vec<String>>, Error> {
        let page = self.list.next().await?;
        Ok(page.map(|names| names.into_iter().map(|full| name(&self.path, full)).collect()))
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
