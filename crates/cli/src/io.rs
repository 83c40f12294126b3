//! Standard output and standard error.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use crate::args::Color;
use crate::report::text::one_line;

/// Room for what is written before it is handed to the system.
const BUFFER: usize = 64 * 1024;

/// Where a verb writes to.
pub(crate) struct Io {
    out: BufWriter<StdoutLock<'static>>,
    color: Color,
}

impl Io {
    pub(crate) fn new(color: Color) -> Self {
        Self { out: BufWriter::with_capacity(BUFFER, io::stdout().lock()), color }
    }

    /// Writes data or findings to standard output. A reader that went away (`keyloom render | head`) has what it
    /// wanted: the verb goes on to its own exit code.
    pub(crate) fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        match write(&mut self.out).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// Says one line on standard error. Where nobody can hear it, it is dropped. Names of files are in it as they are,
    /// and whoever chose them cannot move the cursor or begin a line of their own.
    pub(crate) fn say(&self, line: &str) {
        self.say_all(|err| writeln!(err, "{}", one_line(line)));
    }

    /// Writes to standard error; where nobody can hear it, it is dropped.
    pub(crate) fn say_all(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let mut err = BufWriter::new(io::stderr().lock());
        let _ = write(&mut err).and_then(|()| err.flush());
    }

    /// Whether findings on standard output may have colour.
    pub(crate) fn color_out(&self) -> bool {
        self.wants_color(io::stdout().is_terminal())
    }

    /// Whether findings on standard error may have colour.
    pub(crate) fn color_err(&self) -> bool {
        self.wants_color(io::stderr().is_terminal())
    }

    /// What was said about colour, for a program that is called.
    #[cfg(feature = "pulumi")]
    pub(crate) fn color(&self) -> Color {
        self.color
    }

    fn wants_color(&self, terminal: bool) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}
