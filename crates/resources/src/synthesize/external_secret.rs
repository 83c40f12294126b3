//! External secrets: addresses are spelled already; selections, constants and connection strings become what ESO has
//! for them.

use keyloom_models::config::{self, DataEntry, FromEntry, FromSource, Remote};
use keyloom_models::data_from as written;
use keyloom_syntax::Text;

use super::{metadata, template};
use crate::external_secret::{
    Data, DataFrom, DataSource, ExternalSecret, ExternalSecretSpec, Find, GeneratorRef, RemoteRef, Rewrite,
    RewriteMerge, SourceRef, StoreRef, SyncWindow, SyncWindows, Target, TargetManifest,
};

pub(super) fn lower(item: &config::ExternalSecret) -> ExternalSecret {
    let select = template::Selection::of(item);
    ExternalSecret {
        metadata: metadata(&item.name, item.namespace.as_ref(), &item.labels, &item.annotations),
        spec: ExternalSecretSpec {
            secret_store_ref: item.store.as_ref().map(store_ref),
            refresh_policy: item.refresh_policy,
            refresh_interval: Some(item.refresh_interval),
            sync_windows: item.sync_windows.as_ref().map(|windows| SyncWindows {
                kind: windows.kind,
                windows: windows
                    .windows
                    .iter()
                    .map(|window| SyncWindow { schedule: window.schedule.clone(), duration: window.duration })
                    .collect(),
            }),
            target: Some(target(item, &select)),
            data: item.data.iter().map(data).collect(),
            data_from: item
                .data_from
                .iter()
                .enumerate()
                .map(|(i, entry)| data_from(entry, select.scratch(i)))
                .collect(),
        },
    }
}

fn target(item: &config::ExternalSecret, select: &template::Selection<'_>) -> Target {
    Target {
        name: Some(item.target.name.clone()),
        creation_policy: Some(item.target.creation_policy),
        deletion_policy: Some(item.target.deletion_policy),
        template: template::lower(item, select),
        manifest: item.target.manifest.as_ref().map(|manifest| TargetManifest {
            api_version: manifest.api_version.clone(),
            kind: manifest.kind.clone(),
        }),
        immutable: item.target.immutable,
    }
}

fn store_ref(store: &config::StoreRef) -> StoreRef {
    StoreRef { name: store.name.clone(), kind: Some(store.kind) }
}

pub(super) fn generator_ref(generator: &config::GeneratorRef) -> GeneratorRef {
    GeneratorRef { api_version: None, kind: generator.kind, name: generator.name.clone() }
}

fn data(entry: &DataEntry) -> Data {
    Data {
        secret_key: entry.secret_key.clone(),
        remote_ref: remote_ref(&entry.remote),
        source_ref: entry.store.as_ref().map(|store| SourceRef::Store(store_ref(store))),
    }
}

fn remote_ref(remote: &Remote) -> RemoteRef {
    let Remote {
        key,
        property,
        version,
        decoding_strategy,
        conversion_strategy,
        metadata_policy,
        null_byte_policy,
    } = remote.clone();
    RemoteRef {
        key,
        property,
        version,
        decoding_strategy,
        conversion_strategy,
        metadata_policy,
        null_byte_policy,
    }
}

/// A whole entry. What a template selects from is renamed out of the way first, so that two entries do not meet.
fn data_from(entry: &FromEntry, scratch: Option<String>) -> DataFrom {
    let store = entry.store.as_ref().map(store_ref);
    let source = match &entry.source {
        FromSource::Extract(remote) => DataSource::Extract { remote: remote_ref(remote), store },
        FromSource::Find(find) => DataSource::Find { find: lower_find(find), store },
        FromSource::Generator(generator) => DataSource::Generator(generator_ref(generator)),
    };
    let mut rewrite: Vec<_> = entry.rewrite.iter().map(lower_rewrite).collect();
    match (scratch, &entry.prefix) {
        (Some(scratch), _) => rewrite.push(prefixed(&scratch.into())),
        (None, Some(prefix)) => rewrite.push(prefixed(prefix)),
        (None, None) => {}
    }
    DataFrom { source, rewrite }
}

/// Puts text before every key, spelled as people spell it. `$` means a group in the target and is doubled.
fn prefixed(prefix: &Text) -> Rewrite {
    let target = prefix.map(|prefix| prefix.replace('$', "$$")).join(&"$1".into());
    Rewrite::Regexp { source: "(.*)".into(), target }
}

fn lower_find(find: &written::Find) -> Find {
    Find {
        path: find.path.clone(),
        name_regexp: find.name.as_ref().map(|name| name.regexp.clone()),
        tags: find.tags.clone().unwrap_or_default(),
        conversion_strategy: find.conversion_strategy,
        decoding_strategy: find.decoding_strategy,
        null_byte_policy: find.null_byte_policy,
    }
}

fn lower_rewrite(rewrite: &written::Rewrite) -> Rewrite {
    match rewrite.clone() {
        written::Rewrite::Regexp(written::RewriteRegexp { source, target }) => {
            Rewrite::Regexp { source, target }
        }
        written::Rewrite::Transform(written::RewriteTransform { template }) => {
            Rewrite::Transform { template }
        }
        written::Rewrite::Merge(merge) => Rewrite::Merge(RewriteMerge {
            into: merge.into,
            priority: merge.priority.unwrap_or_default(),
            priority_policy: merge.priority_policy,
            conflict_policy: merge.conflict_policy,
            strategy: merge.strategy,
        }),
    }
}
