//! Secrets that stand among the manifests: nobody else may write them, and their keys hold something. Whatever applies
//! such a manifest later overwrites what the operator wrote, or empties it.

use std::collections::BTreeMap;

use keyloom_syntax::{Kind, Node};

use super::{Written, text_at};
use crate::code::{EMPTY_SECRET_VALUE, TWO_OWNERS};
use crate::config::{Config, ExternalSecret};
use crate::finding::{Findings, Place};
use crate::policy::CreationPolicy;
use crate::validate::{same, shown};

/// External secrets of the declaration that want a Secret for themselves, by its name.
pub(super) struct Owners<'c>(BTreeMap<&'c str, Vec<&'c ExternalSecret>>);

impl<'c> Owners<'c> {
    pub(super) fn new(config: &'c Config) -> Self {
        let mut owners: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for item in config.external_secrets().iter().filter(|item| item.target.manifest.is_none()) {
            let name = match item.target.creation_policy {
                CreationPolicy::Owner | CreationPolicy::Orphan => item.target.name.known(),
                // The Secret is somebody else's, or there is none.
                CreationPolicy::Merge | CreationPolicy::CreateOrMerge | CreationPolicy::None => None,
            };
            if let Some(name) = name {
                owners.entry(name).or_default().push(item);
            }
        }
        Self(owners)
    }

    pub(super) fn check(&self, object: Node<'_>, place: &Place, findings: &mut Findings) {
        let Some(secret) = Written::read(object) else { return };
        let own_name = text_at(object, &["metadata", "name"]);
        let kind = object.get("kind").and_then(Node::as_str).unwrap_or_default();
        if kind == "Secret" {
            empty_values(object, place, findings);
        }
        if kind == "ExternalSecret" && !owns(object) {
            return;
        }
        let of_name = secret.name.known().and_then(|name| self.0.get(name)).into_iter().flatten();
        // What was rendered from the declaration is no other writer.
        let another =
            |item: &&&ExternalSecret| kind != "ExternalSecret" || own_name.as_ref() != Some(&item.name);
        let here =
            |item: &&&ExternalSecret| same(item.namespace.as_ref(), secret.namespace.as_ref()) == Some(true);
        if let Some(item) = of_name.filter(another).find(here) {
            let message = format!(
                "Secret `{}` is also written by external secret `{}`",
                shown(&secret.name),
                shown(&item.name)
            );
            findings
                .error(TWO_OWNERS, place.path("metadata.name"), message)
                .why("whoever comes last overwrites the other's values: the operator at its next sync, or who applies this")
                .fix("take this object out of the manifests, or let the external secret say `creationPolicy: Merge`");
        }
    }
}

/// Whether an ExternalSecret wants the Secret for itself, as it does where it says nothing.
fn owns(object: Node<'_>) -> bool {
    let policy = text_at(object, &["spec", "target", "creationPolicy"]);
    policy.is_none_or(|policy| policy == "Owner" || policy == "Orphan")
}

fn empty_values(secret: Node<'_>, place: &Place, findings: &mut Findings) {
    let name = text_at(secret, &["metadata", "name"]).unwrap_or_default();
    for field in ["data", "stringData"] {
        for (key, value) in secret.get(field).into_iter().flat_map(Node::entries) {
            let empty = value.kind() == Kind::Null || value.as_str().is_some_and(str::is_empty);
            let Some(key) = key.scalar().filter(|_| empty) else { continue };
            findings
                .error(
                    EMPTY_SECRET_VALUE,
                    place.at(field).at(key.to_owned()),
                    format!("key `{key}` of Secret `{}` holds nothing", shown(&name)),
                )
                .why("applied, it empties what the pods read, and they start with it")
                .fix("leave the key out, and let an external secret write it");
        }
    }
}
