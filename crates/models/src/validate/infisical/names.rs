//! Names at destinations: the key schema, and what it may come to there.

use keyloom_syntax::Text;

use crate::code;
use crate::finding::{Findings, Place};
use crate::key_schema::{ENVIRONMENT, KeySchema, SECRET_KEY};
use crate::secret_sync::{DestinationConfig, SecretSyncConfig, SyncKind};

/// Longest key schema.
const LONGEST: usize = 255;

/// What the names at the destination are made like; none where that is not known or wrong.
pub(super) fn check(item: &SecretSyncConfig, place: &Place, findings: &mut Findings) -> Option<KeySchema> {
    let Some(written) = item.options.key_schema.as_ref().filter(|schema| !schema.is_empty()) else {
        return Some(KeySchema::new(None, ""));
    };
    let at = place.path("syncOptions.keySchema");
    let known = written.known()?;
    if let Some((what, fix)) = complaint(known) {
        findings
            .error(code::KEY_SCHEMA, at, format!("the key schema is not one that Infisical takes: {what}"))
            .why("Terraform's provider lets it pass, and the server refuses it when Terraform applies")
            .fix(fix);
        return None;
    }
    let environment = match item.environment.known() {
        Some(environment) => environment,
        None if known.contains(ENVIRONMENT) => return None,
        None => "",
    };
    let names = KeySchema::new(Some(known), environment);
    if let Some((what, fix)) = illegal(&item.destination, &names) {
        findings
            .error(
                code::DESTINATION_NAME,
                at,
                format!(
                    "names like `{}` are not legal in {}: {what}",
                    names.expand("NAME"),
                    item.destination.kind().title()
                ),
            )
            .why("the sync would fail at every secret")
            .fix(fix);
    }
    Some(names)
}

/// What is wrong with the text of a key schema.
fn complaint(text: &str) -> Option<(String, &'static str)> {
    let literal = text.replace(SECRET_KEY, "").replace(ENVIRONMENT, "");
    if let Some(other) = placeholder(&literal) {
        let what = format!("there is no `{other}`");
        return Some((what, "`{{secretKey}}` and `{{environment}}` are all there is"));
    }
    if !text.contains(SECRET_KEY) {
        let what = "it does not hold `{{secretKey}}`".to_owned();
        return Some((what, "write it where the secret's own name belongs, as in \"APP_{{secretKey}}\""));
    }
    let illegal = |c: &char| !(c.is_ascii_alphanumeric() || "_-/".contains(*c));
    if let Some(c) = literal.chars().find(illegal) {
        let fix = "beside `{{secretKey}}` and `{{environment}}` use letters, digits, `_`, `-` and `/`";
        return Some((format!("it holds {c:?}"), fix));
    }
    (text.len() > LONGEST).then(|| (format!("it is longer than {LONGEST} characters"), "shorten it"))
}

/// The first thing in double braces.
fn placeholder(text: &str) -> Option<&str> {
    let start = text.find("{{")?;
    let end = text[start..].find("}}")?;
    text.get(start..start + end + 2)
}

/// What no name of that form may be at the destination, whatever the secrets are called.
fn illegal(destination: &DestinationConfig, names: &KeySchema) -> Option<(String, String)> {
    let parts = [names.prefix(), names.suffix()];
    let other = |legal: &str| {
        let illegal = |c: &char| !(c.is_ascii_alphanumeric() || legal.contains(*c));
        parts.iter().flat_map(|part| part.chars()).find(illegal)
    };
    let only = |c: char, rule: &str| (format!("they hold {c:?}"), format!("use {rule} alone"));
    match destination.kind() {
        SyncKind::GITHUB => {
            if names.prefix().to_ascii_uppercase().starts_with("GITHUB_") {
                let what = "they begin with `GITHUB_`, which GitHub keeps for itself".to_owned();
                return Some((
                    what,
                    "choose another beginning, such as \"INFISICAL_{{secretKey}}\"".to_owned(),
                ));
            }
            if names.prefix().starts_with(|c: char| c.is_ascii_digit()) {
                return Some(("they begin with a digit".to_owned(), "put a letter first".to_owned()));
            }
            other("_").map(|c| only(c, "letters, digits and `_`"))
        }
        // Infisical writes a hyphen for each underscore.
        SyncKind::AZURE_KEY_VAULT => {
            other("_-").map(|c| only(c, "letters, digits, `-` and `_`, which becomes `-`"))
        }
        SyncKind::GCP_SECRET_MANAGER => other("_-").map(|c| only(c, "letters, digits, `_` and `-`")),
        SyncKind::AWS_PARAMETER_STORE => levels(destination, &parts),
        _ => None,
    }
}

/// Parameters have at most 15 levels.
fn levels(destination: &DestinationConfig, parts: &[&str]) -> Option<(String, String)> {
    let DestinationConfig::AwsParameterStore(it) = destination else { return None };
    let slashes = |text: &str| text.matches('/').count();
    let all = slashes(it.path.known()?) + parts.iter().map(|part| slashes(part)).sum::<usize>();
    (all > 15).then(|| ("they have more than 15 levels".to_owned(), "use fewer `/`".to_owned()))
}

/// The path that is read, as Infisical takes it.
pub(super) fn source_path(path: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = path.known().filter(|path| !path.is_empty()) else { return };
    let (what, fix) = if !known.starts_with('/') {
        ("it must begin with `/`", format!("write `/{known}`"))
    } else if known.contains("//") {
        ("it has an empty part", "write a single `/`".to_owned())
    } else {
        return;
    };
    findings
        .error(code::BAD_PATH, place.clone(), format!("`{known}` is no path of Infisical: {what}"))
        .why("Terraform's provider lets it pass, and the server refuses it when Terraform applies")
        .fix(fix);
}
