use proptest::prelude::*;

use super::*;

fn any_property() -> impl Strategy<Value = Property> {
    let value = prop_oneof![
        Just(Value::Unknown),
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-1e9..1e9f64).prop_map(Value::Number),
        "[a-z/${} é]{0,8}".prop_map(Value::String),
        ("[a-z:]{1,8}", proptest::option::of(proptest::option::of("[a-z]{1,4}"))).prop_map(|(urn, id)| {
            Value::Reference(Reference { urn, id, package_version: "1.2.3".into() })
        }),
    ];
    let property = |value: BoxedStrategy<Value>| {
        let urns = proptest::collection::btree_set("[a-z:]{1,6}".prop_map(Urn::from), 0..3);
        (value, any::<bool>(), urns).prop_map(|(value, secret, urns)| Property { value, secret, urns })
    };
    property(value.boxed()).prop_recursive(3, 24, 4, move |inner| {
        let list = proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List);
        let map = proptest::collection::btree_map("[a-z]{1,5}", inner, 0..4).prop_map(Value::Map);
        property(prop_oneof![list, map].boxed())
    })
}

/// What registrations say: all but the dependencies.
fn without_urns(property: &Property) -> Property {
    let value = match &property.value {
        Value::List(items) => Value::List(items.iter().map(without_urns).collect()),
        Value::Map(members) => {
            Value::Map(members.iter().map(|(name, member)| (name.clone(), without_urns(member))).collect())
        }
        other => other.clone(),
    };
    Property { value, secret: property.secret, urns: BTreeSet::new() }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(property in any_property()) {
        prop_assert_eq!(&decode(&encode(&property, Form::Outputs)).unwrap(), &property);
        prop_assert_eq!(decode(&encode(&property, Form::Plain)).unwrap(), without_urns(&property));
    }
}

#[test]
fn every_sentinel_is_unknown() {
    for sentinel in signature::UNKNOWNS {
        assert_eq!(decode(&encode(&Property::from(sentinel), Form::Plain)).unwrap(), Property::unknown());
    }
}

#[test]
fn a_signature_that_is_not_known_is_refused_without_showing_anything() {
    let inside = PropertyMap::from([
        (signature::KEY.to_owned(), Property::from("canary")),
        ("value".to_owned(), Property::from("canary")),
    ]);
    let outside = PropertyMap::from([("auth".to_owned(), Property::from(vec![Property::from(inside)]))]);
    let error = decode_map(&encode_map(&outside, Form::Plain)).unwrap_err();
    assert_eq!(error.to_string(), "auth.[0]: an object with a signature that is not known");
}

#[test]
fn nothing_is_printed_but_structure() {
    let secret = Property::from("canary").secret();
    let map = PropertyMap::from([("a".to_owned(), Property::from(vec![secret, Property::from(1.5)]))]);
    assert_eq!(format!("{:?}", Property::from(map)), r#"{"a": [secret <string>, <number>]}"#);
}

#[test]
fn secrets_unknowns_and_dependencies_are_found_at_any_depth() {
    let leaf = Property::unknown().secret().after([Urn::from("urn:a")]);
    let list = Property::from(vec![Property::from(true), leaf]).after([Urn::from("urn:b")]);
    let map = Property::from(PropertyMap::from([("x".to_owned(), list)]));
    assert!(map.holds_secret() && map.holds_unknown() && !map.secret);
    assert_eq!(map.all_urns(), BTreeSet::from(["urn:a".into(), "urn:b".into()]));
}
