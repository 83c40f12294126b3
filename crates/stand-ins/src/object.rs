//! Kubernetes objects as properties, and as JSON for the API server and for files.

use keyloom_wire::property::PropertyMap;
use keyloom_wire::{Property, Value};
use serde_json::{Map, Number, Value as Json};

/// Greatest whole number up to which every whole number is exact in a `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Says that the name was made up, so that an object that replaces this one can have another.
const AUTONAMED: &str = "pulumi.com/autonamed";

/// The text at a path; what is unknown is no text.
pub(crate) fn text<'a>(object: &'a PropertyMap, path: &[&str]) -> &'a str {
    at(object, path).and_then(Property::as_str).unwrap_or_default()
}

/// What stands at a path.
pub(crate) fn at<'a>(object: &'a PropertyMap, path: &[&str]) -> Option<&'a Property> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(object.get(*first)?, |property, name| property.get(name))
}

/// `metadata.name`.
pub(crate) fn name(object: &PropertyMap) -> &str {
    text(object, &["metadata", "name"])
}

/// `metadata.namespace`.
pub(crate) fn namespace(object: &PropertyMap) -> &str {
    text(object, &["metadata", "namespace"])
}

/// Whether its name was made up.
pub(crate) fn is_autonamed(object: &PropertyMap) -> bool {
    text(object, &["metadata", "annotations", AUTONAMED]) == "true"
}

/// Whether it has a name, or will have one.
pub(crate) fn is_named(object: &PropertyMap) -> bool {
    at(object, &["metadata", "name"]).is_some_and(|name| name.value == Value::Unknown)
        || !name(object).is_empty()
}

/// Names the object, and says that the name was made up.
pub(crate) fn autoname(object: &mut PropertyMap, name: &str) {
    set_metadata(object, "name", Some(name));
    edit(object, "metadata", |metadata| {
        edit(metadata, "annotations", |annotations| {
            annotations.insert(AUTONAMED.to_owned(), Property::from("true"));
        });
    });
}

/// Sets a text of the metadata, or takes it away.
pub(crate) fn set_metadata(object: &mut PropertyMap, key: &str, value: Option<&str>) {
    edit(object, "metadata", |metadata| {
        match value {
            Some(value) => metadata.insert(key.to_owned(), Property::from(value)),
            None => metadata.remove(key),
        };
    });
}

/// Changes a member that is a map, or will be one; anything else is left alone.
pub(crate) fn edit(object: &mut PropertyMap, name: &str, change: impl FnOnce(&mut PropertyMap)) {
    let property = object.entry(name.to_owned()).or_default();
    if property.value == Value::Null {
        property.value = Value::Map(PropertyMap::new());
    }
    if let Value::Map(map) = &mut property.value {
        change(map);
    }
}

/// The same without marks: neither secrets nor dependencies.
pub(crate) fn plain(property: &Property) -> Property {
    Property::from(match &property.value {
        Value::List(items) => Value::List(items.iter().map(plain).collect()),
        Value::Map(members) => Value::Map(plain_map(members)),
        other => other.clone(),
    })
}

/// [`plain`], of all members.
pub(crate) fn plain_map(members: &PropertyMap) -> PropertyMap {
    members.iter().map(|(name, member)| (name.clone(), plain(member))).collect()
}

/// As JSON, keys sorted. Whatever JSON has no word for, which includes what is unknown, is null.
pub(crate) fn to_json(members: &PropertyMap) -> Json {
    Json::Object(members.iter().map(|(name, member)| (name.clone(), json(member))).collect::<Map<_, _>>())
}

fn json(property: &Property) -> Json {
    match &property.value {
        Value::Unknown | Value::Null | Value::Reference(_) | Value::Opaque(_) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(value) => number(*value),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(members) => to_json(members),
    }
}

/// Pulumi knows one kind of number; Kubernetes refuses `3.0` where it wants an integer.
fn number(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and exact")]
        let whole = value as i64;
        return Json::from(whole);
    }
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}

/// From JSON; of anything but an object there are no properties.
pub(crate) fn from_json(json: &Json) -> PropertyMap {
    let members = json.as_object().into_iter().flatten();
    members.map(|(name, member)| (name.clone(), property(member))).collect()
}

fn property(json: &Json) -> Property {
    match json {
        Json::Null => Property::default(),
        Json::Bool(value) => Property::from(*value),
        Json::Number(number) => Property::from(number.as_f64().unwrap_or_default()),
        Json::String(text) => Property::from(text.as_str()),
        Json::Array(items) => Property::from(items.iter().map(property).collect::<Vec<_>>()),
        Json::Object(_) => Property::from(from_json(json)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_go_to_json_and_back() {
        let json =
            json!({"a": [1, 2.5, true, null, {"b": "c"}], "metadata": {"name": "n", "namespace": "s"}});
        let object = from_json(&json);
        assert_eq!(to_json(&object), json);
        assert_eq!((name(&object), namespace(&object)), ("n", "s"));
    }

    #[test]
    fn marks_are_taken_off_at_any_depth() {
        let secret = Property::from("x").secret().after(["urn".into()]);
        let object = PropertyMap::from([("a".to_owned(), Property::from(vec![secret]))]);
        assert_eq!(plain_map(&object), from_json(&json!({"a": ["x"]})));
    }

    #[test]
    fn a_made_up_name_says_so() {
        let mut object = from_json(&json!({"metadata": {"annotations": {"a": "b"}}}));
        assert!(!is_named(&object));
        autoname(&mut object, "n-1");
        assert!(is_named(&object) && is_autonamed(&object));
        assert_eq!(text(&object, &["metadata", "annotations", "a"]), "b");
        set_metadata(&mut object, "name", None);
        assert_eq!(name(&object), "");
    }
}
