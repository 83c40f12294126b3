//! One line of a statement's `Condition`.

use super::{NotKnown, Request, not_known, pattern};

/// An operator, a key and the values of which one must fit (or, negated, none).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// `ForAnyValue:`: the key may have several values, and one that fits is enough.
    any: bool,
    test: Test,
    negated: bool,
    key: String,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Equals,
    EqualsIgnoringCase,
    Like,
    Arn,
}

impl Condition {
    /// Reads one; `values` are literal texts.
    pub(super) fn new(operator: &str, key: &str, values: Vec<String>) -> Result<Self, NotKnown> {
        let (any, name) = match operator.strip_prefix("ForAnyValue:") {
            Some(name) => (true, name),
            None => (false, operator),
        };
        let (test, negated) = match name {
            "StringEquals" => (Test::Equals, false),
            "StringNotEquals" => (Test::Equals, true),
            "StringEqualsIgnoreCase" => (Test::EqualsIgnoringCase, false),
            "StringNotEqualsIgnoreCase" => (Test::EqualsIgnoringCase, true),
            "StringLike" => (Test::Like, false),
            "StringNotLike" => (Test::Like, true),
            "ArnEquals" | "ArnLike" => (Test::Arn, false),
            "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
            _ => return not_known(format!("the operator {operator} is not evaluated here")),
        };
        if any && negated {
            return not_known(format!("the operator {operator} is not evaluated here"));
        }
        if values.is_empty() {
            return not_known(format!("{operator} of {key} has no value"));
        }
        Ok(Self { any, test, negated, key: key.to_ascii_lowercase(), values })
    }

    /// Whether it holds. A key that is not there fits nothing, so what is negated holds.
    pub(super) fn holds(&self, request: &Request) -> Result<bool, NotKnown> {
        let found = request.context.iter().find(|(key, _)| key.eq_ignore_ascii_case(&self.key));
        let asked = found.map(|(_, values)| values.as_slice()).unwrap_or_default();
        if self.any {
            return Ok(asked.iter().any(|value| self.fits(value)));
        }
        match asked {
            [] => Ok(self.negated),
            [value] => Ok(self.fits(value) != self.negated),
            _ => not_known(format!("{} has several values, and the condition asks for one", self.key)),
        }
    }

    fn fits(&self, asked: &str) -> bool {
        self.values.iter().any(|value| match self.test {
            Test::Equals => value == asked,
            // Only of ASCII: no key that is used here holds more.
            Test::EqualsIgnoringCase => value.eq_ignore_ascii_case(asked),
            Test::Like => pattern::like(value, asked),
            Test::Arn => pattern::arn(value, asked),
        })
    }
}
