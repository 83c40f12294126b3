//! Takes what is secret out of the words of drivers and servers, which nobody here chose.

use keyloom_connections::{Connection, Value};
use keyloom_runtime::http::Url;

/// What stands in its place.
const GONE: &str = "(hidden)";

/// A shorter secret stands in many words by chance: taken out of them, it is told by what is gone.
const SHORTEST: usize = 4;

/// Words without any value of a secret field, and without the password of an address. Where one is so short that what is gone
/// would tell it, none of the words are left.
pub(super) fn scrub(words: &str, connection: &Connection) -> String {
    let mut secrets = Vec::new();
    for field in connection.kind().fields {
        let Some(value) = connection.details().get(field.name) else { continue };
        passwords(value, &mut secrets);
        if field.sensitive {
            texts(value, &mut secrets);
        }
    }
    secrets.retain(|secret| !secret.is_empty());
    if secrets.iter().any(|secret| secret.chars().count() < SHORTEST) {
        return "why is not shown, for a secret of the connection is too short to be taken out of it; see that host, port, user and password are right"
            .to_owned();
    }
    // The longest first, for one may hold another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    without(words, &secrets)
}

/// The password of an address, as it is written and as it is meant.
fn passwords(value: &Value, secrets: &mut Vec<String>) {
    let url = value.text().and_then(|text| Url::parse(text.expose()).ok());
    let Some(spelt) = url.as_ref().and_then(Url::password) else { return };
    let plain = percent_encoding::percent_decode_str(spelt).decode_utf8_lossy().into_owned();
    secrets.extend([spelt.to_owned(), plain]);
}

/// Every text of a value, without the spaces around it.
fn texts(value: &Value, secrets: &mut Vec<String>) {
    match value {
        Value::Text(text) => secrets.push(text.expose().trim().to_owned()),
        Value::List(list) => list.iter().for_each(|value| texts(value, secrets)),
        Value::Object(object) => object.iter().for_each(|(_, value)| texts(value, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// In one pass, so that nothing is looked for in what was put in.
fn without(words: &str, secrets: &[String]) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(first) = rest.chars().next() {
        let here = secrets.iter().find_map(|secret| rest.strip_prefix(secret.as_str()));
        rest = match here {
            Some(behind) => {
                out.push_str(GONE);
                behind
            }
            None => {
                out.push(first);
                rest.get(first.len_utf8()..).unwrap_or_default()
            }
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use keyloom_connections::Secret;

    use super::*;

    #[test]
    fn no_secret_is_left() {
        let text = r#"{"type": "postgres", "details": {"host": "h", "username": "u", "password": "canary", "database": "d"}}"#;
        let connection = Connection::parse("db", &Secret::new(text.to_owned())).unwrap().connection;
        assert_eq!(scrub("password canary is wrong for u", &connection), "password (hidden) is wrong for u");
        let text = r#"{"type": "generic", "details": {"value": "redis://:can%40ry@h:1"}}"#;
        let connection = Connection::parse("db", &Secret::new(text.to_owned())).unwrap().connection;
        assert_eq!(
            scrub("can@ry, can%40ry, redis://:can%40ry@h:1", &connection),
            "(hidden), (hidden), (hidden)"
        );
    }

    fn with_password(password: &str) -> Connection {
        let text = format!(
            r#"{{"type": "postgres", "details": {{"host": "h", "username": "u", "password": "{password}", "database": "d"}}}}"#
        );
        Connection::parse("db", &Secret::new(text)).unwrap().connection
    }

    #[test]
    fn nothing_is_taken_out_of_what_was_put_in() {
        assert_eq!(scrub("hidden for hidden", &with_password("hidden")), "(hidden) for (hidden)");
    }

    #[test]
    fn a_short_secret_is_not_told_by_what_is_gone() {
        for words in ["the password is wrong for app", "no route to host"] {
            let said = scrub(words, &with_password("pa"));
            assert!(said.starts_with("why is not shown, ") && !said.contains("wrong"), "{said}");
        }
    }
}
