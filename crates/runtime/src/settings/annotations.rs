//! Annotations of a pod, as Kubernetes' downward API writes them into a file.

use std::collections::BTreeMap;

/// Reads lines `name="value"`, each value quoted as Go quotes; the number of the first line that is none.
pub(crate) fn parse(text: &str) -> Result<BTreeMap<String, String>, usize> {
    let mut all = BTreeMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (name, quoted) = line.split_once('=').ok_or(number + 1)?;
        all.insert(name.to_owned(), unquoted(quoted).ok_or(number + 1)?);
    }
    Ok(all)
}

/// What stands between quotes, escapes resolved.
fn unquoted(quoted: &str) -> Option<String> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::new();
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => return None,
            '\\' => match chars.next()? {
                'a' => bytes.push(7),
                'b' => bytes.push(8),
                'f' => bytes.push(12),
                'n' => bytes.push(b'\n'),
                'r' => bytes.push(b'\r'),
                't' => bytes.push(b'\t'),
                'v' => bytes.push(11),
                'x' => bytes.push(u8::try_from(number(&mut chars, 2)?).ok()?),
                'u' => push(&mut bytes, char::from_u32(number(&mut chars, 4)?)?),
                'U' => push(&mut bytes, char::from_u32(number(&mut chars, 8)?)?),
                plain @ ('\\' | '"' | '\'') => push(&mut bytes, plain),
                _ => return None,
            },
            plain => push(&mut bytes, plain),
        }
    }
    String::from_utf8(bytes).ok()
}

fn push(bytes: &mut Vec<u8>, char: char) {
    bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

/// The number of so many hexadecimal digits.
fn number(chars: &mut std::str::Chars<'_>, digits: u32) -> Option<u32> {
    (0..digits).try_fold(0, |number, _| Some(number << 4 | chars.next()?.to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_kubernetes_writes_is_read() {
        let text = "infisical.com/auth=\"kubernetes\"\ninfisical.com/secret-path=\"/a=b \\\"c\\\" \\u00e9\\x41\\U0001F511\\n\"\n\nempty=\"\"\n";
        let read = parse(text).unwrap();
        assert_eq!(read["infisical.com/auth"], "kubernetes");
        assert_eq!(read["infisical.com/secret-path"], "/a=b \"c\" éA🔑\n");
        assert_eq!(read["empty"], "");
    }

    #[test]
    fn other_lines_are_told_by_their_number() {
        for line in [
            "a",
            "a=b",
            "a=\"",
            "a=\"b",
            "a=\"b\"c\"",
            "a=\"\\\"",
            "a=\"\\q\"",
            "a=\"\\ud800\"",
            "a=\"\\x4\"",
        ] {
            assert_eq!(parse(&format!("ok=\"1\"\n{line}\n")), Err(2), "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_quoted_comes_back(value in any::<String>()) {
            let quoted: String = value.chars().map(|char| format!("\\U{:08x}", u32::from(char))).collect();
            prop_assert_eq!(parse(&format!("a=\"{quoted}\"")).unwrap()["a"].clone(), value);
        }
    }
}
