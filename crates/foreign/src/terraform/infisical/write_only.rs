//! Resources with write-only attributes: which of them go together.

use keyloom_models::code;
use keyloom_syntax::view::View;

use super::super::{Place, Problems};

/// What is checked of each resource: where, the plain attribute, the write-only one with its version, and whether one of
/// the two must be there.
const RULES: [(&str, &[&str], &str, &str, bool); 3] = [
    ("infisical_secret", &[], "value", "value_wo", false),
    (
        "infisical_dynamic_secret_mongo_atlas",
        &["configuration"],
        "admin_private_key",
        "admin_private_key_wo",
        true,
    ),
    ("infisical_dynamic_secret_sql_database", &["configuration"], "password", "password_wo", true),
];

pub(super) fn check(resource: &str, place: &Place<'_, '_>, problems: &mut Problems) {
    let Some((_, path, plain, written, one)) = RULES.iter().find(|rule| rule.0 == resource) else { return };
    let Some(place) = place.at(path) else { return };
    if place.is_unknown() {
        return;
    }
    let version = format!("{written}_version");
    let (a, b, v) = (place.get(plain), place.get(written), place.get(&version));
    for other in [&b, &v].into_iter().flatten() {
        if let Some(plain_at) = &a {
            problems.push(
                other
                    .error_at_key(code::EXACTLY_ONE, format!("a write-only value beside `{plain}`"))
                    .and(plain_at.key_place(), "and here")
                    .why("the provider takes one of them"),
            );
        }
    }
    match (&b, &v) {
        (Some(there), None) => problems.push(
            there.error_at_key(code::MISSING_FIELD, format!("`{written}` needs `{version}`")).why(
                "a value that is in no state cannot be compared: only a new version has it written again",
            ),
        ),
        (None, Some(there)) => {
            problems.push(there.error_at_key(code::MISSING_FIELD, format!("`{version}` needs `{written}`")));
        }
        _ => {}
    }
    if let Some(version) = v.filter(|version| version.view().number().is_some_and(|number| number < 1.0)) {
        problems.push(version.error(code::OUT_OF_RANGE, "a version is 1 at least"));
    }
    if *one && a.is_none() && b.is_none() {
        problems.push(
            place
                .error_at_key(code::EXACTLY_ONE, format!("neither `{plain}` nor `{written}`"))
                .why("the provider wants exactly one of them"),
        );
    }
}
