//! Fields of a body or a query, read one by one; problems are collected and told together, as 422 does.

use serde_json::{Map, Value, json};

use crate::error::Fault;
use crate::id::is_uuid;

/// Fields, and what is wrong with those that were read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    fields: Map<String, Value>,
    problems: Vec<Value>,
}

impl Fields {
    pub(crate) fn new(value: Value) -> Self {
        match value {
            Value::Object(fields) => Self { fields, problems: Vec::new() },
            other => {
                let problem = wrong_type("object", kind(Some(&other)), &[]);
                Self { fields: Map::new(), problems: vec![problem] }
            }
        }
    }

    /// What was sent, whatever it is.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// A text that must be there.
    pub(crate) fn text(&mut self, name: &str) -> String {
        match self.fields.get(name) {
            Some(Value::String(text)) => text.clone(),
            other => {
                self.problems.push(wrong_type("string", kind(other), &[name]));
                String::new()
            }
        }
    }

    /// A text that must be there, without spaces and line ends around it: a token out of a file often has one.
    pub(crate) fn trimmed(&mut self, name: &str) -> String {
        self.text(name).trim().to_owned()
    }

    /// A text that may be missing.
    pub(crate) fn optional(&mut self, name: &str) -> Option<String> {
        self.get(name)?;
        Some(self.text(name))
    }

    /// A UUID that must be there.
    pub(crate) fn uuid(&mut self, name: &str) -> String {
        let problems = self.problems.len();
        let text = self.trimmed(name);
        if self.problems.len() == problems && !is_uuid(&text) {
            self.problem(json!({"validation": "uuid", "code": "invalid_string", "message": "Invalid uuid", "path": [name]}));
        }
        text
    }

    /// `true` or `false`, in a query as a word.
    pub(crate) fn flag(&mut self, name: &str, default: bool) -> bool {
        match self.fields.get(name) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(word)) if word == "true" => true,
            Some(Value::String(word)) if word == "false" => false,
            Some(Value::String(word)) => {
                let message = format!("Invalid enum value. Expected 'true' | 'false', received '{word}'");
                self.problem(json!({
                    "received": word, "code": "invalid_enum_value", "options": ["true", "false"],
                    "path": [name], "message": message,
                }));
                default
            }
            other => {
                self.problems.push(wrong_type("boolean", kind(other), &[name]));
                default
            }
        }
    }

    /// An object; of what is missing, an empty one, and a problem.
    pub(crate) fn object(&mut self, name: &str) -> Map<String, Value> {
        match self.fields.get(name) {
            Some(Value::Object(object)) => object.clone(),
            other => {
                self.problems.push(wrong_type("object", kind(other), &[name]));
                Map::new()
            }
        }
    }

    /// Adds a problem of the caller's own.
    pub(crate) fn problem(&mut self, problem: Value) {
        self.problems.push(problem);
    }

    /// Adds a problem that is a sentence about one field.
    pub(crate) fn complain(&mut self, name: &str, message: &str) {
        self.problem(json!({"code": "custom", "message": message, "path": [name]}));
    }

    /// # Errors
    /// All problems together.
    pub(crate) fn close(self) -> Result<(), Fault> {
        if self.problems.is_empty() { Ok(()) } else { Err(Fault::invalid(self.problems)) }
    }
}

fn wrong_type(expected: &str, received: &str, path: &[&str]) -> Value {
    let message = match received {
        "undefined" => "Required".to_owned(),
        _ => format!("Expected {expected}, received {received}"),
    };
    json!({"code": "invalid_type", "expected": expected, "received": received, "path": path, "message": message})
}

fn kind(value: Option<&Value>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_told_together_without_values() {
        let mut fields = Fields::new(json!({"a": 1, "id": "payments", "flag": "yes"}));
        fields.text("a");
        fields.text("b");
        fields.uuid("id");
        fields.flag("flag", true);
        assert_eq!(fields.optional("c"), None);
        let fault = fields.close().unwrap_err();
        let messages: Vec<&str> =
            fault.message.as_array().unwrap().iter().map(|it| it["message"].as_str().unwrap()).collect();
        assert_eq!(
            messages,
            [
                "Expected string, received number",
                "Required",
                "Invalid uuid",
                "Invalid enum value. Expected 'true' | 'false', received 'yes'"
            ]
        );
        assert_eq!((fault.status, &*fault.name), (422, "ValidationFailure"));
    }
}
