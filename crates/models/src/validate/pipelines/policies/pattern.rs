//! Patterns of resources in a policy of IAM: `*` is any characters, `?` is one.

/// Characters that AWS puts behind a name, after a hyphen.
const RANDOM: usize = 6;

/// A character of the ARN that a secret will have.
#[derive(Clone, Copy)]
enum Char {
    Known(char),
    /// One that AWS makes up.
    Random,
}

/// Whether a pattern covers a secret, whatever AWS puts behind its name. `name` is the ARN without that.
pub fn covers(pattern: &str, name: &str) -> bool {
    let random = std::iter::repeat_n(Char::Random, RANDOM);
    let whole: Vec<Char> = name.chars().chain(['-']).map(Char::Known).chain(random).collect();
    let pattern: Vec<char> = pattern.chars().collect();
    // Greedy, with one way back: to the last `*`, which takes one character more.
    let (mut at, mut next) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    while next < whole.len() {
        match pattern.get(at) {
            Some('*') => {
                last = Some((at, next));
                at += 1;
            }
            Some(sign) if fits(*sign, whole[next]) => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((star, taken)) = last else { return false };
                last = Some((star, taken + 1));
                (at, next) = (star + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|sign| *sign == '*')
}

fn fits(sign: char, at: Char) -> bool {
    match at {
        Char::Known(c) => sign == '?' || sign == c,
        Char::Random => sign == '?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_covers_a_name() {
        for (pattern, name, covered) in [
            ("lornu-ai-*", "lornu-ai/resend-api-key", false),
            ("lornu-ai/*", "lornu-ai/resend-api-key", true),
            ("lornu-ai/resend-api-key", "lornu-ai/resend-api-key", false),
            ("lornu-ai/resend-api-key-??????", "lornu-ai/resend-api-key", true),
            ("lornu-ai/resend-api-key-?????", "lornu-ai/resend-api-key", false),
            ("lornu-ai/resend-api-key-AbCdEf", "lornu-ai/resend-api-key", false),
            ("lornu-ai/resend*key*", "lornu-ai/resend-api-key", true),
            ("*key-*", "key-key-key", true),
            ("*", "a", true),
            ("", "a", false),
        ] {
            assert_eq!(covers(pattern, name), covered, "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn a_name_with_any_end_is_covered(name in "[a-z/-]{1,8}", cut in 0_usize..8, with in "[a-z*?-]{0,8}") {
            let exact = format!("{name}-??????");
            let prefix: String = name.chars().take(cut).chain(['*']).collect();
            prop_assert!(covers(&exact, &name));
            prop_assert!(covers(&prefix, &name));
            prop_assert!(!covers(&name, &name));
            // Whatever is covered is so with characters that are known.
            if covers(&with, &name) {
                let known = format!("{name}-aZ09bY");
                prop_assert!(matches_text(&with, &known), "{with}");
            }
        }
    }

    /// The plain definition.
    fn matches_text(pattern: &str, text: &str) -> bool {
        match (pattern.chars().next(), text.chars().next()) {
            (None, None) => true,
            (Some('*'), _) => {
                matches_text(&pattern[1..], text) || !text.is_empty() && matches_text(pattern, &text[1..])
            }
            (Some(sign), Some(c)) => (sign == '?' || sign == c) && matches_text(&pattern[1..], &text[1..]),
            _ => false,
        }
    }
}
