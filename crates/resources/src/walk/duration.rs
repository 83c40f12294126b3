//! Durations in Go's own spelling, so that what the API server prints back is what was written.

use std::fmt::{self, Write};
use std::time::Duration;

use super::{Sink, Walk};

/// Prints a duration as Go's `Duration.String` does: `1h0m0s`, `1m30s`, `1.5s`, `250ms`, `0s`.
///
/// ```
/// use keyloom_resources::walk::GoDuration;
/// use std::time::Duration;
/// assert_eq!(GoDuration(Duration::from_secs(3600)).to_string(), "1h0m0s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoDuration(
    /// The duration.
    pub Duration,
);

impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = (self.0.as_secs(), self.0.subsec_nanos());
        if seconds == 0 && nanos > 0 {
            return match nanos {
                1_000_000.. => decimal(f, u64::from(nanos / 1_000_000), nanos % 1_000_000, 6, "ms"),
                1_000.. => decimal(f, u64::from(nanos / 1_000), nanos % 1_000, 3, "µs"),
                _ => write!(f, "{nanos}ns"),
            };
        }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if seconds >= 60 {
            write!(f, "{minutes}m")?;
        }
        decimal(f, seconds % 60, nanos, 9, "s")
    }
}

/// `whole.fraction` and the unit; `fraction` has `digits` places, and its last zeros are not written.
fn decimal(f: &mut fmt::Formatter<'_>, whole: u64, fraction: u32, digits: usize, unit: &str) -> fmt::Result {
    write!(f, "{whole}")?;
    let (mut fraction, mut digits) = (fraction, digits);
    if fraction > 0 {
        while fraction % 10 == 0 {
            (fraction, digits) = (fraction / 10, digits - 1);
        }
        write!(f, ".{fraction:0digits$}")?;
    }
    f.write_str(unit)
}

impl Walk for Duration {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        let mut buffer = Buffer { bytes: [0; 64], len: 0 };
        // The longest spelling has 35 bytes; a buffer that was too small would only cut it short.
        let _ = write!(buffer, "{}", GoDuration(*self));
        sink.str(std::str::from_utf8(&buffer.bytes[..buffer.len]).unwrap_or_default())
    }
}

struct Buffer {
    bytes: [u8; 64],
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
        let cases = [
            (Duration::ZERO, "0s"),
            (Duration::from_secs(59), "59s"),
            (Duration::from_secs(90), "1m30s"),
            (Duration::from_secs(3600), "1h0m0s"),
            (Duration::from_secs(86_400 * 7 + 61), "168h1m1s"),
            (Duration::from_millis(1500), "1.5s"),
            (Duration::from_millis(3_600_050), "1h0m0.05s"),
            (Duration::from_millis(250), "250ms"),
            (Duration::from_micros(1_250), "1.25ms"),
            (Duration::from_nanos(1_001), "1.001µs"),
            (Duration::from_nanos(7), "7ns"),
        ];
        for (duration, spelled) in cases {
            assert_eq!(to_json(&duration).unwrap(), spelled);
        }
        assert!(GoDuration(Duration::MAX).to_string().len() < 64);
    }
}
