//! Lengths of time as Go writes them, for the variables are those of a program in Go.

use std::time::Duration;

const UNITS: [(&str, f64); 7] = [
    // The longer names first, for `m` begins `ms`.
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
];
/// Longer ones are slips.
const LONGEST: f64 = 86_400.0;

/// Reads a length such as `500ms`, `10s` or `1m30s`: more than nothing, a day at most.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let (mut rest, mut seconds) = (text.trim(), 0.0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at(digits);
        let (unit, length) = UNITS.iter().find(|(unit, _)| behind.starts_with(unit))?;
        seconds += number.parse::<f64>().ok()? * length;
        rest = &behind[unit.len()..];
    }
    (seconds > 0.0 && seconds <= LONGEST).then(|| Duration::from_secs_f64(seconds)).filter(|it| !it.is_zero())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_read_as_go_reads_them() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("10s", 10_000),
            ("1m", 60_000),
            ("1m30.5s", 90_500),
            (".5s", 500),
            ("24h", 86_400_000),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for none in ["", "10", "s", "-1s", "0s", "1x", "1..5s", "1s5", "25h", "9999999999999h", "1 s", "1e3s"]
        {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9.hmnsuµ -]{0,12}") {
            prop_assert!(parse(&text).is_none_or(|length| !length.is_zero()));
        }
    }
}
