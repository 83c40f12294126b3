//! How often, by whom, and what is left behind: refresh intervals and policies.

use crate::config::{FromEntry, FromSource, StoreRef};
use crate::duration::Duration;
use crate::external_secret::{Content, ExternalSecretConfig};
use crate::finding::{Findings, Place};
use crate::helper::Helper;
use crate::policy::{CreationPolicy, DeletionPolicy, RefreshPolicy};

const RANGE: &str = "refresh-out-of-range";

/// The refresh interval: as written, or by the kind of secret.
pub(super) fn interval(item: &ExternalSecretConfig, place: &Place, findings: &mut Findings) -> Duration {
    let place = &place.at("refreshInterval");
    let kind = match &item.content {
        Content::Helper(helper) => Some(&**helper),
        Content::Entries(_) => None,
    };
    let Some(interval) = item.refresh_interval else {
        return kind.map_or(Duration::from_hours(1), |helper| helper.refresh().default);
    };
    let periodic = item.refresh_policy.unwrap_or(RefreshPolicy::Periodic) == RefreshPolicy::Periodic;
    if interval == Duration::ZERO {
        if periodic {
            findings
                .warning(
                    "refresh-zero",
                    place.clone(),
                    "an interval of zero reads once, and later changes here are ignored too",
                )
                .fix(
                    "write `refreshPolicy: CreatedOnce` or `refreshPolicy: OnChange`, which say what they do",
                );
        }
    } else if let Some(helper) = kind.filter(|_| periodic) {
        in_range(helper, interval, place, findings);
    }
    interval
}

fn in_range(helper: &Helper, interval: Duration, place: &Place, findings: &mut Findings) {
    let range = helper.refresh();
    let (what, usual) = (
        plural(helper),
        format!(
            "{} to {} is usual; leave it out for {}",
            range.shortest.short(),
            range.longest.short(),
            range.default.short()
        ),
    );
    if interval > range.longest {
        findings
            .warning(
                RANGE,
                place.clone(),
                format!(
                    "{what} refreshed every {} stay wrong for that long after a rotation",
                    interval.short()
                ),
            )
            .fix(usual);
    } else if interval < range.shortest {
        findings
            .warning(
                RANGE,
                place.clone(),
                format!(
                    "{what} refreshed every {} ask the store more often than they change",
                    interval.short()
                ),
            )
            .fix(usual);
    }
}

fn plural(helper: &Helper) -> &'static str {
    match helper {
        Helper::DatabaseCredentials(_) => "database credentials",
        Helper::ApiKey(_) => "API keys",
        Helper::TlsCertificate(_) => "TLS certificates",
        Helper::BasicAuth(_) => "user name and password",
        Helper::DockerConfig(_) => "registry credentials",
        Helper::S3Credentials(_) => "S3 credentials",
        Helper::Connection(_) => "connections",
    }
}

/// The refresh policy: as written, or once for values that would be made anew at every refresh.
pub(super) fn refresh_policy(
    item: &ExternalSecretConfig,
    data_from: &[FromEntry],
    place: &Place,
    findings: &mut Findings,
) -> Option<RefreshPolicy> {
    let rotates = data_from.iter().any(|entry| match &entry.source {
        FromSource::Generator(generator) => generator.rotates(),
        FromSource::Extract(_) | FromSource::Find(_) => false,
    });
    match item.refresh_policy {
        None if rotates => Some(RefreshPolicy::CreatedOnce),
        Some(RefreshPolicy::Periodic) if rotates => {
            findings
                .warning(
                    "generator-rotates",
                    place.at("refreshPolicy"),
                    "the generator makes a new value at every refresh",
                )
                .why("nothing remembers the value before")
                .fix("leave `refreshPolicy` out, or write `CreatedOnce`, unless a rotation is meant");
            item.refresh_policy
        }
        policy => policy,
    }
}

/// Which deletion policies go with which creation policies.
pub(super) fn creation_and_deletion(
    creation: CreationPolicy,
    deletion: DeletionPolicy,
    place: &Place,
    findings: &mut Findings,
) {
    use CreationPolicy::{CreateOrMerge, Merge, None, Orphan, Owner};
    let why = match (creation, deletion) {
        (Merge | None | CreateOrMerge, DeletionPolicy::Delete) => {
            "the operator deletes only a Secret that it owns, and its webhook refuses the two together"
        }
        (Orphan, DeletionPolicy::Delete) => {
            "the operator does not own the Secret: once the values are gone every sync fails"
        }
        (None, DeletionPolicy::Merge) => {
            "there is no Secret to take keys out of, and the webhook refuses the two together"
        }
        (Owner | Orphan | Merge | CreateOrMerge, DeletionPolicy::Merge)
        | (Owner, DeletionPolicy::Delete)
        | (Owner | Orphan | Merge | None | CreateOrMerge, DeletionPolicy::Retain) => return,
    };
    findings
        .error(
            "policy-conflict",
            place.at("deletionPolicy"),
            format!("`deletionPolicy: {deletion}` does not go with `creationPolicy: {creation}`"),
        )
        .why(why)
        .fix("leave `deletionPolicy` out, which retains, or let the operator own the Secret");
}

/// Only some providers tell a missing secret from an error.
pub(super) fn notices_missing(
    store: &StoreRef,
    deletion: DeletionPolicy,
    place: &Place,
    findings: &mut Findings,
) {
    if deletion != DeletionPolicy::Retain && !store.address.abilities.notices_missing {
        findings
            .warning(
                "ignored-by-provider",
                place.at("deletionPolicy"),
                format!("a secret that {} no longer has is an error, whatever `deletionPolicy` says", store.address.reader),
            )
            .why("the operator cannot tell there whether a value is gone, so nothing is taken out of the Secret")
            .fix("leave `deletionPolicy` out");
    }
}
