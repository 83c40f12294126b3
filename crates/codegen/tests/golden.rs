//! Every example, from its document to its manifests and configurations.
//!
//! `examples/CASE/kubernetes.yaml`, `terraform.json` and `workflow.yml` are what the document renders to, as far as there is
//! something to write, with `terraform-PIPELINE.json` and `terraform-PIPELINE-bootstrap.json` for pipelines;
//! `kubernetes.ENV.yaml`, `terraform.ENV.json` and `workflow.ENV.yml` what it renders to for an environment; and `warnings.txt`
//! what is said about it, if anything is. `UPDATE=1 cargo test -p keyloom-codegen --test
//! golden` writes them anew: read the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use keyloom_codegen::{kubernetes, terraform, workflow};
use keyloom_models::Config;
use keyloom_models::read::{Environment, Options, Outcome, load};
use keyloom_resources::synthesize;
use keyloom_resources::terraform::Module;
use keyloom_syntax::{Budget, Severity, Sources};

/// A document that has fields which the oldest supported operator lacks says so.
const NEEDS_NEWEST: &str = "# e2e: needs eso 2.9";
const OLDEST: &str = "0.20";
const DOCUMENT: &str = "keyloom.yaml";
const WARNINGS: &str = "warnings.txt";

/// One example.
struct Case {
    dir: PathBuf,
    text: String,
    sources: Sources,
}

#[test]
fn examples_render_to_their_goldens() {
    let mut wrong = Vec::new();
    for case in cases() {
        let made = case.goldens();
        if std::env::var_os("UPDATE").is_some() {
            case.write(&made);
        }
        case.compare(&made, &mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "{}\nto take them over: UPDATE=1 cargo test -p keyloom-codegen --test golden",
        wrong.join("\n")
    );
}

#[test]
fn an_older_operator_is_served_or_told_apart() {
    for case in cases() {
        let outcome = case.load(Environment::All, Some(OLDEST));
        let errors: Vec<_> = outcome
            .diagnostics
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .map(|it| it.code)
            .collect();
        let needs_newest = case.text.lines().any(|line| line == NEEDS_NEWEST);
        assert_eq!(needs_newest, !errors.is_empty(), "{}: {errors:?}", case.name());
        assert!(errors.iter().all(|code| *code == "newer-than-eso"), "{}: {errors:?}", case.name());
        if let Some(config) = outcome.config {
            assert!(!rendered(&config).is_empty(), "{}", case.name());
        }
    }
}

#[test]
fn the_index_names_every_example_once() {
    let index = fs::read_to_string(home().join("README.md")).unwrap();
    for case in cases() {
        let link = format!("[{0}]({0}/)", case.name());
        assert_eq!(index.matches(&link).count(), 1, "examples/README.md should name {link} once");
    }
}

#[test]
fn the_readme_shows_the_quickstart() {
    let readme = fs::read_to_string(home().join("../README.md")).unwrap();
    let mut blocks = readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let case = Case::read(home().join("quickstart"));
    assert_eq!(blocks.next(), Some(case.text.as_str()));
    let manifests = case.render(Environment::Base).remove(&Format::Kubernetes).unwrap();
    let shown = blocks.next().unwrap();
    assert!(
        manifests.split("---\n").any(|manifest| manifest == shown),
        "no manifest of the quickstart is\n{shown}"
    );
}

impl Case {
    fn read(dir: PathBuf) -> Self {
        let text = fs::read_to_string(dir.join(DOCUMENT)).unwrap();
        let mut sources = Sources::new();
        sources.add(DOCUMENT, text.clone()).unwrap();
        Self { dir, text, sources }
    }

    fn name(&self) -> String {
        self.dir.file_name().unwrap().to_string_lossy().into_owned()
    }

    fn load(&self, environment: Environment, eso: Option<&str>) -> Outcome {
        let eso = eso.map(str::to_owned);
        load(&self.sources, &Options { environment, eso, ..Options::default() })
    }

    /// Every golden file of the example, by name.
    fn goldens(&self) -> BTreeMap<String, String> {
        let mut made = BTreeMap::new();
        let all = self.load(Environment::All, None);
        let warnings: String =
            all.diagnostics.iter().map(|it| format!("{} {}\n", it.code, it.primary.path)).collect();
        if !warnings.is_empty() {
            made.insert(WARNINGS.to_owned(), warnings);
        }
        for (format, text) in self.render(Environment::Base) {
            made.insert(format.file(""), text);
        }
        for environment in self.environments() {
            for (format, text) in self.render(Environment::Named(environment.clone())) {
                made.insert(format.file(&format!(".{environment}")), text);
            }
        }
        made
    }

    /// The formats that are not empty, the same when they are rendered again.
    fn render(&self, environment: Environment) -> BTreeMap<Format, String> {
        let name = format!("{} {environment:?}", self.name());
        let text = |outcome: Outcome| {
            let config = outcome.config.unwrap_or_else(|| panic!("{name}: {:#?}", outcome.diagnostics));
            rendered(&config)
        };
        let once = text(self.load(environment.clone(), None));
        assert_eq!(once, text(self.load(environment, None)), "{name} renders differently the second time");
        once
    }

    fn environments(&self) -> Vec<String> {
        let (tree, _) = keyloom_syntax::parse(&self.sources, &Budget::default());
        let sections = tree.documents().filter_map(|root| root.get("environments"));
        sections
            .flat_map(|section| section.entries())
            .filter_map(|(name, _)| Some(name.as_str()?.to_owned()))
            .collect()
    }

    fn write(&self, made: &BTreeMap<String, String>) {
        for stale in self.committed().keys().filter(|name| !made.contains_key(*name)) {
            fs::remove_file(self.dir.join(stale)).unwrap();
        }
        for (name, text) in made {
            fs::write(self.dir.join(name), text).unwrap();
        }
    }

    fn compare(&self, made: &BTreeMap<String, String>, wrong: &mut Vec<String>) {
        let committed = self.committed();
        for name in made.keys().chain(committed.keys().filter(|name| !made.contains_key(*name))) {
            if let Some(difference) = difference(committed.get(name), made.get(name)) {
                wrong.push(format!("examples/{}/{name}: {difference}", self.name()));
            }
        }
    }

    fn committed(&self) -> BTreeMap<String, String> {
        let is_golden = |name: &str| {
            name == WARNINGS
                || name.starts_with("kubernetes.") && name.ends_with(".yaml")
                || name.starts_with("terraform") && name.ends_with(".json")
                || name.starts_with("workflow.") && name.ends_with(".yml")
        };
        let names =
            fs::read_dir(&self.dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| is_golden(name))
            .map(|name| (name.clone(), fs::read_to_string(self.dir.join(name)).unwrap()))
            .collect()
    }
}

/// The first line that is different.
fn difference(committed: Option<&String>, made: Option<&String>) -> Option<String> {
    match (committed, made) {
        (Some(committed), Some(made)) if committed == made => None,
        (Some(committed), Some(made)) => {
            let same = committed.lines().zip(made.lines()).take_while(|(a, b)| a == b).count();
            let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
            Some(format!("line {}: committed `{}`, rendered `{}`", same + 1, line(committed), line(made)))
        }
        (None, Some(_)) => Some("is missing".to_owned()),
        (Some(_), None) => Some("is committed, and nothing makes it".to_owned()),
        (None, None) => None,
    }
}

/// A format of a golden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Format {
    Kubernetes,
    Terraform(Module),
    Workflow,
}

impl Format {
    fn file(&self, environment: &str) -> String {
        match self {
            Self::Kubernetes => format!("kubernetes{environment}.yaml"),
            Self::Terraform(Module::Infisical) => format!("terraform{environment}.json"),
            Self::Terraform(module) => {
                format!("terraform-{}{environment}.json", module.folder().replace('/', "-"))
            }
            Self::Workflow => format!("workflow{environment}.yml"),
        }
    }
}

fn rendered(config: &Config) -> BTreeMap<Format, String> {
    let set = synthesize(config);
    let mut manifests = Vec::new();
    kubernetes::render(&set, &mut manifests).unwrap();
    let mut all = vec![(Format::Kubernetes, manifests)];
    for configuration in terraform::configurations(&set) {
        let mut text = Vec::new();
        configuration.render(&mut text).unwrap();
        all.push((Format::Terraform(configuration.module().clone()), text));
    }
    let mut workflows = Vec::new();
    workflow::render(&set, &mut workflows).unwrap();
    all.push((Format::Workflow, workflows));
    let written = all.into_iter().filter(|(_, bytes)| !bytes.is_empty());
    written.map(|(format, bytes)| (format, String::from_utf8(bytes).unwrap())).collect()
}

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

fn cases() -> Vec<Case> {
    let mut dirs: Vec<_> = fs::read_dir(home()).unwrap().map(|entry| entry.unwrap().path()).collect();
    dirs.sort();
    // What has no document is a program.
    dirs.retain(|dir| dir.join("keyloom.yaml").is_file());
    assert!(!dirs.is_empty());
    dirs.into_iter().map(Case::read).collect()
}
