//! What the AWS provider checks beyond its schema, as far as its resources are condensed: all of it at `validate`, where
//! the real provider is at hand.

use keyloom_models::code;
use keyloom_syntax::Spot;
use keyloom_syntax::view::ViewKind;
use keyloom_upstream::terraform::{Kind, Provider};

use super::module::Module;
use super::view::{TerraformView, number};
use super::written::{Block, Sort};
use super::{Place, Problems};

mod misses;
mod trust;

pub(super) fn check(block: &Block<'_>, place: &Place<'_, '_>, problems: &mut Problems) {
    if block.sort.kind() != Some(Kind::Resource) || Provider::of_type(block.label(0)) != Some(Provider::Aws) {
        return;
    }
    match block.label(0) {
        "aws_secretsmanager_secret" => secret(place, problems),
        "aws_secretsmanager_secret_version" => version(place, problems),
        "aws_ssm_parameter" => together(place, &["value", "insecure_value", "value_wo"], problems),
        "aws_iam_openid_connect_provider" => identity_provider(place, problems),
        _ => {}
    }
    for (written, with) in
        [("secret_string_wo", "secret_string_wo_version"), ("value_wo", "value_wo_version")]
    {
        pair(place, written, with, problems);
    }
}

/// What statements of policies say of secrets, and of whom they let in.
pub(super) fn policies(module: &Module<'_>, problems: &mut Problems) {
    let names = misses::names(module);
    for block in module.of(Sort::Data).filter(|block| block.label(0) == "aws_iam_policy_document") {
        let document = Spot::root(TerraformView::new(block.node), &block.path);
        let Some(statements) = document.get("statement") else { continue };
        for statement in blocks(&statements) {
            trust::check(&statement, problems);
            misses::check(&statement, &names, problems);
        }
    }
}

/// The items of a list, or what stands where a list of one may be left out.
fn blocks<'s, 't>(place: &'s Place<'s, 't>) -> Vec<Place<'s, 't>> {
    match place.kind() {
        ViewKind::Sequence => place.items().collect(),
        ViewKind::Null
        | ViewKind::Bool
        | ViewKind::Int
        | ViewKind::Float
        | ViewKind::Text
        | ViewKind::Mapping
        | ViewKind::Unknown => vec![place.clone()],
    }
}

/// `internal/service/secretsmanager/secret.go`
fn secret(place: &Place<'_, '_>, problems: &mut Problems) {
    together(place, &["name", "name_prefix"], problems);
    name(place, "name", 512, problems);
    name(place, "name_prefix", 486, problems);
    if let Some(policy) = place.get("policy")
        && policy.text().is_some_and(|text| !text.is_empty() && !is_json(text))
    {
        problems.push(policy.error(code::BAD_FORMAT, "the policy is not JSON"));
    }
    if let Some(days) = place.get("recovery_window_in_days")
        && number(&days)
            .is_some_and(|days| days != 0.0 && !(days.fract() == 0.0 && (7.0..=30.0).contains(&days)))
    {
        problems.push(
            days.error(code::RECOVERY_WINDOW, "AWS keeps a deleted secret for 7 to 30 days")
                .fix("write 7 to 30, or 0 to delete it at once"),
        );
    }
}

fn name(place: &Place<'_, '_>, attribute: &str, most: usize, problems: &mut Problems) {
    let Some(name) = place.get(attribute) else { return };
    let Some(text) = name.text() else { return };
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte);
    if text.is_empty() || !text.bytes().all(legal) {
        problems.push(
            name.error(code::BAD_FORMAT, "not a name of a secret")
                .fix("use letters, digits and `/_+=.@-`, one at least"),
        );
    } else if text.len() > most {
        let words = format!("`{attribute}` has {} characters, and {most} is the most", text.len());
        problems.push(name.error(code::BAD_LENGTH, words));
    }
}

/// `internal/service/secretsmanager/secret_version.go`
fn version(place: &Place<'_, '_>, problems: &mut Problems) {
    const VALUES: [&str; 3] = ["secret_string", "secret_string_wo", "secret_binary"];
    together(place, &VALUES, problems);
    if !VALUES.iter().any(|value| place.has(value)) {
        problems.push(
            place
                .error_at_key(code::EXACTLY_ONE, "a version without a value")
                .why("`validate` and `plan` pass, and the API refuses it")
                .fix("write `secret_string_wo` with `secret_string_wo_version`, which keeps the value out of the state"),
        );
    }
    if let Some(binary) = place.get("secret_binary")
        && binary.text().is_some_and(|text| !is_base64(text))
    {
        problems.push(binary.error(code::BAD_FORMAT, "not base64"));
    }
}

/// `internal/service/iam/openid_connect_provider.go`
fn identity_provider(place: &Place<'_, '_>, problems: &mut Problems) {
    if let Some(url) = place.get("url")
        && let Some(text) = url.text()
    {
        if !text.starts_with("https://") {
            problems.push(url.error(code::BAD_FORMAT, "the address does not begin with `https://`"));
        } else if text.contains('?') {
            problems.push(
                url.error(code::BAD_FORMAT, "the address has a query")
                    .why("OpenID Connect allows none in an issuer"),
            );
        }
    }
    for (list, least, most) in [("client_id_list", 1, 255), ("thumbprint_list", 40, 40)] {
        let Some(list) = place.get(list) else { continue };
        for item in list.items() {
            let Some(length) = item.text().map(str::len) else { continue };
            if !(least..=most).contains(&length) {
                let words = if least == most { format!("{least}") } else { format!("{least} to {most}") };
                problems.push(
                    item.error(code::BAD_LENGTH, format!("{length} characters, where {words} are wanted")),
                );
            }
        }
    }
}

/// Attributes of which one at most may be there.
fn together(place: &Place<'_, '_>, names: &[&str], problems: &mut Problems) {
    let written: Vec<_> = names.iter().filter_map(|name| Some((*name, place.get(name)?))).collect();
    let [(first, at), rest @ ..] = written.as_slice() else { return };
    for (name, other) in rest {
        problems.push(
            other
                .error_at_key(code::EXACTLY_ONE, format!("`{name}` beside `{first}`"))
                .and(at.key_place(), "and here")
                .why("the provider takes one of them"),
        );
    }
}

/// A write-only value and its version, each of which needs the other.
fn pair(place: &Place<'_, '_>, written: &str, version: &str, problems: &mut Problems) {
    let (there, missing) = match (place.get(written), place.get(version)) {
        (Some(value), None) => {
            (value.error_at_key(code::MISSING_FIELD, format!("`{written}` needs `{version}`")), version)
        }
        (None, Some(value)) => {
            (value.error_at_key(code::MISSING_FIELD, format!("`{version}` needs `{written}`")), written)
        }
        _ => return,
    };
    problems.push(there.fix(format!("write `{missing}` too")));
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4) && text.len() - body.len() < 3 && body.bytes().all(legal)
}
