//! Passwords.

use std::collections::BTreeSet;

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::code::{DUPLICATE_SECRET_KEY, PASSWORD_LENGTH};
use crate::finding::{Findings, Place};
use crate::policy::PasswordEncoding;

/// A random password (upstream's `Password`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Password {
    /// Number of characters, default 24.
    #[validate(range(min = 1))]
    pub length: Option<i64>,
    /// How many of them are digits, default a quarter.
    #[validate(range(min = 0))]
    pub digits: Option<i64>,
    /// How many of them are symbols, default a quarter.
    #[validate(range(min = 0))]
    pub symbols: Option<i64>,
    /// The symbols to choose from, default all that ASCII has but `'` and `;`.
    pub symbol_characters: Option<Text>,
    /// Whether upper-case letters are left out, default false.
    pub no_upper: Option<bool>,
    /// Whether a character may stand twice, default false; long passwords need it.
    pub allow_repeat: Option<bool>,
    /// How the password is encoded, default `raw`.
    pub encoding: Option<PasswordEncoding>,
    /// Keys that get a password each, default `password` alone (ESO 2.9).
    #[schemars(length(min = 1), inner(length(min = 1, max = 253), regex(pattern = crate::name::SECRET_KEY_PATTERN)))]
    pub secret_keys: Option<Vec<Text>>,
}

/// What is chosen from when nothing else is said.
const SYMBOLS: i64 = 30;

impl Password {
    /// The keys that it makes.
    pub(crate) fn keys(&self) -> Vec<Text> {
        match &self.secret_keys {
            Some(keys) if !keys.is_empty() => keys.clone(),
            Some(_) | None => vec!["password".into()],
        }
    }

    /// Rules of a password: its parts fit into its length, and there are characters enough.
    pub(crate) fn check(&self, place: &Place, findings: &mut Findings) {
        self.keys_once(place, findings);
        let length = self.length.unwrap_or(24);
        let digits = self.digits.unwrap_or(length / 4);
        let symbols = self.symbols.unwrap_or(length / 4);
        let letters = length - digits - symbols;
        if letters < 0 {
            findings
                .error(
                    PASSWORD_LENGTH,
                    place.at("length"),
                    format!("{digits} digits and {symbols} symbols are more than {length} characters"),
                )
                .why("the generator fails at every sync, and no Secret is written")
                .fix("write a greater `length`, or less `digits` or `symbols`");
            return;
        }
        if self.allow_repeat == Some(true) {
            return;
        }
        let alphabet = if self.no_upper == Some(true) { 26 } else { 52 };
        let parts = [
            ("digits", digits, 10, "digits"),
            ("symbols", symbols, self.known_symbols().unwrap_or(i64::MAX), "symbols"),
            ("length", letters, alphabet, "letters"),
        ];
        for (field, wanted, there, what) in parts {
            if wanted > there {
                findings
                    .error(
                        PASSWORD_LENGTH,
                        place.at(field),
                        format!("{wanted} {what} are wanted, and only {there} are there to choose from"),
                    )
                    .why("a character stands once without `allowRepeat`: the generator fails at every sync")
                    .fix("write `allowRepeat: true`, or ask for less");
            }
        }
    }

    /// How many symbols there are to choose from; none when that is not known.
    fn known_symbols(&self) -> Option<i64> {
        let Some(written) = &self.symbol_characters else { return Some(SYMBOLS) };
        match written.known()? {
            "" => Some(SYMBOLS),
            symbols => i64::try_from(symbols.chars().count()).ok(),
        }
    }

    fn keys_once(&self, place: &Place, findings: &mut Findings) {
        let mut seen = BTreeSet::new();
        for (at, key) in self.secret_keys.iter().flatten().enumerate() {
            let Some(known) = key.known() else { continue };
            if !seen.insert(known) {
                let at = place.at("secretKeys").at(at);
                findings
                    .error(DUPLICATE_SECRET_KEY, at, format!("key `{known}` is written twice"))
                    .why("the generator fails at every sync")
                    .fix("rename or remove one");
            }
        }
    }
}
