//! What a client on this machine must know: a text in a file that only this user can read.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use keyloom_runtime::Secret;

use crate::listen::state::random_hex;

/// A shorter one can be guessed.
const SHORTEST: usize = 16;
/// Rights of everybody.
const OTHERS: u32 = 0o007;

/// What requests must bring along.
#[derive(Clone, Debug)]
pub(crate) struct Token(Secret);

impl Token {
    /// The token of a file, which is made if it is not there.
    ///
    /// # Errors
    /// What the system says; one that is too short, or that everybody may read.
    pub(crate) fn of(file: &Path) -> io::Result<Self> {
        match fs::read_to_string(file) {
            Ok(text) => Self::given(file, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(file),
            Err(error) => Err(error),
        }
    }

    fn given(file: &Path, text: &str) -> io::Result<Self> {
        let text = text.trim();
        if text.len() < SHORTEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(io::Error::other("a token has at least 16 characters, without spaces"));
        }
        if fs::metadata(file)?.permissions().mode() & OTHERS != 0 {
            return Err(io::Error::other("everybody may read it; take that right away with chmod o-rwx"));
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    fn make(file: &Path) -> io::Result<Self> {
        let text = random_hex::<32>()?;
        let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
        made.write_all(text.as_bytes())?;
        Ok(Self(Secret::new(text)))
    }

    /// Whether a header `Authorization` brings it along. How long that takes does not tell how much of it is right.
    pub(crate) fn is_in(&self, header: Option<&str>) -> bool {
        let Some((scheme, text)) = header.and_then(|header| header.split_once(' ')) else { return false };
        let (ours, theirs) = (self.0.expose().as_bytes(), text.trim().as_bytes());
        let differ = ours.iter().zip(theirs).fold(0, |all, (one, other)| all | (one ^ other));
        scheme.eq_ignore_ascii_case("bearer") && ours.len() == theirs.len() && differ == 0
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    #[test]
    fn a_token_is_made_once_and_read_then() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        Token::of(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&file).unwrap();
        let token = Token::of(&file).unwrap();
        for scheme in ["Bearer", "bearer"] {
            assert!(token.is_in(Some(&format!("{scheme} {text}"))));
        }
        let longer = format!("Bearer {text}0");
        let other = format!("Bearer {}", "0".repeat(64));
        for header in
            [None, Some(""), Some("Bearer"), Some("Bearer "), Some(&text[..]), Some(&longer), Some(&other)]
        {
            assert!(!token.is_in(header), "{header:?}");
        }
        assert!(!format!("{token:?}").contains(&text));
    }

    #[test]
    fn a_token_that_is_none_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        for (text, mode, words) in [
            ("short", 0o600, "16 characters"),
            ("with a space in it, and long", 0o600, "without spaces"),
            ("long-enough-for-a-token", 0o644, "chmod"),
        ] {
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            let error = Token::of(&file).unwrap_err().to_string();
            assert!(error.contains(words) && !error.contains(text), "{error}");
        }
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        assert!(Token::of(&file).is_ok());
    }
}
