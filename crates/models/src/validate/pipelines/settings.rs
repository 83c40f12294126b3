//! Settings of a pipeline that nothing comes of, and entries that go nowhere.

use super::subject::Subject;
use crate::code::{IGNORED_BY_PIPELINE, PIPELINE_TARGET, TOO_FEW};
use crate::finding::{Findings, Place};
use crate::pipeline::PipelineSecretConfig;
use crate::policy::ValueWriter;

/// What is said and not heeded, and what is not said.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let (written, place) = (subject.written, subject.place());
    if written.secret.as_ref().is_some_and(|secret| secret.key.is_some()) {
        findings
            .error(IGNORED_BY_PIPELINE, place.path("secret.key"), "`key` in the Secret that entries share")
            .why("every entry has a key of its own in it")
            .fix("leave it out, or write it in the entry that is meant: `{name: ..., key: ...}`");
    }
    if written.secret_store_ref.is_some() && written.eso.service_account.is_some() {
        let said = "`serviceAccount` is that of the store that is made, and `secretStoreRef` names another";
        ignored(place.path("eso.serviceAccount"), said, "leave one of the two out", findings);
    }
    if written.aws.on_conflict.is_some() && subject.made.terraform.values == ValueWriter::WriteOnly {
        let said = "`onConflict` has no meaning where Terraform writes: it writes a value when its `version` goes up, whatever AWS holds";
        let fix = "leave it out, or write `terraform: {values: workflow}`";
        ignored(place.path("aws.onConflict"), said, fix, findings);
    }
    // In YAML the schema asks for one.
    if written.secrets.is_empty() {
        findings
            .error(TOO_FEW, place.at("secrets"), "a pipeline without secrets")
            .fix("add one, or leave the pipeline out");
    }
    for (i, secret) in written.secrets.iter().enumerate() {
        entry(subject, secret, &subject.secret(i), findings);
    }
}

fn entry(subject: &Subject<'_>, secret: &PipelineSecretConfig, place: &Place, findings: &mut Findings) {
    let all_say = !secret.targets.is_empty() && secret.targets.iter().all(|target| target.key.is_some());
    if secret.key.is_some() && all_say {
        let said = "every target says its own `key`, and this one is used by none";
        ignored(place.at("key"), said, "leave it out here, or in a target", findings);
    }
    if secret.version.is_some() && subject.made.terraform.values == ValueWriter::Workflow {
        let said = "`version` has no meaning where the workflow writes: it writes whatever differs";
        let fix = "leave it out, or write `terraform: {values: writeOnly}`";
        ignored(place.at("version"), said, fix, findings);
    }
    let own = subject.written.secret.as_ref().is_some_and(|secret| secret.name.is_some());
    if own {
        return;
    }
    if secret.targets.is_empty() {
        nowhere(&secret.name, place.clone(), findings);
    }
    for (i, _) in secret.targets.iter().enumerate().filter(|(_, target)| target.name.is_none()) {
        nowhere(&secret.name, place.at("targets").at(i), findings);
    }
}

fn nowhere(name: &str, place: Place, findings: &mut Findings) {
    findings
        .error(PIPELINE_TARGET, place, format!("no Kubernetes Secret is named for `{name}`"))
        .why("the operator would not know where to write it")
        .fix("write `secret: {namespace: ..., name: ...}` for all entries, or `targets: [{namespace: ..., name: ...}]` here");
}

fn ignored(place: Place, what: &str, fix: &str, findings: &mut Findings) {
    findings.warning(IGNORED_BY_PIPELINE, place, what).fix(fix);
}
