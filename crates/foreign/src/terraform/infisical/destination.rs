//! Destinations of syncs (`resource/secret_sync/secret_sync_NAME.go` of the provider).

use keyloom_models::code;
use keyloom_syntax::Severity;
use keyloom_syntax::Span;
use keyloom_syntax::check::Problem;
use keyloom_syntax::view::ViewKind;
use keyloom_upstream::terraform::infisical::{Case, Choice, SecretSync};

use super::super::{Place, Problems};
use super::{
    AT_APPLY, AT_SERVER, case, counts, is_empty, listed, not_empty, required, unsettled, whole, word,
};

pub(super) fn check(sync: &SecretSync, config: &Place<'_, '_>, problems: &mut Problems) {
    let required = required(sync.resource, "destination_config");
    // The choice itself is told as an unknown word.
    let required: Vec<_> = required
        .into_iter()
        .filter(|name| sync.choice.is_none_or(|choice| choice.attribute != *name))
        .collect();
    not_empty(config, &required, AT_APPLY, problems);
    for words in sync.words {
        if let Some(at) = config.get(words.attribute).filter(|at| !is_empty(at)) {
            word(&at, words.words, AT_APPLY, problems);
        }
    }
    if let Some(choice) = sync.choice {
        self::choice(sync, &choice, config, problems);
    }
    match sync.kind {
        "1password" if config.get("value_label").is_none() => problems.push(
            config
                .error_at_key(code::PERPETUAL_DIFF, "without `value_label` every plan shows a change")
                .severity(Severity::Warning)
                .why("the provider reads back an empty text, and nothing is written")
                .fix("write `value_label`; the label of the field is `value` otherwise"),
        ),
        "aws-parameter-store" => parameter_path(config, problems),
        "azure-app-configuration" => url(config, "configuration_url", problems),
        "azure-key-vault" => url(config, "vault_base_url", problems),
        "cloudflare-pages" => {
            if let Some(at) = config.get("environment").filter(|at| !is_empty(at)) {
                word(&at, &["production", "preview"], AT_SERVER, problems);
            }
        }
        "cloudflare-workers" => script(config, problems),
        "github" => visibility(config, problems),
        _ => {}
    }
    if let Some(region) = config.get("aws_region") {
        self::region(&region, problems);
    }
}

/// The word that decides, and the fields that go with it.
fn choice(sync: &SecretSync, choice: &Choice, config: &Place<'_, '_>, problems: &mut Problems) {
    let code = code::DESTINATION_FIELDS;
    let written = config.get(choice.attribute);
    let names: Vec<_> = choice.cases.iter().map(|case| case.name).collect();
    if let Some(written) = &written {
        word(written, &names, AT_APPLY, problems);
    }
    let chosen = match &written {
        Some(written) => written.text(),
        None => choice.default,
    };
    let Some(chosen) = chosen.and_then(|name| case(choice.cases, name)) else { return };
    let always = required(sync.resource, "destination_config");
    for name in chosen.needs.iter().filter(|name| !counts(config, name)) {
        // Told by whoever checks the schema, or as empty.
        if always.contains(name) {
            continue;
        }
        let words = format!("`{}` {} needs `{name}`", chosen.name, choice.attribute.replace('_', " "));
        let empty = config.get(name);
        let problem = match &empty {
            Some(empty) => empty.error(code, format!("{words}, and it is empty")),
            None => config.error_at_key(code, words),
        };
        problems.push(problem.why(AT_APPLY).fix(format!("write `{name}`")));
    }
    foreign(choice, chosen, code, config, problems);
}

/// Fields of another word. The provider refuses them; empty ones it takes, and never settles.
fn foreign(
    choice: &Choice,
    chosen: &'static Case,
    code: &'static str,
    config: &Place<'_, '_>,
    problems: &mut Problems,
) {
    for (name, at) in config.entries() {
        let others = chosen.others(choice.cases, name);
        if others.is_empty() {
            continue;
        }
        if is_empty(&at) {
            unsettled(config, &[name], problems);
            continue;
        }
        let problem =
            at.error_at_key(code, format!("`{name}` belongs to {} {}", choice.attribute, listed(&others)));
        problems.push(
            problem
                .why(format!("with `{}` the provider refuses it; {AT_APPLY}", chosen.name))
                .fix(format!("leave it out, or write another `{}`", choice.attribute)),
        );
    }
}

/// Of an organization, ids are there exactly when they are asked for.
fn visibility(config: &Place<'_, '_>, problems: &mut Problems) {
    let scope = config.get("scope");
    if scope.as_ref().and_then(|scope| scope.text()) != Some("organization") {
        return;
    }
    config.get("selected_repository_ids").iter().flat_map(Place::items).for_each(|id| whole(&id, problems));
    let (visibility, ids) = (config.get("visibility"), config.get("selected_repository_ids"));
    let Some(visibility) = visibility.as_ref().and_then(|visibility| visibility.text()) else { return };
    let some = ids.as_ref().is_some_and(|ids| !is_empty(ids));
    let problem: Problem<Span> = match (visibility, &ids) {
        ("selected", _) if !some => config
            .error_at_key(code::DESTINATION_FIELDS, "visibility `selected` needs `selected_repository_ids`")
            .fix("write the ids of the repositories, one at least"),
        ("all" | "private", Some(ids)) if some => ids
            .error_at_key(
                code::DESTINATION_FIELDS,
                format!("visibility `{visibility}` has no selected repositories"),
            )
            .fix("leave them out, or write `visibility`: \"selected\""),
        _ => return,
    };
    problems.push(problem.why(AT_APPLY));
}

fn parameter_path(config: &Place<'_, '_>, problems: &mut Problems) {
    let Some(path) = config.get("path") else { return };
    if path.text().is_some_and(|text| !(text.is_empty() || text.starts_with('/') && text.ends_with('/'))) {
        problems.push(
            path.error(code::BAD_FORMAT, "the path does not begin and end with `/`")
                .why(AT_SERVER)
                .fix("write it like `/web/production/`"),
        );
    }
}

fn url(config: &Place<'_, '_>, name: &str, problems: &mut Problems) {
    let Some(url) = config.get(name) else { return };
    let Some(text) = url.text().filter(|text| !text.is_empty()) else { return };
    let host = text.strip_prefix("https://").map(|rest| rest.split('/').next().unwrap_or_default());
    let good = host.is_some_and(|host| host.contains('.') && !host.contains(['@', ' ', '?', '#']));
    if !good {
        problems.push(url.error(code::BAD_FORMAT, "not an `https://` address").why(AT_SERVER).fix(
            match name {
                "vault_base_url" => "write `https://NAME.vault.azure.net`",
                _ => "write `https://NAME.azconfig.io`",
            },
        ));
    }
}

fn script(config: &Place<'_, '_>, problems: &mut Problems) {
    let Some(script) = config.get("script_id") else { return };
    let Some(text) = script.text().filter(|text| !text.is_empty()) else { return };
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !text.bytes().all(legal) || text.starts_with('-') || text.ends_with('-') || text.len() > 64 {
        problems.push(
            script
                .error(code::BAD_FORMAT, "not the id of a script")
                .why(AT_SERVER)
                .fix("use lower-case letters, digits and `-`, 64 at most"),
        );
    }
}

/// Regions come faster than lists of them, so one that is not known is a warning.
fn region(region: &Place<'_, '_>, problems: &mut Problems) {
    let Some(text) = region.text().filter(|text| !text.is_empty()) else { return };
    if region.kind() == ViewKind::Text && !keyloom_models::store::aws::REGIONS.contains(&text) {
        problems.push(
            region
                .error(code::AWS_REGION, "a region that is not known")
                .severity(Severity::Warning)
                .why("Infisical's server takes the regions that it knows; Terraform takes any text"),
        );
    }
}
