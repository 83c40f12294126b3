//! Who uses a store or a generator.

use keyloom_models::config::{ExternalSecret, PushSecret};
use keyloom_models::{Config, Text};

use super::{Hop, qualified, shown};

/// What refers to stores and generators.
#[derive(Clone, Copy)]
pub(super) enum User<'c> {
    Secret(&'c ExternalSecret),
    Push(&'c PushSecret),
}

/// Where it is.
#[derive(Clone, Copy)]
pub(super) enum Home<'c> {
    /// In that namespace, or in one that somebody else fills in.
    Namespace(Option<&'c Text>),
    /// In each that is selected.
    Several,
}

impl Home<'_> {
    /// Whether it may use what is in that namespace.
    pub(super) fn reaches(self, namespace: Option<&Text>) -> bool {
        match self {
            Self::Namespace(own) => own == namespace,
            Self::Several => true,
        }
    }
}

/// A hop for each user, or one that says there is none. `pushed` is what a push secret does to it.
pub(super) fn hops(
    config: &Config,
    pushed: &'static str,
    uses: impl Fn(User<'_>, Home<'_>) -> bool,
) -> Vec<Hop> {
    let mut hops = Vec::new();
    for item in config.external_secrets() {
        let namespace = item.namespace.as_ref();
        if uses(User::Secret(item), Home::Namespace(namespace)) {
            let target = format!("Secret {}", qualified(namespace, &item.target.name));
            let what = format!("ExternalSecret {}", qualified(namespace, &item.name));
            hops.push(Hop::new("used by", what, target));
        }
    }
    for item in config.cluster_external_secrets() {
        if uses(User::Secret(&item.external_secret), Home::Several) {
            let target = format!("Secret {}", shown(&item.external_secret.target.name));
            hops.push(Hop::new("used by", format!("ClusterExternalSecret {}", shown(&item.name)), target));
        }
    }
    for item in config.push_secrets() {
        let namespace = item.namespace.as_ref();
        if uses(User::Push(item), Home::Namespace(namespace)) {
            let what = format!("PushSecret {}", qualified(namespace, &item.name));
            hops.push(Hop::new(pushed, what, ""));
        }
    }
    for item in config.cluster_push_secrets() {
        if uses(User::Push(&item.push_secret), Home::Several) {
            hops.push(Hop::new(pushed, format!("ClusterPushSecret {}", shown(&item.name)), ""));
        }
    }
    if hops.is_empty() {
        hops.push(Hop::new("used by", "nobody", ""));
    }
    hops
}
