//! Connections as text: the JSON of a secret, single fields, names of variables.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::connection::Connection;
use crate::object::Object;
use crate::secret::Secret;
use crate::value::Value;

/// Lets serde see what is in a value, for as long as its text is made.
struct Exposed<'a, T>(&'a T);

impl Connection {
    /// `{"type": …, "details": {…}}`, with the defaults: what [`Connection::parse`] reads.
    pub fn to_json(&self) -> Secret {
        struct Whole<'a>(&'a Connection);
        impl Serialize for Whole<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("type", self.0.kind().word)?;
                map.serialize_entry("details", &Exposed(self.0.details()))?;
                map.end()
            }
        }
        Secret::of_json(&Whole(self))
    }

    /// A field as a program expects it in a variable: a text as it is, a number in digits, `true` or `false`, lists and mappings as JSON.
    /// Nothing where the field is not there.
    pub fn field_text(&self, field: &str) -> Option<Secret> {
        match self.details().get(field)? {
            Value::Null => None,
            Value::Text(text) => Some(text.clone()),
            other @ (Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_)) => {
                Some(Secret::of_json(&Exposed(other)))
            }
        }
    }
}

/// The name of a connection as the name of a variable: `my-postgres` is `MY_POSTGRES`.
///
/// ```
/// use keyloom_connections::variable_name;
/// assert_eq!(variable_name("my-postgres"), "MY_POSTGRES");
/// assert_eq!(variable_name("2nd.db"), "_2ND_DB");
/// ```
pub fn variable_name(name: &str) -> String {
    let mut variable: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    variable.make_ascii_uppercase();
    if variable.starts_with(|c: char| c.is_ascii_digit()) {
        variable.insert(0, '_');
    }
    variable
}

/// The variable of a field of a connection: `host` of `my-postgres` is `MY_POSTGRES_HOST`.
///
/// ```
/// use keyloom_connections::field_variable;
/// assert_eq!(field_variable("my-postgres", "host"), "MY_POSTGRES_HOST");
/// ```
pub fn field_variable(name: &str, field: &str) -> String {
    format!("{}_{}", variable_name(name), field.to_ascii_uppercase())
}

impl Serialize for Exposed<'_, Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(it) => serializer.serialize_bool(*it),
            Value::Number(number) => number.serialize(serializer),
            Value::Text(text) => serializer.serialize_str(text.expose()),
            Value::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                for element in list {
                    seq.serialize_element(&Exposed(element))?;
                }
                seq.end()
            }
            Value::Object(object) => Exposed(object).serialize(serializer),
        }
    }
}

impl Serialize for Exposed<'_, Object> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.0.iter() {
            map.serialize_entry(name, &Exposed(value))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_was_read() {
        let text = r#"{"type":"postgres","details":{"password":"a\"b","username":"u","host":"h","database":"d","port":1}}"#;
        let read = |text: &Secret| Connection::parse("db", text).unwrap().connection;
        let connection = read(&Secret::new(text.to_owned()));
        let again = connection.to_json();
        assert_eq!(
            again.expose(),
            r#"{"type":"postgres","details":{"username":"u","password":"a\"b","host":"h","port":1,"database":"d","pool_max_conns":10,"ssl_mode":"allow"}}"#
        );
        assert_eq!(read(&again).to_json().expose(), again.expose());
        let field = |name| connection.field_text(name).map(|text| text.expose().to_owned());
        assert_eq!(field("port").as_deref(), Some("1"));
        assert_eq!(field("password").as_deref(), Some("a\"b"));
        assert_eq!(field("schema"), None);
    }
}
