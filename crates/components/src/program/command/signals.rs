//! Signals that ask this process to end: the child decides what comes of them, so this process outlives it.

#[cfg(unix)]
pub(super) use unix::Signals;
#[cfg(not(unix))]
pub(super) use windows::Signals;

#[cfg(unix)]
mod unix {
    use std::io;

    use rustix::process::{Pid, Signal as Number, kill_process};
    use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

    /// The signals that were sent to this process.
    pub(crate) struct Signals {
        interrupt: Stream,
        terminate: Stream,
        /// Whether the terminal sends an interrupt to the child as well.
        foreground: bool,
    }

    /// A signal to hand on, or one that the child has got already.
    pub(crate) struct Signal(Option<Number>);

    impl Signals {
        pub(crate) fn new(foreground: bool) -> io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                foreground,
            })
        }

        /// Waits for the next one.
        pub(crate) async fn next(&mut self) -> Signal {
            tokio::select! {
                _ = self.interrupt.recv() => Signal((!self.foreground).then_some(Number::INT)),
                _ = self.terminate.recv() => Signal(Some(Number::TERM)),
            }
        }
    }

    impl Signal {
        /// Sends it to the child, while there is one.
        pub(crate) fn hand_on(&self, child: Option<u32>) {
            let child = child.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
            if let (Some(number), Some(child)) = (self.0, child) {
                // It may have ended just now, and then nobody needs to be told.
                let _ = kill_process(child, number);
            }
        }
    }
}

#[cfg(not(unix))]
mod windows {
    use std::io;

    /// The console tells the child itself; this process only has to outlive it.
    pub(crate) struct Signals;

    /// A signal that the child has got already.
    pub(crate) struct Signal;

    impl Signals {
        pub(crate) fn new(_: bool) -> io::Result<Self> {
            Ok(Self)
        }

        pub(crate) async fn next(&mut self) -> Signal {
            // What goes wrong here leaves the child to the console alone.
            let _ = tokio::signal::ctrl_c().await;
            Signal
        }
    }

    impl Signal {
        pub(crate) fn hand_on(&self, _: Option<u32>) {}
    }
}
