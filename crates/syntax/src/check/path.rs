//! Where the walk is: a chain of stack frames, written out only for a problem.

use std::fmt::Write;

#[derive(Clone, Copy)]
enum Step<'a> {
    Base(&'a str),
    Key(&'a str),
    Index(usize),
}

/// One step into the document, and the way back.
#[derive(Clone)]
pub(super) struct Frame<'a, At> {
    parent: Option<&'a Frame<'a, At>>,
    step: Step<'a>,
    /// The place of the key, for a field.
    pub(super) key_at: Option<At>,
    /// Whether the value may be a secret; inherited.
    pub(super) secret: bool,
}

impl<'a, At: Clone> Frame<'a, At> {
    pub(super) fn root(base: &'a str) -> Self {
        Self { parent: None, step: Step::Base(base), key_at: None, secret: false }
    }

    pub(super) fn key(&'a self, key: &'a str, key_at: At) -> Self {
        Self { parent: Some(self), step: Step::Key(key), key_at: Some(key_at), secret: self.secret }
    }

    pub(super) fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index), key_at: None, secret: self.secret }
    }

    /// The same place, holding what may be a secret.
    pub(super) fn as_secret(&self) -> Self {
        Self { secret: true, ..self.clone() }
    }

    /// The whole path in the document's spelling.
    pub(super) fn path(&self) -> String {
        let mut path = self.parent.map_or_else(String::new, Frame::path);
        match self.step {
            Step::Base(base) => path.push_str(base),
            Step::Key(key) => key_step(&mut path, key),
            Step::Index(index) => _ = write!(path, "[{index}]"),
        }
        path
    }

    /// What a message calls the place: the field's name in backticks, with the index of an item, or "the document".
    pub(super) fn name(&self) -> String {
        match (self.step, self.parent) {
            (Step::Base(""), _) => "the document".to_owned(),
            (Step::Base(base), _) => super::words::quoted(base),
            (Step::Key(key), _) => super::words::quoted(key),
            (Step::Index(index), Some(parent)) if !matches!(parent.step, Step::Base("")) => {
                let list = parent.name();
                format!("{}[{index}]`", list.trim_end_matches('`'))
            }
            (Step::Index(index), _) => format!("`[{index}]`"),
        }
    }
}

/// Appends one field to a path: `a.b`, or `a["b/c"]` when the key is not a plain word.
pub fn key_step(path: &mut String, key: &str) {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if plain {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        _ = write!(path, "[{key:?}]");
    }
}
