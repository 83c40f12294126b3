//! Values in YAML without quotes: YAML takes `yes`, `0777`, `1.10` and a `#` for something else than text.

use super::{HOLE, Hole, Output};
use crate::template::fault::{Fault, FaultKind};

/// What writes something that YAML leaves alone, or quotes itself.
const QUOTES: [&str; 24] = [
    "b32enc",
    "b64enc",
    "bcrypt",
    "float64",
    "htpasswd",
    "indent",
    "int",
    "int64",
    "kebabcase",
    "len",
    "mustToJson",
    "nindent",
    "quote",
    "randAlpha",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "squote",
    "toJson",
    "toPrettyJson",
    "toRawJson",
    "toYaml",
    "urlquery",
    "uuidv4",
];
/// Keys whose values are numbers or truth values by their names, and are meant as such.
const NUMBERS: [&str; 12] = [
    "port", "count", "size", "timeout", "max", "min", "limit", "replicas", "enabled", "ttl", "interval",
    "number",
];

/// One `key: value` of YAML that is spelled on one line.
struct Entry<'o> {
    key: &'o str,
    value: &'o str,
    /// Where the value begins in the output.
    at: usize,
}

/// The result of `templateFrom.literal`: all values become text, by way of what YAML takes them for.
pub(super) fn keys_and_values(output: &Output<'_>, faults: &mut Vec<Fault>) {
    for entry in entries(&output.text) {
        if let Some(hole) = bare(output, &entry) {
            let message = format!("{} stands in YAML without quotes", hole.words());
            faults.push(
                Fault::warning(FaultKind::Unquoted, hole.range.clone(), message)
                    .why("the result is read as YAML: `yes` becomes `true`, `0777` becomes `511`, and ` #` ends the value")
                    .fix(hole.with("quote")),
            );
        } else if !entry.value.contains(HOLE)
            && let Some(taken) = changed(entry.value)
        {
            let range = output.origin(entry.at..entry.at + entry.value.len());
            let message = format!(
                "YAML takes the value of `{}` for {taken}, and another text comes of it",
                shown(entry.key)
            );
            faults.push(Fault::warning(FaultKind::Unquoted, range, message).fix("put it into quotes"));
        }
    }
}

/// A value that is a YAML file: what reads it decides, and gets text in quotes if it is to be text.
pub(super) fn file(output: &Output<'_>, faults: &mut Vec<Fault>) {
    for entry in entries(&output.text) {
        let Some(hole) = bare(output, &entry) else { continue };
        let message = format!("{} stands in YAML without quotes", hole.words());
        faults.push(
            Fault::note(FaultKind::Unquoted, hole.range.clone(), message)
                .why("whoever reads the file takes `yes`, `0777` or a value with ` #` in it for something else than text")
                .fix(hole.with("quote")),
        );
    }
}

/// A key as messages show it: without holes.
fn shown(key: &str) -> &str {
    if key.contains(HOLE) { "..." } else { key.trim_matches(['"', '\'']) }
}

/// The hole that a value begins with, if nothing says that it may stand there.
fn bare<'o, 't>(output: &'o Output<'t>, entry: &Entry<'_>) -> Option<&'o Hole<'t>> {
    if !entry.value.starts_with(HOLE) {
        return None;
    }
    let hole = output.hole_at(entry.at)?;
    let key = entry.key.to_ascii_lowercase();
    let number = NUMBERS.iter().any(|word| key.ends_with(word));
    (hole.plain && hole.key.is_some() && !number && !hole.passed(&QUOTES)).then_some(hole)
}

/// Entries of block mappings; what stands in block scalars, flow mappings and quotes over several lines is left alone.
fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    let mut at = 0;
    // Lines further in than this are a block scalar.
    let mut block: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        let indent = line.len() - line.trim_start_matches(' ').len();
        if line.is_empty() || block.is_some_and(|block| indent > block) {
            continue;
        }
        block = None;
        let mut body = line.get(indent..).unwrap_or_default();
        let mut offset = start + indent;
        while let Some(rest) = body.strip_prefix("- ") {
            offset += body.len() - rest.trim_start().len();
            body = rest.trim_start();
        }
        let Some((key, rest)) = body.split_once(':') else { continue };
        let value = rest.trim_start();
        let value =
            value.find(" #").map_or(value, |comment| value.get(..comment).unwrap_or_default().trim_end());
        if !rest.starts_with([' ', '\t']) || key.is_empty() || key.starts_with(['{', '[', '#', HOLE]) {
            continue;
        }
        if value.starts_with(['|', '>']) {
            block = Some(indent);
            continue;
        }
        let value_at = offset + key.len() + 1 + (rest.len() - rest.trim_start().len());
        entries.push(Entry { key, value, at: value_at });
    }
    entries
}

/// What YAML takes a plain text for, where another text comes of it.
fn changed(value: &str) -> Option<&'static str> {
    let lower = value.to_ascii_lowercase();
    match lower.as_str() {
        "y" | "yes" | "on" | "n" | "no" | "off" => return Some("true or false"),
        "true" | "false" if value != lower => return Some("true or false"),
        "~" | "null" => return Some("nothing"),
        _ => {}
    }
    (is_number(&lower) && !is_canonical(&lower)).then_some("a number")
}

fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    if matches!(digits, ".inf" | ".nan") {
        return true;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return !digits.is_empty() && digits.chars().all(|c| c == '_' || c.is_digit(radix));
        }
    }
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let some = |part: &str| part.bytes().any(|b| b.is_ascii_digit());
    all(whole)
        && all(fraction)
        && all(exponent)
        && some(exponent)
        && (some(whole) || some(fraction))
        && !value.starts_with('_')
}

/// Whether the number is written again as it was. Fractions pass through 32 bits.
fn is_canonical(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
        return false;
    }
    if !digits.contains('.') {
        return value != "-0" && whole.len() < 20;
    }
    let significant = [whole, fraction].concat().trim_start_matches('0').len();
    let zeros = fraction.len() - fraction.trim_start_matches('0').len();
    !fraction.is_empty()
        && !fraction.ends_with('0')
        && whole.len() <= 6
        && significant <= 6
        && (whole != "0" || zeros < 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As sigs.k8s.io/yaml reads a map of texts.
    #[test]
    fn what_yaml_writes_again_differently() {
        for value in [
            "yes",
            "Y",
            "off",
            "True",
            "~",
            "Null",
            "0777",
            "0o17",
            "010",
            "1.10",
            "1.0",
            "1e3",
            "0x1F",
            "1_000",
            ".5",
            "+5",
            "-0",
            "00",
            "123456789.5",
            "99999999999999999999",
            "1.",
            ".inf",
        ] {
            assert!(changed(value).is_some(), "{value}");
        }
        for value in [
            "true",
            "false",
            "5432",
            "-5",
            "12345678901",
            "1.5",
            "0.1",
            "1:30",
            "2024-01-01",
            "",
            "a",
            "1a",
            "1.2.3",
            "-",
            "e5",
            "0x",
            "yes!",
        ] {
            assert_eq!(changed(value), None, "{value}");
        }
    }
}
