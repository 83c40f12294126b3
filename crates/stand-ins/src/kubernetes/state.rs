//! What is kept of an object: the live one, and beside it what it was made of.

use keyloom_wire::property::PropertyMap;
use keyloom_wire::{Property, Value};

use super::annotate::annotate;
use crate::object::{edit, name, namespace, plain_map, text};

const INPUTS: &str = "__inputs";
const INITIAL_API_VERSION: &str = "__initialApiVersion";
const FIELD_MANAGER: &str = "__fieldManager";
/// Before the letters that tell one resource's field manager from another's.
const MANAGER: &str = "pulumi-kubernetes-";

/// Builds the state of an object. Everything in it that is secret in the inputs is secret in it too.
///
/// `live` is the object as the API server answered it, `inputs` what was checked, `old` the state before, if any.
pub(super) fn state(live: PropertyMap, inputs: &PropertyMap, old: &PropertyMap, urn: &str) -> PropertyMap {
    let mut object = live;
    edit(&mut object, "metadata", |metadata| drop(metadata.remove("managedFields")));
    annotate(&mut object, inputs);
    let mut written = plain_map(inputs);
    annotate(&mut written, inputs);
    let initial = match text(old, &[INITIAL_API_VERSION]) {
        "" => text(inputs, &["apiVersion"]),
        initial => initial,
    };
    object.insert(INITIAL_API_VERSION.to_owned(), Property::from(initial));
    object.insert(FIELD_MANAGER.to_owned(), Property::from(field_manager(old, urn)));
    object.insert(INPUTS.to_owned(), Property::from(written));
    object
}

/// Takes a state apart: inputs and live object, without marks.
pub(super) fn parts(state: &PropertyMap) -> (PropertyMap, PropertyMap) {
    let mut live = plain_map(state);
    [INITIAL_API_VERSION, FIELD_MANAGER].iter().for_each(|name| drop(live.remove(*name)));
    let inputs = match live.remove(INPUTS).map(|it| it.value) {
        Some(Value::Map(inputs)) => inputs,
        _ => PropertyMap::new(),
    };
    (inputs, live)
}

/// The name under which fields are applied: that of the state, or a new one.
pub(super) fn field_manager(state: &PropertyMap, urn: &str) -> String {
    match text(state, &[FIELD_MANAGER]) {
        "" => format!("{MANAGER}{:08x}", fnv(urn)),
        kept => kept.to_owned(),
    }
}

/// Where the object is, to Pulumi.
pub(super) fn id(object: &PropertyMap) -> String {
    match namespace(object) {
        "" => name(object).to_owned(),
        namespace => format!("{namespace}/{}", name(object)),
    }
}

/// 32 bits of FNV-1a. The real provider throws dice here, which would make no two runs alike.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::object::from_json;

    #[test]
    fn state_is_the_live_object_with_its_inputs_beside_it() {
        let mut inputs = from_json(&json!({"apiVersion": "g/v1", "kind": "K", "metadata": {"name": "n"}}));
        let secret = PropertyMap::from([("a".to_owned(), Property::from("b").secret())]);
        inputs.insert("spec".to_owned(), Property::from(secret));
        let live = from_json(&json!({"apiVersion": "g/v1", "kind": "K", "spec": {"a": "b", "default": 1},
            "metadata": {"name": "n", "namespace": "s", "managedFields": []}}));
        let state = state(live.clone(), &inputs, &PropertyMap::new(), "urn");
        assert!(state["spec"].get("a").unwrap().secret && !state["spec"].get("default").unwrap().secret);
        assert!(state["__inputs"].get("spec").unwrap().get("a").unwrap().secret);
        assert_eq!(text(&state, &["__initialApiVersion"]), "g/v1");
        let manager = text(&state, &["__fieldManager"]);
        assert_eq!((manager.len(), &manager[..MANAGER.len()]), (MANAGER.len() + 8, MANAGER));
        assert_eq!(id(&state), "s/n");
        let (old_inputs, old_live) = parts(&state);
        assert_eq!(old_inputs, plain_map(&inputs));
        assert_eq!(old_live["spec"], live["spec"]);
        assert!(!old_live.contains_key("__fieldManager"));
        assert!(old_live["metadata"].get("managedFields").is_none());
    }

    #[test]
    fn what_was_said_first_is_kept() {
        let old = from_json(&json!({"__initialApiVersion": "g/v1alpha1", "__fieldManager": "m"}));
        let inputs = from_json(&json!({"apiVersion": "g/v1", "metadata": {"name": "n"}}));
        let state = state(inputs.clone(), &inputs, &old, "urn");
        assert_eq!(text(&state, &["__initialApiVersion"]), "g/v1alpha1");
        assert_eq!(text(&state, &["__fieldManager"]), "m");
        assert_eq!(id(&inputs), "n");
    }
}
