//! Which properties of an object are secret, told from the inputs that it was made of.

use keyloom_wire::Value;
use keyloom_wire::property::PropertyMap;

use crate::object::text;

/// Marks in `object`, which has no marks, what is secret in `inputs`: objects member by member, a list as a whole as
/// soon as one of its items holds a secret. All values of a Secret are secret, whatever the inputs say, and nothing
/// else of it is.
pub(super) fn annotate(object: &mut PropertyMap, inputs: &PropertyMap) {
    if text(object, &["kind"]) == "Secret" {
        for name in ["data", "stringData"] {
            if let Some(values) = object.get_mut(name) {
                values.secret = true;
            }
        }
        return;
    }
    for (name, input) in inputs {
        let Some(property) = object.get_mut(name) else { continue };
        match (&mut property.value, &input.value) {
            (Value::Map(members), Value::Map(inputs)) if !input.secret => annotate(members, inputs),
            _ => property.secret |= input.holds_secret(),
        }
    }
}

#[cfg(test)]
mod tests {
    use keyloom_wire::Property;
    use serde_json::json;

    use super::*;
    use crate::object::{at, from_json};

    fn secret_at<'a>(object: &'a mut PropertyMap, path: &[&str]) -> &'a mut Property {
        let (last, parents) = path.split_last().unwrap();
        let mut map = object;
        for name in parents {
            let Value::Map(members) = &mut map.get_mut(*name).unwrap().value else { panic!("{name}") };
            map = members;
        }
        let property = map.get_mut(*last).unwrap();
        property.secret = true;
        property
    }

    #[test]
    fn leaves_are_marked_alone_and_lists_as_a_whole() {
        let json =
            json!({"spec": {"target": {"name": "n", "policy": "p"}, "data": [{"key": "a"}, {"key": "b"}]}});
        let mut inputs = from_json(&json);
        secret_at(&mut inputs, &["spec", "target", "name"]);
        let item = Property::from("b").secret();
        let items = vec![Property::from(PropertyMap::from([("key".to_owned(), item)]))];
        let Value::Map(spec) = &mut inputs.get_mut("spec").unwrap().value else { panic!() };
        spec.insert("data".to_owned(), Property::from(items));
        let mut object = from_json(&json);
        annotate(&mut object, &inputs);
        let mut expected = from_json(&json);
        secret_at(&mut expected, &["spec", "target", "name"]);
        secret_at(&mut expected, &["spec", "data"]);
        assert_eq!(object, expected);
    }

    #[test]
    fn a_secret_object_makes_the_same_object_secret() {
        let mut inputs = from_json(&json!({"spec": {"a": "b"}}));
        secret_at(&mut inputs, &["spec"]);
        let mut object = from_json(&json!({"spec": {"a": "b"}, "status": {}}));
        annotate(&mut object, &inputs);
        assert!(at(&object, &["spec"]).unwrap().secret && !at(&object, &["status"]).unwrap().secret);
    }

    #[test]
    fn values_of_secrets_are_secret_anyway() {
        let json = json!({"kind": "Secret", "metadata": {"name": "n"}, "data": {"a": "Yg=="}, "stringData": {"a": "b"}});
        let mut object = from_json(&json);
        annotate(&mut object, &from_json(&json));
        assert!(object["data"].secret && object["stringData"].secret && !object["metadata"].holds_secret());
    }
}
