//! Durations in Go's spelling, which is what ESO reads: `30s`, `5m`, `1h30m`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A length of time in Go's spelling: numbers with the units `ns`, `us`, `ms`, `s`, `m`, `h`. There is no day: write `24h`.
///
/// Shown as Go shows it (`1h0m0s`), so that what the API server stores equals what was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(i64);

/// The text is not a duration in Go's spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a duration: write numbers with units, such as 30s, 5m or 1h (a day is 24h)")]
pub struct DurationError;

const SECOND: i64 = 1_000_000_000;

/// The units, longest first, with the digits that a number of them may have: few enough that all units together fit.
const UNITS: [(&str, i64, usize); 7] = [
    ("h", 3600 * SECOND, 6),
    ("m", 60 * SECOND, 7),
    ("s", SECOND, 9),
    ("ms", 1_000_000, 12),
    ("us", 1_000, 15),
    ("µs", 1_000, 15),
    ("ns", 1, 18),
];

/// What [`Duration::from_str`] reads, for the schema: each unit at most once, longest first.
fn pattern() -> String {
    let part = |(unit, _, digits): &(&str, i64, usize)| format!(r"([0-9]{{1,{digits}}}(\.[0-9]*)?{unit})?");
    format!("^(0|{})$", UNITS.iter().map(part).collect::<String>())
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// That many seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs * SECOND)
    }

    /// That many minutes.
    pub const fn from_mins(mins: i64) -> Self {
        Self::from_secs(mins * 60)
    }

    /// That many hours.
    pub const fn from_hours(hours: i64) -> Self {
        Self::from_mins(hours * 60)
    }

    /// Whole seconds, when there is no fraction.
    pub fn whole_secs(self) -> Option<i64> {
        (self.0 % SECOND == 0).then_some(self.0 / SECOND)
    }

    /// The shortest spelling a person would write: `10m`, `1h`, `1h30m`.
    pub fn short(self) -> String {
        let long = self.to_string();
        if self.0 == 0 {
            return long;
        }
        let trim = |text: &str, zero: &str, unit: char| match text.strip_suffix(zero) {
            Some(rest) if rest.ends_with(unit) => rest.to_owned(),
            _ => text.to_owned(),
        };
        trim(&trim(&long, "0s", 'm'), "0m", 'h')
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        if text == "0" {
            return Ok(Self::ZERO);
        }
        if text.is_empty() {
            return Err(DurationError);
        }
        let mut rest = text;
        let mut total = 0;
        let mut units = UNITS.as_slice();
        while !rest.is_empty() {
            let (nanos, tail, smaller) = part(rest, units).ok_or(DurationError)?;
            total += nanos;
            (rest, units) = (tail, smaller);
        }
        Ok(Self(total))
    }
}

type Units = &'static [(&'static str, i64, usize)];

/// One number with its unit, in nanoseconds, what follows it, and the units that may follow.
fn part(text: &str, units: Units) -> Option<(i64, &str, Units)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let whole: i64 = text[..digits].parse().ok()?;
    let mut rest = &text[digits..];
    let mut fraction = "";
    if let Some(tail) = rest.strip_prefix('.') {
        let end = tail.find(|c: char| !c.is_ascii_digit())?;
        (fraction, rest) = tail.split_at(end);
    }
    let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let at = units.iter().position(|(unit, ..)| *unit == name)?;
    let (_, unit, most) = units[at];
    if digits > most {
        return None;
    }
    let mut nanos = whole * unit;
    let mut scale = unit;
    for digit in fraction.bytes() {
        scale /= 10;
        nanos += i64::from(digit - b'0') * scale;
    }
    Some((nanos, rest, &units[at + 1..]))
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, mins) = (self.0 / (3600 * SECOND), self.0 / (60 * SECOND) % 60);
        let nanos = self.0 % (60 * SECOND);
        if self.0 < SECOND && self.0 > 0 {
            let (scale, unit) = [(1_000_000, "ms"), (1_000, "µs"), (1, "ns")]
                .into_iter()
                .find(|(scale, _)| self.0 >= *scale)
                .unwrap_or((1, "ns"));
            return write!(f, "{}{unit}", decimal(self.0, scale));
        }
        if hours > 0 {
            write!(f, "{hours}h{mins}m")?;
        } else if mins > 0 {
            write!(f, "{mins}m")?;
        }
        write!(f, "{}s", decimal(nanos, SECOND))
    }
}

/// `value / scale` without trailing zeros.
fn decimal(value: i64, scale: i64) -> String {
    let (whole, fraction) = (value / scale, value % scale);
    if fraction == 0 {
        return whole.to_string();
    }
    let digits = format!("{:0width$}", fraction, width = scale.ilog10() as usize);
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Duration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as 30s, 5m or 1h")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(V)
    }
}

impl schemars::JsonSchema for Duration {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Duration")
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": pattern(),
            "minLength": 1,
            "x-unit": "s",
            "x-on": { "pattern": {
                "code": "bad-duration",
                "message": "{value} is not a duration",
                "fix": "write numbers with units, such as 30s, 5m or 1h (there is no day: write 24h)",
            } },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_prints_as_go_does() {
        for (text, shown) in [
            ("0", "0s"),
            ("30s", "30s"),
            ("5m", "5m0s"),
            ("1h", "1h0m0s"),
            ("90m", "1h30m0s"),
            ("1h30m", "1h30m0s"),
            ("1.5h", "1h30m0s"),
            ("1500ms", "1.5s"),
            ("250us", "250µs"),
            ("1.5ms", "1.5ms"),
            ("24h", "24h0m0s"),
        ] {
            assert_eq!(text.parse::<Duration>().unwrap().to_string(), shown, "{text}");
        }
        for bad in ["", "5", "1d", "1m1h", "1h1h", "5 m", "m", "-5m", "1h30", "1.h.", "99999999999h", "1w"] {
            assert!(bad.parse::<Duration>().is_err(), "{bad}");
        }
    }

    #[test]
    fn short_is_what_people_write() {
        for text in ["10m", "1h", "1h30m", "30s", "24h", "1h0m5s"] {
            assert_eq!(text.parse::<Duration>().unwrap().short(), text);
        }
    }

    proptest! {
        #[test]
        fn printing_reads_back(nanos in 0_i64..1_000_000 * 3600 * SECOND) {
            let duration = Duration(nanos);
            prop_assert_eq!(duration.to_string().parse::<Duration>(), Ok(duration));
            prop_assert_eq!(duration.short().parse::<Duration>(), Ok(duration));
        }

        #[test]
        fn the_pattern_accepts_what_the_parser_does(text in "[0-9.smhun]{0,12}") {
            let matched = regex::Regex::new(&pattern()).unwrap().is_match(&text) && !text.is_empty();
            prop_assert_eq!(matched, text.parse::<Duration>().is_ok(), "{}", text);
        }
    }
}
