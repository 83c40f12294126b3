//! What `policyScope: prefix` covers: the pipeline's own secrets, and no other's.

use std::collections::BTreeMap;

use super::subject::Subject;
use crate::code::POLICY_SCOPE;
use crate::config::pipeline::Aws;
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
    let names = Names::of(all);
    for subject in all {
        let Some(prefix) = subject.made.aws.policy_prefix.as_deref().filter(|prefix| !prefix.is_empty())
        else {
            continue;
        };
        for (other, number) in names.covered(&subject.made.aws, prefix) {
            if let Some(other) = all.get(other).filter(|other| other.number != subject.number) {
                covers(subject, prefix, other, number, findings);
            }
        }
    }
}

/// The names of all secrets in AWS, sorted, so that those with a prefix stand together.
struct Names<'a>(Vec<Name<'a>>);

/// Account, region and name; the number of the pipeline, and that of the secret in it.
type Name<'a> = ([&'a str; 3], usize, usize);

impl<'a> Names<'a> {
    fn of(all: &[Subject<'a>]) -> Self {
        let mut names = Vec::new();
        for (number, subject) in all.iter().enumerate() {
            let (aws, secrets) = (&subject.made.aws, &subject.made.secrets);
            let name = |name: &'a str| [aws.account.as_str(), aws.region.as_str(), name];
            names.extend(secrets.iter().enumerate().map(|(i, it)| (name(&it.aws_name), number, i)));
        }
        names.sort_unstable();
        Self(names)
    }

    /// The pipelines that have secrets with that prefix, each with the first of them.
    fn covered(&self, aws: &Aws, prefix: &str) -> BTreeMap<usize, usize> {
        let place = [aws.account.as_str(), aws.region.as_str()];
        let from = self
            .0
            .partition_point(|([account, region, name], ..)| ([*account, *region], *name) < (place, prefix));
        let here = self.0.iter().skip(from).take_while(|([account, region, name], ..)| {
            [*account, *region] == place && name.starts_with(prefix)
        });
        let mut first = BTreeMap::new();
        for (_, pipeline, secret) in here {
            let known = first.entry(*pipeline).or_insert(*secret);
            *known = (*known).min(*secret);
        }
        first
    }
}

fn covers(subject: &Subject<'_>, prefix: &str, other: &Subject<'_>, number: usize, findings: &mut Findings) {
    let Some(secret) = other.made.secrets.get(number) else { return };
    let (own, others) = (subject.name(), other.name());
    findings
        .warning(
            POLICY_SCOPE,
            subject.place().path("aws.policyScope"),
            format!("the policies of `{own}` cover secrets of `{others}`, such as `{}`", secret.aws_name),
        )
        .why(format!("the workflow of `{own}` could read and delete them, for they begin with `{prefix}`"))
        .fix("write `policyScope: names`, or prefixes of which none begins with another")
        .and(other.secret(number).at("aws"), "this is covered");
}
