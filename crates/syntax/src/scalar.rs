//! What a plain scalar means: YAML 1.2 core, without the words on which YAML 1.1 readers disagree.

use std::fmt;

/// A number as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Fits a signed 64-bit integer.
    Signed(i64),
    /// A positive integer above `i64::MAX`.
    Unsigned(u64),
    /// Anything else: fractions, exponents, `.inf`, `.nan`, and integers over 64 bits.
    Float(f64),
}

impl Number {
    /// The value, rounded where it has more digits than a float.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Signed(value) => value as f64,
            Self::Unsigned(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// As every reader of YAML or JSON takes it for the same number: a float has its point, and its exponent a sign. What JSON
/// cannot hold is spelled as YAML does.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signed(value) => write!(f, "{value}"),
            Self::Unsigned(value) => write!(f, "{value}"),
            Self::Float(value) if value.is_nan() => f.write_str(".nan"),
            Self::Float(value) if value.is_infinite() => {
                f.write_str(if *value < 0.0 { "-.inf" } else { ".inf" })
            }
            Self::Float(value) => {
                let spelled = format!("{value:?}");
                let Some((digits, exponent)) = spelled.split_once('e') else { return f.write_str(&spelled) };
                let point = if digits.contains('.') { "" } else { ".0" };
                let sign = if exponent.starts_with('-') { "" } else { "+" };
                write!(f, "{digits}{point}e{sign}{exponent}")
            }
        }
    }
}

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScalarKind {
    Null,
    Bool,
    Int,
    Float,
    String,
}

/// Resolves a plain (unquoted) scalar.
///
/// `yes`, `off`, `012`, `1_000`, `12:30:00` and dates are strings here: what they mean depends on the reader.
pub(crate) fn resolve(text: &str) -> ScalarKind {
    let Some(first) = text.as_bytes().first() else { return ScalarKind::Null };
    match first {
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => ScalarKind::Null,
        b't' | b'T' | b'f' | b'F' if boolean(text).is_some() => ScalarKind::Bool,
        b'0'..=b'9' | b'+' | b'-' | b'.' => match number(text) {
            Some(Number::Float(_)) => ScalarKind::Float,
            Some(_) => ScalarKind::Int,
            None => ScalarKind::String,
        },
        _ => ScalarKind::String,
    }
}

/// The boolean a scalar spells.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// The number a scalar spells.
pub fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
            return Some(Number::Float(f64::INFINITY * sign));
        }
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(Number::Float(f64::NAN)),
        _ => {}
    }
    let bytes = unsigned.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) {
        return integer(text, bytes);
    }
    // Rust also reads "inf", "nan" and "e5": the first bytes decide that it is a number of ours.
    let starts_right = match bytes {
        [b'.', digit, ..] | [digit, ..] => digit.is_ascii_digit(),
        [] => false,
    };
    starts_right.then(|| text.parse().ok().map(Number::Float)).flatten()
}

fn integer(text: &str, digits: &[u8]) -> Option<Number> {
    // 012 is ten to a YAML 1.1 reader and twelve to a 1.2 one: it stays text.
    if digits.is_empty() || (digits.len() > 1 && digits[0] == b'0') {
        return None;
    }
    text.parse()
        .map(Number::Signed)
        .or_else(|_| text.parse().map(Number::Unsigned))
        .or_else(|_| text.parse().map(Number::Float))
        .ok()
}

fn radix(digits: &str, radix: u32) -> Option<Number> {
    if !digits.starts_with(|c: char| c.is_digit(radix)) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    Some(i64::try_from(value).map_or(Number::Unsigned(value), Number::Signed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_words_and_numbers_resolve() {
        for (kind, words) in [
            (ScalarKind::Null, &["", "~", "null", "Null", "NULL"] as &[_]),
            (ScalarKind::Bool, &["true", "True", "TRUE", "false", "False", "FALSE"]),
            (
                ScalarKind::Int,
                &["0", "-1", "+7", "0x1F", "0o17", "18446744073709551615", "-9223372036854775808"],
            ),
            (
                ScalarKind::Float,
                &["1.5", ".5", "1.", "1e3", "-2E-3", ".inf", "-.INF", ".nan", "18446744073709551616"],
            ),
        ] {
            for word in words {
                assert_eq!(resolve(word), kind, "{word}");
            }
        }
    }

    #[test]
    fn words_on_which_readers_disagree_stay_text() {
        for word in [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "n",
            "012",
            "-07",
            "1_000",
            "12:30:00",
            "2026-01-02",
            "nUll",
            "tRUE",
            "0b11",
            "0x",
            "0o8",
            "0x+1",
            "inf",
            "nan",
            "-.nan",
            "+",
            "-",
            ".",
            "..",
            "1.2.3",
            "e5",
            "1e",
            "=",
            "+-1",
            "infinity",
            "-inf",
        ] {
            assert_eq!(resolve(word), ScalarKind::String, "{word}");
        }
    }

    #[test]
    fn numbers_are_spelled_for_every_reader() {
        for (value, spelled) in [
            (Number::Signed(-7), "-7"),
            (Number::Unsigned(u64::MAX), "18446744073709551615"),
            (Number::Float(80.0), "80.0"),
            (Number::Float(0.1), "0.1"),
            (Number::Float(1e21), "1.0e+21"),
            (Number::Float(-2.5e-9), "-2.5e-9"),
            (Number::Float(f64::NEG_INFINITY), "-.inf"),
        ] {
            assert_eq!(value.to_string(), spelled);
            assert_eq!(number(spelled), Some(value));
        }
    }

    #[test]
    fn numbers_keep_their_value() {
        assert_eq!(number("0x10"), Some(Number::Signed(16)));
        assert_eq!(number("18446744073709551615"), Some(Number::Unsigned(u64::MAX)));
        assert_eq!(number("-.inf"), Some(Number::Float(f64::NEG_INFINITY)));
    }
}
