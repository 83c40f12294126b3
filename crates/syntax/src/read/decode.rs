//! Bytes to text: what is refused before any parsing.

use crate::diagnostic::Diagnostic;

use super::Budget;

/// Decodes a file's bytes for [`Sources::add`](crate::Sources::add). A UTF-8 byte order mark is kept; the reader skips it.
///
/// # Errors
/// A diagnostic `too-large`, `not-utf8` or `nul-byte`. It has no span, for the text is in no `Sources`: the message
/// names the file.
#[expect(clippy::result_large_err, reason = "once a file, and the caller keeps the diagnostic")]
pub fn decode(name: &str, bytes: Vec<u8>, budget: &Budget) -> Result<String, Diagnostic> {
    let named =
        |problem: Diagnostic| Diagnostic { message: format!("{name}: {}", problem.message), ..problem };
    if bytes.len() > budget.max_bytes {
        return Err(named(too_large(bytes.len(), budget)));
    }
    if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] = bytes.as_slice() {
        let problem = Diagnostic::error("not-utf8", "the file is UTF-16, not UTF-8");
        return Err(named(problem.fix("save it as UTF-8, for example with `iconv -f UTF-16 -t UTF-8`")));
    }
    let text = String::from_utf8(bytes).map_err(|fault| {
        let at = fault.utf8_error().valid_up_to();
        let line = 1 + fault.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
        let message = format!("the file is not UTF-8: byte {at}, on line {line}, begins no valid character");
        named(
            Diagnostic::error("not-utf8", message)
                .fix("save the file as UTF-8; binary data has no place in it"),
        )
    })?;
    match admit(&text, budget) {
        None => Ok(text),
        Some((at, problem)) => {
            let problem = named(problem);
            Err(Diagnostic { message: format!("{} at byte {at}", problem.message), ..problem })
        }
    }
}

/// Refuses what the parser shall never see; with the byte the fault is at.
pub(super) fn admit(text: &str, budget: &Budget) -> Option<(usize, Diagnostic)> {
    if text.len() > budget.max_bytes {
        return Some((0, too_large(text.len(), budget)));
    }
    let at = text.find('\0')?;
    let problem = Diagnostic::error("nul-byte", "the file holds a NUL byte")
        .why("YAML is text, and no text holds NUL; the file may be binary or damaged")
        .fix("remove the byte, or write `\\0` in double quotes where the value needs one");
    Some((at, problem))
}

fn too_large(len: usize, budget: &Budget) -> Diagnostic {
    let message = format!("the file has {len} bytes, more than the {} allowed", budget.max_bytes);
    Diagnostic::error("too-large", message).fix("split the file, or raise the limit")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> Diagnostic {
        let budget = Budget { max_bytes: 16, ..Budget::default() };
        decode("a.yaml", bytes.to_vec(), &budget).unwrap_err()
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(refused(&[b'a'; 17]).message, "a.yaml: the file has 17 bytes, more than the 16 allowed");
        let bad = refused(b"a: 1\nb: \xff\n");
        assert_eq!(
            bad.message,
            "a.yaml: the file is not UTF-8: byte 8, on line 2, begins no valid character"
        );
        assert_eq!(refused(b"\xff\xfea\0").code, "not-utf8");
        assert_eq!(refused(b"\xfe\xff\0a").code, "not-utf8");
        assert_eq!(refused(b"a: \0").message, "a.yaml: the file holds a NUL byte at byte 3");
    }

    #[test]
    fn text_passes_unchanged() {
        let text = "\u{feff}a: ü\n";
        assert_eq!(decode("a", text.as_bytes().to_vec(), &Budget::default()).unwrap(), text);
    }
}
