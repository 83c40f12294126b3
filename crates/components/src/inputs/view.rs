//! [`Input`]: a component's inputs as the structural checker sees them.

use keyloom_syntax::view::{View, ViewKind};
use keyloom_wire::property::{Property, Value};

/// A node of the inputs. What is secret is there, and says nothing; so does everything inside it.
#[derive(Clone, Copy)]
pub(crate) struct Input<'p> {
    property: &'p Property,
    secret: bool,
}

/// Where a node is. Problems say their paths themselves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Somewhere;

impl<'p> Input<'p> {
    pub(crate) fn new(property: &'p Property) -> Self {
        Self { property, secret: property.secret }
    }

    fn inside(self, property: &'p Property) -> Self {
        Self { property, secret: self.secret || property.secret }
    }
}

/// So large no whole number is in between: up to here each has a floating-point number of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The whole number that a number of Pulumi is, which knows one kind of number.
pub(crate) fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "whole, and small enough to be exact")]
    let whole = (number.fract() == 0.0 && number.abs() < LARGEST_EXACT).then_some(number as i64);
    whole
}

impl View for Input<'_> {
    type At = Somewhere;

    /// Some languages hand over what was left out.
    const EMPTY_IS_ABSENT: bool = true;

    fn at(&self) -> Somewhere {
        Somewhere
    }

    fn kind(&self) -> ViewKind {
        match &self.property.value {
            Value::Null => ViewKind::Null,
            Value::Bool(_) => ViewKind::Bool,
            Value::Number(number) if whole(*number).is_some() => ViewKind::Int,
            Value::Number(_) => ViewKind::Float,
            Value::String(_) => ViewKind::Text,
            Value::List(_) => ViewKind::Sequence,
            Value::Map(_) => ViewKind::Mapping,
            // Resources and assets have no place in any input, which is said apart from this.
            Value::Unknown | Value::Reference(_) | Value::Opaque(_) => ViewKind::Unknown,
        }
    }

    fn text(&self) -> Option<&str> {
        self.property.as_str().filter(|_| !self.secret)
    }

    fn number(&self) -> Option<f64> {
        match self.property.value {
            Value::Number(number) if !self.secret => Some(number),
            _ => None,
        }
    }

    fn boolean(&self) -> Option<bool> {
        match self.property.value {
            Value::Bool(value) if !self.secret => Some(value),
            _ => None,
        }
    }

    fn source(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self.property.value {
            Value::Number(number) if !self.secret => Some(number.to_string().into()),
            Value::Bool(value) if !self.secret => Some(value.to_string().into()),
            _ => None,
        }
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        self.property.items().iter().map(|item| self.inside(item))
    }

    fn entries(&self) -> impl Iterator<Item = (&str, Somewhere, Self)> {
        self.property.entries().map(|(key, value)| (key.as_str(), Somewhere, self.inside(value)))
    }
}

#[cfg(test)]
mod tests {
    use keyloom_syntax::check::check;
    use keyloom_syntax::schema::Schema;
    use keyloom_wire::property::PropertyMap;
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_and_what_is_not_known_pass_every_rule_and_show_nothing() {
        let schema = Schema::compile(&json!({ "properties": {
            "a": { "type": "string", "pattern": "^x$" },
            "b": { "type": "integer", "maximum": 3 },
            "c": { "type": "array", "items": { "enum": ["one"] } },
        } }));
        let one = |value: Property| PropertyMap::from([("c".to_owned(), vec![value].into())]);
        let found = |inputs: PropertyMap| {
            let mut found = Vec::new();
            check(Input::new(&inputs.into()), schema.as_ref().unwrap(), &mut found);
            found.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        let secret = PropertyMap::from([
            ("a".to_owned(), Property::from("canary").secret()),
            ("b".to_owned(), Property::unknown()),
        ]);
        assert_eq!(found(secret), [""; 0]);
        assert_eq!(found(one(Property::from("canary").secret())), [""; 0]);
        assert_eq!(found(one(Property::from("two"))).len(), 1);
        assert_eq!(found(PropertyMap::from([("b".to_owned(), Property::from(4.0))])).len(), 1);
        assert_eq!(
            found(PropertyMap::from([("b".to_owned(), Property::from(2.5))])),
            ["`b` wants a whole number, found a number"]
        );
    }
}
