//! ExternalSecrets, and what a ClusterExternalSecret holds of one.

use keyloom_syntax::Severity;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_upstream::eso::EsoVersion;
use keyloom_upstream::eso::Kind;

use super::template;
use super::values::{is_zero, regexp, rewrite, schedules};
use super::{Place, Problems};

pub(super) fn check(eso: EsoVersion, spec: &Place<'_, '_>, problems: &mut Problems) {
    template::check(eso, spec, &["target", "template"], problems);
    schedules(spec, problems);
    policies(spec, problems);
    for entry in spec.get("data").iter().flat_map(Place::items) {
        data(spec, &entry, problems);
    }
    for entry in spec.get("dataFrom").iter().flat_map(Place::items) {
        data_from(spec, &entry, problems);
    }
    drops(spec, problems);
}

/// Whether the Secret is read again and again.
fn is_periodic(spec: &Place<'_, '_>) -> bool {
    spec.get("refreshPolicy").is_none_or(|policy| policy.text() == Some("Periodic"))
}

fn policies(spec: &Place<'_, '_>, problems: &mut Problems) {
    if let Some(interval) = spec.get("refreshInterval").filter(is_zero)
        && is_periodic(spec)
    {
        problems.push(
            interval
                .error(
                    "refresh-zero",
                    "an interval of zero reads once, and later changes here are ignored too",
                )
                .severity(Severity::Warning)
                .fix(
                    "write `refreshPolicy: CreatedOnce` or `refreshPolicy: OnChange`, which say what they do",
                ),
        );
    }
    let Some(target) = spec.get("target") else { return };
    if let Some(deletion) = target.get("deletionPolicy").filter(|policy| policy.text() == Some("Delete"))
        && target.text_of("creationPolicy").as_deref() == Some("Orphan")
    {
        problems.push(
            deletion
                .error(
                    "policy-conflict",
                    "`deletionPolicy: Delete` does not go with `creationPolicy: Orphan`",
                )
                .why("the operator does not own the Secret: once the values are gone every sync fails")
                .fix("leave `deletionPolicy` out, which retains, or let the operator own the Secret"),
        );
    }
}

fn data(spec: &Place<'_, '_>, entry: &Place<'_, '_>, problems: &mut Problems) {
    if let Some(generator) = entry.at(&["sourceRef", "generatorRef"]) {
        problems.push(
            generator
                .error_at_key("not-allowed", "an entry of `data` cannot read a generator")
                .why("the schema has the field, but the operator looks for a store without a name instead")
                .fix("move it to `dataFrom: [{sourceRef: {generatorRef: ...}}]`"),
        );
    } else {
        store(spec, entry, problems);
    }
    if let Some(key) = entry.get("secretKey").filter(|key| matches!(key.text(), Some("." | ".."))) {
        problems.push(
            key.error("bad-secret-key", "a Secret cannot have a key of dots alone").fix("name it otherwise"),
        );
    }
}

/// Whether anything says where the entry is read from.
fn store(spec: &Place<'_, '_>, entry: &Place<'_, '_>, problems: &mut Problems) {
    let said = |of: &Place<'_, '_>, path: &[&str]| {
        of.at(path).is_some_and(|name| name.is_unknown() || name.text().is_some_and(|name| !name.is_empty()))
    };
    let unknown = spec.get("secretStoreRef").is_some_and(|store| store.is_unknown());
    if unknown || said(spec, &["secretStoreRef", "name"]) || said(entry, &["sourceRef", "storeRef", "name"]) {
        return;
    }
    if entry.kind() == ViewKind::Mapping {
        problems.push(
            entry
                .error("missing-store", "nothing says which store this is read from")
                .why("the operator looks for a store without a name, and fails")
                .fix("write `secretStoreRef: {name: ..., kind: ...}` under `spec`"),
        );
    }
}

fn data_from(spec: &Place<'_, '_>, entry: &Place<'_, '_>, problems: &mut Problems) {
    if let Some(pattern) = entry.at(&["find", "name", "regexp"]) {
        regexp(&pattern, problems);
    }
    rewrite(entry, problems);
    let reads = ["extract", "find"].into_iter().find(|field| entry.has(field));
    let source = entry.get("sourceRef");
    match (reads, &source) {
        (None, Some(source)) if source.has("storeRef") => problems.push(
            source
                .error_at_key("data-from-source", "the entry names a store and nothing to read from it")
                .severity(Severity::Warning)
                .why("the operator takes it and adds no key")
                .fix("add `extract: {key: ...}` or `find`"),
        ),
        (Some(_), _) => store(spec, entry, problems),
        (None, _) => {}
    }
    if let Some(generator) = source.as_ref().and_then(|source| source.get("generatorRef")) {
        rotation(spec, &generator, problems);
    }
}

fn rotation(spec: &Place<'_, '_>, generator: &Place<'_, '_>, problems: &mut Problems) {
    let kind = generator.text_of("kind").and_then(|kind| Kind::generator(&kind));
    let Some(kind) = kind.filter(|kind| kind.rotates()) else { return };
    let interval = spec.get("refreshInterval");
    let known = |field: &str| spec.get(field).is_none_or(|value| !value.is_unknown());
    if !is_periodic(spec) || interval.is_some_and(|interval| is_zero(&interval)) || !known("refreshInterval")
    {
        return;
    }
    problems.push(
        generator
            .error_at_key("generator-rotates", format!("the {} makes a new value at every refresh", kind.name()))
            .severity(Severity::Warning)
            .why("nothing remembers the value before: every hour, if nothing else is said, whoever uses it is locked out")
            .fix("write `refreshPolicy: CreatedOnce`, unless a rotation is meant"),
    );
}

/// A template that has only labels or annotations, and so drops what was read.
fn drops(spec: &Place<'_, '_>, problems: &mut Problems) {
    let Some(template) = spec.at(&["target", "template"]) else { return };
    let merges = template.get("mergePolicy").is_some_and(|policy| policy.text() != Some("Replace"));
    let Some(from) = template.get("templateFrom") else { return };
    let elsewhere = |entry: &Place<'_, '_>| {
        entry
            .text_of("target")
            .is_some_and(|target| matches!(target.to_lowercase().as_str(), "labels" | "annotations"))
    };
    let mut entries = from.items().peekable();
    let data = template.get("data").is_some_and(|data| data.view().entries().next().is_some());
    if !merges && !data && entries.peek().is_some() && entries.all(|entry| elsewhere(&entry)) {
        problems.push(
            from.error_at_key("template-drops-keys", "the Secret gets none of the keys that are read")
                .severity(Severity::Warning)
                .why("a template with `templateFrom` replaces what is read, and this one writes labels and annotations alone")
                .fix("add `mergePolicy: Merge` to the template"),
        );
    }
}
