//! Regions of a pipeline that must be one: of the secrets, of their key, and of the pods that read them.

use super::subject::Subject;
use crate::code::PIPELINE_DISAGREES;
use crate::finding::{Findings, List, Place};
use crate::pipeline::PipelineBackend;
use crate::pipeline::partition::Partition;
use crate::service::ServiceConfig;
use crate::validate::same;

/// Variables that tell clients of AWS their region.
const VARIABLES: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The keys of KMS, and the services.
pub(super) fn check(subject: &Subject<'_>, services: &[ServiceConfig], findings: &mut Findings) {
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
    services.iter().enumerate().for_each(|(i, service)| pod(subject, i, service, findings));
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

/// A pod that reads the secrets and is told another region.
fn pod(subject: &Subject<'_>, number: usize, service: &ServiceConfig, findings: &mut Findings) {
    let place = Place::item(List::Services, number);
    let targets = || subject.made.secrets.iter().flat_map(|secret| &secret.targets);
    let told = service.env.iter().enumerate().filter_map(|(i, variable)| {
        let name = variable.name.known().filter(|name| VARIABLES.contains(name))?;
        let region = variable.value.as_ref()?.known()?;
        (region != subject.made.aws.region).then_some((i, name, region))
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return;
    }
    let reads = service.reads_at(&place).into_iter().any(|read| {
        targets().any(|target| {
            same(Some(&read.secret), Some(&target.name)) == Some(true)
                && same(service.namespace.as_ref(), target.namespace.as_ref()) == Some(true)
        })
    });
    for (i, name, region) in told.into_iter().filter(|_| reads) {
        let own = &subject.made.aws.region;
        findings
            .warning(
                PIPELINE_DISAGREES,
                place.at("env").at(i).at("value"),
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
