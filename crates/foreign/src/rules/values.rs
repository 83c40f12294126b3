//! Values that are text to the API server and something else to the operator.

use keyloom_models::{regexp_complaint, schedule_complaint};
use keyloom_syntax::Severity;
use keyloom_upstream::rules::duration::nanoseconds;
use keyloom_upstream::rules::webhook;

use super::{Place, Problems};

/// A length of time that the operator decodes.
pub(super) fn interval(spec: &Place<'_, '_>, field: &str, problems: &mut Problems) {
    if let Some(interval) = spec.get(field) {
        webhook::length(&interval, problems);
    }
}

/// Whether a length of time is zero or less.
pub(super) fn is_zero(interval: &Place<'_, '_>) -> bool {
    interval.text().and_then(nanoseconds).is_some_and(|length| length <= 0.0)
}

/// A regular expression.
pub(super) fn regexp(pattern: &Place<'_, '_>, problems: &mut Problems) {
    let Some(complaint) = pattern.text().and_then(regexp_complaint) else { return };
    problems.push(
        pattern
            .error("bad-regexp", format!("this is not a regular expression: {complaint}"))
            .why("the operator finds that out at every sync, and nobody before")
            .fix("mend the expression; a `\\` before a sign takes it literally"),
    );
}

/// What renames keys: `rewrite` of an entry.
pub(super) fn rewrite(entry: &Place<'_, '_>, problems: &mut Problems) {
    for step in entry.get("rewrite").iter().flat_map(Place::items) {
        if let Some(source) = step.at(&["regexp", "source"]) {
            regexp(&source, problems);
        }
        if let Some(strategy) = step.at(&["merge", "strategy"])
            && strategy.text() == Some("JSON")
            && step.at(&["merge", "into"]).is_none_or(|into| into.text() == Some(""))
        {
            problems.push(
                strategy
                    .error("missing-field", "`strategy: JSON` needs `into`")
                    .why("everything is merged into one key, and the operator stops when it has no name")
                    .fix("add `into` with the name of that key"),
            );
        }
    }
}

/// The schedules of sync windows.
pub(super) fn schedules(spec: &Place<'_, '_>, problems: &mut Problems) {
    let windows = spec.at(&["syncWindows", "windows"]);
    for window in windows.iter().flat_map(Place::items) {
        let Some(schedule) = window.get("schedule") else { continue };
        let Some((what, fix)) = schedule.text().and_then(schedule_complaint) else { continue };
        problems.push(
            schedule
                .error("bad-schedule", what)
                .why("the operator ignores the window, and nobody is told")
                .fix(fix),
        );
    }
    if let Some(windows) = spec.get("syncWindows")
        && let Some(policy) = spec.get("refreshPolicy").filter(|policy| policy.text() != Some("Periodic"))
        && !policy.is_unknown()
    {
        problems.push(
            windows
                .error_at_key("policy-conflict", "sync windows are heeded by `refreshPolicy: Periodic` alone")
                .severity(Severity::Warning)
                .fix("remove them, or write `refreshPolicy: Periodic`"),
        );
    }
}
