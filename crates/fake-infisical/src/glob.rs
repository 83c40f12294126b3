//! Globs of paths and names: `*` and `?` stay within a part of a path, `**` does not.

/// Whether a text fits a glob. `/a/**` fits `/a` too, and `/**` fits everything.
pub(crate) fn fits(glob: &str, text: &str) -> bool {
    if let Some(rest) = glob.strip_prefix("/**") {
        let ends = text.is_empty() || text.starts_with('/');
        return ends && (rest.is_empty() || tails(text).any(|tail| fits(rest, tail)));
    }
    if let Some(rest) = glob.strip_prefix("**") {
        return rest.is_empty() || tails(text).any(|tail| fits(rest, tail));
    }
    let mut letters = glob.chars();
    match letters.next() {
        None => text.is_empty(),
        Some('*') => {
            let end = text.find('/').unwrap_or(text.len());
            tails(text)
                .take_while(|tail| text.len() - tail.len() <= end)
                .any(|tail| fits(letters.as_str(), tail))
        }
        Some('?') => one(text, letters.as_str(), |letter| letter != '/'),
        Some(wanted) => one(text, letters.as_str(), |letter| letter == wanted),
    }
}

/// Whether a text fits one of several globs with commas between them; no glob at all fits everything.
pub(crate) fn fits_any(globs: &str, text: &str) -> bool {
    let mut globs = globs.split(',').map(str::trim).filter(|glob| !glob.is_empty()).peekable();
    globs.peek().is_none() || globs.any(|glob| fits(glob, text))
}

fn one(text: &str, glob: &str, wanted: impl Fn(char) -> bool) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(wanted) && fits(glob, letters.as_str())
}

fn tails(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, _)| &text[at..]).chain([""])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn globs_without_wildcards_are_texts(text in "[a-z/é.-]{0,10}", other in "[a-z/é.-]{0,10}") {
            prop_assert_eq!(fits(&text, &other), text == other);
            prop_assert!(fits("**", &text));
        }
    }

    #[test]
    fn globs_of_paths() {
        for (glob, text, expected) in [
            ("/", "/", true),
            ("/", "/a", false),
            ("/**", "/", true),
            ("/**", "/a/b", true),
            ("/a/**", "/a", true),
            ("/a/**", "/a/b/c", true),
            ("/a/**", "/ab", false),
            ("/*", "/a", true),
            ("/*", "/a/b", false),
            ("/a-*/x", "/a-b/x", true),
            ("/**/x", "/a/b/x", true),
            ("*", "prod", true),
            ("pr?d", "prod", true),
            ("prod", "production", false),
        ] {
            assert_eq!(fits(glob, text), expected, "{glob} {text}");
        }
        assert!(fits_any("", "a") && fits_any("b, a*", "ab") && !fits_any("b", "a"));
    }
}
