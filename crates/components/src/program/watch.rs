//! The stock command, watched from a thread of its own: a program may block the thread that it is on, and then nobody else
//! would hand signals on, or notice that the command has ended.

use std::future::pending;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use keyloom_wire::serve::Port;
use keyloom_wire::service::LanguageRuntime;
use tokio::sync::oneshot;

use super::command::Running;
use super::inline::InlineError;
use super::invocation::Invocation;
use super::runtime_server::Runtime;
use super::{USAGE, executor};

/// How long a program has to notice that the command has ended. One that is blocked never does.
const GRACE: Duration = Duration::from_secs(1);

/// The stock command at work.
pub(super) struct Watched {
    ended: oneshot::Receiver<Result<u8, InlineError>>,
    /// Closed when the end has been noticed.
    noticed: mpsc::Sender<()>,
}

impl Watched {
    /// Starts the command; it calls `runtime` for the program.
    pub(super) fn start(
        directory: PathBuf,
        invocation: Invocation,
        runtime: Arc<Runtime>,
    ) -> Result<Self, InlineError> {
        let (tell, ended) = oneshot::channel();
        let (noticed, notice) = mpsc::channel();
        let watch = move || {
            let end = watch(&directory, &invocation, runtime);
            let code = *end.as_ref().unwrap_or(&USAGE);
            let _ = tell.send(end);
            if notice.recv_timeout(GRACE) == Err(RecvTimeoutError::Timeout) {
                // Nothing of the deployment is left that the program could do something for.
                std::process::exit(code.into());
            }
        };
        thread::Builder::new().name("pulumi".to_owned()).spawn(watch).map_err(InlineError::Start)?;
        Ok(Self { ended, noticed })
    }

    /// Waits for its end, and answers with its exit code.
    pub(super) async fn end(self) -> Result<u8, InlineError> {
        let ended = self.ended.await;
        drop(self.noticed);
        ended.unwrap_or_else(|_| Err(InlineError::Start(std::io::Error::other("its thread ended"))))
    }
}

/// Serves the runtime until the command has ended.
fn watch(directory: &Path, invocation: &Invocation, runtime: Arc<Runtime>) -> Result<u8, InlineError> {
    executor().map_err(InlineError::Start)?.block_on(async {
        let port = Port::open().await.map_err(InlineError::Start)?;
        let address = port.address().to_string();
        tokio::spawn(port.serve(runtime.router(), pending()));
        Ok(Running::start(directory, invocation, &address)?.finish().await?)
    })
}
