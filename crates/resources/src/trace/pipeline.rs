//! A pipeline, and each of its secrets: from GitHub to the pod.

use std::collections::BTreeSet;

use keyloom_models::config::ExternalSecret;
use keyloom_models::config::pipeline::places::MAIN;
use keyloom_models::config::pipeline::{Github, Pipeline, PipelineSecret, Target};
use keyloom_models::policy::{OnConflict, ValueWriter};
use keyloom_models::{Config, SecretRead, Text, Wanted};

use super::secret::schedule;
use super::service::{is_read_of, workload};
use super::{Hop, qualified, shown};

/// The stations that all secrets of a pipeline pass.
pub(super) fn hops(config: &Config, pipeline: &Pipeline) -> Vec<Hop> {
    let Github { owner, repository, schedule, .. } = &pipeline.github;
    let count = pipeline.secrets.len();
    let mut hops = vec![
        Hop::new("GitHub", format!("{owner}/{repository}"), format!("{count} {}", secrets(count))),
        Hop::new("workflow", pipeline.workflow_path(), format!("by hand, on change, and {schedule} UTC")),
        bootstrap(pipeline),
        Hop::new("Terraform", format!("{}/{MAIN}", pipeline.folder()), "secrets and their tags"),
        Hop::new("AWS", format!("{} ({})", pipeline.aws.account, pipeline.aws.region), "Secrets Manager"),
    ];
    for secret in &pipeline.secrets {
        hops.push(Hop::new("secret", secret.name.as_str(), format!("-> {}", secret.aws_name)));
    }
    for item in written(config, pipeline) {
        hops.push(eso(item));
    }
    hops
}

/// The stations of one secret, and what a pod writes to read it.
pub(super) fn secret(config: &Config, pipeline: &Pipeline, secret: &PipelineSecret) -> Vec<Hop> {
    let mut hops = vec![source(pipeline, secret), workflow(pipeline, secret), bootstrap(pipeline)];
    let note = match pipeline.terraform.values {
        ValueWriter::Workflow => "never the value".to_owned(),
        ValueWriter::WriteOnly => {
            format!("version {} of the value, by a write-only argument", secret.version)
        }
    };
    let resource = format!("aws_secretsmanager_secret.{}", secret.label);
    let file = format!("{}/{MAIN}", pipeline.folder());
    hops.push(Hop::new("Terraform", file, format!("{resource}; {note}")));
    let place = format!("{} ({})", secret.aws_name, pipeline.aws.region);
    hops.push(Hop::new("AWS", place, format!("JSON key {}", secret.property)));
    for target in &secret.targets {
        hops.extend(at(config, secret, target));
    }
    hops
}

fn source(pipeline: &Pipeline, secret: &PipelineSecret) -> Hop {
    let Github { owner, repository, environment, .. } = &pipeline.github;
    let what = format!("{owner}/{repository} secret {}", secret.source);
    match environment {
        Some(environment) => Hop::new(
            "GitHub",
            what,
            format!("set it in environment {environment} of the repository's settings"),
        ),
        None => Hop::new("GitHub", what, "set it in the repository's settings"),
    }
}

fn workflow(pipeline: &Pipeline, secret: &PipelineSecret) -> Hop {
    let note = match pipeline.terraform.values {
        ValueWriter::WriteOnly => format!("variable {}; stops if empty", secret.label),
        ValueWriter::Workflow => {
            let changed = match pipeline.aws.on_conflict {
                OnConflict::Fail => "stops if AWS has another",
                OnConflict::Overwrite => "overwrites what was changed in AWS",
                OnConflict::Keep => "keeps what was changed in AWS",
            };
            format!("step \"{}\"; stops if empty; writes only what differs; {changed}", secret.name)
        }
    };
    Hop::new("workflow", pipeline.workflow_path(), note)
}

fn bootstrap(pipeline: &Pipeline) -> Hop {
    let mut note = format!("applied by a person: role {} may write", pipeline.aws.writer_role);
    if let Some(reader) = &pipeline.reader_role {
        note.push_str(&format!(", role {reader} may read"));
    }
    Hop::new("IAM", format!("{}/{MAIN}", pipeline.bootstrap_folder()), note)
}

/// One Kubernetes Secret that gets it, who reads it there, and how one would.
fn at(config: &Config, secret: &PipelineSecret, target: &Target) -> Vec<Hop> {
    let item = config.external_secrets().iter().find(|item| is_of(item, target));
    let mut hops: Vec<Hop> = item.map(eso).into_iter().collect();
    let object = qualified(target.namespace.as_ref(), &target.name);
    hops.push(Hop::new("Secret", format!("{object} key {}", target.key), ""));
    let mut read = false;
    for service in config.services() {
        let reads = service.secret_reads();
        let of_it = reads.iter().filter(|read| item.is_some_and(|item| is_read_of(read, service, item)));
        for note in of_it.filter_map(|read| reading(read, &target.key)) {
            hops.push(Hop::new("read by", workload(service), note));
            read = true;
        }
    }
    if !read {
        hops.push(Hop::new("read by", "nobody here", format!("in a pod: {}", snippet(secret, target))));
    }
    hops
}

/// What a pod does with the key; none if it takes another.
fn reading(read: &SecretRead, key: &str) -> Option<String> {
    let is_it = |wanted: &Text| wanted.written() == Some(key);
    let note = match &read.wanted {
        Wanted::Variable { key, name } => is_it(key).then(|| format!("env {}", shown(name)))?,
        Wanted::Variables { prefix } => {
            format!("env {}{key}", prefix.as_ref().map(shown).unwrap_or_default())
        }
        Wanted::File { key, path } => is_it(key).then(|| format!("file {}", shown(path)))?,
        Wanted::Files => format!("file {key}"),
        Wanted::Registry { key } => is_it(key).then(|| "to pull the image".to_owned())?,
    };
    Some(if read.optional { format!("{note}, optional") } else { note })
}

/// The line for `env` of a container.
fn snippet(secret: &PipelineSecret, target: &Target) -> String {
    let (name, object, key) = (&secret.name, shown(&target.name), &target.key);
    format!("env: [{{name: {name}, valueFrom: {{secretKeyRef: {{name: {object}, key: {key}}}}}}}]")
}

/// The external secrets of a pipeline.
fn written<'c>(config: &'c Config, pipeline: &Pipeline) -> impl Iterator<Item = &'c ExternalSecret> {
    let targets = pipeline.secrets.iter().flat_map(|secret| &secret.targets);
    let key = |namespace: Option<&Text>, name: &Text| {
        (namespace.map(|it| shown(it).to_owned()), shown(name).to_owned())
    };
    let targets: BTreeSet<_> = targets.map(|it| key(it.namespace.as_ref(), &it.name)).collect();
    let items = config.external_secrets().iter();
    items.filter(move |item| targets.contains(&key(item.namespace.as_ref(), &item.name)))
}

fn is_of(item: &ExternalSecret, target: &Target) -> bool {
    item.name == target.name && item.namespace == target.namespace
}

fn eso(item: &ExternalSecret) -> Hop {
    let store =
        item.store.as_ref().map(|store| format!(", store {}", shown(&store.name))).unwrap_or_default();
    let what = format!("ExternalSecret {}", qualified(item.namespace.as_ref(), &item.name));
    Hop::new("ESO", what, schedule(item) + &store)
}

fn secrets(count: usize) -> &'static str {
    if count == 1 { "secret" } else { "secrets" }
}

#[cfg(test)]
mod tests {
    use crate::trace::{names, trace};
    use keyloom_models::read::{Options, load};

    const PIPELINE: &str = "\
pipelines:
- name: lornu-ai
  github: {repository: lornu-ai/lornu-ai}
  aws: {account: \"123456789012\", region: us-east-2}
  terraform: {backend: {s3: {bucket: lornu-ai-state, key: keyloom/lornu-ai, region: us-east-2}}}
  eso: {roleName: external-secrets}
  secret: {namespace: production, name: lornu-ai-secrets}
  secrets:
  - RESEND_API_KEY
  - {name: STRIPE_KEY, targets: [{name: stripe, key: api-key}]}
services:
- {name: web, namespace: production, image: registry.example/web:1, envFrom: [{secretRef: {name: lornu-ai-secrets}}]}
";

    fn traced(name: &str) -> String {
        let mut sources = keyloom_syntax::Sources::new();
        sources.add("keyloom.yaml", PIPELINE.to_owned()).unwrap();
        let config = load(&sources, &Options::default()).config.unwrap();
        assert!(names(&config).contains(&"RESEND_API_KEY"));
        let mut out = String::new();
        for trace in trace(&config, name) {
            out.push_str(&trace.subject);
            out.push('\n');
            for hop in trace.hops {
                out.push_str(&format!("{} | {} | {}\n", hop.system, hop.what, hop.note));
            }
        }
        out
    }

    #[test]
    fn a_secret_goes_from_github_to_the_pod() {
        assert_eq!(
            traced("RESEND_API_KEY").lines().collect::<Vec<_>>(),
            [
                "pipelines/lornu-ai/RESEND_API_KEY",
                "GitHub | lornu-ai/lornu-ai secret RESEND_API_KEY | set it in the repository's settings",
                "workflow | .github/workflows/keyloom-lornu-ai.yml | step \"RESEND_API_KEY\"; stops if empty; writes only what differs; stops if AWS has another",
                "IAM | terraform/lornu-ai/bootstrap/main.tf.json | applied by a person: role keyloom-lornu-ai may write, role external-secrets may read",
                "Terraform | terraform/lornu-ai/main.tf.json | aws_secretsmanager_secret.resend_api_key; never the value",
                "AWS | lornu-ai/resend-api-key (us-east-2) | JSON key RESEND_API_KEY",
                "ESO | ExternalSecret production/lornu-ai-secrets | every 1h, creationPolicy Owner, deletionPolicy Retain, store lornu-ai",
                "Secret | production/lornu-ai-secrets key RESEND_API_KEY | ",
                "read by | Deployment production/web | env RESEND_API_KEY",
            ]
        );
        assert_eq!(traced("RESEND_API_KEY"), traced("pipelines/lornu-ai/RESEND_API_KEY"));
    }

    #[test]
    fn what_nobody_reads_says_how_to() {
        assert_eq!(
            traced("STRIPE_KEY").lines().collect::<Vec<_>>(),
            [
                "pipelines/lornu-ai/STRIPE_KEY",
                "GitHub | lornu-ai/lornu-ai secret STRIPE_KEY | set it in the repository's settings",
                "workflow | .github/workflows/keyloom-lornu-ai.yml | step \"STRIPE_KEY\"; stops if empty; writes only what differs; stops if AWS has another",
                "IAM | terraform/lornu-ai/bootstrap/main.tf.json | applied by a person: role keyloom-lornu-ai may write, role external-secrets may read",
                "Terraform | terraform/lornu-ai/main.tf.json | aws_secretsmanager_secret.stripe_key; never the value",
                "AWS | lornu-ai/stripe-key (us-east-2) | JSON key STRIPE_KEY",
                "ESO | ExternalSecret production/stripe | every 1h, creationPolicy Owner, deletionPolicy Retain, store lornu-ai",
                "Secret | production/stripe key api-key | ",
                "read by | nobody here | in a pod: env: [{name: STRIPE_KEY, valueFrom: {secretKeyRef: {name: stripe, key: api-key}}}]",
            ]
        );
    }

    #[test]
    fn a_pipeline_is_the_way_of_all_its_secrets() {
        assert_eq!(
            traced("pipelines/lornu-ai").lines().collect::<Vec<_>>(),
            [
                "pipelines/lornu-ai",
                "GitHub | lornu-ai/lornu-ai | 2 secrets",
                "workflow | .github/workflows/keyloom-lornu-ai.yml | by hand, on change, and 0 2 * * * UTC",
                "IAM | terraform/lornu-ai/bootstrap/main.tf.json | applied by a person: role keyloom-lornu-ai may write, role external-secrets may read",
                "Terraform | terraform/lornu-ai/main.tf.json | secrets and their tags",
                "AWS | 123456789012 (us-east-2) | Secrets Manager",
                "secret | RESEND_API_KEY | -> lornu-ai/resend-api-key",
                "secret | STRIPE_KEY | -> lornu-ai/stripe-key",
                "ESO | ExternalSecret production/lornu-ai-secrets | every 1h, creationPolicy Owner, deletionPolicy Retain, store lornu-ai",
                "ESO | ExternalSecret production/stripe | every 1h, creationPolicy Owner, deletionPolicy Retain, store lornu-ai",
            ]
        );
    }
}
