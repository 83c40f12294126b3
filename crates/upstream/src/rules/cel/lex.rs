//! CEL's words.

use super::SyntaxError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'r> {
    Name(&'r str),
    Int(i64),
    Text(String),
    Sign(&'static str),
}

/// The longer ones first.
const SIGNS: [&str; 17] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "-", "+"];

pub(super) fn tokens(rule: &str) -> Result<Vec<Token<'_>>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut rest = rule.trim_start();
    while let Some(first) = rest.chars().next() {
        let used = if first == '\'' || first == '"' {
            let end = rest[1..].find(first).ok_or(SyntaxError("a text without an end"))?;
            let text = &rest[1..=end];
            if text.contains('\\') {
                return Err(SyntaxError("an escape in a text"));
            }
            tokens.push(Token::Text(text.to_owned()));
            end + 2
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
            let number = rest[..end].parse().map_err(|_| SyntaxError("a number that is not whole"))?;
            tokens.push(Token::Int(number));
            end
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token::Name(&rest[..end]));
            end
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign = sign.ok_or(SyntaxError("a sign that is not known"))?;
            tokens.push(Token::Sign(sign));
            sign.len()
        };
        rest = rest[used..].trim_start();
    }
    Ok(tokens)
}
