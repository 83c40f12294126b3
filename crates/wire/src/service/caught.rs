//! Panics: one call fails, the process lives, and no message says what the values were.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io::{Write, stderr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use tonic::Status;

thread_local! {
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// From here on a panic is told as its place in the source and nothing else: its message may quote values.
pub fn hide_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", tail(place.file()), place.line()));
        // Nobody is left to tell that stderr is closed.
        drop(writeln!(stderr(), "panicked at {}", place.as_deref().unwrap_or("an unknown place")));
        PLACE.set(place);
    }));
}

/// What a call answers, or `INTERNAL` where it panics.
pub(super) async fn caught<T>(call: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    let mut call = pin!(call);
    // After a panic the call is dropped and never polled again; what it shared is behind locks that say so.
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context))) {
        Ok(poll) => poll,
        Err(_) => Poll::Ready(Err(bug())),
    })
    .await
}

fn bug() -> Status {
    let place = PLACE.take().map(|place| format!(" at {place}")).unwrap_or_default();
    Status::internal(format!("the plugin panicked{place}: that is a bug of it, please report it"))
}

/// The last components of a source file's path: where the sources lay is nobody's business.
fn tail(file: &str) -> &str {
    let start = file.rmatch_indices(['/', '\\']).nth(2).map_or(0, |(at, _)| at + 1);
    file.get(start..).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn a_place_does_not_say_where_the_sources_lay() {
        assert_eq!(tail("/somewhere/keyloom/crates/wire/src/service.rs"), "wire/src/service.rs");
        assert_eq!(tail(r"C:\me\crates\wire\src\serve.rs"), r"wire\src\serve.rs");
        assert_eq!(tail("src/lib.rs"), "src/lib.rs");
    }
}
