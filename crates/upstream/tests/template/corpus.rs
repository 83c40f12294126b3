//! Templates with what Go says of them.

use std::sync::OnceLock;

/// What Go says of a template.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    Works,
    /// It cannot be parsed.
    Refused,
    /// It stops when it is executed.
    Stops,
    /// It stops, and only the values tell.
    Unseen,
    /// It would stop, if these values led there.
    Dead,
}

pub(crate) struct Case {
    pub(crate) verdict: Verdict,
    pub(crate) says: &'static str,
    pub(crate) template: String,
}

pub(crate) fn corpus() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let mut cases = read(include_str!("corpus.txt"));
        cases.extend(read(include_str!("damaged.txt")));
        cases
    })
}

fn read(text: &'static str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(says) = line.strip_prefix("== ") {
            let verdict = match says {
                "ok" => Verdict::Works,
                _ if says.starts_with("parse: ") => Verdict::Refused,
                _ if says.starts_with("execute: ") => Verdict::Stops,
                _ if says.starts_with("unseen ") => Verdict::Unseen,
                _ if says.starts_with("dead ") => Verdict::Dead,
                _ => panic!("no verdict: {line}"),
            };
            cases.push(Case { verdict, says, template: String::new() });
        } else if let Some(case) = cases.last_mut() {
            let template = &mut case.template;
            if !template.is_empty() {
                template.push('\n');
            }
            template.push_str(line);
        }
    }
    cases
}
