//! Versions that are written for.

use keyloom_upstream::eso::{Coverage, EsoVersion};

use super::Rules;
use crate::defaults::Versions;
use crate::finding::{Findings, List, Place};

pub(super) const UNKNOWN: &str = "unknown-eso-version";

/// Reads the versions; what is left out is the newest known.
pub(super) fn rules(versions: &Versions, findings: &mut Findings) -> Rules {
    let place = Place::item(List::Versions, 0);
    let mut eso = EsoVersion::newest();
    if let Some(text) = versions.eso.as_ref().and_then(|text| text.known()) {
        match text.parse::<EsoVersion>() {
            Ok(version) => {
                eso = version;
                coverage(version, &place.at("eso"), findings);
            }
            Err(_) => {
                findings
                    .error(
                        UNKNOWN,
                        place.at("eso"),
                        format!("`{text}` is not a version of External Secrets Operator"),
                    )
                    .fix(format!("write major and minor, such as \"{}\"", EsoVersion::newest()));
            }
        }
    }
    let kubernetes = versions.kubernetes.as_ref().and_then(|text| text.known()).and_then(minor);
    let from = |first: u32| kubernetes.is_none_or(|minor| minor >= first);
    Rules { eso, relaxed_env_names: from(34), relaxed_service_names: from(36), sidecars: from(29) }
}

fn coverage(version: EsoVersion, place: &Place, findings: &mut Findings) {
    match version.coverage() {
        Coverage::Exact => {}
        Coverage::Between { used, next } => {
            findings
                .note(
                    UNKNOWN,
                    place.clone(),
                    format!("External Secrets Operator {version} is checked as {used}"),
                )
                .why(format!("of the versions between {used} and {next} nothing is known here; fields that came in between are refused"));
        }
        Coverage::NoV1 => {
            findings
                .error(
                    UNKNOWN,
                    place.clone(),
                    format!("External Secrets Operator {version} has no external-secrets.io/v1"),
                )
                .why("v1 is served from 0.17 on, and v1beta1 is served no longer")
                .fix("update the operator to 0.17 or newer");
        }
        Coverage::Older { used } => {
            findings
                .note(
                    UNKNOWN,
                    place.clone(),
                    format!("External Secrets Operator {version} is checked as {used}"),
                )
                .why("its own custom resource definitions are not known");
        }
        Coverage::Newer { used } => {
            findings.note(
                UNKNOWN,
                place.clone(),
                format!("External Secrets Operator {version} is checked as {used}, the newest known"),
            );
        }
    }
}

/// The minor version of `1.36` or `v1.36.2`.
fn minor(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').nth(1)?.parse().ok()
}
