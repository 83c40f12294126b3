//! What to say of a token that cannot stand where it stands.

use std::ops::Range;

use crate::template::fault::Fault;
use crate::template::lex::{Token, TokenKind};

/// A token in the middle of a pipeline.
///
/// `before` is the token it stands at, if nothing is between them.
pub(super) fn in_pipeline(token: &Token, spelled: &str, before: Option<TokenKind>) -> Fault {
    let range = token.range.clone();
    let operator = |name: &str, call: &str| {
        Fault::syntax(range.clone(), format!("the template language has no `{name}`"))
            .why("what other languages write between two values is a function before them here")
            .fix(format!("write `{call}`"))
    };
    match (token.kind, before) {
        (TokenKind::Pipe, Some(TokenKind::Pipe)) => return operator("||", "or .a .b"),
        (TokenKind::LeftParen, Some(TokenKind::Word)) => {
            return Fault::syntax(range, "a function is called without parentheses here")
                .why("its arguments stand behind it, parted by blanks")
                .fix("write `replace \"a\" \"b\" .text`; parentheses go around a whole call");
        }
        _ => {}
    }
    match (token.kind, spelled) {
        (TokenKind::Word, word) => {
            Fault::syntax(range, format!("`{word}` is a keyword, and stands only behind `{{{{`"))
        }
        (TokenKind::Pipe, _) => {
            Fault::syntax(range, "a `|` without a value before it").fix("write the value, or remove the `|`")
        }
        (TokenKind::Assign, _) => operator("==", "eq .a .b"),
        (TokenKind::Char, "!") => operator("!", "not .a"),
        (TokenKind::Char, "&") => operator("&&", "and .a .b"),
        (TokenKind::Char, "<") => operator("<", "lt .a .b"),
        (TokenKind::Char, ">") => operator(">", "gt .a .b"),
        (TokenKind::Char, "*") => operator("*", "mul .a .b"),
        (TokenKind::Char, "/") => operator("/", "div .a .b"),
        (TokenKind::Char, "%") => operator("%", "mod .a .b"),
        (TokenKind::Char, "?") => operator("?", "ternary \"yes\" \"no\" .condition"),
        (TokenKind::Char, "[") => operator("[", "index .list 0"),
        (TokenKind::Char, ",") => Fault::syntax(range, "`,` between arguments")
            .fix("part them by blanks: `replace \"a\" \"b\" .text`"),
        (TokenKind::Declare, _) => Fault::syntax(range, "`:=` without a variable before it")
            .why("a variable begins with `$`")
            .fix("write `$name := ...`"),
        (TokenKind::RightParen, _) => Fault::syntax(range, "a parenthesis without a value in it"),
        (TokenKind::Close | TokenKind::End, _) => Fault::syntax(range, "the action ends too early"),
        (TokenKind::Quoted | TokenKind::Raw | TokenKind::Rune | TokenKind::LeftParen, _) => {
            Fault::syntax(range, "a blank is missing before this value").fix("write one")
        }
        (_, spelled) => Fault::syntax(range, format!("`{spelled}` cannot stand here")),
    }
}

/// A `,` behind a variable.
pub(super) fn in_range(range: Range<usize>, is_range: bool) -> Fault {
    match is_range {
        true => {
            Fault::syntax(range, "`range` takes one variable or two").fix("write `range $key, $value := ...`")
        }
        false => Fault::syntax(range, "several variables at once")
            .why("only `range` has two: `range $key, $value := ...`")
            .fix("declare one at a time"),
    }
}
