//! A generator: what it makes, and who uses it.

use keyloom_models::config::{ExternalSecret, FromSource, GeneratorRef, PushSource};
use keyloom_models::policy::GeneratorKind;
use keyloom_models::{Config, GeneratorConfig};

use super::users::{self, Home, User};
use super::{Hop, qualified, shown};

pub(super) fn hops(config: &Config, item: &GeneratorConfig) -> Vec<Hop> {
    let uses = |user: User<'_>, home: Home<'_>| match user {
        User::Secret(secret) => references(secret).any(|reference| is_generator(reference, home, item)),
        User::Push(push) => match &push.source {
            PushSource::Generator(reference) => is_generator(reference, home, item),
            PushSource::Secret(_) | PushSource::Secrets(_) => false,
        },
    };
    std::iter::once(hop(item)).chain(users::hops(config, "used by", uses)).collect()
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

fn is_generator(reference: &GeneratorRef, home: Home<'_>, item: &GeneratorConfig) -> bool {
    if reference.name != item.name {
        return false;
    }
    match reference.kind {
        GeneratorKind::ClusterGenerator => item.cluster_scoped,
        kind => !item.cluster_scoped && kind == item.spec.kind() && home.reaches(item.namespace.as_ref()),
    }
}
