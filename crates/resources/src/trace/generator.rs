//! A generator: what it makes, and who uses it.

use keyloom_models::config::{ExternalSecret, FromSource, GeneratorRef};
use keyloom_models::policy::GeneratorKind;
use keyloom_models::{Config, GeneratorConfig};

use super::{Hop, qualified, shown};

pub(super) fn hops(config: &Config, item: &GeneratorConfig) -> Vec<Hop> {
    let mut hops = vec![hop(item)];
    for secret in config.external_secrets() {
        if references(secret).any(|reference| is_generator(reference, secret, item)) {
            let object = qualified(secret.namespace.as_ref(), &secret.name);
            let target = format!("Secret {}", qualified(secret.namespace.as_ref(), &secret.target.name));
            hops.push(Hop::new("used by", format!("ExternalSecret {object}"), target));
        }
    }
    if hops.len() == 1 {
        hops.push(Hop::new("used by", "nobody", ""));
    }
    hops
}

/// The generator itself, and the keys that it makes.
pub(super) fn hop(item: &GeneratorConfig) -> Hop {
    let kind = item.spec.kind();
    let scope = if item.cluster_scoped { "ClusterGenerator, " } else { "" };
    let what = format!("{scope}{kind} {}", qualified(item.namespace.as_ref(), &item.name));
    let note = match item.spec.keys() {
        _ if item.external => "declared elsewhere".to_owned(),
        Some(keys) => format!("makes {}", keys.iter().map(shown).collect::<Vec<_>>().join(", ")),
        None => "makes keys that only it knows".to_owned(),
    };
    Hop::new("generator", what, note)
}

fn references(item: &ExternalSecret) -> impl Iterator<Item = &GeneratorRef> {
    item.data_from.iter().filter_map(|entry| match &entry.source {
        FromSource::Generator(generator) => Some(generator),
        FromSource::Extract(_) | FromSource::Find(_) => None,
    })
}

fn is_generator(reference: &GeneratorRef, user: &ExternalSecret, item: &GeneratorConfig) -> bool {
    if reference.name != item.name {
        return false;
    }
    match reference.kind {
        GeneratorKind::ClusterGenerator => item.cluster_scoped,
        kind => !item.cluster_scoped && kind == item.spec.kind() && user.namespace == item.namespace,
    }
}
