//! What AWS and GitHub take: recovery windows, tags, regions, schedules.

use super::subject::Subject;
use crate::code::{AWS_TAGS, BAD_SCHEDULE, RECOVERY_WINDOW};
use crate::finding::{Findings, Place};
use crate::pipeline::PipelineBackend;
use crate::store::aws::known_region;
use crate::validate::{aws, schedule};

/// GitHub starts nothing more often, in minutes.
const SHORTEST: u8 = 5;

/// Every limit that a pattern cannot say.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let (written, place) = (subject.written, subject.place());
    let days = written.aws.recovery_window_in_days;
    if days.is_some_and(|days| (1..7).contains(&days)) {
        findings
            .error(
                RECOVERY_WINDOW,
                place.path("aws.recoveryWindowInDays"),
                "AWS keeps a deleted secret for 7 to 30 days, or not at all",
            )
            .fix("write 7 to 30, or 0 to delete at once");
    }
    known_region(&written.aws.region, &place.path("aws.region"), findings);
    if let PipelineBackend::S3(s3) = &written.terraform.backend {
        known_region(&s3.region, &place.path("terraform.backend.s3.region"), findings);
    }
    tags(subject, findings);
    if let Some(cron) = &written.github.schedule {
        runs(cron, &place.path("github.schedule"), findings);
    }
}

fn tags(subject: &Subject<'_>, findings: &mut Findings) {
    let place = subject.place().path("aws.tags");
    for (key, value) in &subject.written.aws.tags {
        if let Some(what) = aws::complaint(key, Some(value)) {
            findings
                .error(AWS_TAGS, place.at(key.clone()), format!("AWS does not take this tag: {what}"))
                .fix("change it");
        }
    }
    for (i, secret) in subject.made.secrets.iter().enumerate() {
        if i == 0 && secret.tags.len() > aws::MOST_TAGS {
            let message = format!("{} tags with ours, and AWS takes {}", secret.tags.len(), aws::MOST_TAGS);
            findings.error(AWS_TAGS, place.clone(), message).fix("leave some out");
        }
        // The name in AWS has legal characters alone, but twice the length of a value.
        let name = secret.tags.iter().find(|(key, _)| key == "Name");
        if name.is_some_and(|(_, name)| name.chars().count() > 256)
            && !subject.written.aws.tags.contains_key("Name")
        {
            findings
                .error(AWS_TAGS, subject.secret(i), "its name in AWS is too long for the tag `Name`")
                .why("a value has at most 256 characters")
                .fix("write a shorter `aws` or `prefix`, or a `Name` of your own in `tags`");
        }
    }
}

fn runs(cron: &str, place: &Place, findings: &mut Findings) {
    if let Some((what, fix)) = schedule::complaint(cron) {
        findings
            .error(BAD_SCHEDULE, place.clone(), what)
            .why("GitHub takes no workflow with such a schedule")
            .fix(fix);
        return;
    }
    let minutes = schedule::minutes(cron);
    if minutes.windows(2).any(|two| two[1] - two[0] < SHORTEST) {
        findings
            .warning(BAD_SCHEDULE, place.clone(), format!("{} runs within an hour", minutes.len()))
            .why(format!(
                "GitHub starts nothing more often than every {SHORTEST} minutes, and drops what it cannot"
            ))
            .fix("write one minute first, as in `0 2 * * *`");
    }
}
