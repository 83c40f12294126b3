//! Blocks made by programs.

use super::Block;
use crate::scalar::Number;
use crate::text::Text;

impl Block {
    /// A mapping, in that order.
    ///
    /// ```
    /// use keyloom_syntax::Block;
    /// let block = Block::map([("name", "my-app".into()), ("labels", Block::map([("tier", "web")]))]);
    /// assert_eq!(block.get("labels").unwrap().get("tier"), Some(&Block::from("web")));
    /// ```
    pub fn map<K: AsRef<str>, V: Into<Self>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.as_ref().into(), value.into())).collect())
    }

    /// A list.
    pub fn list<V: Into<Self>>(items: impl IntoIterator<Item = V>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<Text> for Block {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<&Text> for Block {
    fn from(text: &Text) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&str> for Block {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Block {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Block {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Block {
    fn from(value: i64) -> Self {
        Self::Number(Number::Signed(value))
    }
}
