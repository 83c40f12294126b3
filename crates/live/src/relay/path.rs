//! Paths of folders in Infisical, and where a key of ESO leads.

use std::fmt;

/// The path of a folder: it begins with `/` and ends with none, unless it is the root; no part of it is empty, `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(String);

impl Path {
    /// The path that a text means. `..` leads up, and not above the root.
    pub(crate) fn new(text: &str) -> Self {
        let mut parts: Vec<&str> = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        Self(format!("/{}", parts.join("/")))
    }

    /// The folder in which ESO looks for a key of a store that begins here. A key with a `/` in front names its folder
    /// itself; a folder before any other one is below this.
    pub(crate) fn of_key(&self, key: &str) -> Self {
        match key.rsplit_once('/') {
            None => self.clone(),
            Some((folder, _)) if key.starts_with('/') => Self::new(folder),
            Some((folder, _)) => Self::new(&format!("{self}/{folder}")),
        }
    }

    /// Whether it is that folder, or lies in it at any depth.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        match self.0.strip_prefix(&other.0) {
            Some(rest) => other.0 == "/" || rest.is_empty() || rest.starts_with('/'),
            None => false,
        }
    }

    /// Whether its characters begin with these.
    pub(crate) fn begins_with(&self, text: &str) -> bool {
        self.0.starts_with(text)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_that_mean_the_same_are_the_same() {
        for (text, expected) in [
            ("", "/"),
            ("/", "/"),
            ("//", "/"),
            ("/a", "/a"),
            ("/a/", "/a"),
            ("a/b", "/a/b"),
            ("/a//b/./c/", "/a/b/c"),
            ("/a/../b", "/b"),
            ("/../../b", "/b"),
        ] {
            assert_eq!(Path::new(text).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn keys_lead_to_folders() {
        for (scope, key, expected) in [
            ("/scope", "FOO", "/scope"),
            ("/scope", "/FOO", "/"),
            ("/scope", "/a/b/FOO", "/a/b"),
            ("/scope", "sub/FOO", "/scope/sub"),
            ("/scope", "../x/FOO", "/x"),
            ("/scope", "sub/", "/scope/sub"),
            ("/", "FOO", "/"),
            ("/", "a/FOO", "/a"),
            ("/scope", "", "/scope"),
        ] {
            assert_eq!(Path::new(scope).of_key(key).to_string(), expected, "{key} of {scope}");
        }
    }

    #[test]
    fn siblings_do_not_lie_within() {
        for (path, other, expected) in [
            ("/a/b", "/a", true),
            ("/a", "/a", true),
            ("/a", "/", true),
            ("/", "/", true),
            ("/", "/a", false),
            ("/ab", "/a", false),
            ("/a", "/a/b", false),
        ] {
            assert_eq!(Path::new(path).is_within(&Path::new(other)), expected, "{path} in {other}");
        }
    }

    proptest! {
        #[test]
        fn a_path_is_its_own_and_within_the_root(text in "[a./]{0,12}", part in "[a-c]{1,3}") {
            let path = Path::new(&text);
            prop_assert_eq!(&Path::new(&path.to_string()), &path);
            prop_assert!(path.is_within(&Path::new("/")));
            let below = Path::new(&format!("{path}/{part}"));
            prop_assert!(below.is_within(&path) && !path.is_within(&below));
            prop_assert_eq!(path.of_key(&format!("{part}/KEY")), below);
        }
    }
}
