//! Names of files for reports that leave the machine: relative, with `/`, as URIs or as paths.

use std::path::{Component, Path};

use super::Report;
use crate::inputs::STDIN;

impl Report<'_> {
    /// A file as it is named elsewhere. What lies outside of the current directory and was named by a path from the
    /// root keeps its last part alone: where it lies is nobody's business.
    pub(super) fn artifact(&self, name: &str) -> String {
        relative(name, &self.here)
    }

    /// The file that a finding without a place is about: one that its message begins with, else the first.
    pub(super) fn file_of(&self, message: &str) -> Option<&str> {
        let begins =
            |name: &&String| message.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(": "));
        self.files.iter().find(begins).or(self.files.first()).map(String::as_str)
    }

    /// Words that name files as they are named elsewhere.
    pub(super) fn elsewhere(&self, words: String) -> String {
        self.absolute.iter().fold(words, |words, name| match words.contains(name.as_str()) {
            true => words.replace(name.as_str(), &self.artifact(name)),
            false => words,
        })
    }
}

fn relative(name: &str, here: &Path) -> String {
    if name == STDIN {
        return STDIN.trim_matches(['<', '>']).to_owned();
    }
    let path = Path::new(name);
    let inside = match path.strip_prefix(here) {
        Ok(inside) => inside,
        Err(_) if path.is_absolute() => path.file_name().map_or(Path::new(""), Path::new),
        Err(_) => path,
    };
    let steps = inside.components().filter(|step| !matches!(step, Component::CurDir));
    steps.map(|step| step.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A relative path as a URI: whatever a URI gives a meaning to is written by its number.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_relative() {
        let here = Path::new("/a/b");
        for (name, expected) in [
            ("keyloom.yaml", "keyloom.yaml"),
            ("./x/./keyloom.yaml", "x/keyloom.yaml"),
            ("../keyloom.yaml", "../keyloom.yaml"),
            ("/a/b/c/keyloom.yaml", "c/keyloom.yaml"),
            ("/a/other/keyloom.yaml", "keyloom.yaml"),
            ("<stdin>", "stdin"),
        ] {
            assert_eq!(relative(name, here), expected);
        }
    }

    #[test]
    fn uris_hold_nothing_that_means_something() {
        assert_eq!(uri("a b/ü#1?%.yaml"), "a%20b/%C3%BC%231%3F%25.yaml");
        assert_eq!(uri("c:x"), "c%3Ax");
    }

    proptest! {
        #[test]
        fn uris_are_read_as_the_name(name in any::<String>()) {
            let uri = uri(&name);
            let mut bytes = Vec::new();
            let mut rest = uri.bytes();
            while let Some(byte) = rest.next() {
                let mut digit = || char::from(rest.next().unwrap()).to_digit(16).unwrap();
                bytes.push(if byte == b'%' { u8::try_from(digit() * 16 + digit()).unwrap() } else { byte });
            }
            prop_assert_eq!(String::from_utf8(bytes).unwrap(), name);
        }
    }
}
