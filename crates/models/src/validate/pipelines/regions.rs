//! Regions of a pipeline that must be one: of the secrets, of their key, and of the pods that read them.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::Text;

use super::subject::Subject;
use crate::code::PIPELINE_DISAGREES;
use crate::finding::{Findings, List, Place};
use crate::pipeline::PipelineBackend;
use crate::pipeline::partition::Partition;
use crate::service::ServiceConfig;

/// Variables that tell clients of AWS their region.
const VARIABLES: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The keys of KMS.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let (aws, place) = (&subject.made.aws, subject.place());
    if let Some(arn) = &aws.kms_key_arn {
        let at = place.path("aws.kmsKeyArn");
        key(arn, &aws.region, "the secrets are", &at, findings);
        let account = arn.split(':').nth(4).filter(|account| *account != aws.account);
        if let Some(account) = account {
            findings
                .warning(
                    PIPELINE_DISAGREES,
                    at,
                    format!("the key is of account {account}, the secrets of {}", aws.account),
                )
                .why("policies of this account alone allow nothing there")
                .fix("write a key of the same account, or let the key's own policy allow both roles");
        }
    }
    if let PipelineBackend::S3(s3) = &subject.written.terraform.backend {
        let at = place.path("terraform.backend.s3");
        let its = Partition::of(&s3.region).name;
        if its != aws.partition {
            let what = format!("the bucket is in partition {its}, the account in {}", aws.partition);
            findings
                .error(PIPELINE_DISAGREES, at.at("region"), what)
                .why("no role of the one is known in the other")
                .fix("write a bucket of the same partition");
        }
        if let Some(arn) = &s3.kms_key_arn {
            key(arn, &s3.region, "the bucket is", &at.at("kmsKeyArn"), findings);
        }
    }
}

/// A key of KMS encrypts in its own region.
fn key(arn: &str, region: &str, whose: &str, place: &Place, findings: &mut Findings) {
    let mut parts = arn.split(':').skip(1);
    let (own, its) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    let partition = Partition::of(region).name;
    let what = if own != partition {
        format!("the key is in partition {own}, and {whose} in {partition}")
    } else if its != region {
        format!("the key is in {its}, and {whose} in {region}")
    } else {
        return;
    };
    findings
        .error(PIPELINE_DISAGREES, place.clone(), what)
        .why("a key of KMS encrypts in its own region alone")
        .fix("write a key of that region; one of several regions has an ARN in each");
}

/// Pods that read the secrets and are told another region.
pub(super) fn pods(all: &[Subject<'_>], services: &[ServiceConfig], findings: &mut Findings) {
    let mut writers: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for (number, subject) in all.iter().enumerate() {
        for target in subject.made.secrets.iter().flat_map(|secret| &secret.targets) {
            if let Some(key) = written(target.namespace.as_ref(), &target.name) {
                writers.entry(key).or_default().insert(number);
            }
        }
    }
    for (number, service) in services.iter().enumerate() {
        let told = told(service);
        if told.is_empty() {
            continue;
        }
        let place = Place::item(List::Services, number);
        let reads = service.reads_at(&place);
        let keys = reads.iter().filter_map(|read| written(service.namespace.as_ref(), &read.secret));
        let read: BTreeSet<usize> = keys.filter_map(|key| writers.get(&key)).flatten().copied().collect();
        for subject in read.into_iter().filter_map(|number| all.get(number)) {
            pod(subject, &told, &place, findings);
        }
    }
}

/// A Secret as it is written; none where that is not known, so that two cannot be compared.
fn written<'a>(namespace: Option<&'a Text>, name: &'a Text) -> Option<(Option<&'a str>, &'a str)> {
    let namespace = match namespace {
        Some(namespace) => Some(namespace.written()?),
        None => None,
    };
    Some((namespace, name.written()?))
}

/// The variables of a pod that say a region: the number, the name and the region of each.
fn told(service: &ServiceConfig) -> Vec<(usize, &str, &str)> {
    let variables = service.env.iter().enumerate();
    let told = variables.filter_map(|(i, variable)| {
        let name = variable.name.known().filter(|name| VARIABLES.contains(name))?;
        Some((i, name, variable.value.as_ref()?.known()?))
    });
    told.collect()
}

fn pod(subject: &Subject<'_>, told: &[(usize, &str, &str)], place: &Place, findings: &mut Findings) {
    let own = &subject.made.aws.region;
    for (i, name, region) in told.iter().filter(|(_, _, region)| region != own) {
        findings
            .warning(
                PIPELINE_DISAGREES,
                place.at("env").at(*i).at("value"),
                format!(
                    "`{name}` is {region}, and the secrets of pipeline `{}` are in {own}",
                    subject.name()
                ),
            )
            .why("a client of AWS in the pod would look for them where they are not")
            .fix(format!("write `{own}`, or say why in `# keyloom: ignore {PIPELINE_DISAGREES} -- REASON`"))
            .and(subject.place().path("aws.region"), "written to here");
    }
}
