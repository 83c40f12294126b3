//! Values as a shell reads them.

use keyloom_connections::Secret;
use zeroize::Zeroizing;

/// A value as one word of a POSIX shell: in single quotes, within which nothing has a meaning. None where there is a zero byte, which no
/// variable can hold.
///
/// ```
/// use keyloom_connections::Secret;
/// use keyloom_live::connections::quoted;
/// let secret = Secret::new("it's".to_owned());
/// assert_eq!(quoted(&secret).as_deref().map(String::as_str), Some(r"'it'\''s'"));
/// ```
pub fn quoted(value: &Secret) -> Option<Zeroizing<String>> {
    let text = value.expose();
    if text.contains('\0') {
        return None;
    }
    // Room for all, so that no part of it is left behind in memory that was too small.
    let mut out = Zeroizing::new(String::with_capacity(2 + text.len() + 3 * text.matches('\'').count()));
    out.push('\'');
    for (at, part) in text.split('\'').enumerate() {
        if at > 0 {
            out.push_str(r"'\''");
        }
        out.push_str(part);
    }
    out.push('\'');
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;

    use super::*;

    /// What `sh` makes of words: each, with a zero byte behind it.
    fn read_by_sh(words: &[Zeroizing<String>]) -> Vec<u8> {
        let script: String =
            words.iter().map(|word| format!("A={}\nprintf '%s\\0' \"$A\"\n", word.as_str())).collect();
        let mut sh = Command::new("sh").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        sh.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        sh.wait_with_output().unwrap().stdout
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_reads_what_was_quoted(
            values in prop::collection::vec("([ -~\n\t\r]|['\"$`\\\\!#~*{}]|[^\0]){0,40}", 1..20)
        ) {
            let words: Vec<_> =
                values.iter().map(|it| quoted(&Secret::new(it.clone())).unwrap()).collect();
            let expected: Vec<u8> =
                values.iter().flat_map(|it| it.bytes().chain(std::iter::once(0))).collect();
            prop_assert_eq!(read_by_sh(&words), expected);
        }
    }

    #[test]
    fn a_zero_byte_is_no_word() {
        assert!(quoted(&Secret::new("a\0".to_owned())).is_none());
    }
}
