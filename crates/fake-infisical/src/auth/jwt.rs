//! Tokens as JSON Web Tokens, signed with HS256.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// What the server signs with. Whoever has it can make tokens, of a server that holds nothing but test data.
const KEY: &[u8] = b"fake-infisical";

/// Why a token is no good, before anything is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    Malformed,
    Signature,
    Expired,
}

impl Broken {
    /// The server's words.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Malformed => {
                "The provided access token is malformed. Please use a valid token or generate a new one and try again."
            }
            Self::Signature => "invalid signature",
            Self::Expired => "Your token has expired. Please re-authenticate.",
        }
    }
}

/// The token with these claims.
pub(crate) fn sign(claims: &Value) -> String {
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let head = json!({"alg": "HS256", "typ": "JWT"}).to_string();
    let signed = format!("{}.{}", encode(head.as_bytes()), encode(claims.to_string().as_bytes()));
    let signature = encode(&mac(signed.as_bytes()).finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// The claims of a token.
///
/// # Errors
/// Why it is no good at this moment.
pub(crate) fn verify(token: &str, now: i64) -> Result<Value, Broken> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Broken::Malformed)?;
    let (head, claims) = signed.split_once('.').ok_or(Broken::Malformed)?;
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Broken::Malformed);
    let read = |part: &str| serde_json::from_slice::<Value>(&decode(part)?).map_err(|_| Broken::Malformed);
    read(head)?;
    let claims = read(claims)?;
    mac(signed.as_bytes()).verify_slice(&decode(signature)?).map_err(|_| Broken::Signature)?;
    match claims["exp"].as_i64() {
        Some(end) if end * 1000 <= now => Err(Broken::Expired),
        _ => Ok(claims),
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("a key of any length");
    mac.update(bytes);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_until_its_end_and_only_as_it_was_signed() {
        let token = sign(&json!({"a": 1, "exp": 10}));
        assert_eq!(verify(&token, 9_999).unwrap()["a"], 1);
        assert_eq!(verify(&token, 10_000), Err(Broken::Expired));
        let (signed, _) = token.rsplit_once('.').unwrap();
        let other = sign(&json!({"a": 2, "exp": 10}));
        let (_, signature) = other.rsplit_once('.').unwrap();
        assert_eq!(verify(&format!("{signed}.{signature}"), 0), Err(Broken::Signature));
        for broken in ["", "a", "a.b.c", "st.a.b"] {
            assert_eq!(verify(broken, 0), Err(Broken::Malformed), "{broken}");
        }
    }
}
