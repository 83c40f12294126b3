//! How many secrets GitHub hands to a workflow.

use std::collections::BTreeSet;

use super::subject::Subject;
use crate::code::GITHUB_SECRETS;
use crate::finding::Findings;

/// Secrets that a workflow gets of one place: the repository, its organization, the environment.
const OF_EACH: usize = 100;

/// A secret that GitHub does not hand over is empty to the workflow, which then stops.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let github = &subject.made.github;
    let logins = subject.made.login_secrets().map(|(name, _)| name);
    let sources = subject.made.secrets.iter().map(|secret| secret.source.as_str());
    // GitHub knows names in capitals alone.
    let names: BTreeSet<String> = sources.chain(logins).map(|name| name.to_ascii_uppercase()).collect();
    let (most, places) = match github.environment {
        Some(_) => (3 * OF_EACH, "the repository, its organization and the environment"),
        None => (2 * OF_EACH, "the repository and its organization"),
    };
    if names.len() > most {
        findings
            .warning(
                GITHUB_SECRETS,
                subject.place().at("secrets"),
                format!("{} secrets of GitHub, which hands a workflow {most} at most", names.len()),
            )
            .why(format!("it hands over {OF_EACH} each of {places}, and a missing one stops the run"))
            .fix("give a part of them a pipeline with an `environment` of its own, or another repository");
    }
}
