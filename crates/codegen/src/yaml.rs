//! The streaming YAML writer of every format that is YAML.

use keyloom_resources::walk::Sink;
use keyloom_syntax::spell::{write_key, write_value};
use keyloom_syntax::{Number, Text};

/// Text that may not be written was met.
#[derive(Debug)]
pub(crate) struct Refused;

/// Writes one body after the other into memory.
pub(crate) struct Writer {
    out: Vec<u8>,
    open: Vec<Frame>,
    lead: Lead,
}

/// A mapping or sequence that has begun.
struct Frame {
    kind: Kind,
    /// Column of its keys or dashes.
    indent: usize,
    /// What stood before it.
    lead: Lead,
    empty: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Map,
    Seq,
}

/// What stands before the next value, on the same line.
#[derive(Clone, Copy, PartialEq)]
enum Lead {
    /// Nothing: a document begins.
    Start,
    /// `key:`, without a space.
    Key,
    /// `- `, with the space.
    Dash,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), open: Vec::with_capacity(16), lead: Lead::Start }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.out
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Forgets what has been written, for it was handed on.
    pub(crate) fn clear(&mut self) {
        self.out.clear();
    }

    /// A line for whoever reads the file, before what follows.
    pub(crate) fn comment(&mut self, words: &str) {
        self.out.extend_from_slice(b"# ");
        self.out.extend_from_slice(words.as_bytes());
        self.out.push(b'\n');
    }

    /// The same, behind the value that was written last.
    pub(crate) fn comment_behind(&mut self, words: &str) {
        if self.out.ends_with(b"\n") {
            self.out.pop();
        }
        self.out.push(b' ');
        self.comment(words);
    }

    /// A key that is spelled as it is, for readers that know what it means.
    pub(crate) fn plain_key(&mut self, key: &str) {
        self.entry();
        self.out.extend_from_slice(key.as_bytes());
        self.out.push(b':');
        self.lead = Lead::Key;
    }

    /// Divides two documents.
    pub(crate) fn divide(&mut self) {
        self.out.extend_from_slice(b"---\n");
        self.lead = Lead::Start;
    }

    fn indent(&mut self, columns: usize) {
        const SPACES: [u8; 32] = [b' '; 32];
        match SPACES.get(..columns) {
            Some(spaces) => self.out.extend_from_slice(spaces),
            None => self.out.resize(self.out.len() + columns, b' '),
        }
    }

    /// Column of what is inside the innermost container.
    fn inner(&self) -> usize {
        self.open.last().map_or(0, |frame| frame.indent + 2)
    }

    /// Goes to where the next entry of the innermost container stands.
    fn entry(&mut self) {
        let Some(frame) = self.open.last_mut() else { return };
        let (indent, first) = (frame.indent, std::mem::replace(&mut frame.empty, false));
        match (first, frame.lead) {
            (true, Lead::Start | Lead::Dash) => {}
            (true, Lead::Key) => {
                self.out.push(b'\n');
                self.indent(indent);
            }
            (false, _) => self.indent(indent),
        }
    }

    /// Writes the dash of an item, if the value is one.
    fn item(&mut self) {
        if self.open.last().is_some_and(|frame| frame.kind == Kind::Seq) {
            self.entry();
            self.out.extend_from_slice(b"- ");
            self.lead = Lead::Dash;
        }
    }

    fn begin(&mut self, kind: Kind) {
        self.item();
        let indent = if self.open.is_empty() { 0 } else { self.inner() };
        self.open.push(Frame { kind, indent, lead: self.lead, empty: true });
    }

    fn end(&mut self, empty: &[u8]) {
        if let Some(frame) = self.open.pop().filter(|frame| frame.empty) {
            self.after(frame.lead);
            self.out.extend_from_slice(empty);
            self.out.push(b'\n');
        }
    }

    fn after(&mut self, lead: Lead) {
        if lead == Lead::Key {
            self.out.push(b' ');
        }
    }

    fn scalar(&mut self, write: impl FnOnce(&mut Vec<u8>, usize)) {
        self.item();
        self.after(self.lead);
        let indent = self.inner().max(2);
        write(&mut self.out, indent);
        self.out.push(b'\n');
    }
}

impl Sink for Writer {
    type Error = Refused;

    fn begin_map(&mut self) -> Result<(), Refused> {
        self.begin(Kind::Map);
        Ok(())
    }

    fn key(&mut self, key: &str) -> Result<(), Refused> {
        self.entry();
        let indent = self.open.last().map_or(0, |frame| frame.indent);
        write_key(&mut self.out, key, indent);
        self.lead = Lead::Key;
        Ok(())
    }

    fn end_map(&mut self) -> Result<(), Refused> {
        self.end(b"{}");
        Ok(())
    }

    fn begin_seq(&mut self) -> Result<(), Refused> {
        self.begin(Kind::Seq);
        Ok(())
    }

    fn end_seq(&mut self) -> Result<(), Refused> {
        self.end(b"[]");
        Ok(())
    }

    fn text(&mut self, text: &Text) -> Result<(), Refused> {
        self.str(text.written().ok_or(Refused)?)
    }

    fn str(&mut self, value: &str) -> Result<(), Refused> {
        self.scalar(|out, indent| write_value(out, value, indent));
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<(), Refused> {
        self.scalar(|out, _| out.extend_from_slice(if value { b"true" } else { b"false" }));
        Ok(())
    }

    fn number(&mut self, value: Number) -> Result<(), Refused> {
        self.scalar(|out, _| out.extend_from_slice(value.to_string().as_bytes()));
        Ok(())
    }

    fn null(&mut self) -> Result<(), Refused> {
        self.scalar(|out, _| out.extend_from_slice(b"null"));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyloom_resources::walk::{Walk, map};

    struct Nested;

    impl Walk for Nested {
        fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
            let nothing: &[bool] = &[];
            map(sink, |m| {
                m.field("list", &vec![vec![1_i64, 2], vec![], vec![3]])?;
                m.field("nothing", nothing)?;
                m.map("empty", |_| Ok(()))?;
                m.field("maps", &[Inner, Inner][..])?;
                m.field("text", "one\ntwo\n")?;
                m.field("yes", &true)
            })
        }
    }

    struct Inner;

    impl Walk for Inner {
        fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
            map(sink, |m| {
                m.map("a", |m| m.field("b", "no"))?;
                m.field("c", "x\n y")
            })
        }
    }

    #[test]
    fn the_layout_is_this() {
        let mut writer = Writer::with_capacity(0);
        Nested.walk(&mut writer).unwrap();
        writer.divide();
        Inner.walk(&mut writer).unwrap();
        let expected = r#"list:
  - - 1
    - 2
  - []
  - - 3
nothing: []
empty: {}
maps:
  - a:
      b: "no"
    c: |-
      x
       y
  - a:
      b: "no"
    c: |-
      x
       y
text: |
  one
  two
"yes": true
---
a:
  b: "no"
c: |-
  x
   y
"#;
        assert_eq!(String::from_utf8(writer.into_bytes()).unwrap(), expected);
    }
}
