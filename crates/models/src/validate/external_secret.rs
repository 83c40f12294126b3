//! From an external secret as it is written to what it means.

use std::collections::BTreeSet;

use keyloom_syntax::Text;

use super::address::{heeded, remote_key, search, version};
use super::connections::{Meant, MeantStore};
use super::expand::{self, Expanded};
use super::resolve::Resolved;
use super::{Context, generators, keys, newer, policies, schedule, templates};
use crate::address::{PathClass, WholeEntry};
use crate::config::{DataEntry, ExternalSecret, FromEntry, FromSource, Remote, StoreRef, Target};
use crate::data_from::DataFrom;
use crate::external_secret::{Content, Entries, ExternalSecretConfig};
use crate::finding::{Findings, Place};
use crate::helper::Helper;
use crate::policy::{CreationPolicy, DeletionPolicy};
use crate::reference::{KeySelection, SecretReference, SecretStoreRef};

/// Makes the item; `None` when something it needs is missing, which is reported then.
pub(super) fn make(
    context: &Context<'_>,
    place: Place,
    item: ExternalSecretConfig,
    findings: &mut Findings,
) -> Option<ExternalSecret> {
    newer::external_secret(context.rules, &item, &place, findings);
    let interval = policies::interval(&item, &place, findings);
    let mut maker =
        Maker { context, namespace: item.namespace.clone(), place: &place, findings, default: None };
    let (store, expanded, secret_type) = match &item.content {
        Content::Helper(helper) => {
            let (store, expanded) = match &**helper {
                Helper::Connection(connection) => {
                    let own = item.secret_store_ref.as_ref();
                    let meant = context.connections.resolve(connection, own, &place, maker.findings)?;
                    let store = maker.store_of(&meant);
                    let expanded = expand::connection(connection, &meant, &store, &place, maker.findings);
                    (store, expanded)
                }
                other => {
                    let store = maker.store(&item);
                    let expanded = expand::helper(other, &store, &place, maker.findings);
                    (store, expanded)
                }
            };
            (Some(store), expanded, helper.secret_type())
        }
        Content::Entries(entries) => {
            if entries.need_store() || item.secret_store_ref.is_some() {
                maker.default = Some(maker.store(&item));
            }
            let expanded = maker.entries(entries)?;
            (maker.default, expanded, None)
        }
    };
    let Expanded { data, data_from, mut made } = expanded;
    let refresh_policy = policies::refresh_policy(&item, &data_from, &place, findings);
    let options = *item.options;
    if let Some(windows) = &options.sync_windows {
        schedule::check(windows, &place.at("syncWindows"), findings);
    }
    made.constants = options.constants;
    let target = Target {
        name: item.target_secret_name.unwrap_or_else(|| item.name.clone()),
        creation_policy: options.creation_policy.unwrap_or(CreationPolicy::Owner),
        deletion_policy: options.deletion_policy.unwrap_or(DeletionPolicy::Retain),
        immutable: options.immutable,
        manifest: options.manifest,
        template: options.template,
        secret_type,
    };
    policies::creation_and_deletion(target.creation_policy, target.deletion_policy, &place, findings);
    if let Some(store) = &store {
        policies::notices_missing(store, target.deletion_policy, &place, findings);
    }
    let secret = ExternalSecret {
        name: item.name,
        namespace: item.namespace,
        store,
        refresh_policy,
        refresh_interval: interval,
        sync_windows: options.sync_windows,
        target,
        data,
        data_from,
        made,
        labels: item.labels,
        annotations: item.annotations,
    };
    keys::check(&secret, &place, findings);
    templates::check(context.rules, &secret, &place, findings);
    Some(secret)
}

struct Maker<'a, 'f> {
    context: &'a Context<'a>,
    namespace: Option<Text>,
    place: &'a Place,
    findings: &'f mut Findings,
    /// The store of every entry that does not name its own.
    default: Option<StoreRef>,
}

impl Maker<'_, '_> {
    /// The store of the whole external secret. The rest is checked even where there is none.
    fn store(&mut self, item: &ExternalSecretConfig) -> StoreRef {
        self.resolved(item.secret_store_ref.as_ref(), self.place)
    }

    /// The store that a connection lies in.
    fn store_of(&mut self, meant: &Meant<'_>) -> StoreRef {
        match &meant.store {
            MeantStore::Named(reference, place) => self.resolved(*reference, place),
            MeantStore::Reported(name) => StoreRef::unresolved((*name).clone()),
        }
    }

    fn resolved(&mut self, reference: Option<&SecretStoreRef>, place: &Place) -> StoreRef {
        match self.context.stores.resolve(reference, self.namespace.as_ref(), place, self.findings) {
            Resolved::Store(store) => {
                readable(&store, place, self.findings);
                store
            }
            Resolved::Reported => {
                StoreRef::unresolved(reference.map_or_else(Text::default, |reference| reference.name.clone()))
            }
        }
    }

    /// The store an entry names itself, and the one it is read from.
    fn entry_store(
        &mut self,
        reference: Option<&SecretStoreRef>,
        place: &Place,
    ) -> Option<(Option<StoreRef>, StoreRef)> {
        let Some(reference) = reference else { return Some((None, self.default.clone()?)) };
        let store = self.resolved(Some(reference), place);
        Some((Some(store.clone()), store))
    }

    fn entries(&mut self, entries: &Entries) -> Option<Expanded> {
        let mut expanded = Expanded::default();
        let mut complete = true;
        if entries.data.is_empty() && entries.data_from.is_empty() {
            self.findings
                .error("no-keys", self.place.clone(), "an external secret without keys")
                .fix("add `data`, `dataFrom` or a helper");
            complete = false;
        }
        expanded.data.reserve_exact(entries.data.len());
        let mut singles = Vec::new();
        for (i, reference) in entries.data.iter().enumerate() {
            let place = self.place.at("data").at(i);
            if reference.key.is_some() {
                singles.push((i, expanded.data.len()));
            }
            complete &= self.reference(reference, &place, &mut expanded.data).is_some();
        }
        whole_entries(&expanded.data, &singles, self.default.as_ref(), self.place, self.findings);
        for (i, entry) in entries.data_from.iter().enumerate() {
            let place = self.place.at("dataFrom").at(i);
            complete &= self.data_from(entry, &place, &mut expanded).is_some();
        }
        complete.then_some(expanded)
    }

    fn reference(
        &mut self,
        reference: &SecretReference,
        place: &Place,
        data: &mut Vec<DataEntry>,
    ) -> Option<()> {
        let (own, store) = self.entry_store(reference.secret_store_ref.as_deref(), place)?;
        heeded(reference.property.as_ref(), reference.metadata_policy, &store, place, self.findings);
        let remote = Remote {
            key: remote_key(&reference.path, &store, &place.at("path"), self.findings),
            property: reference.property.clone(),
            version: version(reference.version.as_ref(), &store, place, self.findings),
            decoding_strategy: reference.decoding_strategy,
            conversion_strategy: reference.conversion_strategy,
            metadata_policy: reference.metadata_policy,
            null_byte_policy: reference.null_byte_policy,
        };
        let own = own.map(Box::new);
        match (&reference.key, &reference.keys) {
            (Some(key), None) => data.push(DataEntry { secret_key: key.clone(), remote, store: own }),
            (None, Some(KeySelection(pairs))) => data.extend(pairs.iter().map(|(key, field)| DataEntry {
                secret_key: key.clone(),
                remote: Remote { property: Some(field.clone()), ..remote.clone() },
                store: own.clone(),
            })),
            (Some(_), Some(_)) | (None, None) => {
                self.findings
                    .error("key-or-keys", place.clone(), "a secret reference has either `key` or `keys`")
                    .fix("write `key` for one value, `keys` for several fields of one entry");
                return None;
            }
        }
        Some(())
    }

    fn data_from(&mut self, entry: &DataFrom, place: &Place, expanded: &mut Expanded) -> Option<()> {
        let rewrite = entry.rewrite.clone().unwrap_or_default();
        let keep = entry.keys.as_ref().map(|keys| keys.0.clone());
        let prefix = entry.prefix.clone();
        if let Some(generator) = &entry.generator {
            let (generators, at) = (self.context.generators, place.at("generator"));
            let made = generators.resolve(generator, self.namespace.as_ref(), &at, self.findings);
            generators::selected(&made, keep.as_deref(), &place.at("keys"), self.findings);
            let source = FromSource::Generator(made);
            expanded.data_from.push(FromEntry { source, keep, prefix, rewrite, store: None });
            return Some(());
        }
        let (own, store) = self.entry_store(entry.secret_store_ref.as_ref(), place)?;
        let source = match (&entry.extract, &entry.find) {
            (Some(extract), None) => {
                let at = &place.at("extract");
                heeded(extract.property.as_ref(), extract.metadata_policy, &store, at, self.findings);
                FromSource::Extract(Remote {
                    key: remote_key(&extract.path, &store, &at.at("path"), self.findings),
                    property: extract.property.clone(),
                    version: version(extract.version.as_ref(), &store, at, self.findings),
                    decoding_strategy: extract.decoding_strategy,
                    conversion_strategy: extract.conversion_strategy,
                    metadata_policy: extract.metadata_policy,
                    null_byte_policy: extract.null_byte_policy,
                })
            }
            (None, Some(find)) => FromSource::Find(search(find, &store, &place.at("find"), self.findings)),
            (Some(_), Some(_)) | (None, None) => {
                self.findings
                    .error(
                        "data-from-source",
                        place.clone(),
                        "exactly one of `extract`, `find` and `generator` is wanted",
                    )
                    .fix("write one entry for each");
                return None;
            }
        };
        let by_fields = store.address.class == PathClass::Entries && rewrite.is_empty();
        match (&source, keep, prefix) {
            // Where a field can be looked up as it is, a selection is single values.
            (FromSource::Extract(remote), Some(pairs), prefix) if by_fields && remote.property.is_none() => {
                expanded.data.extend(pairs.into_iter().map(|(key, field)| DataEntry {
                    secret_key: prefix.as_ref().map_or_else(|| key.clone(), |prefix| prefix.join(&key)),
                    remote: Remote { property: Some(field), ..remote.clone() },
                    store: own.clone().map(Box::new),
                }));
            }
            (_, keep, prefix) => {
                expanded.data_from.push(FromEntry { source, keep, prefix, rewrite, store: own })
            }
        }
        Some(())
    }
}

/// Some providers are only written to.
fn readable(store: &StoreRef, place: &Place, findings: &mut Findings) {
    if !store.address.abilities.reads {
        findings
            .error(
                "write-only-store",
                place.at("secretStoreRef"),
                format!("{} can only be written to", store.address.reader),
            )
            .why("the operator fails at every sync of an external secret that reads from it")
            .fix("read from the store that holds the value");
    }
}

/// A reference without `property` takes the whole entry, as JSON, where entries have fields: on Vault always, on AWS
/// when another reference takes a field of the same path. `singles` are the entries of references with one key, by the
/// number of the reference.
fn whole_entries(
    data: &[DataEntry],
    singles: &[(usize, usize)],
    default: Option<&StoreRef>,
    place: &Place,
    findings: &mut Findings,
) {
    let with_fields: BTreeSet<&str> = data
        .iter()
        .filter(|entry| entry.remote.property.is_some())
        .filter_map(|entry| entry.remote.key.known())
        .collect();
    for (number, at) in singles {
        let Some(entry) = data.get(*at).filter(|entry| entry.remote.property.is_none()) else { continue };
        let Some(store) = entry.store.as_deref().or(default) else { continue };
        let whole = match store.address.whole_entry {
            WholeEntry::Always => true,
            WholeEntry::BesideFields => entry.remote.key.known().is_some_and(|key| with_fields.contains(key)),
            WholeEntry::Never => false,
        };
        if whole {
            let at = place.at("data").at(*number);
            findings
                .warning("whole-entry", at, "the whole entry, as JSON, becomes this one key")
                .fix("write `property` with the name of a field, if one field is meant");
        }
    }
}
