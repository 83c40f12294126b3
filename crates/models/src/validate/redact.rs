//! Diagnostics repeat names and paths. Where one is a credential, written in the wrong place, it is taken out again.

use keyloom_syntax::Diagnostic;

use super::literal;

/// What stands in the place of a credential.
const HIDDEN: &str = "(hidden)";
/// So many characters of a credential are enough to find it in a message that cuts it short.
const BEGINNING: usize = 16;

/// Takes out whatever looks like a credential by itself, and every beginning of those that are `known`.
pub(crate) fn redact(diagnostic: &mut Diagnostic, known: &[&str]) {
    let label = |label: &mut keyloom_syntax::Label| {
        clean(&mut label.text, known);
        clean(&mut label.path, known);
    };
    clean(&mut diagnostic.message, known);
    label(&mut diagnostic.primary);
    diagnostic.secondary.iter_mut().for_each(label);
    diagnostic.why.iter_mut().chain(&mut diagnostic.fix).for_each(|text| clean(text, known));
}

fn clean(text: &mut String, known: &[&str]) {
    if text.contains("PRIVATE KEY-----") {
        HIDDEN.clone_into(text);
        return;
    }
    for secret in known {
        let beginning: String = secret.chars().take(BEGINNING).collect();
        while let Some(start) = text.find(&beginning) {
            let length = text[start..].find(ends_a_word).unwrap_or(text.len() - start);
            text.replace_range(start..start + length.max(beginning.len()), HIDDEN);
        }
    }
    let words = text.split(ends_a_word).map(|word| word.trim_end_matches('…'));
    let found: Vec<String> = words.filter(|word| literal::scan(word).is_some()).map(str::to_owned).collect();
    for word in found {
        *text = text.replace(&word, HIDDEN);
    }
}

fn ends_a_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '`' | ',' | ';' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str, known: &[&str]) -> String {
        let mut diagnostic = Diagnostic::error("bad-path", text).fix(text);
        redact(&mut diagnostic, known);
        assert_eq!(diagnostic.fix.as_deref(), Some(&*diagnostic.message));
        diagnostic.message
    }

    #[test]
    fn credentials_are_taken_out_and_names_stay() {
        let url = "postgres://app:a-very-long-password-that-is-cut@db/app";
        assert_eq!(cleaned("`sk_live_4eC39HqLyjWDarjt` is twice", &[]), "`(hidden)` is twice");
        assert_eq!(cleaned(&format!("`{url}` is no path"), &[]), "`(hidden)` is no path");
        assert_eq!(cleaned("`postgres://app:a-very-lon…` is no path", &[url]), "`(hidden)` is no path");
        assert_eq!(cleaned("`-----BEGIN PRIVATE KEY-----\\nMII` is no name", &[]), "(hidden)");
        assert_eq!(
            cleaned("write `web/token`, or https://vault:8200", &[url]),
            "write `web/token`, or https://vault:8200"
        );
    }
}
