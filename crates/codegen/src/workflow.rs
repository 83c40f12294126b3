//! Workflows of GitHub Actions, in YAML.
//!
//! Whatever a step runs is constant text: what differs enters by its environment, so that no value and no name can become a
//! part of a script. A value is in the environment of the one step that needs it, and actions are pinned by commit.

use std::io;

use keyloom_models::config::pipeline::places::{MAIN, title};
use keyloom_resources::walk::{Map, Sink, Walk, map};
use keyloom_resources::{ResourceSet, Workflow};

use crate::yaml::Writer;

mod pin;
mod run;
mod sink;
mod step;

use sink::Actions;

/// What the file says of itself.
const HEADER: &str = "Written by keyloom render; change the declaration instead.";
/// The machine that the job runs on, at GitHub.
const RUNNER: &str = "ubuntu-24.04";
/// Minutes that a run may take: the credentials for AWS live as long.
const MINUTES: i64 = 60;
/// The job.
const JOB: &str = "secrets";
/// The input that asks for a run without changes.
const DRY_RUN: &str = "dry-run";

/// Writes the workflows of the set: one as it stands in its file, several with a line before each that says which file.
///
/// # Errors
/// Those of `out`.
pub fn render(set: &ResourceSet, out: &mut impl io::Write) -> io::Result<()> {
    let workflows: Vec<&Workflow> = set.workflows().collect();
    for (number, workflow) in workflows.iter().enumerate() {
        if number > 0 {
            out.write_all(b"---\n")?;
        }
        if workflows.len() > 1 {
            writeln!(out, "# {}", workflow.path)?;
        }
        out.write_all(&render_one(workflow)?)?;
    }
    Ok(())
}

/// The file of one workflow.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] where text is secret or not known yet; a workflow holds none.
pub fn render_one(workflow: &Workflow) -> io::Result<Vec<u8>> {
    let mut writer = Writer::with_capacity(4096 + 400 * workflow.steps.len());
    writer.comment(HEADER);
    Document(workflow)
        .walk(&mut Actions::new(&mut writer))
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a workflow holds a text that is secret"))?;
    Ok(writer.into_bytes())
}

/// The whole file.
struct Document<'w>(&'w Workflow);

impl Walk for Document<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        let Self(workflow) = self;
        let name = title(&workflow.pipeline);
        map(sink, |m| {
            m.field("name", name.as_str())?;
            m.map("on", |on| triggers(workflow, on))?;
            // The job has what it needs, and whoever adds a job has to say what that needs.
            m.map("permissions", |_| Ok(()))?;
            // Runs of one branch follow one another: they write to one place.
            m.map("concurrency", |m| {
                m.field("group", format!("{name}-{}", workflow.branch).as_str())?;
                m.field("cancel-in-progress", &false)
            })?;
            m.map("jobs", |m| m.map(JOB, |job| self::job(workflow, job)))
        })
    }
}

fn triggers<S: Sink>(workflow: &Workflow, on: &mut Map<'_, S>) -> Result<(), S::Error> {
    // By hand, and by a workflow that deploys what reads the secrets: its job waits until they are there.
    for event in ["workflow_dispatch", "workflow_call"] {
        on.map(event, |m| {
            m.map("inputs", |m| {
                m.map(DRY_RUN, |m| {
                    m.field("description", "Say what would be done, and change nothing")?;
                    m.field("type", "boolean")?;
                    m.field("default", &false)
                })
            })
        })?;
    }
    on.field("schedule", &[Cron(&workflow.schedule)][..])?;
    on.map("push", |m| {
        m.field("branches", &[workflow.branch.as_str()][..])?;
        let configuration = format!("{}/{MAIN}", workflow.folder);
        m.field("paths", &[configuration.as_str(), &workflow.path][..])
    })
}

struct Cron<'w>(&'w str);

impl Walk for Cron<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| m.field("cron", self.0))
    }
}

fn job<S: Sink>(workflow: &Workflow, job: &mut Map<'_, S>) -> Result<(), S::Error> {
    job.field("name", format!("Secrets of {}", workflow.pipeline).as_str())?;
    // No apostrophe can be in these names: validation has seen to it.
    let Workflow { repository, branch, .. } = workflow;
    let here = format!("github.repository == '{repository}' && github.ref == 'refs/heads/{branch}'");
    job.field("if", here.as_str())?;
    job.field("runs-on", RUNNER)?;
    job.field("timeout-minutes", &MINUTES)?;
    job.optional("environment", &workflow.environment.as_deref())?;
    job.map("permissions", |m| {
        m.field("contents", "read")?;
        m.field("id-token", "write")
    })?;
    job.map("defaults", |m| m.map("run", |m| m.field("shell", "bash")))?;
    job.map("env", |m| {
        m.field("KEYLOOM_PIPELINE", workflow.pipeline.as_str())?;
        m.field("KEYLOOM_ENVIRONMENT", workflow.environment.as_deref().unwrap_or_default())?;
        m.field("KEYLOOM_ON_CONFLICT", workflow.on_conflict.as_str())?;
        m.field("KEYLOOM_DRY_RUN", format!("${{{{ inputs.{DRY_RUN} }}}}").as_str())
    })?;
    let steps: Vec<_> = workflow.steps.iter().map(|step| step::Written { workflow, step }).collect();
    job.field("steps", &steps)
}
