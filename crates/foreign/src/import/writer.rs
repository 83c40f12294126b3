//! From values to the text of a declaration, in the style of the examples: an item a block, what is short on one line.

use keyloom_syntax::spell::{write_flow, write_key, write_value};

use super::written::{Field, Item, Map, Notes, Written};

/// Longest line that is made of several values.
const WIDTH: usize = 110;
/// Most fields that share a line.
const FIELDS: usize = 8;

/// Writes text line by line.
#[derive(Default)]
pub(super) struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// The text so far.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// All of it.
    pub(super) fn into_text(self) -> String {
        // Spelling writes what was text before, and ASCII.
        String::from_utf8(self.out).unwrap_or_default()
    }

    /// A line of its own.
    pub(super) fn line(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
    }

    /// A field of the whole declaration.
    pub(super) fn section(&mut self, field: &Field) {
        self.field(field, 0);
    }

    /// An item of one of its lists.
    pub(super) fn item(&mut self, item: &Item) {
        self.entry(item, 0, true);
    }

    fn above(&mut self, notes: &Notes, indent: usize) {
        for line in &notes.above {
            self.indent(indent);
            self.line(line);
        }
    }

    fn beside(&mut self, notes: &Notes) {
        if let Some(note) = &notes.beside {
            self.out.extend_from_slice(b"  ");
            self.out.extend_from_slice(note.as_bytes());
        }
        self.out.push(b'\n');
    }

    fn indent(&mut self, indent: usize) {
        self.out.resize(self.out.len() + indent, b' ');
    }

    /// Where the line began that is being written.
    fn column(&self) -> usize {
        self.out.len() - self.out.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
    }

    fn field(&mut self, field: &Field, indent: usize) {
        self.above(&field.notes, indent);
        self.indent(indent);
        self.rest_of_field(field, indent);
    }

    fn rest_of_field(&mut self, field: &Field, indent: usize) {
        write_key(&mut self.out, &field.key, indent);
        match &field.value {
            Written::Text(text) => {
                self.out.push(b' ');
                self.scalar(text, &field.notes, indent + 2);
            }
            value => {
                self.out.push(b' ');
                if self.flow(value) {
                    self.beside(&field.notes);
                    return;
                }
                self.out.pop();
                self.beside(&field.notes);
                match value {
                    Written::Map(map) => map.fields.iter().for_each(|field| self.field(field, indent + 2)),
                    Written::List(items) => items.iter().for_each(|item| self.entry(item, indent, false)),
                    Written::Word(_) | Written::Text(_) => {}
                }
            }
        }
    }

    /// A comment cannot stand behind a text of several lines, so it goes behind its first.
    fn scalar(&mut self, text: &str, notes: &Notes, indent: usize) {
        let start = self.out.len();
        write_value(&mut self.out, text, indent);
        match (self.out[start..].iter().position(|byte| *byte == b'\n'), &notes.beside) {
            (Some(at), Some(note)) => {
                let note = ["  ", note].concat();
                self.out.splice(start + at..start + at, note.into_bytes());
                self.out.push(b'\n');
            }
            _ => self.beside(notes),
        }
    }

    fn entry(&mut self, item: &Item, indent: usize, open: bool) {
        self.above(&item.notes, indent);
        self.indent(indent);
        self.out.extend_from_slice(b"- ");
        match &item.value {
            Written::Text(text) => self.scalar(text, &item.notes, indent + 2),
            value if !open && self.flow(value) => self.beside(&item.notes),
            // What somebody else has is said in one line.
            value @ Written::Map(map) if map.get("external").is_some() && self.flow(value) => {
                self.beside(&item.notes);
            }
            Written::Map(map) if !map.is_empty() => {
                // A comment beside a dash would be one of the first field.
                for (at, field) in map.fields.iter().enumerate() {
                    if at > 0 {
                        self.field(field, indent + 2);
                    } else {
                        let notes = field.notes.clone().and(item.notes.clone());
                        let first = Field { notes: Notes { above: Vec::new(), ..notes }, ..field.clone() };
                        self.rest_of_field(&first, indent + 2);
                    }
                }
            }
            value => {
                let mut out = Vec::new();
                flow(value, &mut out);
                self.out.extend_from_slice(&out);
                self.beside(&item.notes);
            }
        }
    }

    /// Writes a value on the rest of the line, if it may stand there and is not too long.
    fn flow(&mut self, value: &Written) -> bool {
        let mut out = Vec::new();
        let fits = is_short(value, true) && flow(value, &mut out) && self.column() + out.len() <= WIDTH;
        if fits || value.is_empty() {
            self.out.extend_from_slice(&out);
            return true;
        }
        false
    }
}

/// Whether a value is simple enough for one line.
fn is_short(value: &Written, outer: bool) -> bool {
    match value {
        Written::Word(_) => true,
        Written::Text(text) => !text.contains('\n'),
        // Mappings of a list have a line each, but for the only one of an inner list.
        Written::List(items) => {
            let maps = items.iter().any(|item| matches!(item.value, Written::Map(_)));
            (!maps || !outer && items.len() == 1) && items.iter().all(|item| is_short(&item.value, false))
        }
        Written::Map(map) => {
            !map.open
                && map.fields.len() <= FIELDS
                && map.fields.iter().all(|field| is_short(&field.value, false))
        }
    }
}

/// Writes a value between brackets; `false` where a comment has no place then.
fn flow(value: &Written, out: &mut Vec<u8>) -> bool {
    match value {
        Written::Word(word) => out.extend_from_slice(word.as_bytes()),
        Written::Text(text) => write_flow(out, text),
        Written::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.extend_from_slice(b", ");
                }
                if !item.notes.is_empty() || !flow(&item.value, out) {
                    return false;
                }
            }
            out.push(b']');
        }
        Written::Map(Map { fields, .. }) => {
            out.push(b'{');
            for (at, field) in fields.iter().enumerate() {
                if at > 0 {
                    out.extend_from_slice(b", ");
                }
                write_flow(out, &field.key);
                out.extend_from_slice(b": ");
                if !field.notes.is_empty() || !flow(&field.value, out) {
                    return false;
                }
            }
            out.push(b'}');
        }
    }
    true
}
