//! What the provider of a store can do, as far as that is certain.

use keyloom_models::ProviderKind;
use keyloom_models::address::{Address, SearchComplaint};
use keyloom_models::code::{
    IGNORED_BY_PROVIDER, SEARCH_OF_PROVIDER, STORE_CANNOT_PUSH, VERSION_SYNTAX, WRITE_ONLY_STORE,
};
use keyloom_syntax::check::key_step;
use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Diagnostic, Node};

use super::label;
use super::references::{Reference, Use};
use crate::object::{Object, known};

pub(super) fn check(reference: &Reference<'_>, store: &Object<'_>, found: &mut Vec<Diagnostic>) {
    let provider = store.node.get("spec").and_then(|spec| spec.get("provider"));
    let Some((name, block)) = provider.and_then(|provider| provider.entries().next()) else { return };
    let Some(name) = name.scalar() else { return };
    match reference.used {
        Use::Push => push(reference, name, found),
        Use::Read(entry) => read(reference, entry, name, block, found),
        Use::Default | Use::Generate => {}
    }
}

fn push(reference: &Reference<'_>, provider: &str, found: &mut Vec<Diagnostic>) {
    if address(provider).is_some_and(|address| !address.writes()) {
        let mut others: Vec<_> =
            ProviderKind::all().filter(|kind| kind.address().writes()).map(ProviderKind::as_str).collect();
        others.sort_unstable();
        found.push(
            Diagnostic::error(STORE_CANNOT_PUSH, format!("the operator cannot write to `{provider}`"))
                .at(label(reference.node, &reference.path, ""))
                .fix(format!("push to a store of another provider; it writes to {}", others.join(", "))),
        );
    }
}

fn read(
    reference: &Reference<'_>,
    entry: Node<'_>,
    provider: &str,
    block: Node<'_>,
    found: &mut Vec<Diagnostic>,
) {
    if let Some(address) = address(provider) {
        if !address.reads() {
            found.push(
                Diagnostic::error(WRITE_ONLY_STORE, format!("{} can only be written to", address.reader))
                    .at(label(entry, &reference.entry, ""))
                    .why("the operator fails at every sync of an external secret that reads from it")
                    .fix("read from the store that holds the value"),
            );
        } else if let Some(find) = entry.get("find") {
            search(reference, find, address, found);
        }
    }
    for field in ["remoteRef", "extract"] {
        let version = entry.get(field).and_then(|field| field.get("version"));
        if let Some(version) = version {
            let path = format!("{}.{field}.version", reference.entry);
            version_of(version, &path, provider, block, found);
        }
    }
}

/// How addresses of a provider are read; none of one that came with a newer operator.
fn address(provider: &str) -> Option<&'static Address> {
    ProviderKind::named(provider).map(ProviderKind::address)
}

fn search(reference: &Reference<'_>, find: Node<'_>, address: &Address, found: &mut Vec<Diagnostic>) {
    let has = |field: &str| find.get(field).is_some_and(|field| field.kind() != Kind::Null);
    let by_tags = find.get("tags").is_some_and(|tags| !tags.is_empty());
    let complaint = address.search_complaint(by_tags, by_tags || has("name") || has("path"));
    let Some(SearchComplaint { field, ignored, what, fix }) = complaint else { return };
    let mut path = format!("{}.find", reference.entry);
    field.into_iter().for_each(|field| key_step(&mut path, field));
    let node = field.and_then(|field| find.get(field)).unwrap_or(find);
    let diagnostic = match ignored {
        true => Diagnostic::warning(SEARCH_OF_PROVIDER, what),
        false => Diagnostic::error(SEARCH_OF_PROVIDER, what),
    };
    found.push(diagnostic.at(label(node, &path, "")).fix(fix));
}

/// Versions as the provider writes them.
fn version_of(version: Node<'_>, path: &str, provider: &str, block: Node<'_>, found: &mut Vec<Diagnostic>) {
    let Some(text) = known(version) else { return };
    let engine = block.get("version").map_or(Some("v2"), known);
    let at = label(version, path, "");
    let wrong = |message: &str, fix: &str| Diagnostic::error(VERSION_SYNTAX, message).at(at.clone()).fix(fix);
    let ignored = |message: &str| {
        Diagnostic::warning(IGNORED_BY_PROVIDER, message).at(at.clone()).fix("remove `version`")
    };
    found.push(match (provider, engine) {
        ("infisical", _) => ignored("`infisical` is never asked for a version"),
        ("vault", Some("v1")) => ignored("a key-value engine of version 1 keeps no versions"),
        ("openBao", Some("v1")) => {
            wrong("a key-value engine of version 1 keeps no versions", "remove `version`")
        }
        ("vault" | "openBao", Some("v2")) if text.parse::<u32>().is_err() => {
            wrong("a version is a whole number", "write its number, quoted, or leave it out for the newest")
        }
        ("aws", _) if is_uuid(text) => wrong(
            "the id of a version without `uuid/` is taken for a stage, which nobody has",
            &format!("write `uuid/{text}`"),
        ),
        _ => return,
    });
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
