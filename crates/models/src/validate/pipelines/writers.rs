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

/// The secrets of all pipelines, by region and name; another account may have one of the same name.
type Written<'a, 's> = BTreeMap<(&'a str, &'a str), Vec<(&'a Subject<'s>, usize)>>;

/// Checks everything that is pushed to a declared store.
pub(super) fn check(all: &[Subject<'_>], world: &World<'_>, findings: &mut Findings) {
    if all.is_empty() {
        return;
    }
    let mut written = Written::new();
    for subject in all {
        for (i, secret) in subject.made.secrets.iter().enumerate() {
            written.entry((&subject.made.aws.region, &secret.aws_name)).or_default().push((subject, i));
        }
    }
    let own = all.iter().filter(|subject| subject.written.secret_store_ref.is_none());
    let own: BTreeMap<_, _> =
        own.map(|subject| (subject.name(), subject.made.aws.account.as_str())).collect();
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
                let account = account(store, block, &own);
                for (subject, number) in written.get(&(region, name.as_str())).into_iter().flatten() {
                    both(subject, *number, &push, account, &place, findings);
                }
            }
        }
    }
}

/// The account that a store leads to, as far as it is known: its role's, or that of the pipeline which it is made for.
fn account<'a>(store: &PushStore, block: &'a AwsConfig, own: &BTreeMap<&str, &'a str>) -> Option<&'a str> {
    let of_role = block.role.as_ref().and_then(Text::known).and_then(account_of);
    let PushStore::Named(StoreRef { name, .. }) = store else { return of_role };
    of_role.or_else(|| own.get(name.known()?).copied())
}

fn both(
    subject: &Subject<'_>,
    number: usize,
    push: &Push<'_>,
    account: Option<&str>,
    place: &Place,
    findings: &mut Findings,
) {
    if account.is_some_and(|account| account != subject.made.aws.account) {
        return;
    }
    let message = |verb: &str| {
        let (pushed, name) = (push.item.name.shown(), &subject.made.secrets[number].aws_name);
        format!(
            "push secret `{pushed}` and pipeline `{}` {verb} `{name}` of AWS Secrets Manager",
            subject.name()
        )
    };
    let finding = if account.is_some() {
        findings.error(TWO_WRITERS, place.clone(), message("both write"))
    } else {
        findings.warning(TWO_WRITERS, place.clone(), message("may both write"))
    };
    finding
        .why("each undoes what the other wrote")
        .fix("let one of the two own it")
        .and(subject.secret(number).at("aws"), "the workflow writes this");
}
