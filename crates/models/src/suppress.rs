//! Comments that set findings aside, each with a reason: `# keyloom: ignore CODE -- reason` and `ignore-file`.
//!
//! Whoever read the files hands over all that was found; what is set aside comes back apart from the rest. A comment that
//! does not do what it says is a finding itself, so that none stays behind when its cause is gone.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::comment::comments;
use keyloom_syntax::suggest::suggest;
use keyloom_syntax::{Diagnostic, FileId, Label, Severity, Sources, Tree};

use crate::code::{self, codes};
use written::{Directive, Named, Reach};

mod written;

/// What a comment begins with, and what makes reading on worth while.
const MARKER: &str = "keyloom:";

/// Faults after which a file was not read on: what is a comment in it is not known.
const UNREAD: [&str; 5] =
    [code::YAML_SYNTAX, code::TAB_INDENTATION, code::TOO_DEEP, code::NUL_BYTE, code::TOO_LARGE];
/// Faults in the writing of a file, which mean something else to the next program that reads it.
const OF_SYNTAX: [&str; 12] = [
    code::YAML_SYNTAX,
    code::TAB_INDENTATION,
    code::TOO_DEEP,
    code::NUL_BYTE,
    code::TOO_LARGE,
    code::NOT_UTF8,
    code::DUPLICATE_KEY,
    code::COMPLEX_KEY,
    code::UNSUPPORTED_TAG,
    code::BAD_MERGE,
    code::ALIAS_BUDGET,
    code::RECURSIVE_ALIAS,
];

/// A finding that somebody set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Why it was set aside, in the comment's words.
    pub reason: String,
}

/// What may be set aside where the files come from.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    /// Errors too. A declaration with errors means nothing, so there only warnings and notes.
    pub errors: bool,
    /// Everything was looked at that could find something, so a comment without a finding is one too many.
    pub complete: bool,
    /// Codes that other runs over the same files report: a comment for them may be needed there.
    pub elsewhere: &'static [&'static str],
    /// Files whose comments do not count: those that were not read to their end, for what is a comment in them is not
    /// known, and those that were not looked at.
    pub unread: BTreeSet<FileId>,
}

/// The files that were not read to their end, as what reading them reported tells.
pub fn unread(sources: &Sources, problems: &[Diagnostic]) -> BTreeSet<FileId> {
    files(sources, problems, |one| UNREAD.contains(&one.code))
}

/// Takes findings apart: those that stand, by place, with what is wrong with the comments, and those that were set
/// aside. The tree is that of the same sources.
pub fn apply(
    sources: &Sources,
    tree: &Tree<'_>,
    found: Vec<Diagnostic>,
    allowed: &Suppressions,
) -> (Vec<Diagnostic>, Vec<Suppressed>) {
    let mut directives: BTreeMap<FileId, Vec<Judged<'_>>> = BTreeMap::new();
    for comment in comments(sources, tree, MARKER) {
        let file = sources.file_of(comment.span).filter(|file| !allowed.unread.contains(file));
        if let (Some(file), Some(directive)) = (file, written::read(&comment)) {
            let uses = vec![Use::default(); directive.codes.len()];
            directives.entry(file).or_default().push(Judged { directive, uses });
        }
    }
    if directives.is_empty() {
        return (found, Vec::new());
    }
    let (mut standing, mut aside) = (Vec::with_capacity(found.len()), Vec::new());
    for diagnostic in found {
        let file = diagnostic.primary.span.and_then(|span| sources.file_of(span));
        let own = file.and_then(|file| directives.get_mut(&file));
        match own.and_then(|own| set_aside(own, &diagnostic, allowed)) {
            Some(reason) => aside.push(Suppressed { diagnostic, reason }),
            None => standing.push(diagnostic),
        }
    }
    let broken = files(sources, &standing, |one| one.severity == Severity::Error);
    for (file, own) in &directives {
        // Where there are errors, what comes after them was not looked for.
        let complete = allowed.complete && !broken.contains(file);
        standing.extend(own.iter().flat_map(|judged| remarks(judged, complete, allowed.elsewhere)));
    }
    standing.sort_by_key(|diagnostic| diagnostic.primary.span);
    (standing, aside)
}

/// A comment, and what became of each of its codes.
struct Judged<'s> {
    directive: Directive<'s>,
    uses: Vec<Use>,
}

/// What became of a code in a comment.
#[derive(Clone, Copy, Debug, Default)]
struct Use {
    /// It set a finding aside.
    used: bool,
    /// It names a finding that cannot be set aside.
    refused: bool,
}

/// The files that have a finding of that kind.
fn files(sources: &Sources, found: &[Diagnostic], kind: impl Fn(&Diagnostic) -> bool) -> BTreeSet<FileId> {
    let spans = found.iter().filter(|one| kind(one)).filter_map(|one| one.primary.span);
    spans.filter_map(|span| sources.file_of(span)).collect()
}

/// The reason of the first comment that sets a finding aside; the others that would count as used too. The comments are those
/// of its file.
fn set_aside(
    directives: &mut [Judged<'_>],
    diagnostic: &Diagnostic,
    allowed: &Suppressions,
) -> Option<String> {
    let span = diagnostic.primary.span?;
    let may =
        (allowed.errors || diagnostic.severity != Severity::Error) && !OF_SYNTAX.contains(&diagnostic.code);
    let mut reason = None;
    for Judged { directive, uses } in directives {
        let reaches = match directive.reach {
            Reach::Line(line) => line.start <= span.start && span.start <= line.end,
            Reach::File => true,
        };
        if !reaches {
            continue;
        }
        for (_, this) in directive.codes.iter().zip(uses).filter(|(named, _)| named.name == diagnostic.code) {
            match directive.reason {
                _ if !may => this.refused = true,
                Some(words) => {
                    this.used = true;
                    reason.get_or_insert_with(|| words.to_owned());
                }
                None => {}
            }
        }
    }
    reason
}

/// What is wrong with a comment.
fn remarks(judged: &Judged<'_>, complete: bool, elsewhere: &[&str]) -> Vec<Diagnostic> {
    let Judged { directive, uses } = judged;
    let at = |text: &str| Label::at(directive.span, text.to_owned());
    if let Some(meant) = directive.misspelt {
        let message = format!("`{}` is not what a comment to keyloom says", directive.word);
        return vec![
            Diagnostic::warning(code::SUPPRESSION_SYNTAX, message)
                .at(at(&format!("did you mean `{meant}`?")))
                .fix(format!("write `# keyloom: {meant} CODE -- reason`")),
        ];
    }
    if directive.codes.is_empty() {
        return vec![
            Diagnostic::warning(code::SUPPRESSION_SYNTAX, "the comment does not say what to ignore")
                .at(at(""))
                .why("a comment that hides everything hides tomorrow's mistakes too")
                .fix(format!("name the codes: `# keyloom: {} CODE, CODE -- reason`", directive.word)),
        ];
    }
    let mut remarks = Vec::new();
    if directive.reason.is_none() {
        remarks.push(
            Diagnostic::warning(code::SUPPRESSION_WITHOUT_REASON, "nothing is ignored without a reason")
                .at(at("ends without ` -- ` and why"))
                .why("whoever reads it next cannot tell whether the reason still holds")
                .fix("end the comment with ` -- ` and the reason"),
        );
    }
    for (named, this) in directive.codes.iter().zip(uses) {
        let judged = complete && directive.reason.is_some() && !elsewhere.contains(&named.name);
        remarks.extend(remark(directive, named, *this, judged));
    }
    remarks
}

/// What is wrong with one code of a comment.
fn remark(directive: &Directive<'_>, named: &Named<'_>, this: Use, judged: bool) -> Option<Diagnostic> {
    let Named { name, span } = *named;
    if code::code(name).is_none() {
        let near = suggest(name, codes().iter().map(|code| code.name));
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        return Some(
            Diagnostic::warning(code::SUPPRESSION_UNKNOWN_CODE, format!("`{name}` is no code of a finding"))
                .at(Label::at(span, label))
                .fix("`keyloom explain` lists the codes; they stand in brackets behind `error` or `warning`"),
        );
    }
    if this.refused {
        let (why, fix) = match OF_SYNTAX.contains(&name) {
            true => ("the next program reads the file in another way, or not at all", "mend the file"),
            false => (
                "a declaration with errors means nothing: nothing is rendered of it",
                "mend the error; warnings and notes can be ignored",
            ),
        };
        return Some(
            Diagnostic::warning(code::SUPPRESSION_OF_ERROR, format!("`{name}` cannot be ignored here"))
                .at(Label::at(span, ""))
                .why(why)
                .fix(fix),
        );
    }
    (judged && !this.used).then(|| {
        let place = match directive.reach {
            Reach::Line(_) => "begins on that line",
            Reach::File => "is in this file",
        };
        Diagnostic::warning(code::SUPPRESSION_UNUSED, format!("no finding of `{name}` {place}"))
            .at(Label::at(span, ""))
            .why("the comment would hide the next mistake of that kind")
            .fix("remove the code from the comment, or the whole comment")
    })
}
