//! What a pipeline has to itself, so that what several environments have can be compared.

use crate::config::Config;
use crate::config::pipeline::{Backend, Pipeline};
use crate::finding::{List, Place};

/// One thing that is there once in the world.
pub(crate) struct Claim {
    /// Name of the pipeline.
    pub(crate) pipeline: String,
    /// What it is called; a backend keeps two states.
    pub(crate) names: Vec<Name>,
    /// Whether it is a file in a repository, which environments may have on branches that are merged.
    pub(crate) is_file: bool,
    /// Where it is said.
    pub(crate) place: Place,
}

/// A name that is there once in the world.
pub(crate) struct Name {
    /// What tells it from all others.
    pub(crate) key: Vec<String>,
    /// What has it, for messages.
    pub(crate) what: String,
}

/// Everything that the pipelines of a config claim and do not share: secrets, states, roles, workflows.
pub(crate) fn claims(config: &Config) -> Vec<Claim> {
    let pipelines = config.pipelines().iter().enumerate();
    let own = pipelines.filter(|(_, pipeline)| !pipeline.aws.shared_by_environments);
    own.flat_map(|(number, pipeline)| of_pipeline(number, pipeline)).collect()
}

fn of_pipeline(number: usize, pipeline: &Pipeline) -> Vec<Claim> {
    let place = Place::item(List::Pipelines, number);
    let of = |names, place| Claim { pipeline: pipeline.name.clone(), names, is_file: false, place };
    let claim = |kind: &str, key: &[&str], what: String, place: Place| {
        let key = std::iter::once(kind).chain(key.iter().copied()).map(str::to_owned).collect();
        of(vec![Name { key, what }], place)
    };
    let (github, aws) = (&pipeline.github, &pipeline.aws);
    let mut claims: Vec<_> = pipeline
        .secrets
        .iter()
        .enumerate()
        .map(|(i, secret)| {
            let key = [aws.account.as_str(), &aws.region, &secret.aws_name];
            let what = format!("secret `{}` of AWS", secret.aws_name);
            claim("secret", &key, what, place.at("secrets").at(i).at("aws"))
        })
        .collect();
    let role = aws.writer_role.to_ascii_lowercase();
    let what = format!("role `{}`", aws.writer_role);
    claims.push(claim("role", &[&aws.account, &role], what, place.path("aws.writerRoleName")));
    let at = place.path(match pipeline.terraform.backend {
        Backend::S3 { .. } => "terraform.backend.s3.key",
        Backend::Cloud { .. } => "terraform.backend.cloud.workspace",
    });
    claims.push(of(pipeline.states().iter().map(state).collect(), at));
    let path = pipeline.workflow_path();
    let key = [github.owner.as_str(), &github.repository, &github.branch, &path];
    let what = format!("file `{path}` of branch {}", github.branch);
    claims.push(Claim { is_file: true, ..claim("file", &key, what, place.at("github")) });
    claims
}

fn state(backend: &Backend) -> Name {
    let what = match backend {
        Backend::S3 { key, .. } => format!("state `{key}` of Terraform"),
        Backend::Cloud { workspace, .. } => format!("workspace `{workspace}` of Terraform"),
    };
    Name { key: backend.identity(), what }
}
