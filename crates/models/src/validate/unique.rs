//! The identity of an item is its list, its kind, its namespace and its name: each stands once.

use indexmap::IndexMap;
use keyloom_syntax::Text;

use super::shown;
use crate::document::Document;
use crate::finding::{Findings, List, Place};

const DUPLICATE: &str = "duplicate-item";

pub(super) fn check(document: &Document, findings: &mut Findings) {
    let stores = document.stores.iter().map(|item| {
        let store = &item.value;
        let kind = if store.cluster_scoped { "ClusterSecretStore" } else { "SecretStore" };
        (kind, store.namespace.as_ref(), &store.name)
    });
    list(List::Stores, stores, findings);
    let secrets = document
        .external_secrets
        .iter()
        .map(|item| ("ExternalSecret", item.value.namespace.as_ref(), &item.value.name));
    list(List::ExternalSecrets, secrets, findings);
    let services =
        document.services.iter().map(|item| ("service", item.value.namespace.as_ref(), &item.value.name));
    list(List::Services, services, findings);
}

fn list<'a>(
    list: List,
    items: impl Iterator<Item = (&'static str, Option<&'a Text>, &'a Text)>,
    findings: &mut Findings,
) {
    let mut seen = IndexMap::new();
    for (index, (kind, namespace, name)) in items.enumerate() {
        // What is not written anywhere cannot be compared.
        let Some(written) = name.written() else { continue };
        let first = *seen.entry((kind, namespace.and_then(Text::written), written)).or_insert(index);
        if first != index {
            let place =
                namespace.map_or(String::new(), |namespace| format!(" in namespace `{}`", shown(namespace)));
            findings
                .error(
                    DUPLICATE,
                    Place::item(list, index).at("name"),
                    format!("{kind} `{written}`{place} is declared twice"),
                )
                .label("again here")
                .fix("rename one, or merge the two into one item")
                .and(Place::item(list, first).at("name"), "first here");
        }
    }
}
