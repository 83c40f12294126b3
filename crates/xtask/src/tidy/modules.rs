//! Orphans: Rust files that no `mod` line reaches, which nothing compiles and nobody notices.

use std::collections::{BTreeMap, BTreeSet};

/// The files, of those given as (path, text), that cannot be reached from the roots.
pub(super) fn orphans(roots: &[String], files: &[(String, String)]) -> Vec<String> {
    let texts: BTreeMap<&str, &str> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let mut reached = BTreeSet::new();
    let mut open: Vec<(String, bool)> = roots.iter().map(|root| (root.clone(), true)).collect();
    while let Some((path, is_root)) = open.pop() {
        let Some(text) = texts.get(path.as_str()) else { continue };
        if !reached.insert(path.clone()) {
            continue;
        }
        let folder = folder(&path, is_root);
        for name in text.lines().filter_map(declared) {
            open.extend(
                [format!("{folder}{name}.rs"), format!("{folder}{name}/mod.rs")].map(|path| (path, false)),
            );
        }
    }
    let orphan = |path: &&&str| !reached.contains(**path);
    texts.keys().filter(orphan).map(|path| format!("{path}: no `mod` line reaches this file")).collect()
}

/// Where the modules of a file live.
fn folder(path: &str, is_root: bool) -> String {
    let parent = path.rfind('/').map_or("", |slash| &path[..=slash]);
    let stem = path[parent.len()..].trim_end_matches(".rs");
    if is_root || stem == "mod" { parent.to_owned() } else { format!("{parent}{stem}/") }
}

/// `x` of a line `mod x;`, whatever its visibility.
fn declared(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.trim_start(),
        None => line,
    };
    let name = line.strip_prefix("mod ")?.split_once(';')?.0;
    Some(name.trim()).filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_reached_through_mod_lines() {
        let files = [
            ("c/src/lib.rs", "mod a;\npub mod b; // why\n// mod gone;"),
            ("c/src/a.rs", "pub(crate) mod inner;"),
            ("c/src/a/inner.rs", ""),
            ("c/src/b/mod.rs", "mod deep;"),
            ("c/src/b/deep.rs", ""),
            ("c/src/gone.rs", ""),
            ("c/src/a/b.rs", ""),
            ("c/tests/all.rs", "mod help;"),
            ("c/tests/help.rs", ""),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()));
        let roots = ["c/src/lib.rs", "c/tests/all.rs"].map(str::to_owned);
        assert_eq!(
            orphans(&roots, &files),
            [
                "c/src/a/b.rs: no `mod` line reaches this file",
                "c/src/gone.rs: no `mod` line reaches this file"
            ]
        );
    }

    #[test]
    fn mod_lines_are_told_from_others() {
        for (line, name) in [
            ("mod a;", Some("a")),
            ("    pub(in crate::x) mod a_1;", Some("a_1")),
            ("mod tests {", None),
            ("module;", None),
            ("// mod a;", None),
        ] {
            assert_eq!(declared(line), name, "{line}");
        }
    }
}
