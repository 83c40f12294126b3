//! Names that come page by page.

use std::collections::BTreeSet;

use crate::error::Error;

/// Something that has names and tells them page by page.
pub trait Pages {
    /// The next page; none when there is no more. A page may be empty although more follow.
    ///
    /// # Errors
    /// When the page cannot be read.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<String>>, Error>> + Send;
}

/// Reads all pages; `progress` is told after each how many names there are so far.
pub(crate) async fn all(
    mut pages: impl Pages,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<BTreeSet<String>, Error> {
    let mut names = BTreeSet::new();
    while let Some(page) = pages.next().await? {
        names.extend(page);
        progress(names.len());
    }
    Ok(names)
}
