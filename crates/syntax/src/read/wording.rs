//! The reader's diagnostics in plain words.

use crate::diagnostic::{Diagnostic, Label};
use crate::place::{Source, Span};
use crate::tree::index;

use super::build::here;

const TEMPLATE: &str = "this looks like a template (`{{ ... }}`): render it first, for example with `helm template`, and read the result";

pub(super) fn too_deep(span: Span, max: u32) -> Diagnostic {
    Diagnostic::error("too-deep", format!("lists and mappings nest deeper than {max} levels"))
        .at(here(span))
        .fix("flatten the document; real declarations need about ten levels")
}

pub(super) fn duplicate_key(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error("duplicate-key", format!("the key `{}` stands twice in one mapping", short(key)))
        .at(Label::at(second, "again here"))
        .and_at(Label::at(first, "first here"))
        .why("only one of the two would count, and readers disagree on which")
        .fix("remove or rename one of them")
}

/// Enough of a key to know it by.
fn short(key: &str) -> String {
    match key.char_indices().nth(60) {
        Some((cut, _)) => format!("{}...", &key[..cut]),
        None => key.to_owned(),
    }
}

pub(super) fn complex_key(text: &str, start: usize, span: Span) -> Diagnostic {
    let before = text.get(..start).is_some_and(|before| before.ends_with('{'));
    if before && text.get(start..).is_some_and(|rest| rest.starts_with('{')) {
        return Diagnostic::error("yaml-syntax", "template text stands where YAML is wanted")
            .at(here(span))
            .fix(TEMPLATE);
    }
    Diagnostic::error("complex-key", "a list or mapping stands where a key is wanted")
        .at(here(span))
        .why("keys are strings here, as they are in JSON")
        .fix("write a string as the key, or quote text that begins with a bracket")
}

pub(super) fn bad_tag(tag: &str, known: bool, span: Span) -> Diagnostic {
    let problem = if known {
        Diagnostic::error("unsupported-tag", format!("the tag `{tag}` does not fit this value"))
    } else {
        // It is not repeated: it may be a password that begins with `!`.
        Diagnostic::error("unsupported-tag", "the tag is not known")
            .why("known are !!str, !!int, !!float, !!bool, !!null, !!seq and !!map")
    };
    problem.at(here(span)).fix("remove the tag, or quote text that begins with `!`")
}

pub(super) fn bad_merge(span: Span) -> Diagnostic {
    Diagnostic::error("bad-merge", "`<<` merges mappings, and this is none").at(here(span)).fix(
        "give it a mapping, an alias of one, or a list of those; quote `\"<<\"` if it is an ordinary key",
    )
}

pub(super) fn unknown_anchor(span: Span) -> Diagnostic {
    Diagnostic::error("yaml-syntax", "the alias names no anchor of this document")
        .at(here(span))
        .why("anchors end with their `---` document")
        .fix("define the anchor (`&name`) above, or quote the value if it is text")
}

pub(super) fn recursive_alias(span: Span) -> Diagnostic {
    Diagnostic::error("recursive-alias", "the alias stands inside the node it names")
        .at(here(span))
        .fix("write the value out, or move the anchor")
}

pub(super) fn alias_budget(span: Span, max: u64) -> Diagnostic {
    Diagnostic::error("alias-budget", format!("the aliases of this file stand for more than {max} nodes"))
        .at(here(span))
        .why("aliases of aliases multiply; a small file can grow past any memory")
        .fix("write the values out, or split the file")
}

/// What the parser says, and what we say: message and remedy. The first row whose words occur is taken.
const ROWS: &[(&str, &str, Option<&str>)] = &[
    (
        "unknown anchor",
        "the alias names no anchor",
        Some("define the anchor (`&name`) above, or quote the value if it is text"),
    ),
    ("unexpected end of stream", "the quoted text is never closed", Some("add the closing quote")),
    (
        "unexpected document indicator",
        "a `---` or `...` line stands inside quoted text",
        Some("add the closing quote before it"),
    ),
    (
        "indentation in quoted scalar",
        "a line of the quoted text is indented too little",
        Some("indent it deeper than its key"),
    ),
    (
        "unknown escape character",
        "the quoted text holds an unknown `\\` escape",
        Some("double the backslash, or use single quotes"),
    ),
    (
        "expected hexadecimal",
        "a `\\x` or `\\u` escape lacks hexadecimal digits",
        Some("double the backslash, or use single quotes"),
    ),
    (
        "invalid Unicode character",
        "a `\\u` escape is no character (half of a surrogate pair?)",
        Some("write both halves, or the character itself"),
    ),
    (
        "trailing content after double-quoted",
        "text follows the closing quote",
        Some("quote the whole value, and escape the quotes inside"),
    ),
    (
        "expected ',' or ']'",
        "a `,` or `]` is missing",
        Some("close the list with `]`, or separate its items with `,`"),
    ),
    (
        "expected ',' or '}'",
        "a `,` or `}` is missing",
        Some("close the mapping with `}`, or separate its entries with `,`"),
    ),
    ("misplaced bracket", "a closing bracket has no opening one", Some("remove it, or quote the text")),
    (
        "did not find expected key",
        "a line is indented so that it belongs to nothing",
        Some("align it with its neighbours, with spaces alone"),
    ),
    (
        "expected '-' indicator",
        "a list item expected here does not begin with `-`",
        Some("begin it with `- `, or mend the indentation"),
    ),
    (
        "block sequence entries are not allowed",
        "a list cannot begin here",
        Some("begin the list on a line of its own"),
    ),
    (
        "only valid inside a block",
        "`-` cannot stand inside brackets",
        Some("separate the items with `,`, or write the list over several lines"),
    ),
    (
        "mapping values are not allowed",
        "a `:` stands where no key can end",
        Some("quote the text if it holds `: `, or mend the indentation"),
    ),
    (
        "illegal placement of ':'",
        "a `:` stands where no key can end",
        Some("close what was opened before it, or quote the text"),
    ),
    ("mapping keys are not allowed", "a key cannot begin here", Some("begin it on a line of its own")),
    ("simple key expect", "a key without `:`", Some("write `key: value`, and mend the indentation")),
    (
        "wrongly indented line in block scalar",
        "a line of the block text is indented less than its first",
        Some("indent all its lines alike"),
    ),
    (
        "indentation indicator equal to 0",
        "a block text cannot be indented by 0",
        Some("use a number from 1 to 9, or none"),
    ),
    (
        "scanning a block scalar, did not find",
        "text follows the `|` or `>`",
        Some("begin the text on the next line"),
    ),
    (
        "comment intercepting",
        "a comment stands inside a text of several lines",
        Some("move the comment, or quote the text"),
    ),
    (
        "comments must be separated",
        "a comment needs a space before its `#`",
        Some("add the space, or quote the text"),
    ),
    (
        "invalid indentation",
        "the line is indented too little or too much",
        Some("align it with its neighbours, with spaces alone"),
    ),
    ("handle wasn't declared", "the tag's handle is not declared", Some("remove the tag")),
    ("tag", "a tag (`!...`) is malformed", Some("remove it, or quote text that begins with `!`")),
    ("anchor", "an anchor or alias has no name", Some("name it, or quote text that begins with `&` or `*`")),
    (
        "expected <document start>",
        "text follows where the document has ended",
        Some("mend the indentation, or begin a new document with `---`"),
    ),
    ("after document end marker", "text follows `...`", Some("begin a new line after `...`")),
    ("directive", "a `%` directive is malformed", Some("remove it, or quote text that begins with `%`")),
    ("unexpected character", "a value cannot begin with this character", Some("quote the text")),
    (
        "byte order mark",
        "a byte order mark stands inside the text",
        Some("remove the invisible character U+FEFF"),
    ),
    (
        "expected node content",
        "a value is missing, or cannot begin like this",
        Some("write the value, or quote it"),
    ),
    (
        "flow mapping",
        "brackets that YAML cannot read",
        Some("put a space after each `:`, and quote texts with brackets"),
    ),
    (
        "recursion limit",
        "brackets nest too deep",
        Some("flatten the document; real declarations need about ten levels"),
    ),
];

/// A syntax error of the parser at byte `at` of the file, where the bracket `opened` was still open.
pub(super) fn syntax_error(file: &Source, at: usize, info: &str, opened: Option<Span>) -> Diagnostic {
    let text = file.text.as_str();
    let span = |at: usize| {
        let start = file.base + index(at.min(text.len()));
        Span::new(start, start + 1)
    };
    let said = info.to_ascii_lowercase();
    if let Some(tab) = tab_indentation(text, at, said.contains("tab") && !said.contains("stable")) {
        return Diagnostic::error("tab-indentation", "a tab indents this line")
            .at(here(span(tab)))
            .why("YAML counts indentation in spaces; how wide a tab is, nobody can say")
            .fix("replace the tab with spaces");
    }
    let code = if said.contains("recursion limit") { "too-deep" } else { "yaml-syntax" };
    let row = ROWS.iter().find(|(words, ..)| info.contains(words));
    let (message, fix) = row.map_or((info, None), |(_, message, fix)| (*message, *fix));
    let mut problem = Diagnostic::error(code, message).at(here(span(at)));
    problem.fix = fix.map(str::to_owned);
    if let Some(opened) = opened {
        problem = problem.and_at(Label::at(opened, "opened here"));
        let (opening, closing) = brackets(file, opened);
        if text.get(at..).is_none_or(|rest| rest.trim().is_empty())
            && !info.contains("unexpected end of stream")
        {
            problem.message = format!("`{opening}` is never closed");
            problem.fix = Some(format!("close it with `{closing}`, or quote the text"));
        }
    }
    if looks_like_template(text, at) {
        problem = problem.fix(TEMPLATE);
    }
    problem
}

/// A bracket, and what closes it.
fn brackets(file: &Source, opened: Span) -> (char, char) {
    match file.text.as_bytes().get((opened.start - file.base) as usize) {
        Some(b'{') => ('{', '}'),
        _ => ('[', ']'),
    }
}

/// The tab that indents the line of `at`; when the parser spoke of tabs, also one a line or more below.
fn tab_indentation(text: &str, at: usize, spoken: bool) -> Option<usize> {
    let mut start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    for line in text.get(start..)?.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t') {
            return Some(start + tab);
        }
        if !spoken {
            return None;
        }
        start += line.len();
    }
    None
}

/// Whether a line up to that of `at` begins like a Go template, or a value does.
fn looks_like_template(text: &str, at: usize) -> bool {
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end);
    text.get(..end).is_some_and(|before| {
        before.match_indices("{{").any(|(open, _)| {
            let line = before[..open].trim_end_matches([' ', '\t']);
            line.is_empty() || line.ends_with(['\n', ':', '-', '}'])
        })
    })
}
