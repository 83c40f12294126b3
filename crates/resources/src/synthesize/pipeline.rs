//! Pipelines: secrets at AWS, and the roles that write and read them. The operator's objects are items like any other.

use keyloom_models::Config;
use keyloom_models::config::pipeline::{self as config, GITHUB_OIDC, HCP_TERRAFORM, Pipeline, iam};
use keyloom_models::policy::ValueWriter;

use crate::resource::Resource;
use crate::terraform::aws::{
    Backend, Condition, Policy, PolicyDocument, Principals, Role, RolePolicyAttachment, RoleRef, Secret,
    SecretVersion, Settings, Statement, Variable,
};
use crate::terraform::{Module, Terraform};

/// Label of the writer's role, and of what is about it.
const WRITER: &str = "writer";
const TRUST: &str = "trust";

/// Whose policies they are.
#[derive(Clone, Copy)]
enum Who {
    Writer,
    Reader,
}

impl Who {
    /// As names and labels have it.
    fn name(self) -> &'static str {
        match self {
            Self::Writer => WRITER,
            Self::Reader => "reader",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Writer => "Writes",
            Self::Reader => "Reads",
        }
    }
}

/// What the configurations of pipelines say of themselves.
pub(super) fn settings(config: &Config) -> Vec<Settings> {
    let of = |pipeline: &Pipeline| {
        let name = &pipeline.name;
        let [own, bootstrap] = pipeline.states().map(backend);
        let settings = |module, backend, required_version, variables| Settings {
            module,
            required_version,
            backend,
            region: pipeline.aws.region.clone(),
            account: pipeline.aws.account.clone(),
            variables,
        };
        let oldest = oldest(&own);
        let (required, variables) = match pipeline.terraform.values {
            ValueWriter::Workflow => (oldest, Vec::new()),
            // Write-only arguments.
            ValueWriter::WriteOnly => (">= 1.11", pipeline.secrets.iter().map(variable).collect()),
        };
        [
            settings(Module::Pipeline(name.clone()), own, required, variables),
            settings(Module::Bootstrap(name.clone()), bootstrap, oldest, Vec::new()),
        ]
    };
    config.pipelines().iter().flat_map(of).collect()
}

/// The oldest Terraform that knows the backend: `use_lockfile` came with 1.10, `cloud` with 1.1.
fn oldest(backend: &Backend) -> &'static str {
    match backend {
        Backend::S3 { .. } => ">= 1.10",
        Backend::Cloud { .. } => ">= 1.1",
    }
}

fn variable(secret: &config::PipelineSecret) -> Variable {
    Variable { name: secret.label.clone(), source: secret.source.clone() }
}

fn backend(backend: config::Backend) -> Backend {
    match backend {
        config::Backend::S3 { bucket, key, region, kms_key_arn } => {
            Backend::S3 { bucket, key, region, kms_key_id: kms_key_arn }
        }
        config::Backend::Cloud { hostname, organization, workspace, token: _ } => Backend::Cloud {
            hostname: (hostname != HCP_TERRAFORM).then_some(hostname),
            organization,
            workspace,
        },
    }
}

/// What Terraform makes for the pipelines: for each the secrets, then who may write and read them.
pub(super) fn resources(config: &Config) -> impl Iterator<Item = Resource> {
    config.pipelines().iter().flat_map(|pipeline| {
        let secrets =
            pipeline.secrets.iter().map(move |it| Terraform::Secret(Box::new(secret(pipeline, it))));
        let written = pipeline.terraform.values == ValueWriter::WriteOnly;
        let versions = pipeline.secrets.iter().filter(move |_| written);
        let versions = versions.map(move |it| Terraform::SecretVersion(Box::new(version(pipeline, it))));
        secrets.chain(versions).chain(bootstrap(pipeline)).map(Resource::from)
    })
}

fn secret(pipeline: &Pipeline, secret: &config::PipelineSecret) -> Secret {
    Secret {
        pipeline: pipeline.name.clone(),
        label: secret.label.clone(),
        declared: secret.name.clone(),
        name: secret.aws_name.clone(),
        description: secret.description.clone(),
        kms_key_id: pipeline.aws.kms_key_arn.clone(),
        recovery_window_in_days: pipeline.aws.recovery_window_in_days,
        tags: secret.tags.clone(),
    }
}

fn version(pipeline: &Pipeline, secret: &config::PipelineSecret) -> SecretVersion {
    SecretVersion {
        pipeline: pipeline.name.clone(),
        label: secret.label.clone(),
        property: secret.property.clone(),
        variable: secret.label.clone(),
        version: secret.version,
    }
}

/// The writer's role with its policies, and those of the reader, whose role is there already.
fn bootstrap(pipeline: &Pipeline) -> Vec<Terraform> {
    let name = &pipeline.name;
    let mut all = vec![
        Terraform::PolicyDocument(Box::new(trust(pipeline))),
        Terraform::Role(Box::new(Role {
            pipeline: name.clone(),
            label: WRITER.to_owned(),
            name: pipeline.aws.writer_role.clone(),
            description: format!("Writes the secrets of the pipeline {name} from GitHub Actions"),
            trust: TRUST.to_owned(),
            tags: tags(),
        })),
    ];
    all.extend(policies(
        pipeline,
        Who::Writer,
        pipeline.writer_policies(),
        &RoleRef::Made(WRITER.to_owned()),
    ));
    if let Some(role) = &pipeline.reader_role {
        all.extend(policies(
            pipeline,
            Who::Reader,
            pipeline.reader_policies(),
            &RoleRef::Named(role.clone()),
        ));
    }
    all
}

fn tags() -> Vec<(String, String)> {
    vec![("ManagedBy".to_owned(), "Terraform".to_owned())]
}

/// Exactly one repository and its branch or environment, and one workflow of it; a pull request has another subject.
fn trust(pipeline: &Pipeline) -> PolicyDocument {
    let is = |claim: &str, value: String| Condition {
        test: "StringEquals",
        variable: format!("{GITHUB_OIDC}:{claim}"),
        values: vec![value],
    };
    let subject = is("sub", pipeline.token_subject());
    let workflow = pipeline.trusted_workflow().map(|workflow| is("job_workflow_ref", workflow));
    let statement = Statement {
        sid: "GitHubActions",
        actions: vec!["sts:AssumeRoleWithWebIdentity"],
        principals: Some(Principals { kind: "Federated", identifiers: vec![pipeline.oidc_provider_arn()] }),
        conditions: [is("aud", pipeline.audience().to_owned()), subject]
            .into_iter()
            .chain(workflow)
            .collect(),
        ..Statement::default()
    };
    PolicyDocument { pipeline: pipeline.name.clone(), label: TRUST.to_owned(), statements: vec![statement] }
}

/// Documents, policies and attachments, numbered. No two pipelines and environments of an account have one writer's role, so
/// policies that are called after it have names of their own too.
fn policies(pipeline: &Pipeline, who: Who, policies: Vec<iam::Policy>, role: &RoleRef) -> Vec<Terraform> {
    let (name, writer) = (&pipeline.name, &pipeline.aws.writer_role);
    let (who, verb) = (who.name(), who.verb());
    let one = |(at, policy): (usize, iam::Policy)| {
        let (pipeline, label) = (name.clone(), format!("{who}_{}", at + 1));
        let document = PolicyDocument {
            pipeline: pipeline.clone(),
            label: label.clone(),
            statements: policy.statements.into_iter().map(statement).collect(),
        };
        let policy = Policy {
            pipeline: pipeline.clone(),
            label: label.clone(),
            name: format!("{writer}-{who}-{}", at + 1),
            description: format!("{verb} the secrets of the pipeline {name}"),
            tags: tags(),
        };
        let attachment = RolePolicyAttachment { pipeline, label, role: role.clone() };
        [
            Terraform::PolicyDocument(Box::new(document)),
            Terraform::Policy(Box::new(policy)),
            Terraform::RolePolicyAttachment(Box::new(attachment)),
        ]
    };
    policies.into_iter().enumerate().flat_map(one).collect()
}

fn statement(statement: iam::Statement) -> Statement {
    let condition = |condition: iam::Condition| Condition {
        test: condition.test,
        variable: condition.variable.to_owned(),
        values: condition.values,
    };
    Statement {
        sid: statement.sid,
        actions: statement.actions.to_vec(),
        resources: statement.resources,
        principals: None,
        conditions: statement.conditions.into_iter().map(condition).collect(),
    }
}
