//! [`Export`]: a value that a program makes an output of its stack.

use keyloom_syntax::Text;
use keyloom_wire::property::Property;

use crate::children::sink::leaf;

/// A value that a program makes an output of its stack: a text, a number, true or false, or what a resource's output is.
#[derive(Clone, Debug, PartialEq)]
pub struct Export(pub(super) Property);

impl From<Property> for Export {
    fn from(property: Property) -> Self {
        Self(property)
    }
}

impl From<&Property> for Export {
    fn from(property: &Property) -> Self {
        Self(property.clone())
    }
}

impl From<Text> for Export {
    fn from(text: Text) -> Self {
        Self::from(&text)
    }
}

impl From<&Text> for Export {
    fn from(text: &Text) -> Self {
        Self(leaf(text))
    }
}

impl From<&str> for Export {
    fn from(text: &str) -> Self {
        Self(Property::from(text))
    }
}

impl From<String> for Export {
    fn from(text: String) -> Self {
        Self(Property::from(text))
    }
}

impl From<bool> for Export {
    fn from(value: bool) -> Self {
        Self(Property::from(value))
    }
}

impl From<f64> for Export {
    fn from(value: f64) -> Self {
        Self(Property::from(value))
    }
}
