//! Signals that are sent to a command, or handed on to it.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::task::Poll;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

/// A signal that a command may be told something with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP, by which daemons read their settings anew.
    Hup,
    /// SIGINT, as Ctrl-C.
    Int,
    /// SIGQUIT, as Ctrl-\.
    Quit,
    /// SIGTERM, which asks to end.
    Term,
    /// SIGUSR1.
    Usr1,
    /// SIGUSR2.
    Usr2,
    /// SIGWINCH, of another size of the terminal.
    Winch,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Hup, Self::Int, Self::Quit, Self::Term, Self::Usr1, Self::Usr2, Self::Winch];

    /// Its name without `SIG`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hup => "HUP",
            Self::Int => "INT",
            Self::Quit => "QUIT",
            Self::Term => "TERM",
            Self::Usr1 => "USR1",
            Self::Usr2 => "USR2",
            Self::Winch => "WINCH",
        }
    }

    pub(super) fn number(self) -> Number {
        match self {
            Self::Hup => Number::HUP,
            Self::Int => Number::INT,
            Self::Quit => Number::QUIT,
            Self::Term => Number::TERM,
            Self::Usr1 => Number::USR1,
            Self::Usr2 => Number::USR2,
            Self::Winch => Number::WINCH,
        }
    }

    /// What a process that it ends is said to have answered, as shells say it.
    pub(crate) fn exit_code(self) -> u8 {
        u8::try_from(128 + self.number().as_raw()).unwrap_or(u8::MAX)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The signals that are sent to this process.
#[derive(Debug)]
pub(crate) struct Signals(Vec<(Signal, Stream)>);

impl Signals {
    /// Hears of these.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn of(signals: &[Signal]) -> io::Result<Self> {
        let mut all = Self(Vec::new());
        all.hear(signals)?;
        Ok(all)
    }

    /// Hears of these too. What it hears of already it goes on hearing of, and what has come meanwhile is not lost.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn hear(&mut self, signals: &[Signal]) -> io::Result<()> {
        for &it in signals {
            if !self.0.iter().any(|(heard, _)| *heard == it) {
                self.0.push((it, signal(SignalKind::from_raw(it.number().as_raw()))?));
            }
        }
        Ok(())
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Signal {
        poll_fn(|context| {
            for (signal, stream) in &mut self.0 {
                if stream.poll_recv(context).is_ready() {
                    return Poll::Ready(*signal);
                }
            }
            Poll::Pending
        })
        .await
    }
}
