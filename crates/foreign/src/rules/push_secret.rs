//! PushSecrets, for which there is no admission webhook.

use std::collections::BTreeSet;

use keyloom_syntax::Severity;
use keyloom_syntax::view::ViewKind;
use keyloom_upstream::eso::EsoVersion;

use super::template;
use super::values::{interval, regexp, rewrite};
use super::{Place, Problems};

pub(super) fn check(eso: EsoVersion, spec: &Place<'_, '_>, problems: &mut Problems) {
    template::check(eso, spec, &["template"], problems);
    interval(spec, "refreshInterval", problems);
    stores(spec, problems);
    if let Some(secret) = spec.at(&["selector", "secret"])
        && secret.kind() == ViewKind::Mapping
        && !secret.has("name")
        && !secret.has("selector")
    {
        problems.push(
            secret
                .error_at_key("missing-field", "nothing says which Secret is pushed")
                .why("the API server takes it, and the operator finds no Secret without a name")
                .fix("write `secret: {name: ...}`"),
        );
    }
}

fn stores(spec: &Place<'_, '_>, problems: &mut Problems) {
    let Some(refs) = spec.get("secretStoreRefs") else { return };
    if refs.kind() == ViewKind::Sequence && refs.items().next().is_none() {
        problems.push(
            refs.error_at_key("missing-store", "no store is named: nothing is pushed anywhere")
                .severity(Severity::Warning)
                .fix("write `secretStoreRefs: [{name: ..., kind: ...}]`"),
        );
    }
    let mut names = BTreeSet::new();
    let mut open = false;
    for store in refs.items() {
        open |= store.is_unknown() || store.has("labelSelector");
        match store.get("name") {
            Some(name) => match name.text() {
                Some(name) => _ = names.insert(name.to_owned()),
                None => open = true,
            },
            None if store.kind() == ViewKind::Mapping && !store.has("labelSelector") => problems.push(
                store
                    .error("missing-field", "the reference names no store")
                    .why("the API server takes it, and the operator stops at it")
                    .fix("write `name`, or `labelSelector`"),
            ),
            None => {}
        }
    }
    for to in spec.get("dataTo").iter().flat_map(Place::items) {
        if let Some(pattern) = to.at(&["match", "regexp"]) {
            regexp(&pattern, problems);
        }
        rewrite(&to, problems);
        let Some(name) = to.at(&["storeRef", "name"]) else { continue };
        let lost = name.text().filter(|text| !open && !names.contains(*text));
        if let Some(lost) = lost {
            problems.push(
                name.error("push-store", format!("`{lost}` is not among `secretStoreRefs`"))
                    .why("the operator pushes only to stores that are named there")
                    .fix("add it to `secretStoreRefs`"),
            );
        }
    }
}
