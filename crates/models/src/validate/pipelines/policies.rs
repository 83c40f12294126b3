//! Policies of the two roles: no more of them than a role takes, and what others attach covers every secret.

use std::collections::BTreeMap;

use super::subject::Subject;
use crate::code::{IGNORED_BY_PIPELINE, READER_NOT_ALLOWED, TOO_MANY_POLICIES};
use crate::config::pipeline::iam::{MOST_CHARACTERS, MOST_POLICIES};
use crate::finding::{Findings, Place};

mod allowed;
mod pattern;

pub use pattern::covers;

/// How many there are, of each role; several pipelines may have one reader.
pub(super) fn count(all: &[Subject<'_>], findings: &mut Findings) {
    let mut readers: BTreeMap<[&str; 2], usize> = BTreeMap::new();
    for subject in all {
        let writer = subject.made.writer_policies().len();
        let place = subject.place().path("aws.policyScope");
        if writer > MOST_POLICIES {
            let fix = "write `policyScope: prefix`, or make several pipelines of this one";
            many(&subject.made.aws.writer_role, writer, place.clone(), fix, findings);
        }
        let Some(reader) = &subject.made.reader_role else { continue };
        let before = readers.entry([&subject.made.aws.account, reader]).or_default();
        *before += subject.made.reader_policies().len();
        // What is too much for the writer is too much for the reader.
        if *before > MOST_POLICIES && writer <= MOST_POLICIES {
            let fix = "write `policyScope: prefix`, name another role, or say what this one has already: `eso: {allows: [...]}`";
            many(reader, *before, place, fix, findings);
        }
    }
}

fn many(role: &str, count: usize, place: Place, fix: &str, findings: &mut Findings) {
    findings
        .error(
            TOO_MANY_POLICIES,
            place,
            format!("role `{role}` would need {count} policies, and takes {MOST_POLICIES}"),
        )
        .why(format!("a policy holds {MOST_CHARACTERS} characters, and each name stands in one"))
        .fix(fix);
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
            allowed::check(subject, allows, &place.path("eso.allows"), findings);
        }
    }
}
