//! Durations, in Go's spelling, so that what the API server stores is what was written.

use std::fmt::{self, Write};

use keyloom_models::duration::Duration;

use super::{Sink, Walk};

impl Walk for Duration {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        let mut buffer = Buffer { bytes: [0; 48], len: 0 };
        // The longest spelling has 23 bytes, so that it always fits.
        let _ = write!(buffer, "{self}");
        sink.str(std::str::from_utf8(&buffer.bytes[..buffer.len]).unwrap_or_default())
    }
}

struct Buffer {
    bytes: [u8; 48],
    len: usize,
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walk::to_json;

    #[test]
    fn durations_are_spelled_as_go_does() {
        for spelled in
            ["0s", "59s", "1m30s", "1h0m0s", "168h1m1s", "1.5s", "1h0m0.05s", "250ms", "1.001µs", "7ns"]
        {
            assert_eq!(to_json(&spelled.parse::<Duration>().unwrap()).unwrap(), spelled);
        }
        let longest = "999999h59m59.999999999s";
        assert_eq!(to_json(&longest.parse::<Duration>().unwrap()).unwrap(), longest);
    }
}
