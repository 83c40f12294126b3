//! Workflows of pipelines.

use keyloom_models::Config;
use keyloom_models::config::pipeline::{Backend, Pipeline, PipelineSecret};
use keyloom_models::pipeline::Setting;
use keyloom_models::policy::ValueWriter;

use crate::resource::Resource;
use crate::workflow::{Role, Step, Verb, Workflow, Write};

/// The workflow of each pipeline.
pub(super) fn workflows(config: &Config) -> impl Iterator<Item = Resource> {
    config.pipelines().iter().map(|pipeline| Resource::from(workflow(pipeline)))
}

fn workflow(pipeline: &Pipeline) -> Workflow {
    Workflow {
        pipeline: pipeline.name.clone(),
        path: pipeline.workflow_path(),
        repository: format!("{}/{}", pipeline.github.owner, pipeline.github.repository),
        folder: pipeline.folder(),
        branch: pipeline.github.branch.clone(),
        environment: pipeline.github.environment.clone(),
        schedule: pipeline.github.schedule.clone(),
        on_conflict: pipeline.aws.on_conflict,
        steps: steps(pipeline),
    }
}

/// First what can be wrong without anything having changed, then the secrets, then their values.
fn steps(pipeline: &Pipeline) -> Vec<Step> {
    let token = token(pipeline);
    let mut with_values = token.clone();
    let mut writes = Vec::new();
    match pipeline.terraform.values {
        ValueWriter::Workflow => {
            writes.push(Step::Script);
            writes.extend(pipeline.secrets.iter().map(write));
        }
        ValueWriter::WriteOnly => with_values.extend(pipeline.secrets.iter().map(variable)),
    }
    let mut steps = vec![
        Step::Settings(settings(pipeline)),
        Step::Checkout,
        credentials(pipeline),
        Step::InstallTerraform,
        Step::Terraform { verb: Verb::Init, env: token },
        Step::Terraform { verb: Verb::Plan, env: with_values.clone() },
        Step::Terraform { verb: Verb::Apply, env: with_values },
    ];
    steps.append(&mut writes);
    steps
}

/// Each setting that a step reads, once.
fn settings(pipeline: &Pipeline) -> Vec<Setting> {
    let logins = pipeline.logins().map(|login| login.setting.clone());
    let sources = pipeline.secrets.iter().map(|secret| Setting::Secret(secret.source.clone()));
    let mut settings: Vec<_> = logins.chain(sources).collect();
    let mut seen = std::collections::BTreeSet::new();
    settings.retain(|setting| {
        seen.insert(match setting {
            Setting::Secret(name) => (true, name.clone()),
            Setting::Variable(name) => (false, name.clone()),
        })
    });
    settings
}

fn credentials(pipeline: &Pipeline) -> Step {
    Step::Credentials {
        role: match &pipeline.github.role_arn_from {
            Some(setting) => Role::From(setting.clone()),
            None => Role::Arn(pipeline.writer_role_arn()),
        },
        account: pipeline.aws.account.clone(),
        region: pipeline.aws.region.clone(),
        audience: pipeline.audience(),
    }
}

/// The variable of the environment that holds the token of HCP Terraform, named after its host as Terraform asks for.
fn token(pipeline: &Pipeline) -> Vec<(String, Setting)> {
    match &pipeline.terraform.backend {
        Backend::S3 { .. } => Vec::new(),
        Backend::Cloud { hostname, token, .. } => {
            let host = hostname.replace('-', "__").replace('.', "_");
            vec![(format!("TF_TOKEN_{host}"), token.clone())]
        }
    }
}

/// The value of a secret as a variable of Terraform.
fn variable(secret: &PipelineSecret) -> (String, Setting) {
    (format!("TF_VAR_{}", secret.label), Setting::Secret(secret.source.clone()))
}

fn write(secret: &PipelineSecret) -> Step {
    Step::Write(Write {
        name: secret.name.clone(),
        source: secret.source.clone(),
        secret: secret.aws_name.clone(),
        property: secret.property.clone(),
    })
}
