//! From the wire.

use std::collections::BTreeSet;

use prost_types::value::Kind;
use prost_types::{Struct, Value as Wire};

use super::signature::{ARCHIVE, ASSET, BYTES, KEY, OUTPUT, RESOURCE, SECRET, UNKNOWNS};
use super::{Property, PropertyMap, Reference, Urn, Value};

/// A value that only looks like one of Pulumi's. It never holds what stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where, from the outside in.
    pub path: Vec<String>,
    /// What is wrong.
    pub reason: &'static str,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.as_slice() {
            [] => f.write_str(self.reason),
            path => write!(f, "{}: {}", path.join("."), self.reason),
        }
    }
}

impl std::error::Error for Malformed {}

impl Malformed {
    fn new(reason: &'static str) -> Self {
        Self { path: Vec::new(), reason }
    }

    fn under(mut self, step: impl Into<String>) -> Self {
        self.path.insert(0, step.into());
        self
    }
}

/// Reads a value.
///
/// # Errors
/// An object that says it is one of Pulumi's own values and is none that is known.
pub fn decode(value: &Wire) -> Result<Property, Malformed> {
    Ok(match &value.kind {
        None | Some(Kind::NullValue(_)) => Property::default(),
        Some(Kind::BoolValue(value)) => Property::from(*value),
        Some(Kind::NumberValue(value)) => Property::from(*value),
        Some(Kind::StringValue(text)) if UNKNOWNS.contains(&text.as_str()) => Property::unknown(),
        Some(Kind::StringValue(text)) => Property::from(text.as_str()),
        Some(Kind::ListValue(list)) => {
            let item = |(i, item)| decode(item).map_err(|error| error.under(format!("[{i}]")));
            Property::from(list.values.iter().enumerate().map(item).collect::<Result<Vec<_>, _>>()?)
        }
        Some(Kind::StructValue(fields)) => object(fields)?,
    })
}

/// Reads the properties of a resource.
///
/// # Errors
/// As [`decode`].
pub fn decode_map(fields: &Struct) -> Result<PropertyMap, Malformed> {
    let field = |(name, value): (&String, &Wire)| match decode(value) {
        Ok(value) => Ok((name.clone(), value)),
        Err(error) => Err(error.under(name)),
    };
    fields.fields.iter().map(field).collect()
}

fn object(fields: &Struct) -> Result<Property, Malformed> {
    let Some(signature) = fields.fields.get(KEY) else {
        return Ok(Property::from(decode_map(fields)?));
    };
    match text(Some(signature)) {
        Some(SECRET) => {
            let value = fields.fields.get("value").ok_or(Malformed::new("a secret without a value"))?;
            Ok(decode(value)?.secret())
        }
        Some(OUTPUT) => output(fields),
        Some(RESOURCE) => reference(fields),
        Some(ASSET | ARCHIVE | BYTES) => Ok(Property::from(Value::Opaque(fields.clone()))),
        _ => Err(Malformed::new("an object with a signature that is not known")),
    }
}

fn output(fields: &Struct) -> Result<Property, Malformed> {
    let inner = fields.fields.get("value").map_or(Ok(Property::unknown()), decode)?;
    let secret = match fields.fields.get("secret").map(|secret| &secret.kind) {
        None => false,
        Some(Some(Kind::BoolValue(secret))) => *secret,
        Some(_) => return Err(Malformed::new("an output whose `secret` is no boolean")),
    };
    let urns = match fields.fields.get("dependencies").map(|urns| &urns.kind) {
        None => BTreeSet::new(),
        Some(Some(Kind::ListValue(urns))) => urns
            .values
            .iter()
            .map(|urn| text(Some(urn)).map(Urn::from))
            .collect::<Option<_>>()
            .ok_or(Malformed::new("an output whose dependencies are no URNs"))?,
        Some(_) => return Err(Malformed::new("an output whose `dependencies` are no list")),
    };
    let inner = inner.after(urns);
    Ok(if secret { inner.secret() } else { inner })
}

fn reference(fields: &Struct) -> Result<Property, Malformed> {
    let urn = text(fields.fields.get("urn")).ok_or(Malformed::new("a resource without a URN"))?;
    let id = fields.fields.get("id").map(|id| {
        let known = text(Some(id)).filter(|id| !id.is_empty() && !UNKNOWNS.contains(id));
        known.map(str::to_owned)
    });
    let package_version = text(fields.fields.get("packageVersion")).unwrap_or_default().to_owned();
    Ok(Property::from(Value::Reference(Reference { urn: urn.to_owned(), id, package_version })))
}

fn text(value: Option<&Wire>) -> Option<&str> {
    match &value?.kind {
        Some(Kind::StringValue(text)) => Some(text),
        _ => None,
    }
}
