//! To the wire.

use prost_types::value::Kind;
use prost_types::{ListValue, Struct, Value as Wire};

use super::signature::{KEY, OUTPUT, RESOURCE, SECRET, UNKNOWN};
use super::{Property, PropertyMap, Reference, Value};

/// How what travels beside a value is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Secrets wrapped, unknown values as sentinels, dependencies left to the message: for registrations.
    Plain,
    /// Output values with their dependencies: for what Construct answers, and calls of remote components.
    Outputs,
}

/// Writes a value.
pub fn encode(property: &Property, form: Form) -> Wire {
    match form {
        Form::Outputs if property.secret || property.value == Value::Unknown || !property.urns.is_empty() => {
            output(property)
        }
        Form::Plain if property.secret => special(SECRET, [("value", value(&property.value, form))]),
        Form::Plain | Form::Outputs => value(&property.value, form),
    }
}

/// Writes the properties of a resource.
pub fn encode_map(properties: &PropertyMap, form: Form) -> Struct {
    let fields = properties.iter().map(|(name, property)| (name.clone(), encode(property, form)));
    Struct { fields: fields.collect() }
}

fn value(value: &Value, form: Form) -> Wire {
    let kind = match value {
        Value::Unknown => Kind::StringValue(UNKNOWN.to_owned()),
        Value::Null => Kind::NullValue(0),
        Value::Bool(value) => Kind::BoolValue(*value),
        Value::Number(value) => Kind::NumberValue(*value),
        Value::String(text) => Kind::StringValue(text.clone()),
        Value::List(items) => {
            Kind::ListValue(ListValue { values: items.iter().map(|item| encode(item, form)).collect() })
        }
        Value::Map(members) => Kind::StructValue(encode_map(members, form)),
        Value::Reference(reference) => return self::reference(reference),
        Value::Opaque(fields) => Kind::StructValue(fields.clone()),
    };
    Wire { kind: Some(kind) }
}

fn output(property: &Property) -> Wire {
    let mut fields = Vec::with_capacity(3);
    if property.value != Value::Unknown {
        fields.push(("value", value(&property.value, Form::Outputs)));
    }
    if property.secret {
        fields.push(("secret", Wire { kind: Some(Kind::BoolValue(true)) }));
    }
    if !property.urns.is_empty() {
        let urns = property.urns.iter().map(|urn| text(urn));
        fields.push((
            "dependencies",
            Wire { kind: Some(Kind::ListValue(ListValue { values: urns.collect() })) },
        ));
    }
    special(OUTPUT, fields)
}

fn reference(reference: &Reference) -> Wire {
    let id = reference.id.as_ref().map(|id| ("id", text(id.as_deref().unwrap_or(UNKNOWN))));
    let version =
        (!reference.package_version.is_empty()).then(|| ("packageVersion", text(&reference.package_version)));
    special(RESOURCE, [("urn", text(&reference.urn))].into_iter().chain(id).chain(version))
}

fn special(signature: &str, fields: impl IntoIterator<Item = (&'static str, Wire)>) -> Wire {
    let fields = fields.into_iter().chain([(KEY, text(signature))]);
    let fields = fields.map(|(name, value)| (name.to_owned(), value)).collect();
    Wire { kind: Some(Kind::StructValue(Struct { fields })) }
}

fn text(text: &str) -> Wire {
    Wire { kind: Some(Kind::StringValue(text.to_owned())) }
}
