//! Steps, each with exactly the settings that it needs.

use keyloom_models::config::pipeline::places::title;
use keyloom_models::pipeline::Setting;
use keyloom_resources::Workflow;
use keyloom_resources::walk::{Map, Sink, Walk, map};
use keyloom_resources::workflow::{Role, Step, Verb, Write};

use super::pin::{self, Pin};
use super::{DRY_RUN, run};

/// What steps that write ask for: the step that puts the script where they find it.
const SCRIPT: &str = "script";

/// A step as it is written.
pub(super) struct Written<'w> {
    pub(super) workflow: &'w Workflow,
    pub(super) step: &'w Step,
}

impl Walk for Written<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match self.step {
            Step::Settings(settings) => {
                m.field("name", "Every setting has a value")?;
                m.map("env", |env| settings.iter().try_for_each(|setting| is_set(setting, env)))?;
                m.field("run", run::SETTINGS)
            }
            Step::Checkout => {
                uses(m, "Check out", pin::CHECKOUT)?;
                m.map("with", |with| with.field("persist-credentials", &false))
            }
            Step::Credentials { role, account, region, audience } => {
                uses(m, "Log in to AWS", pin::CONFIGURE_AWS_CREDENTIALS)?;
                m.map("with", |with| {
                    with.field("role-to-assume", self::role(role).as_str())?;
                    with.field("role-session-name", title(&self.workflow.pipeline).as_str())?;
                    with.field("aws-region", region.as_str())?;
                    with.field("audience", *audience)?;
                    with.field("allowed-account-ids", account.as_str())
                })
            }
            Step::InstallTerraform => {
                uses(m, "Install Terraform", pin::SETUP_TERRAFORM)?;
                m.map("with", |with| {
                    with.field("terraform_version", pin::TERRAFORM)?;
                    // It would keep what Terraform prints as outputs of the step.
                    with.field("terraform_wrapper", &false)
                })
            }
            Step::Terraform { verb, env } => self.terraform(*verb, env, m),
            Step::Script => {
                m.field("name", "Prepare to write")?;
                m.field("id", SCRIPT)?;
                m.field("run", run::SCRIPT)
            }
            Step::Write(write) => {
                m.field("name", write.name.as_str())?;
                // One secret that stops keeps no other from being written; the run fails all the same.
                m.field("if", format!("steps.{SCRIPT}.outcome == 'success' && !cancelled()").as_str())?;
                m.map("env", |env| value(write, env))?;
                m.field("run", run::WRITE)
            }
        })
    }
}

impl Written<'_> {
    fn terraform<S: Sink>(
        &self,
        verb: Verb,
        env: &[(String, Setting)],
        m: &mut Map<'_, S>,
    ) -> Result<(), S::Error> {
        let (name, run) = match verb {
            Verb::Init => ("Terraform init", run::INIT),
            Verb::Plan => ("Terraform plan", run::PLAN),
            Verb::Apply => ("Terraform apply", run::APPLY),
        };
        m.field("name", name)?;
        if verb == Verb::Apply {
            m.field("if", format!("inputs.{DRY_RUN} != true").as_str())?;
        }
        m.field("working-directory", self.workflow.folder.as_str())?;
        if !env.is_empty() {
            m.map("env", |said| {
                env.iter().try_for_each(|(name, setting)| said.field(name, expression(setting, "").as_str()))
            })?;
        }
        m.field("run", run)
    }
}

fn uses<S: Sink>(m: &mut Map<'_, S>, name: &str, pin: Pin) -> Result<(), S::Error> {
    m.field("name", name)?;
    m.field("uses", pin.uses)
}

/// Whether the setting has a value: the one thing that the step learns.
fn is_set<S: Sink>(setting: &Setting, env: &mut Map<'_, S>) -> Result<(), S::Error> {
    let name = match setting {
        Setting::Secret(name) => format!("IS_SET_SECRET_{name}"),
        Setting::Variable(name) => format!("IS_SET_VARIABLE_{name}"),
    };
    env.field(&name, expression(setting, " != ''").as_str())
}

/// What the script needs to know of one secret.
fn value<S: Sink>(write: &Write, env: &mut Map<'_, S>) -> Result<(), S::Error> {
    env.field("KEYLOOM_VALUE", expression(&Setting::Secret(write.source.clone()), "").as_str())?;
    let otherwise = (write.source != write.property).then_some(write.source.as_str());
    env.optional("KEYLOOM_SOURCE", &otherwise)?;
    env.field("KEYLOOM_SECRET", write.secret.as_str())?;
    env.field("KEYLOOM_PROPERTY", write.property.as_str())
}

fn role(role: &Role) -> String {
    match role {
        Role::Arn(arn) => arn.clone(),
        Role::From(setting) => expression(setting, ""),
    }
}

/// GitHub's expression for a setting, and what is asked of it. Names are letters, digits and underscores.
fn expression(setting: &Setting, question: &str) -> String {
    match setting {
        Setting::Secret(name) => format!("${{{{ secrets.{name}{question} }}}}"),
        Setting::Variable(name) => format!("${{{{ vars.{name}{question} }}}}"),
    }
}
