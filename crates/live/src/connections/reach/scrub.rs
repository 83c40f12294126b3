//! Takes what is secret out of the words of drivers and servers, which nobody here chose.

use keyloom_connections::Connection;
use keyloom_runtime::http::Url;

/// What stands in its place.
const GONE: &str = "(hidden)";

/// Words without any value of a secret field, and without the password of an address.
pub(super) fn scrub(words: &str, connection: &Connection) -> String {
    let mut secrets = Vec::new();
    for field in connection.kind().fields {
        let Some(value) = connection.field_text(field.name) else { continue };
        let text = value.expose();
        let password = Url::parse(text).ok().and_then(|url| {
            let spelt = url.password().map(str::to_owned)?;
            let plain = percent_encoding::percent_decode_str(&spelt).decode_utf8_lossy().into_owned();
            Some([spelt, plain])
        });
        secrets.extend(password.into_iter().flatten());
        if field.sensitive {
            secrets.extend([text.to_owned(), text.trim().to_owned()]);
        }
    }
    secrets.retain(|secret| !secret.trim().is_empty());
    // The longest first, for one may hold another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut words = words.to_owned();
    for secret in &secrets {
        words = words.replace(secret.as_str(), GONE);
    }
    words
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
}
