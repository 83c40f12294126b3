//! Which declaration a file came from.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Inputs that a message names.
const SHOWN: usize = 3;

/// A declaration: its input paths relative to the output directory, and the environment. Two declarations can write
/// into one directory, and neither touches the other's files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentSet {
    /// Input paths with `/`, sorted; `-` is standard input.
    pub inputs: Vec<String>,
    /// The environment (`--env`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
}

impl DocumentSet {
    /// The set read from `inputs` in the environment `env`, as seen from `dir`, which need not exist yet.
    pub fn new<P: AsRef<Path>>(dir: &Path, inputs: &[P], env: Option<&str>) -> Self {
        let dir = resolve(dir);
        let mut inputs: Vec<String> = inputs.iter().map(|input| relative(input.as_ref(), &dir)).collect();
        inputs.sort_unstable();
        inputs.dedup();
        Self { inputs, env: env.map(str::to_owned) }
    }

    /// As a command line names it where the command runs: `keyloom.yaml --env prod`.
    pub(super) fn shown(&self, dir: &Path) -> String {
        let (dir, here) = (resolve(dir), resolve(Path::new(".")));
        let from_here = |input: &String| match input.as_str() {
            "-" => "-".to_owned(),
            input => relative(&below(&dir, input), &here),
        };
        let mut words: Vec<String> = self.inputs.iter().take(SHOWN).map(from_here).collect();
        match self.inputs.len().saturating_sub(SHOWN) {
            0 => {}
            more => words.push(format!("and {more} more")),
        }
        words.extend(self.env.iter().map(|env| format!("--env {env}")));
        words.join(" ")
    }
}

/// Where a listed input is. There are no links in `dir`, so that `..` is the directory above.
fn below(dir: &Path, input: &str) -> PathBuf {
    let mut place = dir.to_owned();
    for part in input.split('/') {
        match part {
            ".." => drop(place.pop()),
            part => place.push(part),
        }
    }
    place
}

/// The path without links as far as it exists, and absolute.
fn resolve(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut rest = Vec::new();
    let mut there = path.as_path();
    loop {
        if let Ok(resolved) = there.canonicalize() {
            return resolved.join(rest.iter().rev().collect::<PathBuf>());
        }
        match (there.parent(), there.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name);
                there = parent;
            }
            _ => return path,
        }
    }
}

fn relative(input: &Path, dir: &Path) -> String {
    if input == Path::new("-") {
        return "-".to_owned();
    }
    let input = resolve(input);
    let common = input.components().zip(dir.components()).take_while(|(a, b)| a == b).count();
    let up = dir.components().skip(common).map(|_| "..".to_owned());
    let down = input.components().skip(common).map(|part| match part {
        Component::RootDir => String::new(),
        part => part.as_os_str().to_string_lossy().into_owned(),
    });
    // Without a common root (another drive) only the absolute path says where it is.
    if common == 0 {
        down.collect::<Vec<_>>().join("/")
    } else {
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_directory() {
        let root = tempfile::tempdir().unwrap();
        let (a, b) = (root.path().join("b.yaml"), root.path().join("in/a.yaml"));
        let dir = root.path().join("deploy/prod");
        let set = DocumentSet::new(&dir, &[&a, &b, &a], Some("prod"));
        assert_eq!(set.inputs, ["../../b.yaml", "../../in/a.yaml"]);
        std::fs::create_dir_all(&dir).unwrap();
        assert_eq!(DocumentSet::new(&dir, &[&b, &a], Some("prod")), set, "whether or not it exists");
        let here = std::env::current_dir().unwrap();
        let four = ["d", "src/b", "a", "c"].map(|input| here.join(input));
        assert_eq!(DocumentSet::new(&dir, &four, None).shown(&dir), "a c d and 1 more", "as seen from here");
        let set = DocumentSet::new(&dir, &[Path::new("-"), &here.join("../x")], Some("prod"));
        assert_eq!(set.shown(&dir), "- ../x --env prod");
        assert_eq!(DocumentSet::new(root.path(), &[Path::new("-")], None).inputs, ["-"]);
        assert_eq!(DocumentSet::new(root.path(), &[root.path().join("x/../b.yaml")], None).inputs.len(), 1);
    }
}
