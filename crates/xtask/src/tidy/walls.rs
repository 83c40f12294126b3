//! Which room may know which, and what stays outside of it: ARCHITECTURE.md's table, as code.

use serde::Deserialize;

use crate::Result;

/// A room and its walls. Only what is built into the room counts; its tests may use anything.
struct Wall {
    room: &'static str,
    /// Rooms it may depend on.
    rooms: &'static [&'static str],
    /// Outside crates it must not depend on, besides those in [`NOWHERE`].
    never: &'static [&'static [&'static str]],
}

const COMMAND_LINE: &[&str] = &["clap", "clap_complete", "clap_mangen", "annotate-snippets"];
const ENGINES: &[&str] = &["tokio", "tonic", "prost", "async-trait", "futures", "hyper", "reqwest", "ureq"];
const FILES: &[&str] = &["tempfile", "walkdir", "glob", "notify"];
const TEMPLATES: &[&str] = &["askama", "handlebars", "liquid", "minijinja", "tera"];
const YAML: &[&str] = &["saphyr", "saphyr-parser", "serde_yaml", "serde_yaml_ng", "serde_yml", "yaml-rust2"];
const SCHEMAS: &[&str] = &["schemars", "validator"];

/// Crates for which a test or a chore is the only place.
const NOWHERE: [&str; 5] = ["insta", "jsonschema", "proptest", "roxmltree", "yaml_serde"];
/// Rooms that ship nothing, and may therefore use anything.
const CHORES: [&str; 5] = ["example-connections", "example-rotation", "fake-infisical", "stand-ins", "xtask"];

const PURE: &[&[&str]] = &[COMMAND_LINE, ENGINES, FILES, TEMPLATES];
const PURE_WITHOUT_YAML: &[&[&str]] = &[COMMAND_LINE, ENGINES, FILES, TEMPLATES, YAML];

const WALLS: [Wall; 12] = [
    Wall { room: "syntax", rooms: &[], never: PURE },
    Wall { room: "upstream", rooms: &["syntax"], never: PURE_WITHOUT_YAML },
    Wall { room: "connections", rooms: &[], never: PURE_WITHOUT_YAML },
    Wall { room: "models", rooms: &["syntax", "upstream", "connections"], never: PURE_WITHOUT_YAML },
    Wall { room: "foreign", rooms: &["syntax", "upstream", "models"], never: PURE_WITHOUT_YAML },
    // What a version injects is data of upstream's schema; filling it in the walk serves every kind and provider at once.
    Wall {
        room: "resources",
        rooms: &["syntax", "upstream", "models", "connections"],
        never: PURE_WITHOUT_YAML,
    },
    // Schemas and the page of types of connections are made from their table.
    Wall {
        room: "codegen",
        rooms: &["syntax", "connections", "models", "resources"],
        never: PURE_WITHOUT_YAML,
    },
    // The protocol is shared by what ships and by what stands in for the real providers, which must not know each other.
    Wall { room: "wire", rooms: &[], never: &[COMMAND_LINE, FILES, TEMPLATES, YAML, SCHEMAS] },
    Wall {
        room: "components",
        rooms: &["syntax", "models", "resources", "wire"],
        never: &[COMMAND_LINE, TEMPLATES, YAML],
    },
    Wall { room: "runtime", rooms: &["connections"], never: &[COMMAND_LINE, TEMPLATES, YAML, SCHEMAS] },
    Wall {
        room: "live",
        rooms: &["syntax", "runtime", "resources", "connections"],
        never: &[COMMAND_LINE, TEMPLATES, YAML],
    },
    Wall {
        room: "cli",
        rooms: &[
            "syntax",
            "upstream",
            "connections",
            "models",
            "foreign",
            "resources",
            "codegen",
            "components",
            "runtime",
            "live",
        ],
        never: &[TEMPLATES, YAML],
    },
];

/// One crate of the workspace, as `cargo metadata` tells it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    #[serde(default)]
    pub(super) dependencies: Vec<Dependency>,
    #[serde(default)]
    pub(super) targets: Vec<Target>,
}

/// A dependency line; `kind` is `dev`, `build` or nothing.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

/// A library, command, test, ... of a crate.
#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) src_path: String,
}

/// The crates in the output of `cargo metadata --no-deps`.
pub(super) fn packages(metadata: &str) -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    Ok(serde_json::from_str::<Metadata>(metadata)?.packages)
}

/// Dependencies that go through a wall.
pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages {
        let here = room(&package.name);
        if CHORES.contains(&here) {
            continue;
        }
        let Some(wall) = WALLS.iter().find(|wall| wall.room == here) else {
            findings.push(format!(
                "{}: no such room; add it to ARCHITECTURE.md and to WALLS in xtask's tidy",
                package.name
            ));
            continue;
        };
        let built_in = package.dependencies.iter().filter(|line| line.kind.as_deref() != Some("dev"));
        findings.extend(built_in.filter_map(|line| wall.breach(line)));
    }
    findings
}

impl Wall {
    fn breach(&self, line: &Dependency) -> Option<String> {
        let (here, there) = (self.room, room(&line.name));
        if line.path.is_some() {
            let open = self.rooms.contains(&there);
            return (!open).then(|| format!("crates/{here}: must not know crates/{there}"));
        }
        if NOWHERE.contains(&line.name.as_str()) {
            return Some(format!("crates/{here}: {} is for tests and chores alone", line.name));
        }
        let never = self.never.iter().any(|family| family.contains(&line.name.as_str()));
        never.then(|| format!("crates/{here}: must not depend on {}", line.name))
    }
}

fn room(package: &str) -> &str {
    package.strip_prefix("keyloom-").unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, kind, and whether it lies in this workspace.
    type Line = (&'static str, Option<&'static str>, bool);

    fn findings(packages: &[(&str, &[Line])]) -> Vec<String> {
        let line = |&(name, kind, inside): &Line| Dependency {
            name: name.to_owned(),
            kind: kind.map(str::to_owned),
            path: inside.then(String::new),
        };
        let package = |(name, lines): &(&str, &[Line])| Package {
            name: (*name).to_owned(),
            dependencies: lines.iter().map(line).collect(),
            targets: Vec::new(),
        };
        check(&packages.iter().map(package).collect::<Vec<_>>())
    }

    #[test]
    fn open_doors_are_open() {
        let models: &[_] =
            &[("keyloom-syntax", None, true), ("serde", None, false), ("yaml_serde", Some("dev"), false)];
        let chores: &[_] = &[("keyloom-cli", None, true), ("yaml_serde", None, false), ("clap", None, false)];
        assert_eq!(findings(&[("keyloom-models", models), ("xtask", chores)]), [""; 0]);
    }

    #[test]
    fn breaches_are_named() {
        let resources: &[_] = &[
            ("keyloom-codegen", None, true),
            ("serde_yaml", None, false),
            ("tonic", Some("build"), false),
            ("yaml_serde", None, false),
        ];
        assert_eq!(
            findings(&[("keyloom-resources", resources), ("keyloom-attic", &[])]),
            [
                "crates/resources: must not know crates/codegen",
                "crates/resources: must not depend on serde_yaml",
                "crates/resources: must not depend on tonic",
                "crates/resources: yaml_serde is for tests and chores alone",
                "keyloom-attic: no such room; add it to ARCHITECTURE.md and to WALLS in xtask's tidy",
            ]
        );
    }

    #[test]
    fn metadata_is_read() {
        let metadata = r#"{"packages": [{"name": "a", "version": "1", "targets": [{"src_path": "x.rs"}],
            "dependencies": [{"name": "b", "kind": null, "req": "*"}]}]}"#;
        let packages = packages(metadata).unwrap();
        assert_eq!((packages[0].name.as_str(), packages[0].targets[0].src_path.as_str()), ("a", "x.rs"));
        assert_eq!(packages[0].dependencies[0].kind, None);
    }
}
