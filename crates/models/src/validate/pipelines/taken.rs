//! Names that two secrets of a pipeline would have in common.

use std::collections::BTreeMap;

use crate::code;
use crate::config::pipeline::Pipeline;
use crate::finding::{Findings, Place};

/// Each secret has a name of its own, here and in AWS.
pub(super) fn check(pipeline: &Pipeline, place: &Place, findings: &mut Findings) {
    let secrets = place.at("secrets");
    let names = pipeline.secrets.iter().map(|secret| secret.name.as_str());
    each_once(names, "entry", &secrets, findings);
    let names = pipeline.secrets.iter().map(|secret| secret.aws_name.as_str());
    each_once(names, "name in AWS", &secrets, findings);
}

fn each_once<'a>(names: impl Iterator<Item = &'a str>, what: &str, secrets: &Place, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, name) in names.enumerate() {
        let first = *seen.entry(name).or_insert(i);
        if first != i {
            findings
                .error(
                    code::PIPELINE_NAME_TAKEN,
                    secrets.at(i),
                    format!("two secrets have the {what} `{name}`"),
                )
                .why("each would overwrite the other's value")
                .fix("leave one out, or give it another name there")
                .and(secrets.at(first), "the other");
        }
    }
}
