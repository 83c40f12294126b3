//! [`Text`]: a leaf string that may be secret, or not known yet.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::de::{self, Deserializer, EnumAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use smol_str::SmolStr;

mod handed;

pub use handed::Handed;

/// Under this name a [`Text`] asks a deserializer for a newtype struct; see [`Text`]'s `Deserialize`.
pub const TEXT_NEWTYPE: &str = "$keyloom::Text";
/// Variant of the enum a deserializer may answer with: the text holds a placeholder for a later tool.
pub const PLACEHOLDER_VARIANT: &str = "placeholder";

/// A string at a leaf of a declaration.
///
/// From YAML come plain text and, where a later tool substitutes `${NAME}`, placeholders. From a Pulumi program
/// come secret text and text that is not known before the update, with the origins (dependencies) it derives
/// from. Known text is validated, normalised and compared wherever it came from; what is not [`known`](Self::known)
/// answers *unknown* to every rule.
///
/// Operations are eager: joining two texts joins their origins, and an unknown operand gives an unknown result.
///
/// ```
/// use keyloom_syntax::Text;
/// let path = Text::from("/databases/postgres");
/// assert_eq!(path.join(&Text::from("/host")).known(), Some("/databases/postgres/host"));
/// ```
/// Equality is that of the whole value, for tests; rules compare [`known`](Self::known) text.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Repr);

#[derive(Clone, PartialEq, Eq)]
enum Repr {
    /// By far the usual case: 24 bytes, no allocation up to 23 bytes.
    Plain(SmolStr),
    Rare(Arc<Rare>),
}

#[derive(Clone, PartialEq, Eq)]
struct Rare {
    state: State,
    origins: Origins,
}

#[derive(Clone)]
enum State {
    Plain(SmolStr),
    Secret(SecretString),
    Unknown { secret: bool },
    Placeholder(SmolStr),
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plain(a), Self::Plain(b)) | (Self::Placeholder(a), Self::Placeholder(b)) => a == b,
            (Self::Secret(a), Self::Secret(b)) => a.expose_secret() == b.expose_secret(),
            (Self::Unknown { secret: a }, Self::Unknown { secret: b }) => a == b,
            _ => false,
        }
    }
}

impl Eq for State {}

/// What a text derives from: resources of one Construct call, by number. Empty for text from YAML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Option<Arc<OriginSet>>);

#[derive(Debug, PartialEq, Eq)]
struct OriginSet {
    construct: u64,
    ids: Vec<u32>,
}

impl Origins {
    /// No origins.
    pub const NONE: Self = Self(None);

    /// Origins `ids` of the Construct call numbered `construct`.
    pub fn of(construct: u64, mut ids: Vec<u32>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() { Self::NONE } else { Self(Some(Arc::new(OriginSet { construct, ids }))) }
    }

    /// The numbers, sorted, if they belong to the Construct call `construct`; those of another call are not given out.
    pub fn ids(&self, construct: u64) -> &[u32] {
        match &self.0 {
            Some(set) if set.construct == construct => &set.ids,
            _ => &[],
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Both sets together. Origins of two different Construct calls never meet in one value, so the left wins then.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (_, None) => self.clone(),
            (None, _) => other.clone(),
            (Some(a), Some(b)) if a.construct == b.construct => {
                Self::of(a.construct, a.ids.iter().chain(&b.ids).copied().collect())
            }
            (Some(_), Some(_)) => self.clone(),
        }
    }
}

impl Text {
    /// Text that is known and not secret.
    pub fn plain(value: impl AsRef<str>) -> Self {
        Self(Repr::Plain(SmolStr::new(value)))
    }

    /// Text holding `${...}` that a later tool fills in: written out as it stands, unknown to every rule.
    pub fn placeholder(value: impl AsRef<str>) -> Self {
        Self::rare(State::Placeholder(SmolStr::new(value)), Origins::NONE)
    }

    /// A known secret value.
    pub fn secret(value: SecretString, origins: Origins) -> Self {
        Self::rare(State::Secret(value), origins)
    }

    /// Text that will be known later.
    pub fn unknown(secret: bool, origins: Origins) -> Self {
        Self::rare(State::Unknown { secret }, origins)
    }

    /// The same text with further origins.
    #[must_use]
    pub fn with_origins(self, origins: Origins) -> Self {
        if origins.is_empty() {
            return self;
        }
        match self.0 {
            Repr::Plain(value) => Self::rare(State::Plain(value), origins),
            Repr::Rare(rare) => Self::rare(rare.state.clone(), rare.origins.join(&origins)),
        }
    }

    fn rare(state: State, origins: Origins) -> Self {
        Self(Repr::Rare(Arc::new(Rare { state, origins })))
    }

    /// The value when it is known and not secret; rules read this and answer *unknown* on `None`.
    pub fn known(&self) -> Option<&str> {
        match &self.0 {
            Repr::Plain(value) => Some(value),
            Repr::Rare(rare) => match &rare.state {
                State::Plain(value) => Some(value),
                State::Secret(_) | State::Unknown { .. } | State::Placeholder(_) => None,
            },
        }
    }

    /// What a manifest shows: known text, or a placeholder as it stands. `None` for secret and unknown text.
    pub fn written(&self) -> Option<&str> {
        match &self.0 {
            Repr::Plain(value) => Some(value),
            Repr::Rare(rare) => match &rare.state {
                State::Plain(value) | State::Placeholder(value) => Some(value),
                State::Secret(_) | State::Unknown { .. } => None,
            },
        }
    }

    /// The text as messages show it: as it was written, or words for what cannot be shown.
    pub fn shown(&self) -> &str {
        self.written().unwrap_or(if self.is_secret() { "(secret)" } else { "(not known yet)" })
    }

    /// What a rule says of the value, when it is known, though it be secret. Rules that quote the value read
    /// [`known`](Self::known).
    pub fn judge<T>(&self, rule: impl FnOnce(&str) -> T) -> Option<T> {
        self.known().or_else(|| self.expose_secret()).map(rule)
    }

    /// Whether it will be known later: neither its value nor a placeholder is there.
    pub fn is_unknown(&self) -> bool {
        self.any().is_none()
    }

    /// The secret value, for the one writer that may hand it on.
    pub fn expose_secret(&self) -> Option<&str> {
        match &self.0 {
            Repr::Plain(_) => None,
            Repr::Rare(rare) => match &rare.state {
                State::Secret(value) => Some(value.expose_secret()),
                State::Plain(_) | State::Unknown { .. } | State::Placeholder(_) => None,
            },
        }
    }

    /// Whether the text is, or will be, secret.
    pub fn is_secret(&self) -> bool {
        match &self.0 {
            Repr::Plain(_) => false,
            Repr::Rare(rare) => matches!(rare.state, State::Secret(_) | State::Unknown { secret: true }),
        }
    }

    /// Whether it is known to be empty.
    pub fn is_empty(&self) -> bool {
        self.known().is_some_and(str::is_empty)
    }

    /// What it derives from.
    pub fn origins(&self) -> &Origins {
        static NONE: Origins = Origins::NONE;
        match &self.0 {
            Repr::Plain(_) => &NONE,
            Repr::Rare(rare) => &rare.origins,
        }
    }

    /// This text followed by another. Origins join; unknown makes unknown, secret makes secret, and a placeholder
    /// stays one.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let origins = self.origins().join(other.origins());
        let secret = self.is_secret() || other.is_secret();
        match (self.any(), other.any()) {
            (Some(a), Some(b)) if secret => Self::secret(SecretString::from([a, b].concat()), origins),
            (Some(a), Some(b)) => {
                let value = SmolStr::from_iter([a, b]);
                if self.is_placeholder() || other.is_placeholder() {
                    Self::rare(State::Placeholder(value), origins)
                } else {
                    Self(Repr::Plain(value)).with_origins(origins)
                }
            }
            _ => Self::unknown(secret, origins),
        }
    }

    /// A new text computed from this one's value. Unknown stays unknown, a secret stays secret, a placeholder is
    /// left as it stands.
    #[must_use]
    pub fn map(&self, f: impl FnOnce(&str) -> String) -> Self {
        if let Some(value) = self.known() {
            return Self::plain(f(value)).with_origins(self.origins().clone());
        }
        match self.expose_secret() {
            Some(value) => Self::secret(SecretString::from(f(value)), self.origins().clone()),
            None => self.clone(),
        }
    }

    /// As [`map`](Self::map), but what is written around a placeholder is mapped too: for quoting and escaping, which the
    /// literal parts of a placeholder need like any other text.
    #[must_use]
    pub fn map_written(&self, f: impl FnOnce(&str) -> String) -> Self {
        match self.written() {
            Some(written) if self.is_placeholder() => {
                Self::placeholder(f(written)).with_origins(self.origins().clone())
            }
            _ => self.map(f),
        }
    }

    /// Whether a later tool fills it in.
    pub fn is_placeholder(&self) -> bool {
        matches!(&self.0, Repr::Rare(rare) if matches!(rare.state, State::Placeholder(_)))
    }

    fn any(&self) -> Option<&str> {
        self.written().or_else(|| self.expose_secret())
    }
}

impl Default for Text {
    fn default() -> Self {
        Self(Repr::Plain(SmolStr::default()))
    }
}

impl From<&str> for Text {
    fn from(value: &str) -> Self {
        Self::plain(value)
    }
}

impl From<String> for Text {
    fn from(value: String) -> Self {
        Self(Repr::Plain(SmolStr::from(value)))
    }
}

impl From<&String> for Text {
    fn from(value: &String) -> Self {
        Self::plain(value)
    }
}

impl From<&Text> for Text {
    fn from(value: &Text) -> Self {
        value.clone()
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.known() == Some(other)
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.known() == Some(*other)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Plain(value) => write!(f, "{value:?}"),
            Repr::Rare(rare) => match &rare.state {
                State::Plain(value) => write!(f, "{value:?}"),
                State::Secret(_) => f.write_str("<secret>"),
                State::Unknown { secret: true } => f.write_str("<unknown secret>"),
                State::Unknown { secret: false } => f.write_str("<unknown>"),
                State::Placeholder(value) => write!(f, "<placeholder {value:?}>"),
            },
        }
    }
}

/// For `validator` alone, which asks for it to fill its error parameters: always the same constant, never the value.
impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("<text>")
    }
}

/// Asks for the newtype struct [`TEXT_NEWTYPE`]. A plain deserializer answers with a string; one that knows more
/// answers with an enum whose variant says what kind of text it is: [`PLACEHOLDER_VARIANT`], or what [`Handed`] says of
/// a text that somebody has already.
impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TEXT_NEWTYPE, TextVisitor)
    }
}

/// Shared with a block, whose leaves are texts.
pub(crate) struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Text, E> {
        Ok(Text::plain(value))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Text, A::Error> {
        handed::take(data)
    }
}

/// Marks a schema generator: in what it makes, every leaf that is a [`Text`] says so, with `"x-text": true`. For whom a
/// string that is read at once and one that may come later are two things.
#[derive(Clone, Debug)]
pub struct TextMarks;

impl schemars::transform::Transform for TextMarks {
    /// Nothing: who makes a leaf looks for the mark.
    fn transform(&mut self, _: &mut schemars::Schema) {}
}

/// A string, inlined so that no definition named after our type shows in a published schema.
impl schemars::JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Text")
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        if generator.transforms_mut().any(|transform| transform.is::<TextMarks>()) {
            return schemars::json_schema!({ "type": "string", "x-text": true });
        }
        schemars::json_schema!({ "type": "string" })
    }
}

/// Length in characters of text whose value is there, secret or not; what is not known passes (`validator` takes `None` as
/// valid).
impl validator::ValidateLength<u64> for Text {
    fn length(&self) -> Option<u64> {
        self.judge(|value| value.chars().count() as u64)
    }
}

impl validator::ValidateRegex for Text {
    fn validate_regex(&self, regex: impl validator::AsRegex) -> bool {
        self.judge(|value| regex.as_regex().is_match(value)).unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(value: &str) -> Text {
        Text::secret(SecretString::from(value.to_owned()), Origins::of(1, vec![2]))
    }

    #[test]
    fn a_text_and_an_optional_one_are_three_words() {
        assert_eq!(size_of::<Text>(), 24);
        assert_eq!(size_of::<Option<Text>>(), 24);
    }

    #[test]
    fn joining_keeps_what_matters() {
        let plain = Text::from("a");
        assert_eq!(plain.join(&Text::from("b")).known(), Some("ab"));
        let joined = plain.join(&secret("canary"));
        assert_eq!((joined.known(), joined.expose_secret()), (None, Some("acanary")));
        assert_eq!(joined.origins().ids(1), [2]);
        assert!(joined.origins().ids(7).is_empty(), "origins belong to one Construct");
        let unknown = secret("canary").join(&Text::unknown(false, Origins::of(1, vec![5])));
        assert!(unknown.is_secret() && unknown.written().is_none());
        assert_eq!(unknown.origins().ids(1), [2, 5]);
        assert_eq!(Text::placeholder("${A}").join(&plain).written(), Some("${A}a"));
    }

    #[test]
    fn limits_hold_for_secrets_too_and_never_show_them() {
        use validator::{ValidateLength, ValidateRegex};
        let digits = regex::Regex::new("^[0-9]+$").unwrap();
        assert_eq!(secret("canary").length(), Some(6));
        assert!(!secret("canary").validate_regex(&digits) && secret("12").validate_regex(&digits));
        assert!(Text::unknown(true, Origins::NONE).validate_regex(&digits));
        assert_eq!(
            (secret("canary").shown(), Text::unknown(false, Origins::NONE).shown()),
            ("(secret)", "(not known yet)")
        );
    }

    #[test]
    fn nothing_prints_or_serialises_a_secret() {
        let text = secret("canary");
        assert_eq!(format!("{text:?}"), "<secret>");
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"<text>\"");
    }
}
