//! What push secrets have to do with the Secrets that external secrets make: the keys that are pushed are there, and
//! nothing is pushed to where it came from.

use keyloom_syntax::Text;

use super::reads::{Produced, Reader};
use super::{ByText, same};
use crate::code::{PUSH_LOOP, UNKNOWN_SECRET_KEY};
use crate::config::{ExternalSecret, PushEntry, PushSecret, PushSource, PushStore};
use crate::finding::{Findings, List, Place};
use crate::service::{SecretRead, Wanted};
use crate::template::Template;

/// Checks a push secret; `at` is where its fields stand, `namespace` the one that its Secret is looked for in, `makers` are
/// all external secrets by the name of their Secret.
pub(super) fn check(
    item: &PushSecret,
    namespace: Option<&Text>,
    makers: &ByText<'_>,
    produced: &Produced<'_>,
    at: &Place,
    findings: &mut Findings,
) {
    match &item.source {
        PushSource::Secret(secret) => {
            keys(item, secret, namespace, produced, at, findings);
            let makers = secret.written().and_then(|name| makers.get(name)).into_iter().flatten();
            let makers: Vec<_> = makers.filter(|(_, maker)| makes(maker, secret, namespace)).collect();
            for (i, entry) in item.data.iter().enumerate() {
                for (number, maker) in &makers {
                    comes_back(item, entry, maker, *number, &at.at("data").at(i), findings);
                }
            }
        }
        PushSource::Generator(generator) => {
            let Some(keys) = &generator.keys else { return };
            for (i, entry) in item.data.iter().enumerate() {
                let Some(key) = entry.key.as_ref().and_then(Text::known) else { continue };
                let there = keys.iter().any(|there| there.known().is_none_or(|there| there == key));
                if !there && !made_by_template(item.template.as_deref(), key) {
                    let held: Vec<_> = keys.iter().filter_map(Text::known).collect();
                    findings
                        .error(
                            UNKNOWN_SECRET_KEY,
                            at.at("data").at(i).at("key"),
                            format!("{} `{}` makes no key `{key}`", generator.makes, generator.name.shown()),
                        )
                        .fix(format!("it makes {}", held.join(", ")));
                }
            }
        }
        PushSource::Secrets(_) => {}
    }
}

/// Every key that is pushed is in the Secret, or made by the template, as far as it is known.
fn keys(
    item: &PushSecret,
    secret: &Text,
    namespace: Option<&Text>,
    produced: &Produced<'_>,
    at: &Place,
    findings: &mut Findings,
) {
    let reader = Reader::new(produced, namespace, true);
    for (i, entry) in item.data.iter().enumerate() {
        let Some(key) = &entry.key else { continue };
        if key.known().is_none_or(|key| made_by_template(item.template.as_deref(), key)) {
            continue;
        }
        let place = at.at("data").at(i);
        reader.key_if_written(
            &SecretRead {
                secret: secret.clone(),
                wanted: Wanted::File { key: key.clone(), path: key.clone() },
                optional: false,
                at_name: at.at("selector"),
                at_key: place.at("key"),
                at_optional: place,
                otherwise: Some("the operator fails at every sync, and pushes nothing"),
            },
            findings,
        );
    }
}

/// A template adds keys to those of the Secret.
fn made_by_template(template: Option<&Template>, key: &str) -> bool {
    template.is_some_and(|template| {
        template.template_from.is_some() || template.data.iter().flatten().any(|(made, _)| made == key)
    })
}

fn makes(maker: &ExternalSecret, secret: &Text, namespace: Option<&Text>) -> bool {
    maker.target.writes_a_secret()
        && same(Some(&maker.target.name), Some(secret)) == Some(true)
        && same(maker.namespace.as_ref(), namespace) == Some(true)
}

/// A key that is read from the very place that it is pushed to.
fn comes_back(
    item: &PushSecret,
    entry: &PushEntry,
    maker: &ExternalSecret,
    number: usize,
    place: &Place,
    findings: &mut Findings,
) {
    let Some(key) = &entry.key else { return };
    for (i, read) in maker.data.iter().enumerate() {
        let from = read.store.as_deref().or(maker.store.as_ref());
        let to_same_store = from.is_some_and(|from| {
            item.stores.iter().any(|store| match store {
                PushStore::Named(store) => store.name == from.name && store.kind == from.kind,
                PushStore::Labelled { .. } => false,
            })
        });
        let there = read.remote.key == entry.remote_key && read.remote.property == entry.property;
        if to_same_store && there && read.secret_key == *key && key.known().is_some() {
            findings
                .warning(
                    PUSH_LOOP,
                    place.clone(),
                    format!("`{}` is pushed to where it is read from", key.shown()),
                )
                .why("a value that is changed in the store may be overwritten by the one before")
                .fix("read it or push it, not both")
                .and(Place::item(List::ExternalSecrets, number).at("data").at(i), "read here");
        }
    }
}
