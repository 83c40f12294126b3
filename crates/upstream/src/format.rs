//! Formats that the API server holds values to, beside their type.

use serde_json::{Map, Value, json};

/// What [`is_base64`] takes, for a schema.
const BASE64: &str = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$";

/// Whether the API server takes the text for `format: byte`: base64 in one line, padded, and not empty.
pub fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && padding <= 2 && !digits.is_empty() && digits.bytes().all(known)
}

/// Says a schema's `format` in constraints that every checker of JSON Schema has.
pub fn constrain(schema: &mut Map<String, Value>) {
    match schema.get("format").and_then(Value::as_str) {
        Some("byte") => {
            schema.entry("pattern").or_insert_with(|| BASE64.into());
            schema.entry("x-on").or_insert_with(|| {
                json!({"pattern": {
                    "message": "{field} is not base64",
                    "why": "the API server decodes it, and takes neither line breaks nor an empty text",
                    "fix": "write the output of `base64 -w0 FILE`",
                }})
            });
        }
        Some("int32") => {
            schema.entry("minimum").or_insert_with(|| i32::MIN.into());
            schema.entry("maximum").or_insert_with(|| i32::MAX.into());
        }
        // Dates stand in what the controller writes, and the other numbers are as wide as JSON's.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use keyloom_syntax::check::check;
    use keyloom_syntax::schema::Schema;

    use super::*;

    /// As an API server answered for each of them.
    #[test]
    fn base64_is_what_the_api_server_takes() {
        let mut schema = json!({"type": "string", "format": "byte"});
        constrain(schema.as_object_mut().unwrap());
        let schema = Schema::compile(&schema).unwrap();
        for (text, good) in [
            ("YWJj", true),
            ("YWI=", true),
            ("YW==", true),
            ("YWJjZGVm", true),
            ("", false),
            ("====", false),
            ("Y===", false),
            ("YQ", false),
            ("YWI_", false),
            ("YWJj\nZGVm", false),
            ("YWJj\nZGVm\n", false),
            (" YWJj", false),
            ("not base64!", false),
        ] {
            assert_eq!(is_base64(text), good, "{text:?}");
            let (value, mut problems) = (json!(text), Vec::new());
            check(&value, &schema, &mut problems);
            assert_eq!(problems.is_empty(), good, "{text:?}");
        }
    }

    #[test]
    fn small_integers_have_a_range() {
        let mut schema = json!({"type": "integer", "format": "int32", "minimum": 0});
        constrain(schema.as_object_mut().unwrap());
        assert_eq!((&schema["minimum"], &schema["maximum"]), (&json!(0), &json!(i32::MAX)));
    }
}
