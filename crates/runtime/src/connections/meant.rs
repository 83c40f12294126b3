//! The name that was most likely meant, where there is none of a name.

use std::time::Duration;

use keyloom_connections::{Secret, suggest};

use super::backend::Backend;
use super::error::{Failure, FailureKind};
use crate::clock::Clock;

/// How long the names are waited for: it is said without a hint then.
const LONGEST: Duration = Duration::from_secs(3);

/// The text of a secret, or why there is none, with the name that was most likely meant.
pub(super) async fn read(backend: &dyn Backend, name: &str, clock: &Clock) -> Result<Secret, Failure> {
    let failure = match backend.read(name).await {
        Err(failure) if failure.kind == FailureKind::NotFound => failure,
        other => return other,
    };
    Err(match meant(backend, name, clock).await {
        Some(meant) => Failure { remedy: format!("did you mean `{meant}`?"), ..failure },
        None => failure,
    })
}

/// None where the names cannot be seen, or where this name is among them: then something else is missing, such as its value.
async fn meant(backend: &dyn Backend, name: &str, clock: &Clock) -> Option<String> {
    let names = tokio::select! {
        names = backend.near(name) => names.ok()?,
        () = clock.sleep(LONGEST) => return None,
    };
    let others = (!names.contains(name)).then_some(&names)?;
    suggest(name, others.iter().map(String::as_str)).map(str::to_owned)
}
