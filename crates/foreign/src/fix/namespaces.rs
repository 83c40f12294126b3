//! `namespaceSelector` and `namespaces` of a ClusterExternalSecret, which `namespaceSelectors` says in their place.

use keyloom_models::code;
use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Sources, Span};
use keyloom_upstream::eso;

use super::{Fix, entry};
use crate::edit::{Edit, line_end};
use crate::object::Object;

const SELECTOR: &str = "namespaceSelector";
const NAMES: &str = "namespaces";
const SELECTORS: &str = "namespaceSelectors";

/// Any one of the selectors is enough, as any one of the names is: so one becomes a list of one, and names become one
/// selector of the label that Kubernetes itself gives every namespace.
pub(super) fn fix(sources: &Sources, object: &Object<'_>) -> Option<Fix> {
    if object.eso() != Some(eso::Kind::ClusterExternalSecret) {
        return None;
    }
    let spec = object.node.get("spec")?;
    let edits = match (entry(spec, SELECTOR), entry(spec, NAMES), entry(spec, SELECTORS)) {
        (Some((key, value)), None, None) => Place::of(sources, spec, key, value)?.one(value),
        (None, Some((key, value)), None) => Place::of(sources, spec, key, value)?.names(value),
        _ => None,
    }?;
    Some(Fix { code: code::DEPRECATED_FIELD, edits })
}

/// Where an entry stands in its file.
struct Place<'s> {
    text: &'s str,
    base: u32,
    key: Span,
    /// Whether the value stands between brackets.
    flow: bool,
    /// Columns of the key and of the value, where the value begins a line.
    columns: (usize, usize),
    value: Span,
}

impl<'s> Place<'s> {
    /// `None` where something stands between key and value that is neither blank nor comment (an anchor, an alias, a
    /// tag), or where the entry comes from elsewhere.
    fn of(sources: &'s Sources, spec: Node<'_>, key: Node<'_>, value: Node<'_>) -> Option<Self> {
        let (whole, key, value) = (spec.span(), key.span(), value.span());
        if key.start < whole.start || value.start < key.end || value.end > whole.end {
            return None;
        }
        let (file, range) = sources.resolve(value)?;
        let (_, from) = sources.resolve(key)?;
        let between = file.text.get(from.end..range.start)?.trim_start().strip_prefix(':')?;
        let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        if !between.lines().all(blank) {
            return None;
        }
        let column = |at: usize| at - file.text[..at].rfind('\n').map_or(0, |end| end + 1);
        Some(Self {
            text: &file.text,
            base: file.base,
            key,
            flow: file.text[range.start..].starts_with(['{', '[']),
            columns: (column(from.start), column(range.start)),
            value,
        })
    }

    fn renamed(&self) -> Edit {
        let raw = &self.text[(self.key.start - self.base) as usize..(self.key.end - self.base) as usize];
        let quote = if raw.starts_with(['"', '\'']) { &raw[..1] } else { "" };
        Edit::replace(self.key, format!("{quote}{SELECTORS}{quote}"))
    }

    /// A selector becomes a list of one.
    fn one(&self, value: Node<'_>) -> Option<Vec<Edit>> {
        if value.kind() != Kind::Mapping {
            return None;
        }
        if self.flow {
            return Some(vec![
                self.renamed(),
                Edit::insert(self.value.start, "["),
                Edit::insert(self.value.end, "]"),
            ]);
        }
        // The dash takes the place of two blanks before the first entry; the others stand below it already.
        let (key, first) = self.columns;
        let dash = Span::new(self.value.start - 2, self.value.start);
        (first >= key + 2).then(|| vec![self.renamed(), Edit::replace(dash, "- ")])
    }

    /// Names become one selector.
    fn names(&self, value: Node<'_>) -> Option<Vec<Edit>> {
        if value.kind() != Kind::Sequence || value.is_empty() {
            return None;
        }
        if self.flow {
            let head = "[{matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: ";
            return Some(vec![
                self.renamed(),
                Edit::insert(self.value.start, head),
                Edit::insert(self.value.end, "}]}]"),
            ]);
        }
        let (key, first) = self.columns;
        let end = line_end(self.text);
        let blank = |columns: usize| " ".repeat(columns);
        let lines = [
            format!("- matchExpressions:{end}"),
            format!("{}- key: kubernetes.io/metadata.name{end}", blank(first + 2)),
            format!("{}operator: In{end}", blank(first + 4)),
            format!("{}values:{end}{}", blank(first + 4), blank(first + 4)),
        ];
        if first < key {
            return None;
        }
        let mut edits = vec![self.renamed(), Edit::insert(self.value.start, lines.concat())];
        // Every further line of the list moves to the right with the first.
        let (start, stop) = ((self.value.start - self.base) as usize, (self.value.end - self.base) as usize);
        for (at, _) in self.text[start..stop].match_indices('\n') {
            let line = start + at + 1;
            let rest = self.text[line..stop].lines().next().unwrap_or_default();
            if !rest.trim().is_empty() {
                edits.push(Edit::insert(self.base + u32::try_from(line).ok()?, blank(4)));
            }
        }
        Some(edits)
    }
}
