//! Helpers of the tests over files: which there are, and what reading one comes to.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use keyloom_models::read::{Environment, Options, load};
use keyloom_syntax::{Diagnostic, Label, Sources};

/// Endings of manifests that stand beside fixtures for an API server to refuse.
const TWINS: [&str; 2] = [".manifest.yaml", ".kubernetes.yaml"];

/// A folder of this crate's tests.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Every YAML file in a folder and below, but for manifests, sorted.
pub(crate) fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            files.extend(yaml_files(&path));
        } else if name.ends_with(".yaml") && !TWINS.iter().any(|ending| name.ends_with(ending)) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A file as the only source, under its own name.
pub(crate) fn source(path: &Path) -> Sources {
    let mut sources = Sources::new();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    sources.add(name, std::fs::read_to_string(path).unwrap()).unwrap();
    sources
}

/// Options as the first line of a file says: `# options: env=prod eso=0.20 namespace=web max-bytes=10`.
/// Without `env` the base and every environment are checked.
pub(crate) fn options(sources: &Sources) -> Options {
    let mut options = Options { environment: Environment::All, ..Options::default() };
    let (_, file) = sources.files().next().unwrap();
    let Some(line) = file.text.lines().next().and_then(|line| line.strip_prefix("# options:")) else {
        return options;
    };
    for (key, value) in line.split_whitespace().map(|word| word.split_once('=').expect("key=value")) {
        match key {
            "env" => options.environment = Environment::Named(value.to_owned()),
            "eso" => options.eso = Some(value.to_owned()),
            "namespace" => options.namespace = Some(value.to_owned()),
            "max-bytes" => options.budget.max_bytes = value.parse().unwrap(),
            "max-nodes" => options.budget.max_nodes = value.parse().unwrap(),
            other => panic!("no option {other}"),
        }
    }
    options
}

/// What reading a file reports.
pub(crate) fn diagnostics(sources: &Sources) -> Vec<Diagnostic> {
    load(sources, &options(sources)).diagnostics
}

/// Diagnostics in a compact, stable form.
pub(crate) fn shown(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let _ = writeln!(
            text,
            "{}[{}] {} {}",
            diagnostic.severity.as_str(),
            diagnostic.code,
            place(sources, &diagnostic.primary),
            diagnostic.message
        );
        let more = [
            ("label", Some(&diagnostic.primary.text).filter(|text| !text.is_empty())),
            ("why", diagnostic.why.as_ref()),
            ("fix", diagnostic.fix.as_ref()),
        ];
        for (what, words) in more {
            if let Some(words) = words {
                let _ = writeln!(text, "  {what}: {words}");
            }
        }
        for other in &diagnostic.secondary {
            let _ = writeln!(text, "  also: {} {}", place(sources, other), other.text);
        }
    }
    text
}

fn place(sources: &Sources, label: &Label) -> String {
    match label.span.and_then(|span| sources.locate(span)) {
        Some(at) => format!("{}:{}:{}", at.file, at.line, at.column),
        None => "(no place)".to_owned(),
    }
}

/// Compares with a file, or rewrites it under `UPDATE=1`.
pub(crate) fn compare(path: &Path, actual: &str, wrong: &mut Vec<String>) {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return;
    }
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(path, actual).unwrap();
    } else {
        wrong.push(format!("{}\n--- expected\n{expected}--- actual\n{actual}", path.display()));
    }
}
