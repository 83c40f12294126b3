//! [`Lines`]: what a condensed schema is made of, each part read when it is first asked for.

use std::borrow::Cow;
use std::sync::OnceLock;

use serde_json::Value;

/// The named parts of a generated file, such as its definitions, sorted by name: a line each.
///
/// A program that asks about one kind must not pay for all of them, so a part stays text until somebody looks.
#[derive(Debug, Default, PartialEq)]
pub struct Lines {
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq)]
struct Part {
    name: Cow<'static, str>,
    text: &'static str,
    value: OnceLock<Value>,
}

impl Lines {
    /// No parts.
    pub const NONE: Self = Self { parts: Vec::new() };

    /// Finds the parts in the lines below `"section":{` of a generated file.
    pub(crate) fn of(file: &'static str, section: &str) -> Self {
        let is_head =
            |line: &&str| line.strip_prefix('"').and_then(|line| line.strip_suffix("\":{")) == Some(section);
        let lines = file.lines().skip_while(|line| !is_head(line)).skip(1);
        let parts = lines.take_while(|line| !line.starts_with('}')).filter_map(|line| {
            let (name, text) = line.strip_prefix('"')?.split_once("\":")?;
            let text = text.strip_suffix(',').unwrap_or(text);
            Some(Part { name: name.into(), text, value: OnceLock::new() })
        });
        Self::sorted(parts.collect())
    }

    fn sorted(mut parts: Vec<Part>) -> Self {
        parts.sort_by(|a, b| a.name.cmp(&b.name));
        Self { parts }
    }

    /// The part of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.parts.binary_search_by(|part| (*part.name).cmp(name)).ok()?;
        Some(self.parts[at].value())
    }

    /// Names of all parts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| &*part.name)
    }
}

impl Part {
    fn value(&self) -> &Value {
        // The text is part of this program; a test reads all of it.
        self.value.get_or_init(|| serde_json::from_str(self.text).unwrap_or_default())
    }
}

/// The members of an object, as parts.
impl From<Value> for Lines {
    fn from(value: Value) -> Self {
        let Value::Object(members) = value else { return Self::NONE };
        let part = |(name, value): (String, Value)| Part { name: name.into(), text: "", value: value.into() };
        Self::sorted(members.into_iter().map(part).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_found_by_section() {
        let file = "{\n\"a\":1,\n\"kinds\":{\n\"Z\":{\"x\":\"},\"},\n\"B\":[]\n},\n\"definitions\":{\n\"C\":2\n}\n}\n";
        let kinds = Lines::of(file, "kinds");
        assert_eq!(kinds.names().collect::<Vec<_>>(), ["B", "Z"]);
        assert_eq!(kinds.get("Z"), Some(&json!({"x": "},"})));
        assert_eq!(kinds.get("B"), Some(&json!([])));
        assert_eq!(kinds.get("C"), None);
        assert_eq!(Lines::of(file, "definitions").get("C"), Some(&json!(2)));
        assert_eq!(Lines::of(file, "else"), Lines::NONE);
    }
}
