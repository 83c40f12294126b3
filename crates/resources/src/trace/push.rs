//! A push secret: from the Secret, key by key, to the stores.

use keyloom_models::Config;
use keyloom_models::config::{PushEntry, PushMany, PushSecret, PushSource, PushStore};
use keyloom_models::selector::LabelSelector;

use super::store::{hop, hop_of_reference};
use super::users::Home;
use super::{Hop, is_store, qualified, shown, subject_of_secret};

pub(super) fn hops(config: &Config, item: &PushSecret) -> Vec<Hop> {
    let mut hops = vec![source(item)];
    hops.extend(makers(config, item));
    let object = qualified(item.namespace.as_ref(), &item.name);
    hops.push(Hop::new("ESO", format!("PushSecret {object}"), schedule(item)));
    hops.extend(item.data.iter().map(single));
    hops.extend(item.data_to.iter().map(many));
    for store in &item.stores {
        hops.push(match store {
            PushStore::Named(reference) => {
                let home = Home::Namespace(item.namespace.as_ref());
                let declared = config.stores().iter().find(|store| is_store(reference, home, store));
                declared.map_or_else(|| hop_of_reference(reference), hop)
            }
            PushStore::Labelled { selector, kind } => {
                Hop::new("store", format!("every {kind} with {}", labels(selector)), "")
            }
        });
    }
    hops
}

fn source(item: &PushSecret) -> Hop {
    match &item.source {
        PushSource::Secret(name) => Hop::new("Secret", qualified(item.namespace.as_ref(), name), ""),
        PushSource::Secrets(selector) => {
            Hop::new("Secret", format!("every one with {}", labels(selector)), "")
        }
        PushSource::Generator(generator) => {
            Hop::new("generator", format!("{} {}", generator.kind, shown(&generator.name)), "")
        }
    }
}

/// Who here makes the Secret.
fn makers<'c>(config: &'c Config, item: &'c PushSecret) -> impl Iterator<Item = Hop> {
    config.external_secrets().iter().filter_map(|maker| match &item.source {
        PushSource::Secret(name) if maker.target.name == *name && maker.namespace == item.namespace => {
            Some(Hop::new("made by", subject_of_secret(maker), ""))
        }
        PushSource::Secret(_) | PushSource::Secrets(_) | PushSource::Generator(_) => None,
    })
}

fn schedule(item: &PushSecret) -> String {
    let mut words = format!("every {}", item.refresh_interval.short());
    words.extend(item.update_policy.map(|policy| format!(", updatePolicy {policy}")));
    words.extend(item.deletion_policy.map(|policy| format!(", deletionPolicy {policy}")));
    words
}

fn single(entry: &PushEntry) -> Hop {
    let what = entry.key.as_ref().map_or("every key, as JSON", shown);
    let property = entry.property.as_ref().map(|property| format!(", property {}", shown(property)));
    Hop::new("value", what, format!("-> key {}{}", shown(&entry.remote_key), property.unwrap_or_default()))
}

fn many(entry: &PushMany) -> Hop {
    let what = entry
        .matching
        .as_ref()
        .map_or_else(|| "every key".to_owned(), |regexp| format!("keys like {}", shown(regexp)));
    let renamed = if entry.rewrite.is_empty() { "" } else { ", rewritten" };
    let to = match &entry.remote_key {
        Some(key) => format!("-> key {}, as JSON", shown(key)),
        None => format!("-> a key each{renamed}"),
    };
    Hop::new("values", what, to)
}

/// Labels as they are selected by.
pub(super) fn labels(selector: &LabelSelector) -> String {
    let mut words: Vec<_> =
        selector.match_labels.iter().map(|(key, value)| format!("{key}={}", shown(value))).collect();
    for rule in &selector.match_expressions {
        let values: Vec<_> = rule.values.iter().map(shown).collect();
        words.push(
            format!("{} {} {}", shown(&rule.key), rule.operator, values.join(", ")).trim_end().to_owned(),
        );
    }
    if words.is_empty() { "any labels".to_owned() } else { words.join(", ") }
}
