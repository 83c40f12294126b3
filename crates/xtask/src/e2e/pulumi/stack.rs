//! A stack of a YAML program, driven by Pulumi's command.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Result;
use crate::e2e::process::Said;
use crate::e2e::pulumi::home::{Home, run, said};

/// The name of every stack; projects tell them apart.
const NAME: &str = "e2e";

/// A project with one stack.
#[derive(Debug)]
pub(super) struct Stack<'a> {
    home: &'a Home,
    dir: PathBuf,
}

/// One resource that the engine would do something to, or did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    /// `same`, `create`, `update`, `replace`, `delete` and the like.
    pub(super) op: String,
    /// The resource.
    pub(super) urn: String,
}

impl<'a> Stack<'a> {
    /// A stack without resources, of a program of `e2e/pulumi/yaml`.
    pub(super) fn new(home: &'a Home, project: &str, program: &str) -> Result<Self> {
        let stack = Self { home, dir: home.folder(&format!("projects/{project}"))? };
        stack.declare(project, program)?;
        run(&mut stack.pulumi(&["stack", "init", "--no-select", NAME]))?;
        Ok(stack)
    }

    /// A stack without resources, of a program that runs Pulumi's command itself; `runtime` is what its project then says.
    pub(super) fn driven(home: &'a Home, project: &str, runtime: &str) -> Result<Self> {
        let stack = Self { home, dir: home.folder(&format!("projects/{project}"))? };
        fs::write(stack.dir.join("Pulumi.yaml"), format!("name: {project}\nruntime: {runtime}\n"))?;
        run(&mut stack.pulumi(&["stack", "init", "--no-select", NAME]))?;
        Ok(stack)
    }

    /// Exchanges its program; `@` in its text stands for the project's folder.
    pub(super) fn declare(&self, project: &str, program: &str) -> Result<()> {
        let path = crate::root().join("e2e/pulumi/yaml").join(program).with_extension("yaml");
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        self.write(project, &text)
    }

    /// Exchanges the text of its program.
    pub(super) fn write(&self, project: &str, text: &str) -> Result<()> {
        let head = format!("name: {project}\nruntime: yaml\n");
        Ok(fs::write(self.dir.join("Pulumi.yaml"), head + text)?)
    }

    /// The project's folder.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Sets plain configuration.
    pub(super) fn set(&self, key: &str, value: &str) -> Result<()> {
        run(&mut self.of_stack(&["config", "set", "--plaintext", key, value])).map(drop)
    }

    /// Sets secret configuration.
    pub(super) fn set_secret(&self, key: &str, value: &str) -> Result<()> {
        run(&mut self.of_stack(&["config", "set", "--secret", key, value])).map(drop)
    }

    /// What an update would do; the words when it cannot be told.
    pub(super) fn preview(&self) -> Result<std::result::Result<Vec<Step>, String>> {
        let said = said(&mut self.of_stack(&["preview", "--json"]))?;
        match said.code {
            Some(0) => Ok(Ok(steps(&serde_json::from_str(&said.out)?))),
            _ => Ok(Err(errors(&said))),
        }
    }

    /// `pulumi VERB` to its end.
    pub(super) fn said(&self, args: &[&str]) -> Result<Said> {
        said(&mut self.of_stack(args))
    }

    /// `pulumi VERB`, which must succeed.
    pub(super) fn run(&self, args: &[&str]) -> Result<String> {
        run(&mut self.of_stack(args))
    }

    /// Brings everything up, and the words if that fails.
    pub(super) fn up(&self) -> Result<Said> {
        self.said(&["up", "--yes", "--skip-preview"])
    }

    /// Removes everything.
    pub(super) fn destroy(&self) -> Result<Said> {
        self.said(&["destroy", "--yes", "--skip-preview"])
    }

    /// An update that the engine holds to what a preview planned; its words if it breaks the plan.
    pub(super) fn constrained_up(&self) -> Result<Vec<String>> {
        for args in [
            &["preview", "--save-plan", "plan.json"][..],
            &["up", "--yes", "--skip-preview", "--plan", "plan.json"],
        ] {
            let said = said(self.of_stack(args).env("PULUMI_EXPERIMENTAL", "true"))?;
            if said.code != Some(0) {
                return Ok(vec![said.all]);
            }
        }
        Ok(Vec::new())
    }

    /// What the engine told while it removed everything: an event and the resource it is about.
    pub(super) fn destroy_events(&self) -> Result<Vec<(String, String)>> {
        let mut command =
            self.of_stack(&["destroy", "--yes", "--skip-preview", "--event-log", "events.json"]);
        run(command.env("PULUMI_DEBUG_COMMANDS", "true"))?;
        let mut events = Vec::new();
        for line in fs::read_to_string(self.dir.join("events.json"))?.lines() {
            let event: Value = serde_json::from_str(line)?;
            for (name, told) in event.as_object().into_iter().flatten() {
                let urn = told.pointer("/metadata/urn").and_then(Value::as_str);
                events.extend(urn.map(|urn| (name.clone(), urn.to_owned())));
            }
        }
        Ok(events)
    }

    /// The resources of the state, secrets enciphered.
    pub(super) fn resources(&self) -> Result<Vec<Value>> {
        let state: Value = serde_json::from_str(&self.run(&["stack", "export"])?)?;
        Ok(state["deployment"]["resources"].as_array().cloned().unwrap_or_default())
    }

    /// Another program in the project's folder.
    pub(super) fn command(&self, program: &Path) -> std::process::Command {
        let mut command = self.home.command(program);
        command.current_dir(&self.dir);
        command
    }

    /// A command over this stack.
    pub(super) fn of_stack(&self, args: &[&str]) -> std::process::Command {
        let mut command = self.pulumi(args);
        command.args(["--stack", NAME]);
        command
    }

    fn pulumi(&self, args: &[&str]) -> std::process::Command {
        let mut command = self.home.pulumi(args);
        command.current_dir(&self.dir);
        command
    }
}

/// The errors of a preview that failed, out of its JSON.
fn errors(said: &Said) -> String {
    let told: Value = serde_json::from_str(&said.out).unwrap_or_default();
    let diagnostics = told["diagnostics"].as_array().into_iter().flatten();
    let errors = diagnostics.filter(|it| it["severity"] == "error").filter_map(|it| it["message"].as_str());
    let errors: String = errors.collect();
    if errors.is_empty() { said.all.clone() } else { errors }
}

/// The steps of a preview, as its JSON lists them.
fn steps(preview: &Value) -> Vec<Step> {
    let text = |step: &Value, key: &str| step[key].as_str().unwrap_or_default().to_owned();
    let steps = preview["steps"].as_array().into_iter().flatten();
    steps.map(|step| Step { op: text(step, "op"), urn: text(step, "urn") }).collect()
}

/// The name at the end of a URN.
pub(super) fn urn_name(urn: &str) -> String {
    urn.rsplit("::").next().unwrap_or_default().to_owned()
}

/// The steps that change anything, a line each.
pub(super) fn changes(steps: &[Step]) -> Vec<String> {
    let changing = steps.iter().filter(|step| step.op != "same" && step.op != "refresh");
    changing.map(|step| format!("{} {}", step.op, step.urn)).collect()
}
