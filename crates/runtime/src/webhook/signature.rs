//! The header in which Infisical signs: `t=MILLISECONDS;HEX`.

use std::fmt;
use std::time::Duration;

use ring::hmac;

/// Bytes of HMAC with SHA-256.
const LENGTH: usize = 32;
/// More digits are no time.
const MOST_DIGITS: usize = 15;

/// What stands in the header, in its one form: decimal milliseconds since 1970, a semicolon, 64 lower-case digits.
///
/// ```
/// use keyloom_runtime::webhook::Signature;
/// assert!(Signature::parse(&format!("t=1767225600000;{}", "0a".repeat(32))).is_some());
/// assert!(Signature::parse(&format!("t=1767225600000,{}", "0a".repeat(32))).is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// When it was sent, since 1970. The signature does not cover it; what it covers says it again.
    pub time: Duration,
    /// The signature of the body.
    pub(crate) code: [u8; LENGTH],
}

impl Signature {
    /// Reads the header; none if it is of another form.
    pub fn parse(header: &str) -> Option<Self> {
        let (time, code) = header.strip_prefix("t=")?.split_once(';')?;
        let digits = (1..=MOST_DIGITS).contains(&time.len()) && time.bytes().all(|it| it.is_ascii_digit());
        let time = Duration::from_millis(time.parse().ok().filter(|_| digits)?);
        let pairs = code.as_bytes().chunks(2);
        if code.len() != 2 * LENGTH {
            return None;
        }
        let mut bytes = [0; LENGTH];
        for (byte, pair) in bytes.iter_mut().zip(pairs) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self { time, code: bytes })
    }

    /// Signs a body, as Infisical does: for tests and for whoever sends events of their own.
    pub fn sign(key: &[u8], time: Duration, body: &[u8]) -> String {
        let code = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), body);
        let hex: String = code.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={};{hex}", time.as_millis())
    }

    /// Whether one of the keys makes this signature. All are tried, each in the same time.
    pub(crate) fn is_of(&self, keys: &[hmac::Key], body: &[u8]) -> bool {
        keys.iter().fold(false, |found, key| found | hmac::verify(key, body, &self.code).is_ok())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({}, ..)", self.time.as_millis())
    }
}

/// The value of a lower-case digit.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(1_767_225_600_123);

    #[test]
    fn what_is_signed_is_verified() {
        // The second test case of RFC 4231.
        let (key, body) = (b"Jefe".as_slice(), b"what do ya want for nothing?".as_slice());
        let header = Signature::sign(key, MOMENT, body);
        let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(header, format!("t=1767225600123;{hex}"));
        let signature = Signature::parse(&header).unwrap();
        assert_eq!(signature.time, MOMENT);
        let keys = |all: &[&[u8]]| -> Vec<_> {
            all.iter().map(|key| hmac::Key::new(hmac::HMAC_SHA256, key)).collect()
        };
        assert!(signature.is_of(&keys(&[key]), body));
        assert!(signature.is_of(&keys(&[b"new", key]), body));
        assert!(signature.is_of(&keys(&[key, b"old"]), body));
        assert!(!signature.is_of(&keys(&[b"new", b"old"]), body));
        assert!(!signature.is_of(&keys(&[]), body));
        assert!(!signature.is_of(&keys(&[key]), b"what do ya want for nothing!"));
        assert!(!format!("{signature:?}").contains("5bdc"));
    }

    #[test]
    fn other_forms_are_refused() {
        let hex = "0a".repeat(32);
        assert!(Signature::parse(&format!("t=0;{hex}")).is_some());
        for header in [
            String::new(),
            hex.clone(),
            "t=1".to_owned(),
            "t=1;".to_owned(),
            format!("t=;{hex}"),
            format!("t=-1;{hex}"),
            format!("t=+1;{hex}"),
            format!("t=1.5;{hex}"),
            format!("t=1234567890123456;{hex}"),
            format!("t=1,{hex}"),
            format!("T=1;{hex}"),
            format!(" t=1;{hex}"),
            format!("t=1; {hex}"),
            format!("t=1;{hex} "),
            format!("t=1;{hex};{hex}"),
            format!("t=1;{}", &hex[1..]),
            format!("t=1;{hex}0"),
            format!("t=1;{}", hex.to_uppercase()),
            format!("t=1;{}g", &hex[1..]),
            format!("t=1;{}é", &hex[2..]),
        ] {
            assert_eq!(Signature::parse(&header), None, "{header}");
        }
    }
    proptest! {
        #[test]
        fn what_is_signed_is_read_and_nothing_else(
            milliseconds in 0..10_u64.pow(15),
            body in prop::collection::vec(any::<u8>(), 0..64),
            key in "\\PC{1,40}",
            place in any::<prop::sample::Index>(),
            other in any::<char>(),
        ) {
            let header = Signature::sign(key.as_bytes(), Duration::from_millis(milliseconds), &body);
            let signature = Signature::parse(&header).unwrap();
            prop_assert_eq!(signature.time, Duration::from_millis(milliseconds));
            let keys = [hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes())];
            prop_assert!(signature.is_of(&keys, &body));
            // Another character anywhere makes it another time, another signature, or none.
            let mut chars: Vec<_> = header.chars().collect();
            let place = place.index(chars.len());
            prop_assume!(chars[place] != other);
            chars[place] = other;
            let changed = Signature::parse(&chars.into_iter().collect::<String>());
            prop_assert!(changed.is_none_or(|it| it != signature));
        }

        #[test]
        fn any_header_is_read_or_refused(header in "(t=)?[0-9]{0,16};?[0-9a-fA-F]{0,66}|\\PC*") {
            if let Some(signature) = Signature::parse(&header) {
                let hex: String = signature.code.iter().map(|byte| format!("{byte:02x}")).collect();
                let end = format!(";{hex}");
                prop_assert!(header.starts_with("t=") && header.ends_with(&end));
            }
        }
    }
}
