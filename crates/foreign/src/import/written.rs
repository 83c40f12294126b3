//! A declaration as it will be written: values in order, with the comments that go with them.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written {
    /// A word of YAML as it stands: a number, a truth value, null.
    Word(String),
    /// Text, which is quoted where that is needed.
    Text(String),
    /// A list.
    List(Vec<Item>),
    /// A mapping.
    Map(Map),
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) notes: Notes,
    pub(super) value: Written,
}

/// A mapping.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Map {
    pub(super) fields: Vec<Field>,
    /// Whether each field has a line of its own, however short they are.
    pub(super) open: bool,
}

/// An entry of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) notes: Notes,
    pub(super) value: Written,
}

/// Comments, each with its `#`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Notes {
    /// On lines of their own.
    pub(super) above: Vec<String>,
    /// Behind the value, or behind the key of what has lines of its own.
    pub(super) beside: Option<String>,
}

impl Notes {
    pub(super) fn is_empty(&self) -> bool {
        self.above.is_empty() && self.beside.is_none()
    }

    /// All of them on lines of their own.
    pub(super) fn lines(self) -> Vec<String> {
        self.above.into_iter().chain(self.beside).collect()
    }

    /// Both together; of two comments beside the first goes above.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.above.extend(other.above);
        if let Some(beside) = other.beside
            && let Some(first) = self.beside.replace(beside)
        {
            self.above.push(first);
        }
        self
    }
}

impl Written {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().map(|value| Item { notes: Notes::default(), value }).collect())
    }

    pub(super) fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self::list(texts.into_iter().map(Self::text))
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Word(_) | Self::Text(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Map(map) => map.fields.is_empty(),
        }
    }
}

impl Map {
    /// Adds a field.
    pub(super) fn put(&mut self, key: &str, value: Written) {
        self.put_with(key, Notes::default(), value);
    }

    /// Adds a field with its comments.
    pub(super) fn put_with(&mut self, key: &str, notes: Notes, value: Written) {
        self.fields.push(Field { key: key.to_owned(), notes, value });
    }

    /// Adds a field, if there is one.
    pub(super) fn extend(&mut self, key: &str, field: Option<(Notes, Written)>) {
        if let Some((notes, value)) = field {
            self.put_with(key, notes, value);
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Written> {
        self.fields.iter().find(|field| field.key == key).map(|field| &field.value)
    }

    /// Takes the first field out.
    pub(super) fn take_first(&mut self) -> Option<Field> {
        (!self.fields.is_empty()).then(|| self.fields.remove(0))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The same, with a line for each field.
    pub(super) fn opened(mut self) -> Self {
        self.open = true;
        self
    }
}

impl From<Map> for Written {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}
