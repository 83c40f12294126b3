//! ExternalSecrets.

use std::collections::BTreeMap;

use keyloom_syntax::check::Problem;
use keyloom_syntax::spot::Spot;
use keyloom_syntax::view::{View, ViewKind};

use crate::rules::duration;

/// Places of a Secret that a template may be written to.
const TARGETS: [&str; 4] = ["", "data", "annotations", "labels"];
/// The annotation that a token's Secret names its account in.
const ACCOUNT: &str = "kubernetes.io/service-account.name";

pub(super) fn check<V: View>(spec: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    content(spec, sink);
    policies(spec, sink);
    template(spec, sink);
    durations(spec, sink);
}

/// Whether a list has no items, as far as is known.
fn is_empty<V: View>(list: Option<Spot<'_, V>>) -> bool {
    list.is_none_or(|list| list.kind() == ViewKind::Sequence && list.items().next().is_none())
}

fn content<V: View>(spec: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    let (data, from) = (spec.get("data"), spec.get("dataFrom"));
    if spec.kind() == ViewKind::Mapping && is_empty(data.clone()) && is_empty(from.clone()) {
        sink.push(
            spec.error_at_key("no-keys", "neither `data` nor `dataFrom` says what is read")
                .why("the admission webhook refuses an external secret without any")
                .fix("add an entry to `data`, or `dataFrom: [{extract: {key: ...}}]`"),
        );
    }
    for entry in from.iter().flat_map(Spot::items) {
        source(&entry, sink);
    }
    let retains = spec.at(&["target", "deletionPolicy"]).is_none_or(|policy| policy.text() == Some("Retain"));
    let mut seen: BTreeMap<String, V::At> = BTreeMap::new();
    for entry in data.iter().flat_map(Spot::items) {
        let Some(key) = entry.get("secretKey") else { continue };
        let Some(name) = key.text().map(str::to_owned) else { continue };
        match seen.get(&name) {
            Some(first) => {
                let why = match retains {
                    true => "the admission webhook refuses it",
                    false => "the last one wins, and nobody is told",
                };
                sink.push(
                    key.error("duplicate-secret-key", format!("`{name}` is written twice"))
                        .and(first.clone(), "first here")
                        .why(why)
                        .fix("keep one, or name the other differently"),
                );
            }
            None => _ = seen.insert(name, key.place()),
        }
    }
}

/// An entry of `dataFrom`.
fn source<V: View>(entry: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    if entry.kind() != ViewKind::Mapping {
        return;
    }
    let generator = entry.at(&["sourceRef", "generatorRef"]).is_some();
    let fields = ["extract", "find"].into_iter().filter(|field| entry.has(field));
    let mut said: Vec<&str> = fields.collect();
    if generator {
        said.push("sourceRef.generatorRef");
    }
    if said.len() > 1 {
        let words: Vec<String> = said.iter().map(|field| format!("`{field}`")).collect();
        sink.push(
            entry
                .error("data-from-source", format!("{} in one entry", words.join(" and ")))
                .why("the admission webhook refuses it: an entry has one source")
                .fix("make an entry of each"),
        );
    } else if said.is_empty() && !entry.has("sourceRef") {
        sink.push(
            entry
                .error("data-from-source", "the entry says nothing to read")
                .why("the admission webhook refuses it")
                .fix("write `extract`, `find` or `sourceRef: {generatorRef: ...}`"),
        );
    }
}

fn policies<V: View>(spec: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    let Some(target) = spec.get("target") else { return };
    let creation = target.text_of("creationPolicy");
    let creation = creation.as_deref().unwrap_or("Owner");
    let Some(deletion) = target.get("deletionPolicy") else { return };
    let (refused, fix) = match (deletion.text(), creation) {
        (Some("Delete"), "Merge" | "CreateOrMerge" | "None") => {
            (true, "write `deletionPolicy: Retain`, or let it own the Secret: `creationPolicy: Owner`")
        }
        (Some("Merge"), "None") => (true, "write `deletionPolicy: Retain`"),
        _ => (false, ""),
    };
    if refused {
        let deletion_policy = deletion.text().unwrap_or_default();
        sink.push(
            deletion
                .error(
                    "policy-conflict",
                    format!(
                        "`deletionPolicy: {deletion_policy}` does not go with `creationPolicy: {creation}`"
                    ),
                )
                .why("the admission webhook refuses it: what is not owned must not be deleted")
                .fix(fix),
        );
    }
}

fn template<V: View>(spec: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    let Some(template) = spec.at(&["target", "template"]) else { return };
    let other_kind = spec.at(&["target", "manifest"]).is_some();
    let mut annotations = false;
    for from in template.get("templateFrom").iter().flat_map(Spot::items) {
        let Some(target) = from.get("target") else { continue };
        let Some(word) = target.text().map(str::to_lowercase) else { continue };
        annotations |= word == "annotations";
        if !other_kind && !TARGETS.contains(&word.as_str()) {
            sink.push(
                target
                    .error(
                        "template-target",
                        format!(
                            "a Secret has no place `{}` for a template",
                            target.text().unwrap_or_default()
                        ),
                    )
                    .why("the admission webhook refuses it; paths are for other kinds of target")
                    .fix("write `Data`, `Annotations` or `Labels`"),
            );
        }
    }
    let Some(kind) = template.get("type") else { return };
    let account = template.at(&["metadata", "annotations"]).is_some_and(|all| all.has(ACCOUNT));
    let message = match kind.text() {
        Some("bootstrap.kubernetes.io/token") => "a Secret of this type lets nodes join the cluster",
        Some("kubernetes.io/service-account-token") if account || annotations => {
            "a Secret of this type with an account's annotation gets a token of that account"
        }
        _ => return,
    };
    sink.push(
        kind.error("template-type", message)
            .why("the admission webhook refuses to write it")
            .fix("use another type"),
    );
}

fn durations<V: View>(spec: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    if let Some(interval) = spec.get("refreshInterval") {
        length(&interval, sink);
    }
    let windows = spec.at(&["syncWindows", "windows"]);
    for window in windows.iter().flat_map(Spot::items) {
        if let Some(duration) = window.get("duration") {
            length(&duration, sink);
        }
    }
}

/// A length of time that Go cannot read makes the whole object unreadable.
pub fn length<V: View>(spot: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    let Some(text) = spot.text() else { return };
    if duration::nanoseconds(text).is_some() {
        return;
    }
    let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    let fix = match duration::meant(text) {
        Some(meant) => format!("write {meant}"),
        None => "write a time such as 1h, 30m or 1h30m".to_owned(),
    };
    sink.push(
        spot.error("bad-duration", format!("`{shown}` is not a length of time"))
            .why("the operator reads hours, minutes and seconds (`h`, `m`, `s`), and cannot decode the object otherwise")
            .fix(fix),
    );
}
