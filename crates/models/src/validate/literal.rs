//! Literal secrets: what looks like a credential where a reference belongs. The value is never shown.

use keyloom_syntax::{Diagnostic, Severity, Text};

use crate::finding::{Findings, Place};

mod connection;

pub(crate) const CODE: &str = "literal-secret";

/// Beginnings that only credentials have, and whose they are.
const PREFIXES: [(&str, &str); 22] = [
    ("AKIA", "an AWS access key id"),
    ("ASIA", "an AWS access key id"),
    ("ghp_", "a GitHub token"),
    ("gho_", "a GitHub token"),
    ("ghs_", "a GitHub token"),
    ("ghu_", "a GitHub token"),
    ("github_pat_", "a GitHub token"),
    ("glpat-", "a GitLab token"),
    ("xoxb-", "a Slack token"),
    ("xoxp-", "a Slack token"),
    ("sk_live_", "a Stripe key"),
    ("rk_live_", "a Stripe key"),
    ("sk_test_", "a Stripe key"),
    ("SG.", "a SendGrid key"),
    ("hvs.", "a Vault token"),
    ("hvb.", "a Vault token"),
    ("dp.st.", "a Doppler token"),
    ("dp.pt.", "a Doppler token"),
    ("npm_", "an npm token"),
    ("pypi-", "a PyPI token"),
    ("AIza", "a Google API key"),
    ("eyJ", "a JSON web token"),
];

/// Shortest text that can be told to be random.
const RANDOM: usize = 24;
/// Beginnings of digests of public things, such as a script's `integrity`.
const DIGESTS: [&str; 3] = ["sha256-", "sha384-", "sha512-"];

/// Shortest rest after such a beginning; below it the text is likely a name.
const SHORTEST: usize = 12;

/// What a text is, or holds, if it is surely a credential: `a GitHub token`, `a URL with a password`.
pub fn scan(text: &str) -> Option<&'static str> {
    if text.len() > SHORTEST && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    // `Bearer eyJ...`, `token=ghp_...`, a line of a file: a token may stand among other words.
    let among_words = || text.split(|c: char| c.is_whitespace() || "=\"',;".contains(c)).find_map(token);
    if let Some(what) = token(text).or_else(|| text.contains([' ', '=', '\n', '"']).then(among_words)?) {
        return Some(what);
    }
    if let Some(what) = text.contains('/').then(|| text.split('/').find_map(step)).flatten() {
        return Some(what);
    }
    if is_service_token(text) {
        return Some("a service token of Infisical");
    }
    if connection::is_written_out(text) {
        return Some("a connection with its secrets");
    }
    has_password(text).then_some("a URL with a password")
}

/// Whose token a word is, by its beginning.
fn token(word: &str) -> Option<&'static str> {
    let first = word.as_bytes().first()?;
    // Nearly every word is passed over by its first byte; a test holds that no beginning is forgotten here.
    if !FIRSTS.contains(first) {
        return None;
    }
    PREFIXES.iter().find_map(|(prefix, what)| {
        let rest = word.strip_prefix(prefix)?;
        let long = rest.len() >= SHORTEST;
        let legal = rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+/=".contains(&b));
        let random = rest.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        (long && legal && random).then_some(*what)
    })
}

/// Whose token a step of a path is. Such steps are names far more often, such as `npm_publish_token_2`, so that it must not be
/// of words, or has a part that is longer than any; and base64 has `/eyJ` in it by chance.
fn step(step: &str) -> Option<&'static str> {
    let what = token(step)?;
    let by_chance = step.starts_with("eyJ") && !step.contains('.');
    let parts = || step.split(['_', '-', '.']);
    let words: usize = parts().map(in_words).sum();
    let no_name = 2 * words < step.len() || parts().any(|part| part.len() >= RANDOM);
    (!by_chance && no_name).then_some(what)
}

/// First bytes of [`PREFIXES`].
const FIRSTS: &[u8] = b"AEMagsxrhdnSpe";

/// `st.` and at least two more parts: Infisical's retired service tokens.
pub(crate) fn is_service_token(text: &str) -> bool {
    text.strip_prefix("st.")
        .is_some_and(|rest| rest.contains('.') && rest.len() > SHORTEST && !rest.contains(['/', ' ']))
}

/// `scheme://user:password@host` with a password that is not a template.
fn has_password(text: &str) -> bool {
    // Every text of a document comes by here, and hardly any has one.
    if !text.contains('@') {
        return false;
    }
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| {
        !password.is_empty()
            && !password.contains("{{")
            && !password.contains('$')
            && !password.starts_with('<')
    })
}

/// A fixed value under a key: the key's name may tell that it is a secret.
pub(crate) fn constant(key: &str, value: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = value.known() else { return };
    let what = scan(known).or_else(|| (names_a_secret(key) && is_literal(known)).then_some("a credential"));
    if let Some(what) = what {
        report(what, place, findings);
    } else if is_random(known) {
        // Public keys and ids look like that too.
        findings
            .push(Diagnostic { severity: Severity::Warning, ..diagnostic("a credential") }, place.clone());
    }
}

/// Whether the name of a value says that it is a secret, and the value is no template.
pub(crate) fn is_secret_by_name(name: &str, value: &str) -> bool {
    names_a_secret(name) && (is_literal(value) || value.bytes().any(|b| b.is_ascii_digit()))
}

/// Whether a text is long and has no words in it, as keys made by machines are: at least 24 characters without blanks
/// or dots, upper and lower case and digits, and less than half of it in words such as `StorageAccount`.
pub(crate) fn is_random(text: &str) -> bool {
    let has = |of: fn(&u8) -> bool| text.as_bytes().iter().any(of);
    text.len() >= RANDOM
        && !text.starts_with('/')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && !DIGESTS.iter().any(|digest| text.starts_with(digest))
        && 2 * in_words(text) < text.len()
}

/// Whether nothing else is known of a text than that it is random.
pub(crate) fn is_random_alone(text: &str) -> bool {
    is_random(text) && scan(text).is_none()
}

/// How many characters are of words: three letters or more, only the first of which may be upper case, with a vowel.
fn in_words(text: &str) -> usize {
    let mut letters = text.bytes().peekable();
    let mut count = 0;
    while let Some(first) = letters.next() {
        let mut length = 1;
        let mut vowel = is_vowel(first);
        while let Some(next) = letters.next_if(u8::is_ascii_lowercase) {
            length += 1;
            vowel |= is_vowel(next);
        }
        if first.is_ascii_alphabetic() && length >= 3 && vowel {
            count += length;
        }
    }
    count
}

fn is_vowel(letter: u8) -> bool {
    b"aeiouy".contains(&letter.to_ascii_lowercase())
}

pub(crate) fn report(what: &str, place: &Place, findings: &mut Findings) {
    findings.push(diagnostic(what), place.clone());
}

/// The diagnostic, without its place.
pub(crate) fn diagnostic(what: &str) -> Diagnostic {
    Diagnostic::error(CODE, format!("this looks like {what}; write a reference"))
        .why("what is written here ends in git and in manifests, for everybody to read")
        .fix("keep the value in the store and read it with `data: [{key: ..., path: ...}]`; if it has been committed, replace it there")
}

/// Whether the value is written out: not empty, not a template, not a flag or a number.
fn is_literal(value: &str) -> bool {
    !value.is_empty()
        && !value.contains("{{")
        && !value.contains("${")
        && !matches!(value, "true" | "false" | "none" | "null")
        && !value.bytes().all(|b| b.is_ascii_digit())
        // A place where a secret lies is not the secret.
        && !value.starts_with('/')
        && !value.contains("://")
}

/// `DB_PASSWORD`, `apiKey`, `client-secret`: the last word of the name says what the value is.
pub(crate) fn names_a_secret(key: &str) -> bool {
    let mut words = String::with_capacity(key.len() + 4);
    let mut lower_before = false;
    for c in key.chars() {
        if !c.is_alphanumeric() {
            words.push(' ');
        } else {
            if c.is_uppercase() && lower_before {
                words.push(' ');
            }
            words.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    let words: Vec<_> = words.split_whitespace().collect();
    let last = words.last().copied().unwrap_or_default();
    let before = words.len().checked_sub(2).and_then(|i| words.get(i)).copied().unwrap_or_default();
    SECRETS.contains(&last) || (last == "key" && KEYS.contains(&before))
}

/// Last words of the names of secrets.
const SECRETS: [&str; 11] = [
    "authorization",
    "password",
    "passwd",
    "pass",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "credential",
    "credentials",
];
/// What a secret `key` is the key of.
const KEYS: [&str; 6] = ["api", "access", "secret", "private", "encryption", "signing"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_told_from_names() {
        for credential in [
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
            "postgres://app:hunter2@db:5432/app",
            "st.prod.abcdef0123456789.abcdef",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            "token=ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "/a/ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "team/glpat-x9Kd72LmQp4tRz81VbNc/deploy",
            "{\"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMIIE\"}",
        ] {
            assert!(scan(credential).is_some(), "{credential}");
        }
        assert!(PREFIXES.iter().all(|(prefix, _)| FIRSTS.contains(&prefix.as_bytes()[0])));
        for name in [
            "/databases/postgres",
            "postgres://{{ .user }}:{{ .password }}@db/app",
            "https://vault.example.com:8200",
            "st.example.com",
            "npm_config_cache",
            "hvs.token",
            "/ci/npm_publish_token_2024/value",
            "/shop/sk_test_webhook_signing_key_1",
            "MIIDdzCCAl+gAwIBAgI/eyJhbGciOiJIUzI1NiJ9AgEAMA0GCSqGSIb3DQEBCwUA",
            "AIza",
            "",
        ] {
            assert!(scan(name).is_none(), "{name}");
        }
    }

    #[test]
    fn keys_made_by_machines_are_told_from_words() {
        for random in [
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "aGVsbG8gd29ybGQgdGhpcyBpcw==",
            "xT7-qLm2_Vb9RzKd04sWnYpHc",
        ] {
            assert!(is_random(random), "{random}");
        }
        for name in [
            "AzureStorageAccountConnectionStringForV2",
            "myApiKeyForTheBigDbV2Prod1",
            "AWSSecretAccessKeyProduction2025",
            "123e4567-e89b-12d3-a456-426614174000",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
            "Prod/Databases/Postgres2/Password",
            "DATABASE_CONNECTION_STRING_2",
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "https://Xk29dkLwPq83nVbZ.example.com",
            "Xk29dkLwPq83nVbZ",
        ] {
            assert!(!is_random(name), "{name}");
        }
    }

    #[test]
    fn a_random_constant_is_a_warning_unless_its_name_says_secret() {
        let severity = |key: &str, value: &str| {
            let mut findings = Findings::default();
            let place = Place::item(crate::finding::List::ExternalSecrets, 0);
            constant(key, &Text::from(value), &place, &mut findings);
            findings.0.first().map(|finding| finding.diagnostic.severity)
        };
        assert_eq!(severity("SITE_ID", "xT7qLm2Vb9RzKd04sWnYpHc1"), Some(Severity::Warning));
        assert_eq!(severity("SITE_PASS", "hunter2"), Some(Severity::Error));
        assert_eq!(severity("SITE_NAME", "hunter2"), None);
    }

    #[test]
    fn the_last_word_of_a_key_tells() {
        for secret in [
            "DB_PASSWORD",
            "apiKey",
            "client-secret",
            "GITHUB_TOKEN",
            "stripe.api_key",
            "password",
            "DB_PASS",
            // What lets somebody log in to a backend of connections.
            "BRUIN_INFISICAL_CLIENT_SECRET",
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET",
            "INFISICAL_TOKEN",
            "BRUIN_VAULT_TOKEN",
            "BRUIN_AWS_SECRET_ACCESS_KEY",
            "BRUIN_AWS_SESSION_TOKEN",
        ] {
            assert!(names_a_secret(secret), "{secret}");
        }
        for other in ["PORT", "TOKEN_URL", "SECRET_NAME", "key", "PASSWORD_FILE", "PUBLIC_KEY", "cache-key"] {
            assert!(!names_a_secret(other), "{other}");
        }
    }
}
