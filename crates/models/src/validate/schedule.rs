//! Schedules: of sync windows, whose fields the API server counts and nobody looks at before they are needed, and of
//! workflows.

use crate::code::BAD_SCHEDULE;
use crate::duration::Duration;
use crate::external_secret::SyncWindows;
use crate::finding::{Findings, Place};

/// A field: what it is, the numbers it takes, and names for them, the first for the least.
struct Field {
    what: &'static str,
    least: u8,
    most: u8,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { what: "minute", least: 0, most: 59, names: &[] },
    Field { what: "hour", least: 0, most: 23, names: &[] },
    Field { what: "day of the month", least: 1, most: 31, names: &[] },
    Field {
        what: "month",
        least: 1,
        most: 12,
        names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    },
    Field {
        what: "day of the week",
        least: 0,
        most: 6,
        names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    },
];

/// Checks every window's schedule.
pub(super) fn check(windows: &SyncWindows, place: &Place, findings: &mut Findings) {
    for (i, window) in windows.windows.iter().enumerate() {
        let Some((what, fix)) = window.schedule.known().and_then(complaint) else { continue };
        findings
            .error(BAD_SCHEDULE, place.at("windows").at(i).at("schedule"), what)
            .why("the operator ignores the window, and nobody is told")
            .fix(fix);
    }
}

/// What is wrong with a schedule, and how to mend it; nothing when it is one.
pub fn complaint(schedule: &str) -> Option<(String, String)> {
    if let Some(interval) = schedule.strip_prefix("@every ") {
        let read = interval.trim().parse::<Duration>();
        let what = || format!("`{interval}` is not a duration");
        return read.is_err().then(|| (what(), "write `@every 1h`, for example".to_owned()));
    }
    let words: Vec<_> = schedule.split_whitespace().collect();
    if words.len() != FIELDS.len() {
        // A word such as `@daily`; how many fields there are is a matter of shape.
        return None;
    }
    words.iter().zip(&FIELDS).find(|(word, field)| !word.split(',').all(|part| field.holds(part))).map(
        |(word, field)| {
            let names = match (field.names.first(), field.names.last()) {
                (Some(first), Some(last)) => format!(", or {first} to {last}"),
                _ => String::new(),
            };
            (
                format!("`{word}` is no {}", field.what),
                format!("write `*`, or numbers from {} to {}{names}", field.least, field.most),
            )
        },
    )
}

/// The minutes of an hour that a correct schedule names, in order.
pub(super) fn minutes(schedule: &str) -> Vec<u8> {
    let Some(word) = schedule.split_whitespace().next() else { return Vec::new() };
    let mut all: Vec<u8> = word.split(',').flat_map(numbers).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The numbers of one part of the first field.
fn numbers(part: &str) -> Vec<u8> {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    let step: Option<usize> = step.and_then(|step| step.parse().ok()).filter(|step| *step > 0);
    let [minute, ..] = &FIELDS;
    let (from, to) = match range.split_once('-') {
        Some((from, to)) => (minute.number(from), minute.number(to)),
        None if range == "*" => (Some(minute.least), Some(minute.most)),
        // `20/15` goes on to the end.
        None if step.is_some() => (minute.number(range), Some(minute.most)),
        None => (minute.number(range), minute.number(range)),
    };
    match (from, to) {
        (Some(from), Some(to)) => (from..=to).step_by(step.unwrap_or(1)).collect(),
        _ => Vec::new(),
    }
}

impl Field {
    /// `*`, `5`, `5-10`, each with `/2` or without.
    fn holds(&self, part: &str) -> bool {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        if step.is_some_and(|step| !step.parse::<u8>().is_ok_and(|step| step > 0)) {
            return false;
        }
        match range.split_once('-') {
            Some((from, to)) => {
                matches!((self.number(from), self.number(to)), (Some(from), Some(to)) if from <= to)
            }
            None => matches!(range, "*" | "?") || self.number(range).is_some(),
        }
    }

    fn number(&self, text: &str) -> Option<u8> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let number = match named {
            Some(at) => u8::try_from(at).ok()? + self.least,
            None => text.parse().ok()?,
        };
        (self.least..=self.most).contains(&number).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_minutes_of_a_schedule() {
        assert_eq!(minutes("0 2 * * *"), [0]);
        assert_eq!(minutes("*/20 * * * *"), [0, 20, 40]);
        assert_eq!(minutes("20/15 * * * *"), [20, 35, 50]);
        assert_eq!(minutes("5,1-3 * * * *"), [1, 2, 3, 5]);
        assert_eq!(minutes("* * * * *").len(), 60);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[0-9*/,-]{0,8}( [0-9*]{1,2}){0,5}") {
            prop_assert!(minutes(&text).iter().all(|minute| *minute < 60));
        }
    }
}
