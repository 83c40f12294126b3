//! What `policyScope: prefix` covers: the pipeline's own secrets, and no other's.

use super::subject::Subject;
use crate::code::POLICY_SCOPE;
use crate::finding::Findings;

/// A prefix must end where a name ends, or it covers names that only begin alike.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(prefix) = &subject.made.aws.policy_prefix else { return };
    let place = subject.place().path("aws.prefix");
    if prefix.is_empty() {
        findings
            .error(
                POLICY_SCOPE,
                place,
                "without a prefix the policies would cover every secret of the account",
            )
            .fix("write a `prefix`, or `policyScope: names`");
    } else if !prefix.ends_with(['/', '-', '_', '.']) {
        findings
            .error(POLICY_SCOPE, place, format!("the policies would cover whatever begins with `{prefix}`"))
            .why(format!("`{prefix}-old` and `{prefix}2` begin with it too"))
            .fix(format!(
                "end it with `/`, as in `{prefix}/`, or with `-`, `_` or `.`; or write `policyScope: names`"
            ));
    }
}

/// A prefix that covers secrets of another pipeline.
pub(super) fn across(all: &[Subject<'_>], findings: &mut Findings) {
    for subject in all {
        let Some(prefix) = subject.made.aws.policy_prefix.as_deref().filter(|prefix| !prefix.is_empty())
        else {
            continue;
        };
        for other in all.iter().filter(|other| other.number != subject.number) {
            let (here, there) = (&subject.made.aws, &other.made.aws);
            if here.account != there.account || here.region != there.region {
                continue;
            }
            let covered = |(_, secret): &(usize, &crate::config::pipeline::PipelineSecret)| {
                secret.aws_name.starts_with(prefix)
            };
            let Some((number, secret)) = other.made.secrets.iter().enumerate().find(covered) else {
                continue;
            };
            let (own, others) = (subject.name(), other.name());
            findings
                .warning(
                    POLICY_SCOPE,
                    subject.place().path("aws.policyScope"),
                    format!(
                        "the policies of `{own}` cover secrets of `{others}`, such as `{}`",
                        secret.aws_name
                    ),
                )
                .why(format!(
                    "the workflow of `{own}` could read and delete them, for they begin with `{prefix}`"
                ))
                .fix("write `policyScope: names`, or prefixes of which none begins with another")
                .and(other.secret(number).at("aws"), "this is covered");
        }
    }
}
