//! A mapping of JSON, in the order in which it is written.

use crate::value::Value;

/// A mapping of JSON, in the order in which it is written. A name may stand in it twice; a [`crate::Connection`] refuses that.
#[derive(Clone, Debug, Default)]
pub struct Object(pub(crate) Vec<(String, Value)>);

impl Object {
    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter().find(|(one, _)| *one == name).map(|(_, value)| value)
    }

    /// Its fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}
