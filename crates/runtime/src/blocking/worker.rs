//! A thread with a runtime, for whoever has none.

use std::future::Future;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::error::Error;

/// A thread on which futures run. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Worker {
    handle: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(super) fn start() -> Result<Self, Error> {
        let failed = |error| Error::Thread(Arc::new(error));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (handle, (stop, stopped)) = (runtime.handle().clone(), oneshot::channel());
        let run = move || {
            // Also where the sender is dropped without a word.
            let _ = runtime.block_on(stopped);
            // Nobody waits for a name that is being looked up.
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("keyloom".to_owned()).spawn(run).map_err(failed)?;
        Ok(Self { handle, stop: Some(stop), thread: Some(thread) })
    }

    /// Waits for what a future comes to. It runs on the thread, so this may be called anywhere.
    pub(super) fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, told) = mpsc::sync_channel(1);
        // Whoever waits cannot go away.
        self.handle.spawn(async move { drop(tell.send(future.await)) });
        told.recv().map_err(|_| Error::Request { why: "what it was to be made by has panicked" })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}
