//! [`Stop`]: the wish that a server ends.

use std::fmt;
use std::future::Future;

use tokio::sync::watch;

/// The wish that a server ends, whoever has it; clones are one wish.
#[derive(Clone, Default)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Wishes it. There is no way back.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Over as soon as anyone wishes it.
    pub fn requested(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut wish = self.0.subscribe();
        // A sender that is gone can wish nothing any more; whoever waits then is about to be dropped, too.
        async move {
            if wish.wait_for(|wished| *wished).await.is_err() {
                std::future::pending().await
            }
        }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&*self.0.borrow()).finish()
    }
}
