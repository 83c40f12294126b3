//! What a pipeline means: every name at every station.

use crate::config::pipeline::places::title;
use crate::config::pipeline::{
    Aws, Backend, Github, HCP_TERRAFORM, Pipeline, PipelineSecret, Target, Terraform,
};
use crate::pipeline::partition::Partition;
use crate::pipeline::{PipelineBackend, PipelineConfig, PipelineSecretConfig, PipelineTarget, names};
use crate::policy::{OnConflict, PolicyScope, ValueWriter};

/// A pipeline as it is declared, with every default and every name that is made.
pub(super) fn of(written: &PipelineConfig) -> Pipeline {
    let name = written.name.written().unwrap_or_default().to_owned();
    let aws = aws(written, &name);
    let prefix = prefix(written, &name);
    let secrets = written.secrets.iter().map(|secret| self::secret(secret, written, &prefix)).collect();
    Pipeline {
        github: github(written),
        terraform: terraform(written),
        reader_role: written.eso.role_name.clone().filter(|_| written.eso.allows.is_none()),
        name,
        aws,
        secrets,
    }
}

fn github(written: &PipelineConfig) -> Github {
    let github = &written.github;
    let (owner, repository) = github.repository.split_once('/').unwrap_or_default();
    Github {
        owner: owner.to_owned(),
        repository: repository.to_owned(),
        ids: github.ids,
        branch: github.branch.clone().unwrap_or_else(|| "main".to_owned()),
        environment: github.environment.clone(),
        role_arn_from: github.role_arn_from.clone(),
        schedule: github.schedule.clone().unwrap_or_else(|| "0 2 * * *".to_owned()),
    }
}

fn aws(written: &PipelineConfig, name: &str) -> Aws {
    let aws = &written.aws;
    Aws {
        partition: Partition::of(&aws.region).name,
        account: aws.account.clone(),
        region: aws.region.clone(),
        kms_key_arn: aws.kms_key_arn.clone(),
        recovery_window_in_days: aws.recovery_window_in_days.unwrap_or(7),
        writer_role: aws.writer_role_name.clone().unwrap_or_else(|| title(name)),
        policy_prefix: match aws.policy_scope.unwrap_or(PolicyScope::Names) {
            PolicyScope::Names => None,
            PolicyScope::Prefix => Some(prefix(written, name)),
        },
        on_conflict: aws.on_conflict.unwrap_or(OnConflict::Fail),
        shared_by_environments: aws.shared_by_environments,
    }
}

fn prefix(written: &PipelineConfig, name: &str) -> String {
    written.aws.prefix.clone().unwrap_or_else(|| format!("{name}/"))
}

fn terraform(written: &PipelineConfig) -> Terraform {
    let backend = match &written.terraform.backend {
        PipelineBackend::S3(s3) => Backend::S3 {
            bucket: s3.bucket.clone(),
            key: s3.key.clone(),
            region: s3.region.clone(),
            kms_key_arn: s3.kms_key_arn.clone(),
        },
        PipelineBackend::Cloud(cloud) => Backend::Cloud {
            hostname: cloud.hostname.clone().unwrap_or_else(|| HCP_TERRAFORM.to_owned()),
            organization: cloud.organization.clone(),
            workspace: cloud.workspace.clone(),
            token: cloud.token_from.clone(),
        },
    };
    Terraform { backend, values: written.terraform.values.unwrap_or(ValueWriter::Workflow) }
}

fn secret(written: &PipelineSecretConfig, pipeline: &PipelineConfig, prefix: &str) -> PipelineSecret {
    let name = &written.name;
    let said = |other: &Option<String>| other.clone().unwrap_or_else(|| name.clone());
    let aws_name = format!("{prefix}{}", written.aws.clone().unwrap_or_else(|| names::kebab(name)));
    PipelineSecret {
        description: written.description.clone(),
        source: said(&written.github),
        label: names::snake(name),
        property: said(&written.property),
        tags: tags(&aws_name, pipeline),
        version: written.version.unwrap_or(1),
        targets: targets(written, pipeline),
        aws_name,
        name: name.clone(),
    }
}

/// The three of every secret, and the pipeline's own, which win.
fn tags(aws_name: &str, pipeline: &PipelineConfig) -> Vec<(String, String)> {
    let ours = [
        ("Name", aws_name.replace('/', "-")),
        ("ManagedBy", "Terraform".to_owned()),
        ("Source", "GitHub-Secrets".to_owned()),
    ];
    let own = &pipeline.aws.tags;
    let ours = ours.into_iter().filter(|(key, _)| !own.contains_key(*key));
    let ours = ours.map(|(key, value)| (key.to_owned(), value));
    ours.chain(own.iter().map(|(key, value)| (key.clone(), value.clone()))).collect()
}

/// Where it goes: what the entry says, or the pipeline's own Secret. What names no Secret is reported.
fn targets(written: &PipelineSecretConfig, pipeline: &PipelineConfig) -> Vec<Target> {
    let key = written.key.as_ref().unwrap_or(&written.name);
    let fallback = pipeline.secret.as_ref();
    let own = fallback.and_then(|secret| secret.name.as_ref());
    if written.targets.is_empty() {
        let namespace = fallback.and_then(|secret| secret.namespace.clone());
        return own
            .map(|name| Target { namespace, name: name.clone(), key: key.clone() })
            .into_iter()
            .collect();
    }
    let target = |target: &PipelineTarget| {
        Some(Target {
            namespace: target.namespace.clone(),
            name: target.name.as_ref().or(own)?.clone(),
            key: target.key.as_ref().unwrap_or(key).clone(),
        })
    };
    written.targets.iter().filter_map(target).collect()
}
