//! GitHub's runner, as far as these workflows go: steps with `run`, their environments, and the expressions in those.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value};

use super::spy::Spy;
use crate::Result;
use crate::e2e::process::{Group, Said};

/// How the steps of Terraform begin, which run only where there is one.
const TERRAFORM: &str = "terraform ";

/// A workflow, and where its steps run.
pub(super) struct Runner {
    job: Value,
    spy: Spy,
    endpoint: String,
    terraform: Option<Checkout>,
}

/// Where the repository is checked out, and what Terraform wants beside a step's own environment.
struct Checkout {
    repository: PathBuf,
    env: Vec<(&'static str, String)>,
}

/// What GitHub knows of one run.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// Actions secrets, and variables, by name.
    pub(super) settings: BTreeMap<String, String>,
    /// Whether somebody asked for a dry run.
    pub(super) dry: bool,
    /// The step to run, after the one that puts the script where it is found; all of them if none is named.
    pub(super) only: Option<&'static str>,
    /// Variables of the runner itself.
    pub(super) env: Vec<(&'static str, &'static str)>,
}

impl Runner {
    /// For the one workflow of that text.
    pub(super) fn new(workflow: &str, spy: Spy, endpoint: &str) -> Result<Self> {
        let file: Value = yaml_serde::from_str(workflow)?;
        let job = file["jobs"]["secrets"].clone();
        Ok(Self { job, spy, endpoint: endpoint.to_owned(), terraform: None })
    }

    /// Runs the steps of Terraform too, in that repository.
    pub(super) fn with_terraform(
        mut self,
        repository: &Path,
        env: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Self> {
        self.spy.add("terraform")?;
        let (repository, env) = (repository.to_owned(), env.into_iter().collect());
        self.terraform = Some(Checkout { repository, env });
        Ok(self)
    }

    /// Who watches the steps.
    pub(super) fn spy(&self) -> &Spy {
        &self.spy
    }

    /// Runs the steps as GitHub does: after one that failed, those alone that do not mind. What they said, and the code of the first
    /// that failed.
    pub(super) fn run(&self, run: &Run) -> Result<Said> {
        let mut all = Said { code: Some(0), out: String::new(), all: String::new() };
        let mut succeeded = BTreeSet::new();
        for step in self.job["steps"].as_array().into_iter().flatten() {
            let (Some(text), name) = (step["run"].as_str(), step["name"].as_str().unwrap_or_default()) else {
                continue;
            };
            let wanted = run.only.is_none_or(|only| name == only || name == "Prepare to write");
            let needs_terraform = text.starts_with(TERRAFORM) && self.terraform.is_none();
            if needs_terraform || !wanted || !run.allows(step, all.code == Some(0), &succeeded)? {
                continue;
            }
            let said = self.step(text, step, run)?;
            all.out.push_str(&said.out);
            all.all.push_str(&said.all);
            if said.code == Some(0) {
                succeeded.extend(step["id"].as_str().map(str::to_owned));
            } else if all.code == Some(0) {
                all.code = said.code;
            }
        }
        Ok(all)
    }

    /// What a person runs at the root of the repository.
    pub(super) fn by_hand(&self, text: &str) -> Result<Said> {
        self.step(text, &Value::Null, &Run::default())
    }

    /// Runs one text, as GitHub does under `shell: bash`.
    fn step(&self, text: &str, step: &Value, run: &Run) -> Result<Said> {
        let file = self.spy.elsewhere().join("step.sh");
        fs::write(&file, text)?;
        let mut command = Command::new(self.spy.bash());
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(file);
        command.current_dir(self.directory(step)?);
        command.env_clear().envs(run.env.iter().copied());
        command
            .env("PATH", self.spy.path())
            .env("HOME", self.spy.home())
            .env("TMPDIR", self.spy.home())
            .env("RUNNER_TEMP", self.spy.home())
            .env("GITHUB_REPOSITORY", "my-company/shop")
            // What the step before has made of the role.
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1");
        command.envs(self.terraform.iter().flat_map(|checkout| checkout.env.iter().cloned()));
        for env in [&self.job["env"], &step["env"]] {
            for (name, value) in env.as_object().into_iter().flat_map(Map::iter) {
                command.env(name, run.evaluate(value.as_str().unwrap_or_default())?);
            }
        }
        Group::start(&mut command)?.wait(Duration::from_secs(120))
    }

    /// Where a step runs: where it says, below the repository.
    fn directory(&self, step: &Value) -> Result<PathBuf> {
        match (step["working-directory"].as_str(), &self.terraform) {
            (None, None) => Ok(self.spy.home().to_owned()),
            (None, Some(checkout)) => Ok(checkout.repository.clone()),
            (Some(directory), Some(checkout)) => Ok(checkout.repository.join(directory)),
            (Some(directory), None) => Err(format!("no repository is checked out with {directory}").into()),
        }
    }
}

impl Run {
    /// Whether a step's condition holds, of those that there are: after steps that were all good or not, of which these have an id.
    fn allows(&self, step: &Value, good: bool, succeeded: &BTreeSet<String>) -> Result<bool> {
        match step["if"].as_str() {
            None => Ok(good),
            Some("inputs.dry-run != true") => Ok(good && !self.dry),
            Some("steps.script.outcome == 'success' && !cancelled()") => Ok(succeeded.contains("script")),
            Some(other) => Err(format!("a condition that is not known here: {other}").into()),
        }
    }

    /// The value of a text, which is an expression or none.
    fn evaluate(&self, text: &str) -> Result<String> {
        let Some(expression) = text.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) else {
            return match text.contains("${{") {
                true => Err(format!("an expression inside of a text: {text}").into()),
                false => Ok(text.to_owned()),
            };
        };
        if expression == "inputs.dry-run" {
            return Ok(if self.dry { "true".to_owned() } else { String::new() });
        }
        let (setting, asked) = match expression.strip_suffix(" != ''") {
            Some(setting) => (setting, true),
            None => (expression, false),
        };
        let name = setting.strip_prefix("secrets.").or_else(|| setting.strip_prefix("vars."));
        let name = name.ok_or_else(|| format!("an expression that is not known here: {expression}"))?;
        let value = self.settings.get(name).cloned().unwrap_or_default();
        Ok(if asked { (!value.is_empty()).to_string() } else { value })
    }
}

/// All that is below a folder, as one text.
pub(super) fn contents(dir: &Path) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        all.extend_from_slice(path.as_os_str().as_encoded_bytes());
        match path.is_dir() {
            true => all.extend(contents(&path)?),
            false => all.extend(fs::read(&path)?),
        }
    }
    Ok(all)
}
