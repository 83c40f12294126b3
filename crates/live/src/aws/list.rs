//! Lists of AWS: whatever they list, they come in pages of the same form.

use serde::Deserialize;
use serde_json::Value;

use super::Aws;
use crate::error::Error;
use crate::pages::{Cursor, Pages};

/// The names in a list of a service.
pub(crate) struct List<'h> {
    aws: Aws<'h>,
    operation: &'static str,
    /// What is asked for, without the token of a page.
    request: Value,
    /// What it lists.
    things: &'static str,
    cursor: Cursor,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    #[serde(default)]
    secret_list: Option<Vec<Named>>,
    #[serde(default)]
    parameters: Option<Vec<Named>>,
    #[serde(default)]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    name: String,
}

impl<'h> List<'h> {
    pub(super) fn new(aws: Aws<'h>, operation: &'static str, request: Value, things: &'static str) -> Self {
        Self { aws, operation, request, things, cursor: Cursor::default() }
    }
}

impl Pages for List<'_> {
    async fn next(&mut self) -> Result<Option<Vec<String>>, Error> {
        if self.cursor.is_at_end() {
            return Ok(None);
        }
        if let Some(token) = self.cursor.token() {
            self.request["NextToken"] = token.into();
        }
        let answer = self.aws.call(self.operation, &self.request).await?;
        let from = self.aws.service.title;
        let none = || Error::Answer { from, why: format!("it is no list of {}", self.things) };
        let page: Page = serde_json::from_slice(&answer.body).map_err(|_| none())?;
        // An answer has the one that was asked for.
        let list = page.secret_list.or(page.parameters).ok_or_else(none)?;
        self.cursor.advance(from, page.next_token)?;
        Ok(Some(list.into_iter().map(|named| named.name).collect()))
    }
}
