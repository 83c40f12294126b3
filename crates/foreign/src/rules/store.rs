//! Stores.

mod auth;
mod selectors;

use keyloom_models::store::aws::REGIONS;
use keyloom_syntax::Severity;
use keyloom_syntax::suggest::suggest;
use keyloom_syntax::view::ViewKind;
use keyloom_upstream::eso::Kind;

use super::values::regexp;
use super::{Place, Problems};
use crate::object::Object;

/// Providers that heed `retrySettings`.
const RETRYING: [&str; 4] = ["aws", "ibm", "oracle", "vault"];
/// Providers of old versions that are gone.
const GONE: [&str; 2] = ["alibaba", "device42"];

pub(super) fn check(object: &Object<'_>, kind: Kind, spec: &Place<'_, '_>, problems: &mut Problems) {
    let cluster = kind == Kind::ClusterSecretStore;
    if let Some(namespace) = object.namespace.filter(|_| cluster) {
        let mut problem = spec
            .error("cluster-store-namespace", "a ClusterSecretStore belongs to no namespace")
            .severity(Severity::Warning)
            .why("the API server drops it")
            .fix("remove `namespace`");
        problem.at = namespace.span();
        "metadata.namespace".clone_into(&mut problem.path);
        problems.push(problem);
    }
    conditions(cluster, spec, problems);
    let Some(provider) = spec.get("provider") else { return };
    let Some((name, block)) = provider.entries().next() else { return };
    if GONE.contains(&name) {
        problems.push(
            block
                .error_at_key("unserved-version", format!("the provider `{name}` is gone"))
                .why("it is in v1beta1 alone, which is served no longer")
                .fix("move to another provider"),
        );
    }
    if let Some(retry) = spec.get("retrySettings").filter(|_| !RETRYING.contains(&name)) {
        problems.push(
            retry
                .error_at_key("ignored-by-provider", format!("`{name}` does not heed `retrySettings`"))
                .severity(Severity::Warning)
                .fix("remove it"),
        );
    }
    auth::check(name, &block, problems);
    selectors::check(name, &block, cluster, problems);
    authority(name, &block, problems);
    match name {
        "aws" => aws(&block, problems),
        "vault" => vault(&block, problems),
        _ => {}
    }
}

fn conditions(cluster: bool, spec: &Place<'_, '_>, problems: &mut Problems) {
    let Some(conditions) = spec.get("conditions") else { return };
    if !cluster {
        problems.push(
            conditions
                .error_at_key(
                    "conditions-of-namespace",
                    "the operator ignores the conditions of a SecretStore",
                )
                .severity(Severity::Warning)
                .fix("remove them, or make it a ClusterSecretStore"),
        );
        return;
    }
    for condition in conditions.items() {
        if condition.kind() == ViewKind::Mapping && condition.entries().next().is_none() {
            problems.push(
                condition
                    .error("empty-condition", "an empty condition matches no namespace")
                    .severity(Severity::Warning)
                    .why("where it is the only one, nobody can use the store")
                    .fix("write `namespaceSelector: {}` to match all, or name namespaces"),
            );
        }
        for pattern in condition.get("namespaceRegexes").iter().flat_map(Place::items) {
            regexp(&pattern, problems);
        }
    }
}

/// A certificate authority that is said twice. OpenBao's own definition refuses that.
fn authority(name: &str, block: &Place<'_, '_>, problems: &mut Problems) {
    let server = block.get("server").filter(|server| server.kind() == ViewKind::Mapping);
    for at in std::iter::once(block).chain(&server).filter(|_| name != "openBao") {
        let (Some(bundle), Some(provider)) = (at.get("caBundle"), at.get("caProvider")) else { continue };
        problems.push(
            provider
                .error_at_key("two-ca-sources", "`caBundle` and `caProvider` are both there")
                .severity(Severity::Warning)
                .and(bundle.key_place(), "this one is used")
                .why("the operator takes `caBundle` and does not say so")
                .fix("keep one"),
        );
    }
}

fn aws(block: &Place<'_, '_>, problems: &mut Problems) {
    if let Some(region) = block.get("region")
        && let Some(text) = region.text().filter(|text| !REGIONS.contains(text))
    {
        let mut problem = region
            .error("aws-region", format!("`{text}` is not a region that is known here"))
            .severity(Severity::Warning)
            .why("the operator makes an address of whatever stands there");
        if let Some(near) = suggest(text, REGIONS.iter().copied()) {
            problem = problem.label(format!("did you mean `{near}`?"));
        }
        problems.push(problem);
    }
    if block.has("role") {
        return;
    }
    for field in ["sessionTags", "transitiveTagKeys", "externalID"] {
        if let Some(tags) = block.get(field) {
            problems.push(
                tags.error_at_key("ignored-without-role", format!("`{field}` is used only with a role"))
                    .severity(Severity::Warning)
                    .fix("add `role`, or remove it"),
            );
        }
    }
}

fn vault(block: &Place<'_, '_>, problems: &mut Problems) {
    mount(block, problems);
    server(block, problems);
}

fn mount(block: &Place<'_, '_>, problems: &mut Problems) {
    let version_2 = block.text_of("version").is_none_or(|version| version == "v2");
    match block.get("path") {
        None if version_2 && block.kind() == ViewKind::Mapping => problems.push(
            block
                .error_at_key(
                    "vault-mount",
                    "without `path` the first segment of every key is taken for the mount",
                )
                .severity(Severity::Warning)
                .fix("write `path` with the mount of the key-value engine"),
        ),
        Some(path) if version_2 => {
            let Some(text) = path.text().filter(|text| text.ends_with("/data")) else { return };
            problems.push(
                path.error(
                    "vault-mount",
                    format!("the operator adds `data` itself: it would read `{text}/data/...`"),
                )
                .fix(format!("write `{}`", text.trim_end_matches("/data"))),
            );
        }
        _ => {}
    }
}

fn server(block: &Place<'_, '_>, problems: &mut Problems) {
    if let Some(server) = block.get("server")
        && let Some(text) = server.text()
        && !text.starts_with("http://")
        && !text.starts_with("https://")
    {
        problems.push(
            server
                .error("bad-server", "the address of the server has no scheme")
                .why("nothing looks at it before the operator tries to log in")
                .fix("write it as https://vault.example.com:8200"),
        );
    }
}
