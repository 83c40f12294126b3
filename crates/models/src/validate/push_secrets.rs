//! From a push secret as it is written to what it means.

use std::collections::BTreeMap;

use keyloom_syntax::Text;

use super::address::remote_key;
use super::resolve::Resolved;
use super::{Context, newer, regexp, same, shown, templates};
use crate::code::{
    DUPLICATE_REMOTE_KEY, NOTHING_PUSHED, PUSH_DELETES, PUSH_STORE, REFRESH_ZERO, STORE_CANNOT_PUSH,
};
use crate::config::{PushEntry, PushMany, PushSecret, PushSource, PushStore, StoreRef};
use crate::duration::Duration;
use crate::finding::{Findings, Place};
use crate::policy::{PushDeletionPolicy, StoreKind};
use crate::push_secret::{self as written, PushRewrite, PushSecretConfig, PushSecretSource, PushSelector};
use crate::reference::SecretStoreRef;

/// Makes the item. `at` is where its fields stand, `namespace` the one that its references are resolved in.
pub(super) fn make(
    context: &Context<'_>,
    item: PushSecretConfig,
    namespace: Option<&Text>,
    at: &Place,
    findings: &mut Findings,
) -> PushSecret {
    newer::push_secret(context.rules, &item, at, findings);
    if item.data.is_empty() && item.data_to.is_empty() {
        findings
            .error(NOTHING_PUSHED, at.clone(), "nothing is pushed")
            .fix("write `data` for single keys, or `dataTo` for many at once");
    }
    let mut maker = Maker { context, namespace, place: at, findings };
    let stores = maker.stores(item.secret_store_refs.as_ref());
    let source = maker.source(&item.selector);
    let data: Vec<_> = item
        .data
        .iter()
        .enumerate()
        .map(|(i, entry)| maker.entry(entry, &stores, &at.at("data").at(i)))
        .collect();
    let data_to: Vec<_> = item
        .data_to
        .iter()
        .enumerate()
        .map(|(i, entry)| maker.many(entry, &stores, &at.at("dataTo").at(i)))
        .collect();
    duplicates(&data, &at.at("data"), findings);
    deletes(item.deletion_policy, &stores, at, findings);
    let refresh_interval = item.refresh_interval.unwrap_or_else(|| Duration::from_hours(1));
    if refresh_interval == Duration::ZERO {
        findings
            .warning(
                REFRESH_ZERO,
                at.at("refreshInterval"),
                "an interval of zero pushes once, and later changes of the Secret are not pushed",
            )
            .fix("write a time such as \"1h\"");
    }
    let push = PushSecret {
        name: item.name,
        namespace: item.namespace,
        stores: stores.into_iter().flatten().collect(),
        source,
        data,
        data_to,
        update_policy: item.update_policy,
        deletion_policy: item.deletion_policy,
        refresh_interval,
        template: item.template,
        labels: item.labels,
        annotations: item.annotations,
    };
    templates::push(context.rules, &push, at, findings);
    push
}

/// Some providers are only read.
fn writable(store: &StoreRef, place: &Place, findings: &mut Findings) {
    if !store.address.abilities.writes {
        findings
            .error(
                STORE_CANNOT_PUSH,
                place.clone(),
                format!("the operator only reads from {}", store.address.reader),
            )
            .why("it has no way to write there, and the push secret never becomes ready")
            .fix("push to a store of another provider");
    }
}

struct Maker<'a, 'f> {
    context: &'a Context<'a>,
    namespace: Option<&'a Text>,
    place: &'a Place,
    findings: &'f mut Findings,
}

impl Maker<'_, '_> {
    /// The stores; `None` for one that is not resolved, which is reported.
    fn stores(&mut self, references: Option<&written::PushStores>) -> Vec<Option<PushStore>> {
        let at = self.place.at("secretStoreRefs");
        let Some(references) = references else {
            return vec![self.named(None, self.place)];
        };
        // A single name stands without a list.
        let single = references.0.len() == 1;
        let place = |i: usize| if single { self.place.at("secretStoreRefs").at(0) } else { at.at(i) };
        let places: Vec<_> = (0..references.0.len()).map(place).collect();
        let mut stores = Vec::with_capacity(places.len());
        for (reference, place) in references.0.iter().zip(&places) {
            stores.push(self.store(reference, place));
        }
        stores
    }

    fn store(&mut self, reference: &written::PushStore, place: &Place) -> Option<PushStore> {
        match reference {
            written::PushStore::Named(reference) => self.named(Some(reference), place),
            written::PushStore::Labelled { selector, kind } => Some(PushStore::Labelled {
                selector: selector.clone(),
                kind: kind.unwrap_or(StoreKind::SecretStore),
            }),
        }
    }

    fn named(&mut self, reference: Option<&SecretStoreRef>, place: &Place) -> Option<PushStore> {
        let stores = self.context.stores;
        match stores.resolve_at(reference, self.namespace, place, self.findings) {
            Resolved::Store(store) => {
                writable(&store, place, self.findings);
                Some(PushStore::Named(store))
            }
            Resolved::Reported => None,
        }
    }

    fn source(&mut self, selector: &PushSelector) -> PushSource {
        match selector {
            PushSelector::Secret(PushSecretSource::Named(name)) => PushSource::Secret(name.clone()),
            PushSelector::Secret(PushSecretSource::Labelled(labels)) => PushSource::Secrets(labels.clone()),
            PushSelector::Generator(generator) => {
                let at = self.place.path("selector.generator");
                let generators = self.context.generators;
                PushSource::Generator(generators.resolve(generator, self.namespace, &at, self.findings))
            }
        }
    }

    fn entry(
        &mut self,
        entry: &written::PushReference,
        stores: &[Option<PushStore>],
        place: &Place,
    ) -> PushEntry {
        PushEntry {
            key: entry.key.clone(),
            remote_key: self.remote_key(&entry.path, stores.iter(), &place.at("path")),
            property: entry.property.clone(),
            metadata: entry.metadata.clone(),
            conversion_strategy: entry.conversion_strategy,
        }
    }

    fn many(&mut self, entry: &written::PushMany, stores: &[Option<PushStore>], place: &Place) -> PushMany {
        let at = place.at("secretStoreRef");
        let known = stores.iter().flatten().find(|store| is_same(store, &entry.secret_store_ref));
        let store = match (known, &entry.secret_store_ref) {
            (Some(store), _) => Some(store.clone()),
            (None, written::PushStore::Named(reference)) => {
                if stores.iter().all(Option::is_some) && reference.name.known().is_some() {
                    let name = shown(&reference.name);
                    let finding = self.findings.error(
                        PUSH_STORE,
                        at.clone(),
                        format!("store `{name}` is not among `secretStoreRefs`"),
                    );
                    finding.why("the operator refuses the entry at every sync");
                    finding.fix("add it to `secretStoreRefs`, or name one that stands there");
                }
                self.store(&entry.secret_store_ref, &at)
            }
            (None, written::PushStore::Labelled { .. }) => self.store(&entry.secret_store_ref, &at),
        };
        for (i, rewrite) in entry.rewrite.iter().flatten().enumerate() {
            if let PushRewrite::Regexp(rewrite) = rewrite {
                let at = place.at("rewrite").at(i).path("regexp.source");
                regexp::check(&rewrite.source, &at, self.findings);
            }
        }
        let matching = entry.matching.as_ref().and_then(|matching| matching.regexp.clone());
        if let Some(matching) = &matching {
            regexp::check(matching, &place.path("match.regexp"), self.findings);
        }
        let path = entry.path.as_ref();
        let remote_key = path.map(|path| self.remote_key(path, [&store].into_iter(), &place.at("path")));
        PushMany {
            // Why there is none is an error.
            store: store.unwrap_or_else(|| PushStore::Named(StoreRef::unresolved(Text::default()))),
            remote_key,
            matching,
            rewrite: entry.rewrite.clone().unwrap_or_default(),
            metadata: entry.metadata.clone(),
            conversion_strategy: entry.conversion_strategy,
        }
    }

    /// The path as the stores read it: as it is written where they do not agree.
    fn remote_key<'s>(
        &mut self,
        path: &Text,
        stores: impl Iterator<Item = &'s Option<PushStore>>,
        place: &Place,
    ) -> Text {
        let mut spelled: Vec<Text> = Vec::new();
        let mut readers: Vec<&str> = Vec::new();
        for store in stores {
            match store {
                Some(PushStore::Named(store)) if !readers.contains(&store.address.reader) => {
                    readers.push(store.address.reader);
                    spelled.push(remote_key(path, store, place, self.findings));
                }
                Some(PushStore::Named(_)) | None => {}
                Some(PushStore::Labelled { .. }) => spelled.push(path.clone()),
            }
        }
        match spelled.as_slice() {
            [first, rest @ ..] if rest.iter().all(|other| other == first) => first.clone(),
            _ => path.clone(),
        }
    }
}

/// Whether a reference of `dataTo` is to a store of the push secret.
fn is_same(store: &PushStore, reference: &written::PushStore) -> bool {
    match (store, reference) {
        (PushStore::Named(store), written::PushStore::Named(reference)) => {
            same(Some(&store.name), Some(&reference.name)) == Some(true)
                && reference.kind.is_none_or(|kind| kind == store.kind)
        }
        (PushStore::Labelled { .. }, written::PushStore::Labelled { .. })
        | (PushStore::Named(_), written::PushStore::Labelled { .. })
        | (PushStore::Labelled { .. }, written::PushStore::Named(_)) => false,
    }
}

/// Two entries that are written to one place.
fn duplicates(data: &[PushEntry], place: &Place, findings: &mut Findings) {
    let mut seen: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    for (i, entry) in data.iter().enumerate() {
        let Some(key) = entry.remote_key.known() else { continue };
        let property = match &entry.property {
            Some(property) => match property.known() {
                Some(property) => Some(property),
                None => continue,
            },
            None => None,
        };
        if let Some(first) = seen.get(&(key, property)) {
            let what =
                property.map_or_else(|| format!("`{key}`"), |property| format!("`{property}` of `{key}`"));
            findings
                .error(DUPLICATE_REMOTE_KEY, place.at(i).at("path"), format!("{what} is written twice"))
                .label("again here")
                .why("the second overwrites the first, at every sync")
                .fix("write each to a place of its own, with another `path` or `property`")
                .and(place.at(*first).at("path"), "first here");
            continue;
        }
        seen.insert((key, property), i);
        // A whole value and a field of it.
        let other = match property {
            Some(_) => seen.get(&(key, None)),
            None => {
                seen.range((key, Some(""))..).next().filter(|((other, _), _)| *other == key).map(|it| it.1)
            }
        };
        if let Some(other) = other {
            findings
                .error(
                    DUPLICATE_REMOTE_KEY,
                    place.at(i).at("path"),
                    format!("`{key}` is written as a whole, and a field of it too"),
                )
                .why("each overwrites the other, at every sync")
                .fix("write `property` in both, or another `path`")
                .and(place.at(*other).at("path"), "and here");
        }
    }
}

/// Most providers keep a mark on what the operator wrote, and delete nothing else. Infisical has none.
fn deletes(
    policy: Option<PushDeletionPolicy>,
    stores: &[Option<PushStore>],
    place: &Place,
    findings: &mut Findings,
) {
    if policy != Some(PushDeletionPolicy::Delete) {
        return;
    }
    let unguarded = stores.iter().flatten().find_map(|store| match store {
        PushStore::Named(store) if store.provider.as_str() == "infisical" => Some(store),
        PushStore::Named(_) | PushStore::Labelled { .. } => None,
    });
    if let Some(store) = unguarded {
        findings
            .warning(
                PUSH_DELETES,
                place.at("deletionPolicy"),
                format!("in Infisical (`{}`) secrets that people made are deleted too", shown(&store.name)),
            )
            .why("nothing there says who made a secret: one of that name goes with the PushSecret, or with its entry, or with the Secret")
            .fix("leave `deletionPolicy` out, or push into a folder that nobody else writes to");
    }
}
