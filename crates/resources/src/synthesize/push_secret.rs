//! Push secrets: stores are resolved and addresses spelled already.

use keyloom_models::config::{self, PushEntry, PushMany, PushSource, PushStore};
use keyloom_models::data_from::{RewriteRegexp, RewriteTransform};
use keyloom_models::push_secret::PushRewrite;

use super::{external_secret::generator_ref, metadata, template};
use crate::external_secret::Rewrite;
use crate::push_secret::{
    PushData, PushDataTo, PushSecret, PushSecretSpec, PushSelector, PushStoreRef, WhichStore,
};

pub(super) fn lower(item: &config::PushSecret) -> PushSecret {
    PushSecret {
        metadata: metadata(&item.name, item.namespace.as_ref(), &item.labels, &item.annotations),
        spec: spec(item),
    }
}

/// The spec alone.
pub(super) fn spec(item: &config::PushSecret) -> PushSecretSpec {
    PushSecretSpec {
        refresh_interval: Some(item.refresh_interval),
        secret_store_refs: item.stores.iter().map(store).collect(),
        update_policy: item.update_policy,
        deletion_policy: item.deletion_policy,
        selector: match &item.source {
            PushSource::Secret(name) => PushSelector::Secret(name.clone()),
            PushSource::Secrets(labels) => PushSelector::Secrets(labels.clone()),
            PushSource::Generator(generator) => PushSelector::Generator(generator_ref(generator)),
        },
        data: item.data.iter().map(data).collect(),
        data_to: item.data_to.iter().map(data_to).collect(),
        template: item.template.as_deref().map(template::from_written),
    }
}

fn store(store: &PushStore) -> PushStoreRef {
    match store {
        PushStore::Named(store) => {
            PushStoreRef { which: WhichStore::Name(store.name.clone()), kind: Some(store.kind) }
        }
        PushStore::Labelled { selector, kind } => {
            PushStoreRef { which: WhichStore::Labels(selector.clone()), kind: Some(*kind) }
        }
    }
}

fn data(entry: &PushEntry) -> PushData {
    let PushEntry { key, remote_key, property, metadata, conversion_strategy } = entry.clone();
    PushData { secret_key: key, remote_key, property, metadata, conversion_strategy }
}

fn data_to(entry: &PushMany) -> PushDataTo {
    let PushMany { store: to, remote_key, matching, rewrite, metadata, conversion_strategy } = entry.clone();
    PushDataTo {
        store_ref: store(&to),
        remote_key,
        match_regexp: matching,
        rewrite: rewrite.into_iter().map(lower_rewrite).collect(),
        metadata,
        conversion_strategy,
    }
}

fn lower_rewrite(rewrite: PushRewrite) -> Rewrite {
    match rewrite {
        PushRewrite::Regexp(RewriteRegexp { source, target }) => Rewrite::Regexp { source, target },
        PushRewrite::Transform(RewriteTransform { template }) => Rewrite::Transform { template },
    }
}
