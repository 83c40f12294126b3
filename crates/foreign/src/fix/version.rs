//! `apiVersion`: what is served no longer becomes `v1`, where v1 takes the object.

use std::collections::BTreeMap;

use keyloom_models::code;
use keyloom_syntax::{Node, Sources, Span};
use keyloom_upstream::eso::{self, EsoVersion, Kind};

use super::{Fix, engine, inner};
use crate::edit::Edit;
use crate::json;
use crate::object::{Api, Object, Sort};

const GROUP: &str = "external-secrets.io/";
const BETA: &str = "external-secrets.io/v1beta1";
const ALPHA: &str = "external-secrets.io/v1alpha1";

/// Objects, and the patches that kustomize lays over those of them that are here.
pub(super) fn fixes(sources: &Sources, objects: &[Object<'_>], eso: EsoVersion) -> Vec<Fix> {
    let mut fixes = Vec::new();
    let mut whole: BTreeMap<_, Vec<&Object<'_>>> = BTreeMap::new();
    for object in objects.iter().filter(|object| object.is_whole()) {
        whole.entry((object.eso(), object.name())).or_default().push(object);
    }
    for object in objects {
        let wanted = match object.is_whole() {
            true => upgrades(object, eso),
            false => {
                let over = whole.get(&(object.eso(), object.name()));
                patched(object, over.map(Vec::as_slice).unwrap_or_default(), eso)
            }
        };
        if let (true, Some(edit)) = (wanted, edit(sources, object)) {
            fixes.push(Fix::one(code::UNSERVED_VERSION, edit));
        }
    }
    fixes
}

/// The version alone: the group, quotes and what follows stay as they are.
fn edit(sources: &Sources, object: &Object<'_>) -> Option<Edit> {
    let span = inner(sources, object.api_version?)?;
    let group = u32::try_from(GROUP.len()).ok()?;
    Some(Edit::replace(Span::new(span.start + group, span.end), "v1"))
}

/// A patch names the version of the object that it is laid over, so it follows those of its kind and name that are here.
fn patched(patch: &Object<'_>, over: &[&Object<'_>], eso: EsoVersion) -> bool {
    let served = |object: &&Object<'_>| matches!(object.sort, Sort::Eso(_, Api::Served));
    matches!(patch.sort, Sort::Eso(_, Api::Old))
        && patch.name().is_some()
        && !over.is_empty()
        && over.iter().all(|object| served(object) || upgrades(object, eso))
}

/// Whether v1 takes the object as it is.
fn upgrades(object: &Object<'_>, eso: EsoVersion) -> bool {
    let Sort::Eso(kind, Api::Old) = object.sort else { return false };
    let stores = matches!(kind, Kind::SecretStore | Kind::ClusterSecretStore);
    match object.api_version.and_then(Node::as_str) {
        Some(BETA) => {
            (stores || matches!(kind, Kind::ExternalSecret | Kind::ClusterExternalSecret))
                && has_provider(object, kind, eso)
                && has_engine(object)
        }
        Some(ALPHA) => {
            (stores || kind == Kind::ExternalSecret && alpha_secret(object))
                && has_provider(object, kind, eso)
                && knows_all(object, kind, eso)
        }
        _ => false,
    }
}

/// Whether the store's provider is one of v1's: `alibaba` and `device42` are not.
fn has_provider(object: &Object<'_>, kind: Kind, version: EsoVersion) -> bool {
    let Some(provider) = object.node.get("spec").and_then(|spec| spec.get("provider")) else { return true };
    let known = eso::spec(version, kind).root().property("provider");
    provider.entries().all(|(key, _)| {
        key.scalar().is_some_and(|name| known.is_some_and(|known| known.property(name).is_some()))
    })
}

/// Whether no template asks for an engine that v1 does not have, or asks in vain because nothing depends on it.
fn has_engine(object: &Object<'_>) -> bool {
    engine::template(object).is_none_or(|template| {
        template.get("engineVersion").and_then(Node::as_str) != Some("v1") || engine::is_free(template)
    })
}

/// In v1alpha1 `dataFrom` had another shape, and templates were of engine v1 unless they said v2.
fn alpha_secret(object: &Object<'_>) -> bool {
    let v2 = |template: Node<'_>| template.get("engineVersion").and_then(Node::as_str) == Some("v2");
    object.node.get("spec").is_some_and(|spec| spec.get("dataFrom").is_none())
        && engine::template(object).is_none_or(|template| v2(template) || engine::is_free(template))
}

fn knows_all(object: &Object<'_>, kind: Kind, version: EsoVersion) -> bool {
    let spec = object.node.get("spec").map(json::value).unwrap_or_default();
    eso::unknown_fields(version, kind, &spec).is_empty()
}
