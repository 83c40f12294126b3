//! Objects brought into a form in which they can be compared with what a program wrote.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use keyloom_wire::property::PropertyMap;
use keyloom_wire::{Property, Value};

use crate::object::edit;

/// What only the API server writes.
const READ_ONLY: [&str; 7] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
];

/// Of a live object, what the inputs have a word on: defaults and status are nobody's change.
pub(super) fn prune(live: &PropertyMap, inputs: &PropertyMap) -> PropertyMap {
    let both = live.iter().filter_map(|(name, live)| Some((name, live, inputs.get(name)?)));
    both.map(|(name, live, input)| (name.clone(), pruned(live, input))).collect()
}

fn pruned(live: &Property, input: &Property) -> Property {
    match (&live.value, &input.value) {
        (Value::Map(live), Value::Map(input)) => Property::from(prune(live, input)),
        (Value::List(live), Value::List(input)) => Property::from(
            live.iter().zip(input).map(|(live, input)| pruned(live, input)).collect::<Vec<_>>(),
        ),
        _ => live.clone(),
    }
}

/// Inputs as the API server will answer them: without what is not theirs to say, and the text of a Secret as its data.
/// While something is unknown, the latter has to wait.
pub(super) fn normalize(mut object: PropertyMap, is_secret: bool) -> PropertyMap {
    if object.contains_key("metadata") {
        edit(&mut object, "metadata", |metadata| {
            READ_ONLY.iter().for_each(|name| drop(metadata.remove(*name)))
        });
    }
    if is_secret && !object.values().any(Property::holds_unknown) {
        encode_text(&mut object);
    }
    object
}

fn encode_text(object: &mut PropertyMap) {
    let Some(Value::Map(texts)) = object.get("stringData").map(|it| it.value.clone()) else { return };
    edit(object, "data", |data| {
        for (name, text) in &texts {
            let encoded = BASE64_STANDARD.encode(text.as_str().unwrap_or_default());
            data.insert(name.clone(), Property::from(encoded));
        }
    });
    object.remove("stringData");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::object::from_json;

    #[test]
    fn what_others_added_is_pruned() {
        let inputs = json!({"metadata": {"name": "n"}, "spec": {"data": [{"a": 1}, {"a": 2}], "x": "y"}});
        let live = json!({
            "metadata": {"name": "n", "uid": "u"},
            "spec": {"data": [{"a": 1, "default": true}, {"a": 3}, {"a": 4}], "x": {"other": "type"}, "more": 1},
            "status": {},
        });
        let expected = json!({"metadata": {"name": "n"}, "spec": {"data": [{"a": 1}, {"a": 3}], "x": {"other": "type"}}});
        assert_eq!(prune(&from_json(&live), &from_json(&inputs)), from_json(&expected));
    }

    #[test]
    fn text_of_a_secret_becomes_data() {
        let object =
            json!({"data": {"a": "YQ==", "b": "YQ=="}, "stringData": {"b": "b"}, "metadata": {"uid": "u"}});
        let expected = json!({"data": {"a": "YQ==", "b": "Yg=="}, "metadata": {}});
        assert_eq!(normalize(from_json(&object), true), from_json(&expected));
    }

    #[test]
    fn text_that_is_unknown_stays() {
        let texts = PropertyMap::from([("b".to_owned(), Property::unknown())]);
        let object = PropertyMap::from([("stringData".to_owned(), Property::from(texts))]);
        assert_eq!(normalize(object.clone(), true), object);
    }
}
