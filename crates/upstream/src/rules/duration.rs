//! Lengths of time as Go reads them: `1h30m`, `1.5h`, `300ms`, `0`. There are no days.

/// Units, in nanoseconds.
const UNITS: [(&str, f64); 8] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)];
/// What a length of time fits in.
const MOST: f64 = i64::MAX as f64;

/// The length in nanoseconds; nothing when it is none.
///
/// ```
/// use keyloom_upstream::rules::duration::nanoseconds;
/// assert_eq!(nanoseconds("1h30m"), Some(5.4e12));
/// assert_eq!(nanoseconds("1d"), None);
/// ```
pub fn nanoseconds(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    if rest == "0" {
        return Some(0.0);
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        // Rust reads `1.` and `.5` as Go does, and refuses `.` alone.
        total += number.parse::<f64>().ok()? * scale;
        rest = tail;
    }
    (total < MOST && rest.len() < text.len() && text.len() > 1).then_some(sign * total)
}

/// What was probably meant by text that is no length of time: days in hours, blanks taken out, seconds for a bare number.
pub fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.trim().parse::<u32>().ok()) {
        return Some(format!("{}h", u64::from(days) * 24));
    }
    if let Some(weeks) = text.strip_suffix('w').and_then(|weeks| weeks.trim().parse::<u32>().ok()) {
        return Some(format!("{}h", u64::from(weeks) * 24 * 7));
    }
    if text.parse::<u32>().is_ok() {
        return Some(format!("{text}s"));
    }
    let plain: String = text.split_whitespace().collect::<String>().to_lowercase();
    nanoseconds(&plain).is_some().then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_go_reads_them() {
        for (text, expected) in [
            ("1h", Some(3600e9)),
            ("1m1h", Some(3660e9)),
            ("1.5h", Some(5400e9)),
            ("-5s", Some(-5e9)),
            ("0", Some(0.0)),
            ("0s", Some(0.0)),
            (".5s", Some(5e8)),
            ("1h0m0s", Some(3600e9)),
            ("", None),
            ("-", None),
            ("5", None),
            ("1d", None),
            ("5 m", None),
            ("1H", None),
            (".s", None),
            ("h", None),
            ("9999999999h", None),
        ] {
            assert_eq!(nanoseconds(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_was_meant_is_guessed() {
        for (text, expected) in [
            ("1d", Some("24h")),
            ("2w", Some("336h")),
            ("30", Some("30s")),
            ("5 m", Some("5m")),
            ("1H", Some("1h")),
            ("soon", None),
        ] {
            assert_eq!(meant(text).as_deref(), expected, "{text}");
        }
    }
}
