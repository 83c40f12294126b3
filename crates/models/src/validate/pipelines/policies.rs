//! Policies of the two roles: no more of them than a role takes, and what others attach covers every secret.

use std::collections::BTreeMap;

use super::subject::Subject;
use crate::code::{IGNORED_BY_PIPELINE, POLICY_SCOPE, READER_NOT_ALLOWED, TOO_MANY_POLICIES};
use crate::config::pipeline::Aws;
use crate::config::pipeline::iam::MOST_POLICIES;
use crate::finding::{Findings, Place};

mod pattern;

pub use pattern::covers;

/// How many there are, of each role; several pipelines may have one reader.
pub(super) fn count(all: &[Subject<'_>], findings: &mut Findings) {
    let mut readers: BTreeMap<[&str; 2], usize> = BTreeMap::new();
    for subject in all {
        let writer = subject.made.writer_policies().len();
        let place = subject.place().path("aws.policyScope");
        if writer > MOST_POLICIES {
            many(&subject.made.aws.writer_role, writer, place.clone(), findings);
        }
        let Some(reader) = &subject.made.reader_role else { continue };
        let before = readers.entry([&subject.made.aws.account, reader]).or_default();
        *before += subject.made.reader_policies().len();
        // What is too much for the writer is too much for the reader.
        if *before > MOST_POLICIES && writer <= MOST_POLICIES {
            many(reader, *before, place, findings);
        }
    }
}

fn many(role: &str, count: usize, place: Place, findings: &mut Findings) {
    findings
        .error(
            TOO_MANY_POLICIES,
            place,
            format!("role `{role}` would need {count} policies, and takes {MOST_POLICIES}"),
        )
        .why("a policy holds 6,144 characters, and each name stands in one")
        .fix("write `policyScope: prefix`, or make several pipelines of this one");
}

/// What the operator's role may read.
pub(super) fn reader(subject: &Subject<'_>, findings: &mut Findings) {
    let eso = &subject.written.eso;
    let place = subject.place();
    match (&eso.allows, &eso.role_name) {
        (None, Some(_)) => {}
        (None, None) => {
            let finding = findings.warning(
                READER_NOT_ALLOWED,
                place.at("eso"),
                format!("nothing lets the operator read the secrets of `{}`", subject.name()),
            );
            finding
                .why(match &eso.service_account {
                    Some(account) => format!(
                        "`{}` carries a role, and which one is not said, so no policy is attached to it",
                        account.shown()
                    ),
                    None => "no policy is attached to its role unless the role is named".to_owned(),
                })
                .fix("write `eso: {roleName: ...}`, or what the role has already: `eso: {allows: [...]}`");
        }
        (Some(allows), role) => {
            if role.is_some() {
                findings
                    .warning(
                        IGNORED_BY_PIPELINE,
                        place.path("eso.roleName"),
                        "nothing is attached to `roleName` beside `allows`, which says what the role has already",
                    )
                    .fix("leave one of the two out");
            }
            covered(subject, allows, &place.path("eso.allows"), findings);
        }
    }
}

/// Every name is covered, and no other if it can be helped.
fn covered(subject: &Subject<'_>, allows: &[String], place: &Place, findings: &mut Findings) {
    let arns: Vec<String> = allows.iter().map(|allowed| arn(&subject.made.aws, allowed)).collect();
    for (i, secret) in subject.made.secrets.iter().enumerate() {
        let name = &secret.aws_name;
        let own = arn(&subject.made.aws, name);
        if arns.iter().any(|pattern| pattern::covers(pattern, &own)) {
            continue;
        }
        let finding = findings.error(
            READER_NOT_ALLOWED,
            subject.secret(i).at("aws"),
            format!("no pattern of `eso.allows` covers `{name}`"),
        );
        finding.why("AWS puts `-` and six characters behind a name, and `*` and `?` alone stand for others");
        let near = allows.iter().find_map(|allowed| nearly(&subject.made.aws, allowed, &own));
        match near {
            Some((at, near)) => finding.fix(format!(
                "did you mean `{near}` in place of `{at}`? Exactly this name is `{name}-??????`"
            )),
            None => finding.fix(format!("add `{name}-??????`, here and to the policy of the role")),
        };
        finding.and(place.clone(), "what is allowed");
    }
    if subject.made.aws.policy_prefix.is_some() {
        return;
    }
    let exact = subject.made.resource_patterns();
    for (i, (written, pattern)) in allows.iter().zip(&arns).enumerate() {
        let names = subject.made.secrets.iter().map(|secret| arn(&subject.made.aws, &secret.aws_name));
        let some = names.into_iter().any(|name| pattern::covers(pattern, &name));
        if some && !exact.contains(pattern) {
            findings
                .note(POLICY_SCOPE, place.at(i), format!("`{written}` also covers names that are not declared"))
                .why("the operator could read secrets that are none of this pipeline's")
                .fix("allow each name with `-??????` behind it, or write `policyScope: prefix` if the whole prefix is meant");
        }
    }
}

/// A pattern of names as one of ARNs.
fn arn(aws: &Aws, name: &str) -> String {
    if name.starts_with("arn:") || name == "*" {
        return name.to_owned();
    }
    let Aws { partition, account, region, .. } = aws;
    format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{name}")
}

/// The pattern that was meant: with another sign where one ends, or with the end that AWS puts there.
fn nearly<'a>(aws: &Aws, allowed: &'a str, own: &str) -> Option<(&'a str, String)> {
    let start = allowed.trim_end_matches('*').trim_end_matches(['-', '/', '_', '.']);
    let mut candidates = vec![format!("{allowed}-??????")];
    if allowed.ends_with('*') && !start.is_empty() {
        candidates.extend(["/*", "-*", "_*", ".*"].map(|end| format!("{start}{end}")));
    }
    let fits = |candidate: &String| pattern::covers(&arn(aws, candidate), own);
    Some((allowed, candidates.into_iter().find(fits)?))
}
