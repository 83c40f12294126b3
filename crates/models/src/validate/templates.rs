//! Templates: whether they can be parsed and executed, which keys they read, and what they leave out.

use std::collections::BTreeSet;

use keyloom_syntax::{Severity, Text};
use keyloom_upstream::template::{self as language, Given, Known, Position};

use super::Rules;
use crate::code::{TEMPLATE_DROPS_KEYS, of_template};
use crate::config::{ExternalSecret, FromSource, GeneratorRef, PushSecret, PushSource};
use crate::data_from::{Rewrite, RewriteTransform};
use crate::finding::{Findings, Part, Place};
use crate::policy::TemplateMergePolicy;
use crate::push_secret::PushRewrite;
use crate::template::Template;

/// One template of an external secret.
struct Written<'a> {
    text: &'a Text,
    place: Place,
    position: Position,
}

/// Checks every template of an external secret.
pub(super) fn check(rules: &Rules, secret: &ExternalSecret, place: &Place, findings: &mut Findings) {
    for (i, entry) in secret.data_from.iter().enumerate() {
        for (n, rewrite) in entry.rewrite.iter().enumerate() {
            if let Rewrite::Transform(transform) = rewrite {
                rename(rules, transform, &place.at("dataFrom").at(i).at("rewrite").at(n), findings);
            }
        }
    }
    let Some(template) = &secret.target.template else { return };
    let templates = written(template, secret.target.manifest.is_some(), &place.at("template"));
    let (keys, complete) = fetched(secret);
    let keys: Vec<_> = keys.iter().filter_map(Text::known).collect();
    all(rules, &templates, Known { known: &keys, complete }, findings);
    if secret.target.manifest.is_none() {
        drops(secret, template, &templates, place, findings);
    }
}

/// Checks every template of a push secret: they see the Secret that is pushed.
pub(super) fn push(rules: &Rules, item: &PushSecret, place: &Place, findings: &mut Findings) {
    for (i, entry) in item.data_to.iter().enumerate() {
        for (n, rewrite) in entry.rewrite.iter().enumerate() {
            if let PushRewrite::Transform(transform) = rewrite {
                rename(rules, transform, &place.at("dataTo").at(i).at("rewrite").at(n), findings);
            }
        }
    }
    let Some(template) = &item.template else { return };
    let made = match &item.source {
        PushSource::Generator(generator) => generator.keys.as_ref(),
        PushSource::Secret(_) | PushSource::Secrets(_) => None,
    };
    let known: Vec<_> = made.into_iter().flatten().filter_map(Text::known).collect();
    let complete = made.is_some_and(|made| made.len() == known.len());
    all(rules, &written(template, false, &place.at("template")), Known { known: &known, complete }, findings);
}

fn all(rules: &Rules, templates: &[Written<'_>], keys: Known<'_>, findings: &mut Findings) {
    for written in templates {
        one(written, &Given { eso: Some(rules.eso), position: written.position, keys }, findings);
    }
}

/// A template that makes one name of another.
fn rename(rules: &Rules, transform: &RewriteTransform, place: &Place, findings: &mut Findings) {
    let position = Position::Transform;
    let keys = Known { known: &["value"], complete: true };
    let written = Written { text: &transform.template, place: place.path("transform.template"), position };
    one(&written, &Given { eso: Some(rules.eso), position, keys }, findings);
}

/// The keys that templates see: what is fetched, not what templates make. And whether these are all.
fn fetched(secret: &ExternalSecret) -> (Vec<Text>, bool) {
    let mut keys: Vec<_> = secret.data.iter().map(|entry| entry.secret_key.clone()).collect();
    let mut complete = true;
    for entry in &secret.data_from {
        match &entry.source {
            FromSource::Generator(GeneratorRef { keys: Some(made), .. })
                if entry.rewrite.is_empty() && entry.keep.is_none() =>
            {
                let prefix = entry.prefix.clone().unwrap_or_default();
                keys.extend(made.iter().map(|key| prefix.join(key)));
            }
            FromSource::Generator(_) | FromSource::Extract(_) | FromSource::Find(_) => complete = false,
        }
    }
    complete &= keys.iter().all(|key| key.known().is_some());
    (keys, complete)
}

fn written<'a>(template: &'a Template, is_manifest: bool, place: &Place) -> Vec<Written<'a>> {
    let mut all = Vec::new();
    for (key, text) in template.data.iter().flatten() {
        let is_yaml = key.ends_with(".yaml") || key.ends_with(".yml");
        let position = if is_yaml { Position::Yaml } else { Position::Value };
        all.push(Written { text, place: place.at("data").at(key.clone()), position });
    }
    let metadata = template.metadata.iter();
    for (of, key, text) in metadata.flat_map(|metadata| {
        let labels = metadata.labels.iter().map(|(key, text)| ("labels", key, text));
        labels.chain(metadata.annotations.iter().map(|(key, text)| ("annotations", key, text)))
    }) {
        let place = place.at("metadata").at(of).at(key.clone());
        all.push(Written { text, place, position: Position::Value });
    }
    for (i, from) in template.template_from.iter().flatten().enumerate() {
        let Some(text) = &from.literal else { continue };
        // A field of another kind of object takes any YAML, not texts alone.
        let position = if is_manifest { Position::Value } else { Position::KeysAndValues };
        all.push(Written { text, place: place.at("templateFrom").at(i).at("literal"), position });
    }
    all
}

/// The text of a template, as far as it can be judged: not where a later tool changes an action.
fn judged(text: &Text) -> Option<&str> {
    text.known().or_else(|| text.written().filter(|written| !placeholder_in_action(written)))
}

fn placeholder_in_action(text: &str) -> bool {
    text.split("{{").skip(1).any(|rest| rest.split("}}").next().is_some_and(|action| action.contains("${")))
}

fn one(written: &Written<'_>, given: &Given<'_>, findings: &mut Findings) {
    let Some(text) = judged(written.text) else { return };
    for fault in language::check(text, given) {
        let place = written.place.at(Part::of(text, fault.range));
        let code = of_template(fault.kind);
        let finding = match fault.severity {
            Severity::Error => findings.error(code, place, fault.message),
            Severity::Warning => findings.warning(code, place, fault.message),
            Severity::Note => findings.note(code, place, fault.message),
        };
        if let Some(label) = fault.label {
            finding.label(label);
        }
        if let Some(why) = fault.why {
            finding.why(why);
        }
        if let Some(fix) = fault.fix {
            finding.fix(fix);
        }
    }
}

/// Keys that are fetched and reach nothing, because a template makes the whole Secret.
fn drops(
    secret: &ExternalSecret,
    template: &Template,
    templates: &[Written<'_>],
    place: &Place,
    findings: &mut Findings,
) {
    let data = template.data.as_ref().filter(|data| !data.is_empty());
    let from = template.template_from.as_deref().unwrap_or_default();
    let replaces = data.is_some() || !from.is_empty();
    // A selection is made by template too, and names what stays.
    let selects = secret.data_from.iter().any(|entry| entry.keep.is_some());
    if !replaces || selects || template.merge_policy == Some(TemplateMergePolicy::Merge) {
        return;
    }
    let labels_alone = from.iter().all(|from| {
        let target = from.target.as_ref().and_then(Text::known).unwrap_or_default();
        ["labels", "annotations"].iter().any(|part| part.eq_ignore_ascii_case(target))
    });
    let made = &secret.made;
    let makes_keys =
        data.is_some() || !made.constants.is_empty() || made.url.is_some() || made.connection.is_some();
    if labels_alone && !makes_keys && secret.made.registry.is_none() {
        findings
            .warning(
                TEMPLATE_DROPS_KEYS,
                place.at("template").at("templateFrom"),
                "the Secret will have no keys: the template makes labels or annotations alone",
            )
            .why("with `templateFrom` or `data` in a template, fetched keys stay only under `mergePolicy: Merge`")
            .fix("write `mergePolicy: Merge`");
        return;
    }
    let Some(read) = all_reads(secret, templates, from.iter().any(|from| from.literal.is_none())) else {
        return;
    };
    let made = |key: &str| data.is_some_and(|data| data.contains_key(key));
    let dropped: Vec<_> = secret.data.iter().filter_map(|entry| entry.secret_key.known()).collect();
    let dropped: Vec<_> = dropped.into_iter().filter(|key| !made(key) && !read.contains(*key)).collect();
    let Some(first) = dropped.first() else { return };
    let (what, these) = match dropped.len() {
        1 => (format!("the key `{first}` is"), "it"),
        more => (format!("the key `{first}` and {} more are", more - 1), "them"),
    };
    findings
        .warning(
            TEMPLATE_DROPS_KEYS,
            place.at("template"),
            format!("{what} fetched for nothing: the template makes all keys of the Secret, and does not read {these}"),
        )
        .why("what a template makes replaces what is fetched, unless it says `mergePolicy: Merge`")
        .fix(format!("write `mergePolicy: Merge` to keep {these}, or do not fetch {these}"));
}

/// Every key that some template reads; none where that cannot be known.
fn all_reads(
    secret: &ExternalSecret,
    templates: &[Written<'_>],
    elsewhere: bool,
) -> Option<BTreeSet<String>> {
    if elsewhere {
        return None;
    }
    let mut read = BTreeSet::new();
    for written in templates {
        let reads = language::reads(judged(written.text)?);
        if reads.all {
            return None;
        }
        read.extend(reads.keys.into_iter().map(|read| read.key));
    }
    let mut of_helper: Vec<&Text> = Vec::new();
    if let Some(url) = &secret.made.url {
        of_helper.extend([&url.username, &url.password, &url.host]);
        of_helper.extend(url.port.iter().chain(&url.database));
    }
    if let Some(registry) = &secret.made.registry {
        of_helper.extend([&registry.username, &registry.password]);
    }
    read.extend(secret.made.connection.iter().map(|made| made.fetched.to_owned()));
    for key in of_helper {
        read.insert(key.known()?.to_owned());
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_tool_changes_is_not_judged() {
        assert_eq!(judged(&Text::placeholder("${A} {{ .b")), Some("${A} {{ .b"));
        assert_eq!(judged(&Text::placeholder("{{ .a }}${A}{{ .b }}")), Some("{{ .a }}${A}{{ .b }}"));
        assert_eq!(judged(&Text::placeholder("{{ .${A} }}")), None);
        assert_eq!(judged(&Text::placeholder("{{ index . \"${A}\"")), None);
        assert_eq!(judged(&Text::unknown(false, keyloom_syntax::Origins::NONE)), None);
    }
}
