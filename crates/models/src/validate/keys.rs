//! The keys of a Secret: legal, each once, and whether all of them are known.

use std::collections::BTreeMap;

use keyloom_syntax::Text;

use super::{literal, regexp, shown};
use crate::code::{CONNECTION_MERGED, CONVERSION_IGNORED, REWRITE_MERGE, TEMPLATE_TARGET};
use crate::config::{ConnectionKey, ConnectionKeys, ExternalSecret, FromSource};
use crate::data_from::{Rewrite, RewriteMerge};
use crate::finding::{Findings, Place};
use crate::name::SecretKey;
use crate::policy::{ConversionStrategy, MergeStrategy, TemplateMergePolicy};

const DUPLICATE: &str = "duplicate-secret-key";

/// Checks the keys.
pub(super) fn check(secret: &ExternalSecret, place: &Place, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    if let Some(made) = &secret.made.connection {
        of_connection(made, &mut seen, &place.at("connection"), findings);
        merged_connection(secret, place, findings);
    } else {
        for (i, entry) in secret.data.iter().enumerate() {
            legal(&entry.secret_key, place, findings);
            once(&mut seen, &entry.secret_key, &place.at("data").at(i), findings);
        }
    }
    for (key, value) in &secret.made.constants {
        let at = place.at("constants").at(key.clone());
        legal(&key.as_str().into(), &at, findings);
        once(&mut seen, &key.as_str().into(), &at, findings);
        literal::constant(key, value, &at, findings);
    }
    if let Some(url) = &secret.made.url {
        once(&mut seen, &url.key, &place.path("databaseCredentials.url.key"), findings);
    }
    for (i, entry) in secret.data_from.iter().enumerate() {
        let at = place.at("dataFrom").at(i);
        if let Some(prefix) = &entry.prefix {
            legal(prefix, &at.at("prefix"), findings);
        }
        for (n, rewrite) in entry.rewrite.iter().enumerate() {
            let at = at.at("rewrite").at(n);
            match rewrite {
                Rewrite::Regexp(rewrite) => {
                    regexp::check(&rewrite.source, &at.path("regexp.source"), findings)
                }
                Rewrite::Merge(merge) => merged(merge, &at.at("merge"), findings),
                // A template, which is checked with the others.
                Rewrite::Transform(_) => {}
            }
        }
        for (key, _) in entry.keep.iter().flatten() {
            let key = entry.prefix.as_ref().map_or_else(|| key.clone(), |prefix| prefix.join(key));
            legal(&key, &at.at("keys"), findings);
            once(&mut seen, &key, &at.at("keys"), findings);
        }
    }
    conversions(secret, place, findings);
    if let Some(template) = &secret.target.template {
        template_rules(template, secret, place, findings);
    }
    selection_needs_known_keys(secret, place, findings);
    type_needs_keys(secret, place, findings);
}

/// What is made of a connection; the JSON that is fetched is not written.
fn of_connection(
    made: &ConnectionKeys,
    seen: &mut BTreeMap<String, Place>,
    place: &Place,
    findings: &mut Findings,
) {
    let mut prefix_seen = false;
    for ConnectionKey { key, field, named } in &made.fields {
        let at = if *named { place.at("as").at(field.name) } else { place.at("envPrefix") };
        // Keys that are not named begin with the same text: one of them tells for all.
        if *named || !std::mem::replace(&mut prefix_seen, true) {
            legal(key, &at, findings);
        }
        once(seen, key, &at, findings);
    }
    if let Some(url) = &made.url {
        once(seen, &url.key, &place.path("url.key"), findings);
    }
}

fn merged_connection(secret: &ExternalSecret, place: &Place, findings: &mut Findings) {
    let policy = secret.target.template.as_ref().and_then(|template| template.merge_policy);
    if policy == Some(TemplateMergePolicy::Merge) {
        findings
            .error(
                CONNECTION_MERGED,
                place.at("template").at("mergePolicy"),
                "`mergePolicy: Merge` would write the whole connection to the Secret",
            )
            .why("what is fetched is one JSON with everything in it, and merging keeps what is fetched")
            .fix("leave `mergePolicy` out");
    }
}

/// Some types of Secret must have certain keys: without them the API server refuses the Secret at every sync.
fn type_needs_keys(secret: &ExternalSecret, place: &Place, findings: &mut Findings) {
    let template = secret.target.template.as_ref();
    let written = template.and_then(|template| template.secret_type.as_ref()?.known());
    let Some(kind) = written.or(secret.target.secret_type) else { return };
    let keys = secret.keys();
    if keys.open {
        return;
    }
    let needed: &[&str] = match kind {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        // The helper makes that key itself, or has said why it cannot.
        "kubernetes.io/dockerconfigjson" if written.is_some() => &[".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => return,
    };
    let has = |key: &str| keys.known.iter().any(|held| held.known().is_none_or(|held| held == key));
    let Some(missing) = needed.iter().find(|key| !has(key)) else { return };
    let at = if template.is_some() { place.at("template") } else { place.clone() };
    let finding = findings.error(
        "template-type",
        at,
        format!("a Secret of type `{kind}` must have the key `{missing}`"),
    );
    finding.why("the API server refuses the Secret at every sync");
    if template.is_some_and(|template| template.data.is_some()) {
        finding.fix(format!(
            "write `mergePolicy: Merge`, which keeps what is fetched, or `{missing}` in `data`"
        ));
    } else {
        finding.fix(format!("fetch `{missing}`"));
    }
}

/// Renames come in place of a conversion of names, not after it. The default is written by many to calm other tools.
fn conversions(secret: &ExternalSecret, place: &Place, findings: &mut Findings) {
    let unicode = |strategy: Option<ConversionStrategy>| strategy == Some(ConversionStrategy::Unicode);
    let mut ignored = |at: Place, why: &'static str| {
        findings
            .warning(
                CONVERSION_IGNORED,
                at.at("conversionStrategy"),
                "`conversionStrategy` has no effect here",
            )
            .why(why)
            .fix("leave it out");
    };
    let mut spread =
        secret.data.iter().map(|entry| &entry.remote).filter(|it| unicode(it.conversion_strategy));
    if spread.next().is_some() {
        let at = secret.data.iter().position(|entry| unicode(entry.remote.conversion_strategy));
        ignored(place.at("data").at(at.unwrap_or_default()), "in `data` the key is written out");
    }
    for (i, entry) in secret.data_from.iter().enumerate() {
        let (strategy, field) = match &entry.source {
            FromSource::Extract(remote) => (remote.conversion_strategy, "extract"),
            FromSource::Find(find) => (find.conversion_strategy, "find"),
            FromSource::Generator(_) => continue,
        };
        let renamed = !entry.rewrite.is_empty() || entry.prefix.is_some() || entry.keep.is_some();
        if unicode(strategy) && renamed {
            ignored(
                place.at("dataFrom").at(i).at(field),
                "the operator converts names only where nothing renames them",
            );
        }
    }
}

/// What brings secrets together must say where to, if it makes one value of them.
fn merged(merge: &RewriteMerge, place: &Place, findings: &mut Findings) {
    match (merge.strategy.unwrap_or(MergeStrategy::Extract), &merge.into) {
        (MergeStrategy::Json, None) => {
            findings
                .error(REWRITE_MERGE, place.at("strategy"), "the strategy `JSON` needs `into`")
                .why("the operator fails at every sync, for the value has no key")
                .fix("write `into` with the key that holds the result");
        }
        (MergeStrategy::Json, Some(into)) => legal(into, &place.at("into"), findings),
        (MergeStrategy::Extract, Some(_)) => {
            findings
                .warning(REWRITE_MERGE, place.at("into"), "`into` is ignored: every key keeps its name")
                .fix("write `strategy: JSON`, or leave `into` out");
        }
        (MergeStrategy::Extract, None) => {}
    }
    if merge.priority_policy.is_some() && merge.priority.as_ref().is_none_or(Vec::is_empty) {
        findings
            .warning(REWRITE_MERGE, place.at("priorityPolicy"), "`priorityPolicy` without `priority`")
            .fix("write `priority`, or leave `priorityPolicy` out");
    }
}

fn legal(key: &Text, place: &Place, findings: &mut Findings) {
    if let Err(error) = SecretKey::parse(key) {
        findings.error("bad-secret-key", place.clone(), error.to_string()).fix("rename it");
    }
}

fn once(seen: &mut BTreeMap<String, Place>, key: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = key.known() else { return };
    if let Some(first) = seen.get(known) {
        findings
            .error(DUPLICATE, place.clone(), format!("key `{known}` is written twice"))
            .label("again here")
            .why("one of the two values wins, and nothing says which")
            .fix("rename or remove one")
            .and(first.clone(), "first here");
        return;
    }
    seen.insert(known.to_owned(), place.clone());
}

/// What the operator refuses in templates, and literal secrets in them.
fn template_rules(
    template: &crate::template::Template,
    secret: &ExternalSecret,
    place: &Place,
    findings: &mut Findings,
) {
    let at = place.at("template");
    if let Some(kind) = template.secret_type.as_ref().and_then(Text::known) {
        if matches!(kind, "bootstrap.kubernetes.io/token") {
            findings
                .error(
                    "template-type",
                    at.at("type"),
                    format!("the operator refuses to write Secrets of type `{kind}`"),
                )
                .fix("use another type, or make that Secret another way");
        }
        if let Some(helper) = secret.target.secret_type.filter(|helper| *helper != kind) {
            findings
                .error(
                    "template-type",
                    at.at("type"),
                    format!("the helper makes a Secret of type `{helper}`"),
                )
                .fix("leave `type` out");
        }
    }
    for (i, from) in template.template_from.iter().flatten().enumerate() {
        let target = from.target.as_ref().filter(|target| !is_part_of_a_secret(target));
        if let Some(target) = target.filter(|_| secret.target.manifest.is_none()) {
            let message = format!("a Secret has no `{}` to put the result into", shown(target));
            findings
                .error(TEMPLATE_TARGET, at.at("templateFrom").at(i).at("target"), message)
                .why("the operator's webhook refuses the object")
                .fix("write `Data`, `Labels` or `Annotations`, or leave `target` out");
        }
    }
    for (key, value) in template.data.iter().flatten() {
        legal(&key.as_str().into(), &at.at("data").at(key.clone()), findings);
        literal::constant(key, value, &at.at("data").at(key.clone()), findings);
    }
}

/// Where the result of a template from elsewhere may go in a Secret.
fn is_part_of_a_secret(target: &Text) -> bool {
    target.known().is_none_or(|target| {
        ["", "data", "annotations", "labels"].iter().any(|part| part.eq_ignore_ascii_case(target))
    })
}

/// Where a selection must be made by template, every other key must be known too, for the template replaces them all.
fn selection_needs_known_keys(secret: &ExternalSecret, place: &Place, findings: &mut Findings) {
    if !secret.data_from.iter().any(|entry| entry.keep.is_some()) {
        return;
    }
    for (i, entry) in secret.data_from.iter().enumerate().filter(|(_, entry)| entry.keep.is_none()) {
        let what = match entry.source {
            FromSource::Extract(_) => "extract",
            FromSource::Find(_) => "find",
            FromSource::Generator(_) => "generator",
        };
        findings
            .error("selection-needs-known-keys", place.at("dataFrom").at(i), format!("`{what}` without `keys` beside an entry with `keys`"))
            .why("the selection is made by a template, which leaves out every key that it does not name")
            .fix("write `keys` for this entry too, or split the external secret in two with `creationPolicy: Merge` for one");
    }
}
