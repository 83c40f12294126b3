//! Literals of the language: Go's texts, characters and numbers.

/// The text of `"..."` with its escapes resolved; none where an escape is wrong.
pub(super) fn unquote(quoted: &str) -> Option<String> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        rest = character(rest, '"', &mut bytes)?;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The text of `` `...` ``; a carriage return is dropped, as Go does.
pub(super) fn raw(quoted: &str) -> String {
    quoted.trim_matches('`').replace('\r', "")
}

/// Whether `'...'` holds exactly one character.
pub(super) fn is_character(quoted: &str) -> bool {
    let Some(inner) = quoted.strip_prefix('\'') else { return false };
    !inner.starts_with('\'') && character(inner, '\'', &mut Vec::new()) == Some("'")
}

/// Reads one character or escape; what follows it.
fn character<'t>(text: &'t str, quote: char, bytes: &mut Vec<u8>) -> Option<&'t str> {
    let mut chars = text.chars();
    let c = chars.next()?;
    if c != '\\' {
        push(c, bytes);
        return Some(chars.as_str());
    }
    let (digits, radix) = match chars.next()? {
        'a' => return simple(7, bytes, chars.as_str()),
        'b' => return simple(8, bytes, chars.as_str()),
        'f' => return simple(12, bytes, chars.as_str()),
        'n' => return simple(b'\n', bytes, chars.as_str()),
        'r' => return simple(b'\r', bytes, chars.as_str()),
        't' => return simple(b'\t', bytes, chars.as_str()),
        'v' => return simple(11, bytes, chars.as_str()),
        '\\' => return simple(b'\\', bytes, chars.as_str()),
        c if c == quote => return simple(u8::try_from(c).ok()?, bytes, chars.as_str()),
        'x' => (2, 16),
        'u' => (4, 16),
        'U' => (8, 16),
        '0'..='7' => (3, 8),
        _ => return None,
    };
    let from = if radix == 8 { text.get(1..)? } else { chars.as_str() };
    let number = from.get(..digits).filter(|number| number.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let value = u32::from_str_radix(number, radix).ok()?;
    if digits <= 3 {
        bytes.push(u8::try_from(value).ok()?);
    } else {
        push(char::from_u32(value)?, bytes);
    }
    from.get(digits..)
}

fn simple<'t>(byte: u8, bytes: &mut Vec<u8>, rest: &'t str) -> Option<&'t str> {
    bytes.push(byte);
    Some(rest)
}

fn push(c: char, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Whether a number is whole; none where it is no number, or too large.
pub(super) fn whole_number(text: &str) -> Option<bool> {
    if let Some(imaginary) = text.strip_suffix('i') {
        // A complex number is a whole one only where its imaginary part is nothing; no function takes one.
        let second = imaginary.rfind(['+', '-']).filter(|at| *at > 0).unwrap_or(0);
        let part = imaginary.get(second..)?;
        return float(part.trim_start_matches(['+', '-'])).map(|value| value == 0.0);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(value) = whole(digits) {
        let limit = if text.starts_with('-') { 1 << 63 } else { u128::from(u64::MAX) };
        return (value <= limit && (!text.starts_with('+') || value < 1 << 63)).then_some(true);
    }
    if !text.contains(['.', 'e', 'E', 'p', 'P']) {
        return None;
    }
    float(digits).map(|value| value.fract() == 0.0 && value < 9.3e18)
}

/// Whether a number is written with a fraction or an exponent, and so is a float for Go unless an integer is wanted.
pub(super) fn has_fraction(text: &str) -> bool {
    let hex = text.contains(['x', 'X']);
    text.contains(['.', 'p', 'P']) || (!hex && text.contains(['e', 'E']))
}

/// Go's whole numbers, with prefixes and underscores.
fn whole(digits: &str) -> Option<u128> {
    let prefixed =
        |prefix: [&str; 2]| digits.strip_prefix(prefix[0]).or_else(|| digits.strip_prefix(prefix[1]));
    let (number, radix) = if let Some(number) = prefixed(["0x", "0X"]) {
        (number, 16)
    } else if let Some(number) = prefixed(["0b", "0B"]) {
        (number, 2)
    } else if let Some(number) = prefixed(["0o", "0O"]) {
        (number, 8)
    } else if let Some(number) = digits.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        (number, 8)
    } else {
        (digits, 10)
    };
    let prefixed = number.len() < digits.len();
    underscores_part_digits(number, prefixed).then_some(())?;
    u128::from_str_radix(&number.replace('_', ""), radix).ok()
}

fn underscores_part_digits(number: &str, prefixed: bool) -> bool {
    let number = if prefixed { number.strip_prefix('_').unwrap_or(number) } else { number };
    !number.starts_with('_') && !number.ends_with('_') && !number.contains("__")
}

/// A number with a fraction or an exponent.
fn float(digits: &str) -> Option<f64> {
    let lower = digits.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at)).is_some_and(|b| b.is_ascii_hexdigit() || *b == b'x')
    };
    let parts_digits = |at: usize| digit(at.checked_sub(1)) && digit(Some(at + 1));
    if !lower.match_indices('_').all(|(at, _)| parts_digits(at)) {
        return None;
    }
    let Some(hex) = lower.strip_prefix("0x") else {
        let plain = lower.replace('_', "");
        let starts = plain.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        return starts.then(|| plain.parse::<f64>().ok().filter(|value| value.is_finite()))?;
    };
    let (mantissa, exponent) = hex.split_once('p')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [before, after].concat().replace('_', "");
    let value = u64::from_str_radix(&all, 16).ok()?;
    let places = i32::try_from(after.replace('_', "").len()).ok()?;
    #[expect(clippy::cast_precision_loss, reason = "only whether it is whole matters")]
    let value = value as f64 * 2f64.powi(exponent - 4 * places);
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_go_reads_them() {
        for (quoted, read) in [
            (r#""a""#, Some("a")),
            (r#""a\"b\\c\n\t\x41\101\u00e4""#, Some("a\"b\\c\n\tAAä")),
            (r#""\d""#, None),
            (r#""\'""#, None),
            (r#""\x4""#, None),
            (r#""\400""#, None),
            (r#""\ud800""#, None),
        ] {
            assert_eq!(unquote(quoted).as_deref(), read, "{quoted}");
        }
        assert_eq!(raw("`a\\n\r\n`"), "a\\n\n");
        for (quoted, is) in
            [("'a'", true), ("'\\n'", true), ("'ä'", true), ("'ab'", false), ("''", false), ("'\\\"'", false)]
        {
            assert_eq!(is_character(quoted), is, "{quoted}");
        }
    }

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        for (text, whole) in [
            ("0", Some(true)),
            ("-12", Some(true)),
            ("1.0", Some(true)),
            ("1.5", Some(false)),
            ("1e3", Some(true)),
            ("0x1F", Some(true)),
            ("0x1p-2", Some(false)),
            ("017", Some(true)),
            ("1_000", Some(true)),
            ("08.5", Some(false)),
            ("1_0.5", Some(false)),
            ("1.0_", None),
            ("1_.5", None),
            ("18446744073709551615", Some(true)),
            ("18446744073709551616", None),
            ("-9223372036854775809", None),
            ("089", None),
            ("1__0", None),
            ("0x", None),
            (".", None),
            ("+", None),
            ("1i", Some(false)),
        ] {
            assert_eq!(whole_number(text), whole, "{text}");
        }
    }
}
