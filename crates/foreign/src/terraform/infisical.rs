//! What Infisical's provider and server demand beyond the schema. Nearly all of it shows at apply only, half way through.

use keyloom_models::code;
use keyloom_syntax::view::ViewKind;
use keyloom_syntax::{Severity, Spot};
use keyloom_upstream::terraform::infisical::{app_connection_of, secret_sync_of};
use keyloom_upstream::terraform::{Provider, infisical};

use super::module::Module;
use super::view::{TerraformView, number};
use super::written::{Block, Sort};
use super::{Place, Problems};

mod connection;
mod destination;
mod login;
mod sync;
mod twins;
mod write_only;

/// Why something that passes `validate` and `plan` is an error all the same.
const AT_APPLY: &str =
    "the provider checks it only while it applies, half way through: `validate` and `plan` pass";
/// Why something is an error that no part of Terraform checks.
const AT_SERVER: &str = "Infisical's server refuses it; `validate` and `plan` pass";

/// Checks one block of Infisical's provider.
pub(super) fn check(module: &Module<'_>, block: &Block<'_>, place: &Place<'_, '_>, problems: &mut Problems) {
    if module.provider_of(block) != Some(Provider::Infisical) {
        return;
    }
    match block.sort {
        Sort::Provider => login::check(place, problems),
        Sort::Resource => {
            let kind = block.label(0);
            if let Some(connection) = app_connection_of(kind) {
                connection::check(connection, place, problems);
            } else if let Some(sync) = secret_sync_of(kind) {
                sync::check(module, sync, place, problems);
            } else {
                write_only::check(kind, place, problems);
            }
        }
        _ => {}
    }
}

/// What blocks make wrong together.
pub(super) fn together(module: &Module<'_>, problems: &mut Problems) {
    twins::check(module, problems);
    login::service_tokens(module, problems);
}

/// A block's place.
fn place<'p, 't>(block: &'p Block<'t>) -> Place<'p, 't> {
    Spot::root(TerraformView::new(block.node), &block.path)
}

/// Whether a text is there and empty. One of blanks alone is not: the provider takes it.
fn is_empty(place: &Place<'_, '_>) -> bool {
    place.text() == Some("") || (place.kind() == ViewKind::Sequence && place.items().next().is_none())
}

/// Whether something is there that counts: neither empty nor null. What is not known counts.
fn counts(parent: &Place<'_, '_>, name: &str) -> bool {
    parent.get(name).is_some_and(|place| !is_empty(&place))
}

/// A name that has to be a slug: the provider passes anything on.
fn slug(place: &Place<'_, '_>, most: usize, problems: &mut Problems) {
    let Some(name) = place.get("name") else { return };
    let Some(text) = name.text() else { return };
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let good = !text.is_empty() && text.bytes().all(legal) && !text.starts_with('-') && !text.ends_with('-');
    if !good {
        problems.push(
            name.error(code::BAD_FORMAT, "the name is no slug")
                .why(AT_SERVER)
                .fix("use lower-case letters and digits, joined by `-`"),
        );
    } else if text.len() > most {
        let words = format!("the name has {} characters, and {most} is the most", text.len());
        problems.push(name.error(code::BAD_LENGTH, words).why(AT_SERVER));
    }
}

/// A word that is not one of those known.
fn word(place: &Place<'_, '_>, known: &[&str], why: &str, problems: &mut Problems) {
    let Some(text) = place.text().filter(|text| !known.contains(text)) else { return };
    let listed = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let path = place.path();
    let name = path.rsplit('.').next().unwrap_or_default();
    let mut problem = place.error(code::UNKNOWN_VALUE, format!("not a word that `{name}` can be")).why(why);
    match keyloom_syntax::suggest::suggest(text, known.iter().copied()) {
        Some(near) => problem.label = format!("did you mean `{near}`?"),
        None => problem.fix = Some(format!("write one of {listed}")),
    }
    problems.push(problem);
}

/// Attributes that must not be empty although a schema takes an empty text.
fn not_empty(place: &Place<'_, '_>, names: &[&str], why: &str, problems: &mut Problems) {
    for name in names {
        if let Some(found) = place.get(name).filter(is_empty) {
            problems.push(found.error(code::BAD_LENGTH, format!("`{name}` is empty")).why(why));
        }
    }
}

/// Attributes of which an empty text reads back as nothing.
fn unsettled(place: &Place<'_, '_>, names: &[&str], problems: &mut Problems) {
    for name in names {
        if let Some(found) = place.get(name).filter(is_empty) {
            problems.push(
                found
                    .error(code::PERPETUAL_DIFF, format!("an empty `{name}` differs again in every plan"))
                    .severity(Severity::Warning)
                    .why("the provider reads it back as nothing")
                    .fix(format!("leave `{name}` out")),
            );
        }
    }
}

/// A number that has to be whole: Terraform's own type takes any, and the provider refuses it at `validate`.
fn whole(place: &Place<'_, '_>, problems: &mut Problems) {
    if number(place).is_some_and(|number| number.fract() != 0.0) {
        problems.push(place.error(code::WRONG_TYPE, "a whole number is wanted here"));
    }
}

/// Attributes of a schema's object that must be there.
fn required(resource: &str, attribute: &str) -> Vec<&'static str> {
    let schema = keyloom_upstream::terraform::schema(keyloom_upstream::terraform::Kind::Resource, resource);
    let object = schema.and_then(|schema| schema.attribute(attribute));
    let all = object.map_or(&[][..], |object| object.ty.nested());
    all.iter().filter(|attribute| attribute.required).map(|attribute| attribute.name).collect()
}

/// Words of a choice that an attribute belongs to.
fn listed(cases: &[&str]) -> String {
    cases.iter().map(|case| format!("`{case}`")).collect::<Vec<_>>().join(" or ")
}

/// The case of that name.
fn case(cases: &'static [infisical::Case], name: &str) -> Option<&'static infisical::Case> {
    cases.iter().find(|case| case.name == name)
}
