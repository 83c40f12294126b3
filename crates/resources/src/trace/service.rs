//! A service: what it reads of which Secret, and who makes it.

use keyloom_models::config::{ExternalSecret, Keys};
use keyloom_models::service::RotationStrategy;
use keyloom_models::{Config, SecretRead, ServiceConfig, Wanted};

use super::{Hop, qualified, shown, subject_of_secret};

mod direct;

pub(super) fn hops(config: &Config, service: &ServiceConfig) -> Vec<Hop> {
    let mut hops: Vec<Hop> = deployment(service).into_iter().collect();
    if let Some(access) = service.direct_access() {
        hops.extend(direct::hops(service, access));
    }
    let reads = service.secret_reads();
    if reads.is_empty() {
        hops.push(Hop::new("reads", "no Secret", ""));
    }
    for read in reads {
        let makers = || config.external_secrets().iter().filter(|item| is_read_of(&read, service, item));
        let keys = makers().next().map(|item| item.keys()).unwrap_or_else(nothing_known);
        let name = qualified(service.namespace.as_ref(), &read.secret);
        let key = read.wanted.key().map(|key| format!(" key {}", shown(key))).unwrap_or_default();
        hops.push(Hop::new("reads", format!("Secret {name}{key}"), read_note(&read, &keys)));
        for item in makers() {
            hops.push(Hop::new("made by", subject_of_secret(item), ""));
        }
    }
    hops
}

/// What a service with an image becomes.
fn deployment(service: &ServiceConfig) -> Option<Hop> {
    let mut note = format!("image {}", shown(service.image.as_ref()?));
    match service.rotation_strategy {
        Some(RotationStrategy::Restart) => note.push_str(", restarted when what it reads changes"),
        Some(RotationStrategy::File) => note.push_str(", reads its files again"),
        Some(RotationStrategy::Signal) => note.push_str(", gets a signal and reads its files again"),
        Some(RotationStrategy::None) | None => {}
    }
    Some(Hop::new("becomes", workload(service), note))
}

/// The pods that read: of a Deployment, or of whatever somebody else makes for the service.
pub(super) fn workload(service: &ServiceConfig) -> String {
    let kind = if service.image.is_some() { "Deployment" } else { "service" };
    format!("{kind} {}", qualified(service.namespace.as_ref(), &service.name))
}

/// Whether a read of a service is of the Secret that an external secret makes. A namespace that is left out is filled
/// in later, for both alike or not.
pub(super) fn is_read_of(read: &SecretRead, service: &ServiceConfig, item: &ExternalSecret) -> bool {
    let same_namespace = match (&service.namespace, &item.namespace) {
        (Some(a), Some(b)) => a == b,
        (None, _) | (_, None) => true,
    };
    same_namespace && read.secret == item.target.name
}

/// The keys of a Secret that nobody here makes.
fn nothing_known() -> Keys {
    Keys { known: Vec::new(), open: true }
}

/// What a service does with what it reads, of a Secret with those keys.
pub(super) fn read_note(read: &SecretRead, keys: &Keys) -> String {
    let every = |prefix: &str| {
        let mut names: Vec<_> = keys.known.iter().map(|key| format!("{prefix}{}", shown(key))).collect();
        names.extend(
            keys.open.then(|| if names.is_empty() { "every key".to_owned() } else { "others".to_owned() }),
        );
        names.join(", ")
    };
    let mut note = match &read.wanted {
        Wanted::Variable { key, name } if key == name => format!("env {}", shown(name)),
        Wanted::Variable { key, name } => format!("env {} (key {})", shown(name), shown(key)),
        Wanted::Variables { prefix } => {
            format!("env {}", every(prefix.as_ref().map(shown).unwrap_or_default()))
        }
        Wanted::File { key, path } => format!("file {} (key {})", shown(path), shown(key)),
        Wanted::Files => format!("files {}", every("")),
        Wanted::Registry { .. } => "to pull the image".to_owned(),
    };
    if read.optional {
        note.push_str(", optional");
    }
    note
}
