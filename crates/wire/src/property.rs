//! [`Property`]: a value of Pulumi, with what travels beside it: whether it is secret, and what it depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

mod decode;
mod encode;
mod path;
pub mod signature;

pub use decode::{Malformed, decode, decode_map};
pub use encode::{Form, encode, encode_map};
pub use path::{NoPath, Path, Step};

/// Name of a resource, unique in the whole of Pulumi: `urn:pulumi:STACK::PROJECT::TYPE::NAME`.
pub type Urn = Arc<str>;

/// The properties of a resource, or the members of an object. Order does not matter to Pulumi; here it is that of the names.
pub type PropertyMap = BTreeMap<String, Property>;

/// A value at any depth of a resource's inputs or outputs.
///
/// `Debug` shows the structure and the names, never what stands at a leaf.
#[derive(Clone, Default, PartialEq)]
pub struct Property {
    /// What it is, or that this is not known yet.
    pub value: Value,
    /// Whether it, and everything in it, is secret. A secret member of an object does not make the object secret.
    pub secret: bool,
    /// What it, and everything in it, depends on, beside what its members say themselves.
    pub urns: BTreeSet<Urn>,
}

/// What a [`Property`] is.
#[derive(Clone, Default, PartialEq)]
pub enum Value {
    /// Not known before the update; only in a preview.
    Unknown,
    /// Nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number: Pulumi knows one kind.
    Number(f64),
    /// Text.
    String(String),
    /// A list.
    List(Vec<Property>),
    /// An object, or a map.
    Map(PropertyMap),
    /// A resource that the program handed over as a value.
    Reference(Reference),
    /// An asset, an archive or a string of bytes, as it came.
    Opaque(prost_types::Struct),
}

/// A resource as a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// The resource.
    pub urn: String,
    /// Its provider's name for it: absent for components, `Some(None)` while it is not known.
    pub id: Option<Option<String>>,
    /// Version of the package that has its type; may be empty.
    pub package_version: String,
}

impl Property {
    /// What is not known before the update.
    pub fn unknown() -> Self {
        Self::from(Value::Unknown)
    }

    /// The same, secret.
    #[must_use]
    pub fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// The same, depending on those resources too.
    #[must_use]
    pub fn after(mut self, urns: impl IntoIterator<Item = Urn>) -> Self {
        self.urns.extend(urns);
        self
    }

    /// Whether it, or anything in it, is secret.
    pub fn holds_secret(&self) -> bool {
        self.secret || self.members().any(Self::holds_secret)
    }

    /// Whether it, or anything in it, is not known yet.
    pub fn holds_unknown(&self) -> bool {
        self.value == Value::Unknown || self.members().any(Self::holds_unknown)
    }

    /// Everything that it, or anything in it, depends on.
    pub fn all_urns(&self) -> BTreeSet<Urn> {
        let mut all = self.urns.clone();
        self.members().for_each(|member| all.extend(member.all_urns()));
        all
    }

    /// The text, if it is one; whether it is secret is the caller's to ask.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The member of that name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// What one step inwards leads to; nothing for [`Step::Every`], which leads to several.
    pub fn inside(&self, step: &Step) -> Option<&Self> {
        match step {
            Step::Member(name) => self.get(name),
            Step::Item(index) => self.items().get(*index),
            Step::Every => None,
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The members of an object with their names; none of anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&String, &Self)> {
        let members = match &self.value {
            Value::Map(members) => Some(members),
            _ => None,
        };
        members.into_iter().flatten()
    }

    /// Items of a list or members of an object; none of anything else.
    pub fn members(&self) -> impl Iterator<Item = &Self> {
        self.items().iter().chain(self.entries().map(|(_, member)| member))
    }
}

impl From<Value> for Property {
    fn from(value: Value) -> Self {
        Self { value, ..Self::default() }
    }
}

impl From<&str> for Property {
    fn from(text: &str) -> Self {
        Self::from(Value::String(text.to_owned()))
    }
}

impl From<String> for Property {
    fn from(text: String) -> Self {
        Self::from(Value::String(text))
    }
}

impl From<bool> for Property {
    fn from(value: bool) -> Self {
        Self::from(Value::Bool(value))
    }
}

impl From<f64> for Property {
    fn from(value: f64) -> Self {
        Self::from(Value::Number(value))
    }
}

impl From<Vec<Property>> for Property {
    fn from(items: Vec<Property>) -> Self {
        Self::from(Value::List(items))
    }
}

impl From<PropertyMap> for Property {
    fn from(members: PropertyMap) -> Self {
        Self::from(Value::Map(members))
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.secret {
            f.write_str("secret ")?;
        }
        self.value.fmt(f)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("<unknown>"),
            Self::Null => f.write_str("null"),
            Self::Bool(_) => f.write_str("<bool>"),
            Self::Number(_) => f.write_str("<number>"),
            Self::String(_) => f.write_str("<string>"),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Map(members) => f.debug_map().entries(members).finish(),
            Self::Reference(reference) => write!(f, "<{}>", reference.urn),
            Self::Opaque(_) => f.write_str("<opaque>"),
        }
    }
}

#[cfg(test)]
mod tests;
