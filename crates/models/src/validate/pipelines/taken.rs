//! Names that two secrets or two pipelines would have in common.

use std::collections::BTreeMap;

use super::subject::Subject;
use crate::code::PIPELINE_NAME_TAKEN;
use crate::config::pipeline::Backend;
use crate::finding::{Findings, Place};

/// Each secret has a name of its own here; several may come of one at GitHub, which they then spell alike.
pub(super) fn within(subject: &Subject<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, secret) in subject.made.secrets.iter().enumerate() {
        let first = *seen.entry(&secret.name).or_insert(i);
        if first != i {
            let message = format!("`{}` is declared twice", secret.name);
            findings
                .error(PIPELINE_NAME_TAKEN, subject.secret(i).at("name"), message)
                .label("again here")
                .why("each would overwrite the other's value")
                .fix("leave one out; more Secrets for one value go into its `targets`")
                .and(subject.secret(first).at("name"), "first here");
        }
    }
    sources(subject, findings);
}

/// GitHub tells no capitals apart: one secret under two spellings.
fn sources(subject: &Subject<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (i, secret) in subject.made.secrets.iter().enumerate() {
        let first = *seen.entry(secret.source.to_ascii_uppercase()).or_insert(i);
        let other = &subject.made.secrets[first].source;
        if *other != secret.source {
            let message = format!("`{other}` and `{}` are one secret at GitHub", secret.source);
            findings
                .error(PIPELINE_NAME_TAKEN, subject.secret(i).at("github"), message)
                .why("GitHub does not tell capitals from small letters")
                .fix(format!("write `{}` in both, or the name of another", other.to_ascii_uppercase()))
                .and(subject.secret(first).at("github"), "the other");
        }
    }
}

/// What one pipeline has to itself: its secrets in AWS, its roles, its states.
pub(super) fn across(all: &[Subject<'_>], findings: &mut Findings) {
    in_aws(all, findings);
    for (subject, other) in same(all, roles) {
        role(subject, other, findings);
    }
    readers(all, findings);
    for (subject, other) in same(all, states) {
        let [own, others] = [subject, other].map(|subject| subject.name());
        findings
            .error(
                PIPELINE_NAME_TAKEN,
                backend(subject),
                format!("pipelines `{others}` and `{own}` share a state of Terraform"),
            )
            .why("each would delete what the other made; each has one state for itself and one for its folder `bootstrap`")
            .fix(match subject.made.terraform.backend {
                Backend::S3 { .. } => "write another `key`",
                Backend::Cloud { .. } => "write another `workspace`",
            })
            .and(backend(other), "the other");
    }
}

fn role(subject: &Subject<'_>, other: &Subject<'_>, findings: &mut Findings) {
    let place = subject.place().path("aws.writerRoleName");
    let role = &subject.made.aws.writer_role;
    let why = "each folder `bootstrap` would make it, for a workflow of its own";
    let finding =
        findings.error(PIPELINE_NAME_TAKEN, place, format!("the role `{role}` is another pipeline's too"));
    finding.why(why).fix("write another `writerRoleName`");
    finding.and(other.place().path("aws.writerRoleName"), format!("that of `{}`", other.name()));
}

/// Workflows write and the operator reads, with a role each; a role is one in its whole account.
fn readers(all: &[Subject<'_>], findings: &mut Findings) {
    let key =
        |subject: &Subject<'_>, role: &str| (subject.made.aws.account.clone(), role.to_ascii_lowercase());
    let writers: BTreeMap<_, _> =
        all.iter().rev().map(|subject| (key(subject, &subject.made.aws.writer_role), subject)).collect();
    for subject in all {
        let Some(reader) = &subject.made.reader_role else { continue };
        let Some(writer) = writers.get(&key(subject, reader)) else { continue };
        let whose = if writer.number == subject.number {
            String::new()
        } else {
            format!(" of pipeline `{}`", writer.name())
        };
        let role = &writer.made.aws.writer_role;
        findings
            .error(
                PIPELINE_NAME_TAKEN,
                subject.place().path("eso.roleName"),
                format!("the operator's role has the name of the workflow's{whose}, `{role}`"),
            )
            .why(
                "the workflow's role is made anew by the folder `bootstrap`; the operator's is there already",
            )
            .fix("write the name of the role that the operator has, or another `aws.writerRoleName`");
    }
}

fn in_aws(all: &[Subject<'_>], findings: &mut Findings) {
    let mut seen: BTreeMap<[&str; 3], (&Subject<'_>, usize)> = BTreeMap::new();
    for subject in all {
        let aws = &subject.made.aws;
        for (i, secret) in subject.made.secrets.iter().enumerate() {
            let key = [aws.account.as_str(), &aws.region, &secret.aws_name];
            let (other, first) = *seen.entry(key).or_insert((subject, i));
            let itself = other.number == subject.number;
            // One that is declared twice is reported as that.
            if itself && (first == i || subject.made.secrets[first].name == secret.name) {
                continue;
            }
            let whose = if itself {
                String::new()
            } else {
                format!(" of pipelines `{}` and `{}`", other.name(), subject.name())
            };
            findings
                .error(
                    PIPELINE_NAME_TAKEN,
                    subject.secret(i).at("aws"),
                    format!("two secrets{whose} are called `{}` in AWS", secret.aws_name),
                )
                .why("each would overwrite the other's value")
                .fix(if itself {
                    "leave one out, or give it another name there: `aws: ...`"
                } else {
                    "leave one out, or write another `prefix` in one of the pipelines"
                })
                .and(other.secret(first).at("aws"), "the other");
        }
    }
}

/// IAM does not tell capitals from small letters.
fn roles(subject: &Subject<'_>) -> Vec<Vec<String>> {
    let aws = &subject.made.aws;
    vec![vec![aws.account.clone(), aws.writer_role.to_ascii_lowercase()]]
}

/// Where the states are.
fn states(subject: &Subject<'_>) -> Vec<Vec<String>> {
    subject.made.states().iter().map(Backend::identity).collect()
}

fn backend(subject: &Subject<'_>) -> Place {
    subject.place().path(match subject.made.terraform.backend {
        Backend::S3 { .. } => "terraform.backend.s3.key",
        Backend::Cloud { .. } => "terraform.backend.cloud.workspace",
    })
}

/// Each pipeline that has something which an earlier one has, with that one.
fn same<'a, 's>(
    all: &'a [Subject<'s>],
    what: impl Fn(&Subject<'s>) -> Vec<Vec<String>>,
) -> Vec<(&'a Subject<'s>, &'a Subject<'s>)> {
    let mut seen: BTreeMap<Vec<String>, &'a Subject<'s>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for subject in all {
        let others = what(subject).into_iter().map(|key| *seen.entry(key).or_insert(subject));
        let others: Vec<_> = others.collect();
        if let Some(other) = others.into_iter().find(|other| other.number != subject.number) {
            pairs.push((subject, other));
        }
    }
    pairs
}
