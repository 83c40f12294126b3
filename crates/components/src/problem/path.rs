//! Paths of inputs for the engine, which prints what it finds at them: secrets, too.

use keyloom_models::looks_like_credential;
use keyloom_wire::property::{Path, Property, PropertyMap, Step, Value};

/// A path under which the engine shows no secret: one of a single plain value as it is, any other with words that lead
/// nowhere.
pub(super) fn shown(path: &str, quiet: bool, inputs: &PropertyMap) -> String {
    // An empty path would be all the inputs, and what is no path to us may be one to the engine.
    let Ok(steps) = path.parse::<Path>() else { return nowhere("(inputs)", inputs) };
    let words = match find(&steps, inputs) {
        None => return path.to_owned(),
        Some(Found { secret: true, .. }) => "secret",
        Some(Found { property, .. }) => match &property.value {
            Value::Map(_) => "object",
            Value::List(_) => "list",
            Value::String(text) if looks_like_credential(text).is_some() => "not shown",
            _ if quiet => "not shown",
            _ => return path.to_owned(),
        },
    };
    nowhere(&format!("{path} ({words})"), inputs)
}

/// The path, longer until nothing stands there.
fn nowhere(path: &str, inputs: &PropertyMap) -> String {
    let mut path = path.to_owned();
    while path.parse::<Path>().is_ok_and(|steps| find(&steps, inputs).is_some()) {
        path.push(' ');
    }
    path
}

/// What stands at a path.
struct Found<'p> {
    property: &'p Property,
    /// Whether it is in something secret, or something in it is.
    secret: bool,
}

/// What the engine finds at a path, and more: it does not look into what is secret.
fn find<'p>(path: &Path, inputs: &'p PropertyMap) -> Option<Found<'p>> {
    let (first, rest) = path.0.split_first()?;
    let mut property = inputs.get(name(first)?)?;
    let mut secret = property.secret;
    for step in rest {
        property = name(step).map_or_else(|| property.inside(step), |name| property.get(name))?;
        secret |= property.secret;
    }
    Some(Found { property, secret: secret || property.holds_secret() })
}

/// The member that a step leads to; here the engine knows no `*` but as a name.
fn name(step: &Step) -> Option<&str> {
    match step {
        Step::Member(name) => Some(name),
        Step::Every => Some("*"),
        Step::Item(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map<const N: usize>(members: [(&str, Property); N]) -> PropertyMap {
        members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    #[test]
    fn the_engine_finds_single_plain_values_alone() {
        let secret = || Property::from("canary").secret();
        let inputs = map([
            ("plain", "a".into()),
            ("pasted", "ghp_1234567890abcdefABCD".into()),
            ("secret", secret()),
            ("auth", map([("token", secret()), ("a/b", "x".into())]).into()),
            ("list", vec![Property::from("x"), secret()].into()),
            ("whole", Property::from(map([("inner", "canary".into())])).secret()),
        ]);
        for (path, quiet, expected) in [
            ("plain", false, "plain"),
            ("plain", true, "plain (not shown)"),
            ("plain.more", false, "plain.more"),
            ("pasted", false, "pasted (not shown)"),
            ("missing", false, "missing"),
            ("secret", false, "secret (secret)"),
            ("auth", false, "auth (secret)"),
            ("auth.token", false, "auth.token (secret)"),
            ("auth[\"a/b\"]", false, "auth[\"a/b\"]"),
            ("list", false, "list (secret)"),
            ("list[0]", false, "list[0]"),
            ("list[1]", false, "list[1] (secret)"),
            ("whole", false, "whole (secret)"),
            ("whole.inner", false, "whole.inner (secret)"),
            ("", false, "(inputs)"),
        ] {
            assert_eq!(shown(path, quiet, &inputs), expected);
            let found = expected.parse::<Path>().ok().is_some_and(|path| find(&path, &inputs).is_some());
            assert_eq!(found, path == expected && !["plain.more", "missing"].contains(&path), "{path}");
        }
    }
}
