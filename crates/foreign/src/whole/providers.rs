//! What the provider of a store can do, as far as that is certain.

use keyloom_models::code::{IGNORED_BY_PROVIDER, SEARCH_OF_PROVIDER, STORE_CANNOT_PUSH, VERSION_SYNTAX};
use keyloom_syntax::{Diagnostic, Node};

use super::label;
use super::references::{Reference, Use};
use crate::object::{Object, known};

/// Providers that a PushSecret can write to.
const PUSH: [&str; 19] = [
    "akeyless",
    "aws",
    "azurekv",
    "beyondtrust",
    "bitwardensecretsmanager",
    "dvls",
    "fake",
    "gcpsm",
    "github",
    "infisical",
    "keepersecurity",
    "kubernetes",
    "ngrok",
    "onepassword",
    "onepasswordSDK",
    "oracle",
    "ovh",
    "scaleway",
    "vault",
];
/// Providers beside those that surely cannot be written to.
const READ_ONLY: [&str; 12] = [
    "barbican",
    "chef",
    "conjur",
    "doppler",
    "gitlab",
    "ibm",
    "onboardbase",
    "openBao",
    "passbolt",
    "passworddepot",
    "senhasegura",
    "yandexlockbox",
];
/// Providers that surely do not search by tags.
const WITHOUT_TAGS: [&str; 10] = [
    "barbican",
    "bitwardensecretsmanager",
    "doppler",
    "ibm",
    "infisical",
    "keepersecurity",
    "onboardbase",
    "openBao",
    "ovh",
    "passbolt",
];
/// Providers that do not search at all.
const WITHOUT_SEARCH: [&str; 7] =
    ["chef", "delinea", "dvls", "passworddepot", "senhasegura", "yandexcertificatemanager", "yandexlockbox"];

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
    if READ_ONLY.contains(&provider) {
        found.push(
            Diagnostic::error(STORE_CANNOT_PUSH, format!("the operator cannot write to `{provider}`"))
                .at(label(reference.node, &reference.path, ""))
                .fix(format!("push to a store of another provider; it writes to {}", PUSH.join(", "))),
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
    if provider == "github" {
        found.push(
            Diagnostic::error(SEARCH_OF_PROVIDER, "nothing can be read from `github`")
                .at(label(entry, &reference.entry, ""))
                .why("GitHub shows the values of its secrets to nobody; the provider is for PushSecrets")
                .fix("read from another store"),
        );
    }
    if let Some(find) = entry.get("find") {
        search(reference, find, provider, found);
    }
    for field in ["remoteRef", "extract"] {
        let version = entry.get(field).and_then(|field| field.get("version"));
        if let Some(version) = version {
            let path = format!("{}.{field}.version", reference.entry);
            version_of(version, &path, provider, block, found);
        }
    }
}

fn search(reference: &Reference<'_>, find: Node<'_>, provider: &str, found: &mut Vec<Diagnostic>) {
    let (node, field, what) = match find.get("tags") {
        _ if WITHOUT_SEARCH.contains(&provider) => (find, "find", "cannot be searched"),
        Some(tags) if WITHOUT_TAGS.contains(&provider) => (tags, "find.tags", "cannot be searched by tags"),
        _ => return,
    };
    found.push(
        Diagnostic::error(SEARCH_OF_PROVIDER, format!("`{provider}` {what}"))
            .at(label(node, &format!("{}.{field}", reference.entry), ""))
            .why("the operator fails at every sync, or ignores what it does not know")
            .fix(if field == "find" {
                "name what is read: `extract` or `data`"
            } else {
                "search by `name: {regexp: ...}`"
            }),
    );
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
