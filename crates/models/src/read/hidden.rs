//! What nobody may show of the files: beside what the checker found unknown or misshapen, values whose own names say
//! that they are secrets, and values in text that was not read at all.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Sources, Span, Tree};
use serde_json::Value;

use crate::schema::document_schema;
use crate::validate::literal::{is_random, is_secret_by_name, names_a_secret};

/// Fields whose entries are named by the user, so that a name says what the value is.
const NAMED: [&str; 5] = ["constants", "template", "headers", "parameters", "env"];

/// Names of fields that hold anything.
const ANYTHING: [&str; 1] = ["value"];

/// The places of a declaration to hide, in order, with those that are `known` already.
pub(super) fn of_documents(sources: &Sources, tree: &Tree<'_>, known: Vec<Span>) -> Vec<Span> {
    let named = |key: &str| NAMED.contains(&key) || key.starts_with("x-");
    in_files(sources, tree, known, &named)
}

/// The places of other people's manifests to hide, in order: any name may say what its value is, and a Secret is one.
pub fn of_manifests(sources: &Sources, tree: &Tree<'_>) -> Vec<Span> {
    in_files(sources, tree, Vec::new(), &|_| true)
}

/// Whether a problem is about a name all the same: `secretKey` is how ESO's own manifests spell an entry's `key`, and
/// people who come from them write it so.
pub(super) fn is_name_of_key(path: &str) -> bool {
    path.strip_suffix("].secretKey")
        .is_some_and(|entry| entry.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with(".data["))
}

fn in_files(sources: &Sources, tree: &Tree<'_>, known: Vec<Span>, named: &dyn Fn(&str) -> bool) -> Vec<Span> {
    let mut walk = Walk { named, hidden: known, read: Vec::new() };
    for root in tree.documents() {
        walk.node(root, false);
    }
    let Walk { mut hidden, mut read, .. } = walk;
    read.sort_unstable();
    for (_, file) in sources.files() {
        let first = read.partition_point(|span| span.start < file.base);
        let mut at = file.base;
        let end = file.base + u32::try_from(file.text.len()).unwrap_or(u32::MAX - file.base);
        for span in read[first..].iter().take_while(|span| span.start < end) {
            unread(&file.text, file.base, Span::new(at, span.start), &mut hidden);
            at = at.max(span.end);
        }
        unread(&file.text, file.base, Span::new(at, end), &mut hidden);
    }
    hidden.retain(|span| span.start < span.end);
    hidden.sort_unstable();
    hidden.dedup();
    hidden
}

struct Walk<'n> {
    named: &'n dyn Fn(&str) -> bool,
    hidden: Vec<Span>,
    /// Keys and scalars: the text that was understood.
    read: Vec<Span>,
}

impl Walk<'_> {
    /// `inside` of a field whose entries are named by the user.
    fn node(&mut self, node: Node<'_>, inside: bool) {
        match node.kind() {
            Kind::Sequence => node.items().for_each(|item| self.node(item, inside)),
            Kind::Mapping => self.mapping(node, inside),
            _ => self.read.push(node.span()),
        }
    }

    fn mapping(&mut self, node: Node<'_>, inside: bool) {
        // The name of `{name: DB_PASSWORD, value: ...}` is the value's.
        let own = node.get("name").and_then(Node::as_str).filter(|_| inside);
        let is_secret = node.get("kind").and_then(Node::as_str) == Some("Secret");
        for (key, value) in node.entries() {
            self.read.push(key.span());
            let text = key.as_str().unwrap_or_default();
            if is_secret && matches!(text, "data" | "stringData") {
                self.hidden.extend(value.entries().map(|(_, value)| value.span()));
            }
            // How the operator's manifests spell the key of a reference.
            if text == "secretKey" && node.get("remoteRef").is_some() {
                self.read.push(value.span());
                continue;
            }
            let name = if text == "value" { own.unwrap_or(text) } else { text };
            if inside
                && value.scalar().is_some_and(|value| is_random(value) || is_secret_by_name(name, value))
            {
                self.hidden.push(value.span());
            }
            // In a provider's block this is where a value is written out that should be referred to.
            if text == "value" && !inside && value.scalar().is_some() {
                self.hidden.push(value.span());
            }
            self.node(value, inside || (self.named)(text));
        }
    }
}

/// Hides in text that no scalar was read from (a document with a syntax error, a comment) what follows a name, unless
/// a declaration has a field of that name which is no secret. In a comment only secrets count: most are sentences.
fn unread(text: &str, base: u32, gap: Span, hidden: &mut Vec<Span>) {
    let offset = (gap.start - base) as usize;
    let Some(gap) = text.get(offset..(gap.end.max(gap.start) - base) as usize) else { return };
    let place = |at: usize| base + u32::try_from(at).unwrap_or(u32::MAX - base);
    let mut at = offset;
    for line in gap.split_inclusive('\n') {
        let comment = line.find('#').unwrap_or(line.len());
        let mut shown = 0;
        for (colon, _) in line.match_indices(':').filter(|(colon, _)| *colon > 0) {
            if colon < shown {
                continue;
            }
            let name = line[..colon].trim_end_matches(['"', '\'']);
            let name = name.rsplit(|c| !is_name(c)).next().unwrap_or_default();
            let value = line[colon + 1..].trim_start();
            let start = line.len() - value.len();
            if name.is_empty() || (start == colon + 1 && !line[..colon].ends_with(['"', '\''])) {
                continue;
            }
            // An alias, an anchor or a tag may be a password that begins like one.
            let known = FIELDS.contains(name) && !value.starts_with(['*', '&', '!']);
            if names_a_secret(name) || !(colon > comment || known) {
                shown = start + scalar(value).len();
                hidden.push(Span::new(place(at + start), place(at + shown)));
            }
        }
        // A line of a text of several lines, or an item of a list.
        let alone = line.trim_start_matches([' ', '-']).trim_end();
        let whole = at == offset || text[..at].ends_with('\n');
        if whole
            && !alone.contains([':', '#'])
            && alone.contains(char::is_alphanumeric)
            && !FIELDS.contains(alone)
        {
            let start = at + line.find(alone).unwrap_or_default();
            hidden.push(Span::new(place(start), place(start + alone.len())));
        }
        // A tag that YAML does not know may be a text that begins with `!`.
        let tags = line[..comment].match_indices('!').map(|(start, _)| start);
        let own = |start: &usize| !line[..*start].ends_with('!') && !line[*start..].starts_with("!!");
        for start in tags.filter(own) {
            let rest = &line[start..];
            let end = rest.find(|c: char| c.is_whitespace() || ",]}".contains(c)).unwrap_or(rest.len());
            hidden.push(Span::new(place(at + start), place(at + start + end)));
        }
        at += line.len();
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.".contains(c)
}

/// The scalar that a text begins with: quoted, or plain up to a `,`, a bracket or a comment.
fn scalar(text: &str) -> &str {
    let end = match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].find(quote).map_or(text.len(), |at| at + 2),
        Some('{' | '[' | '|' | '>' | '#') | None => 0,
        Some(_) => {
            let end = text.find([',', '}', ']']).unwrap_or(text.len());
            text[..end].find(" #").unwrap_or(end)
        }
    };
    text[..end].trim_end()
}

/// The names of all fields of a declaration but those that hold anything.
static FIELDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let mut fields = BTreeSet::new();
    properties(document_schema(), &mut fields);
    fields.retain(|field| !ANYTHING.contains(field));
    fields
});

fn properties<'v>(schema: &'v Value, fields: &mut BTreeSet<&'v str>) {
    match schema {
        Value::Object(map) => {
            let own = map.get("properties").and_then(Value::as_object);
            fields.extend(own.into_iter().flat_map(|own| own.keys().map(String::as_str)));
            map.values().for_each(|value| properties(value, fields));
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, fields)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Options, load};
    use keyloom_syntax::Budget;

    fn sources(text: &str) -> Sources {
        let mut sources = Sources::new();
        sources.add("a.yaml", String::from("# first\n")).unwrap();
        sources.add("keyloom.yaml", text.to_owned()).unwrap();
        sources
    }

    fn texts<'s>(sources: &'s Sources, spans: &[Span]) -> Vec<&'s str> {
        let text = |span: &Span| sources.resolve(*span).map(|(file, range)| &file.text[range]);
        spans.iter().filter_map(text).collect()
    }

    #[track_caller]
    fn hidden(text: &str, expected: &[&str]) {
        let sources = sources(text);
        let outcome = load(&sources, &Options::default());
        assert!(!outcome.diagnostics.is_empty(), "{text}");
        assert_eq!(texts(&sources, &outcome.hidden), expected, "{text}");
    }

    #[test]
    fn unknown_and_misshapen_values_are_hidden_and_known_ones_are_not() {
        hidden("externalSecrets: [{name: a, data: [{key: AK, path: p, value: one}]}]", &["one"]);
        hidden("externalSecrets: [{name: a, data: {STRIPE: one, B: [two, {c: 3}]}}]", &["one", "two", "3"]);
        hidden("externalSecrets: [{name: a, data: [STRIPE=one]}]", &["STRIPE=one"]);
        hidden("externalSecrets: [{name: a, path: {b: one}, stringData: {b: '{one}'}}]", &["one", "'{one}'"]);
        hidden("externalSecrets: [{name: a, apiKey: password, data: [{secretKey: b}]}]", &["password"]);
        hidden("externalSecrets: [{name: a, data: [{secretKey: password, path: b}]}]", &[]);
        hidden("externalSecrets: [{name: a, apiKey: {keyName: api-key, path: password}, oops: {}}]", &[]);
        hidden("externalSecrets: [{name: a, dat: {one}}]", &["one"]);
        hidden("stores: [{name: a, infisical: {serviceToken: one}}]", &["one"]);
    }

    #[test]
    fn names_of_users_say_what_a_secret_is() {
        hidden("externalSecrets: [{name: a, oops: {}, constants: {DB_PASS: one, PORT: 2}}]", &["one"]);
        hidden("services: [{name: a, oops: {}, env: [{name: API_TOKEN, value: one}]}]", &["one"]);
        hidden("x-own: {a: {token: one, b: two}}\noops: 1", &["one", "1"]);
    }

    #[test]
    fn text_that_was_not_read_shows_known_fields_alone() {
        hidden(
            "stores: # token: one\n- {name: a}\n---\nstores: [\n- {path: b, value: two, X: \"3\", password: four,\n   five\n",
            &["one", "two", "\"3\"", "four", "five"],
        );
        hidden("externalSecrets: [{name: *one, namespace: !two , path: !two}]", &["*one", "!two", "!two"]);
        hidden("stores: []\nstores: [] # see: the wiki\n", &[]);
    }

    #[test]
    fn secrets_among_manifests_are_hidden() {
        let sources = sources(
            "kind: Secret\nstringData: {a: one}\n---\ndata: [{secretKey: b, remoteRef: {}}]\nspec: {env: [{name: A_TOKEN, value: two}, {name: B, value: c}]}",
        );
        let (tree, _) = keyloom_syntax::parse(&sources, &Budget::default());
        assert_eq!(texts(&sources, &of_manifests(&sources, &tree)), ["one", "two"]);
    }
}
