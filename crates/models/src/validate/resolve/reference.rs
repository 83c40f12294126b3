//! What a reference says of the store's backend itself.

use super::Resolved;
use crate::config::{Store, StoreRef};
use crate::finding::{Findings, Place};
use crate::policy::StoreKind;
use crate::reference::SecretStoreRef;
use crate::store::{ExternalStore, ProviderKind};
use crate::validate::same;

/// The field in which a reference says something else of a declared store's backend than its declaration does.
pub(super) fn other_part(reference: &SecretStoreRef, store: &Store) -> Option<&'static str> {
    if reference.service.is_none() && reference.path.is_none() {
        return None;
    }
    let declared = store.backend.seen_from_outside();
    let service = reference.service.is_some() && reference.service != declared.service;
    let path =
        reference.path.as_ref().is_some_and(|path| same(Some(path), declared.path.as_ref()) == Some(false));
    service.then_some("service").or_else(|| path.then_some("path"))
}

/// A reference that says everything itself.
pub(super) fn undeclared(reference: &SecretStoreRef, place: &Place, findings: &mut Findings) -> Resolved {
    let Some(provider) = reference.provider else {
        findings
            .error(
                "unknown-store",
                place.clone(),
                "the name of the store is not known yet, so its provider must be said",
            )
            .fix("write `secretStoreRef: {name: ..., kind: ..., provider: ...}`");
        return Resolved::Reported;
    };
    for (field, owner, said) in [
        ("service", ProviderKind::Aws, reference.service.is_some()),
        ("path", ProviderKind::Vault, reference.path.is_some()),
    ] {
        if said && provider != owner {
            findings
                .warning(
                    "ignored-by-provider",
                    place.at(field),
                    format!("a reference to a store of provider {} has no `{field}`", provider.as_str()),
                )
                .fix(format!("leave `{field}` out"));
        }
    }
    let store = ExternalStore {
        service: reference.service,
        path: reference.path.clone(),
        ..ExternalStore::new(provider)
    };
    Resolved::Store(StoreRef {
        name: reference.name.clone(),
        kind: reference.kind.unwrap_or(StoreKind::SecretStore),
        provider,
        address: store.address(),
        mount: store.path,
    })
}
