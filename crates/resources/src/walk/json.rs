//! A body as a JSON value: for tests, and for tools that compare with what a cluster stored.

use keyloom_syntax::{Number, Text};
use serde_json::{Map, Value};
use thiserror::Error;

use super::{Complete, Defaults, Sink, Walk};

/// A text is secret or not known yet, so that it cannot be written. Says where, never what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Error)]
#[error("the text at {path} is secret, or not known yet, and is not written")]
pub struct NotWritten {
    /// Path of the field, `spec.data[0].secretKey`.
    pub path: String,
}

/// The whole body as JSON, fields in canonical order.
///
/// # Errors
/// [`NotWritten`] for text that is secret or unknown.
pub fn to_json<W: Walk + ?Sized>(body: &W) -> Result<Value, NotWritten> {
    let mut json = Json::default();
    body.walk(&mut json)?;
    Ok(json.root)
}

/// As [`to_json`], with everything that the API server would add to the object.
///
/// # Errors
/// [`NotWritten`] for text that is secret or unknown.
pub fn to_completed_json<W: Walk + ?Sized>(object: &W, defaults: &Defaults) -> Result<Value, NotWritten> {
    let mut json = Complete::new(Json::default());
    json.begin(defaults);
    object.walk(&mut json)?;
    Ok(json.into_sink().root)
}

#[derive(Default)]
struct Json {
    /// Containers that have begun, each with the key that waits for its value.
    open: Vec<(Value, String)>,
    root: Value,
}

impl Json {
    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.root = value,
            Some((Value::Object(map), key)) => {
                map.insert(std::mem::take(key), value);
            }
            Some((Value::Array(items), _)) => items.push(value),
            Some(_) => {}
        }
    }

    fn end(&mut self) {
        if let Some((value, _)) = self.open.pop() {
            self.put(value);
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for (container, key) in &self.open {
            match container {
                Value::Array(items) => path.push_str(&format!("[{}]", items.len())),
                _ if path.is_empty() => path.push_str(key),
                _ => path.extend([".", key]),
            }
        }
        path
    }
}

impl Sink for Json {
    type Error = NotWritten;

    fn begin_map(&mut self) -> Result<(), NotWritten> {
        self.open.push((Value::Object(Map::new()), String::new()));
        Ok(())
    }

    fn key(&mut self, key: &str) -> Result<(), NotWritten> {
        if let Some((_, waiting)) = self.open.last_mut() {
            key.clone_into(waiting);
        }
        Ok(())
    }

    fn end_map(&mut self) -> Result<(), NotWritten> {
        self.end();
        Ok(())
    }

    fn begin_seq(&mut self) -> Result<(), NotWritten> {
        self.open.push((Value::Array(Vec::new()), String::new()));
        Ok(())
    }

    fn end_seq(&mut self) -> Result<(), NotWritten> {
        self.end();
        Ok(())
    }

    fn text(&mut self, text: &Text) -> Result<(), NotWritten> {
        match text.written() {
            Some(value) => self.str(value),
            None => Err(NotWritten { path: self.path() }),
        }
    }

    fn str(&mut self, value: &str) -> Result<(), NotWritten> {
        self.put(Value::from(value));
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<(), NotWritten> {
        self.put(Value::from(value));
        Ok(())
    }

    fn number(&mut self, value: Number) -> Result<(), NotWritten> {
        self.put(match value {
            Number::Signed(value) => Value::from(value),
            Number::Unsigned(value) => Value::from(value),
            Number::Float(value) => Value::from(value),
        });
        Ok(())
    }

    fn null(&mut self) -> Result<(), NotWritten> {
        self.put(Value::Null);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walk::map;
    use keyloom_syntax::Origins;

    struct Body(Vec<Text>);

    impl Walk for Body {
        fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
            map(sink, |m| m.map("spec", |m| m.field("items", &self.0)))
        }
    }

    #[test]
    fn what_may_not_be_written_is_refused_at_its_place() {
        let body = Body(vec!["a".into(), Text::placeholder("${B}")]);
        assert_eq!(to_json(&body).unwrap(), serde_json::json!({"spec": {"items": ["a", "${B}"]}}));
        let body = Body(vec!["a".into(), Text::unknown(true, Origins::NONE)]);
        assert_eq!(to_json(&body).unwrap_err().path, "spec.items[1]");
    }
}
