//! The first load.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::error::Error;
use crate::secrets::{Fetched, Loaded};
use crate::subscriber::shared::Shared;

/// A folder by its number, and what came of asking for it.
type Answered = (usize, Result<Fetched, Error>);

/// Loads all folders at once, and shows them all at once.
pub(crate) async fn all(shared: &Arc<Shared>) -> Result<(), Error> {
    let mut loads = JoinSet::new();
    for number in 0..shared.settings.folders.len() {
        let shared = Arc::clone(shared);
        loads.spawn(async move { (number, shared.fetch(number, None).await) });
    }
    let all = joined(shared, loads).await?;
    shared.put(all);
    Ok(())
}

/// All of them, or why there are not all.
async fn joined(shared: &Shared, mut loads: JoinSet<Answered>) -> Result<Vec<(usize, Loaded)>, Error> {
    let mut all = Vec::new();
    while let Some(loaded) = loads.join_next().await {
        match loaded {
            Ok((number, Ok(Fetched::Loaded(loaded)))) => all.push((number, loaded)),
            // Nothing was known that could be unchanged.
            Ok((_, Ok(Fetched::Unchanged))) => {}
            Ok((_, Err(error))) => return Err(error),
            Err(_) => {
                shared.panicked("loads a folder");
                return Err(Error::Panicked);
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscriber::shared::tests::unstarted;

    #[tokio::test]
    async fn a_load_that_panics_is_none_that_succeeded() {
        let shared = unstarted(1);
        let mut loads = JoinSet::new();
        loads.spawn(async { (0, Ok(Fetched::Loaded(Loaded::default()))) });
        loads.spawn(async { panic!("canary") });
        let error = joined(&shared, loads).await.unwrap_err();
        assert!(matches!(error, Error::Panicked), "{error}");
        assert!(shared.render().contains("keyloom_panics_total 1"));
    }
}
