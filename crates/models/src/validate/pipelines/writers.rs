//! One writer for each secret in AWS: push secrets that write what a pipeline writes.

use std::collections::BTreeMap;

use keyloom_syntax::Text;

use super::subject::Subject;
use crate::code::TWO_WRITERS;
use crate::config::{PushStore, StoreRef};
use crate::finding::{Findings, Place};
use crate::policy::AwsService;
use crate::store::aws::AwsConfig;
use crate::validate::infisical::account_of;
use crate::validate::world::{Push, World, full_name};

/// The secrets of all pipelines, by region and name.
type Written<'a, 's> = BTreeMap<(&'a str, &'a str), (&'a Subject<'s>, usize)>;

/// Checks everything that is pushed to a declared store.
pub(super) fn check(all: &[Subject<'_>], world: &World<'_>, findings: &mut Findings) {
    if all.is_empty() {
        return;
    }
    let mut written = Written::new();
    for subject in all {
        for (i, secret) in subject.made.secrets.iter().enumerate() {
            written.entry((&subject.made.aws.region, &secret.aws_name)).or_insert((subject, i));
        }
    }
    for push in world.pushes() {
        for (name, place) in push.remote_keys() {
            for store in &push.item.stores {
                let Some(block) = world.aws(store, push.item.namespace.as_ref()) else { continue };
                let Some(region) =
                    block.region.known().filter(|_| block.service == AwsService::SecretsManager)
                else {
                    continue;
                };
                let Some(name) = full_name(block, name) else { continue };
                if let Some((subject, number)) = written.get(&(region, name.as_str())) {
                    both(subject, *number, &push, store, block, &place, findings);
                }
            }
        }
    }
}

fn both(
    subject: &Subject<'_>,
    number: usize,
    push: &Push<'_>,
    store: &PushStore,
    block: &AwsConfig,
    place: &Place,
    findings: &mut Findings,
) {
    let aws = &subject.made.aws;
    let account = block.role.as_ref().and_then(Text::known).and_then(account_of);
    if account.is_some_and(|account| account != aws.account) {
        return;
    }
    // The pipeline's own store leads to its account.
    let own = matches!(store, PushStore::Named(StoreRef { name, .. }) if *name == subject.written.name);
    let known = account.is_some() || own && subject.written.secret_store_ref.is_none();
    let message = |verb: &str| {
        let (pushed, name) = (push.item.name.shown(), &subject.made.secrets[number].aws_name);
        format!(
            "push secret `{pushed}` and pipeline `{}` {verb} `{name}` of AWS Secrets Manager",
            subject.name()
        )
    };
    let finding = if known {
        findings.error(TWO_WRITERS, place.clone(), message("both write"))
    } else {
        findings.warning(TWO_WRITERS, place.clone(), message("may both write"))
    };
    finding
        .why("each undoes what the other wrote")
        .fix("let one of the two own it")
        .and(subject.secret(number).at("aws"), "the workflow writes this");
}
