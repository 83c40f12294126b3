//! What a client on this machine must know: a text in a file that only this user can read.

use std::fs::{Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use keyloom_runtime::Secret;
use rustix::fs::OFlags;
use rustix::process::geteuid;
use zeroize::Zeroizing;

use crate::listen::state::random_hex;

/// A shorter one can be guessed.
const SHORTEST: usize = 16;
/// A larger file is none of a token, in bytes.
const LONGEST: usize = 4096;
/// Rights of everybody.
const OTHERS: u32 = 0o007;
/// The right of a group to put another token there.
const GROUP_WRITES: u32 = 0o020;

/// What requests must bring along.
#[derive(Clone, Debug)]
pub(crate) struct Token(Secret);

impl Token {
    /// The token of a file, which is made if it is not there.
    ///
    /// # Errors
    /// What the system says; one that is too short, or that others may read, write or exchange.
    pub(crate) fn of(file: &Path) -> io::Result<Self> {
        match Self::read(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(file),
            read => read,
        }
    }

    /// What is judged is what is read: the file is opened once, and a pipe is not waited for.
    fn read(file: &Path) -> io::Result<Self> {
        let nonblocking = OFlags::NONBLOCK.bits().cast_signed();
        let opened = OpenOptions::new().read(true).custom_flags(nonblocking).open(file)?;
        if let Some(why) = mistrust(&opened.metadata()?) {
            return Err(io::Error::other(why));
        }
        let mut text = Zeroizing::new(String::with_capacity(LONGEST + 1));
        opened.take(LONGEST as u64 + 1).read_to_string(&mut text)?;
        let all = text.len() <= LONGEST;
        let token = text.trim();
        if !all || token.len() < SHORTEST || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(io::Error::other(
                "a token has at least 16 characters, without spaces, and no more than 4096",
            ));
        }
        Ok(Self(Secret::new(token.to_owned())))
    }

    /// Puts a whole token there; whoever was faster counts.
    fn make(file: &Path) -> io::Result<Self> {
        let text = random_hex::<32>()?;
        let parent = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // It is readable for this user alone.
        let mut made = tempfile::Builder::new().prefix(".keyloom-token-").tempfile_in(parent)?;
        made.write_all(text.as_bytes())?;
        match made.persist_noclobber(file) {
            Ok(_) => Ok(Self(Secret::new(text))),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Self::read(file),
            Err(error) => Err(error.error),
        }
    }

    /// Whether a header `Authorization` brings it along. How long that takes does not tell how much of it is right.
    pub(crate) fn is_in(&self, header: Option<&str>) -> bool {
        let Some((scheme, text)) = header.and_then(|header| header.split_once(' ')) else { return false };
        let (ours, theirs) = (self.0.expose().as_bytes(), text.trim().as_bytes());
        let differ = ours.iter().zip(theirs).fold(0, |all, (one, other)| all | (one ^ other));
        scheme.eq_ignore_ascii_case("bearer") && ours.len() == theirs.len() && differ == 0
    }
}

/// Why what is in a file is not taken for a secret between this user and whoever he lets read it.
fn mistrust(file: &Metadata) -> Option<&'static str> {
    match file.permissions().mode() {
        _ if !file.is_file() => Some("it is no file"),
        _ if ![geteuid().as_raw(), 0].contains(&file.uid()) => {
            Some("it is another user's; make it this user's")
        }
        mode if mode & OTHERS != 0 => Some("everybody may read it; take that right away with chmod o-rwx"),
        mode if mode & GROUP_WRITES != 0 => Some("a group may write it; take that right away with chmod g-w"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

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
            ("long-enough-for-a-token", 0o644, "chmod o-rwx"),
            ("long-enough-for-a-token", 0o660, "chmod g-w"),
            (&"long".repeat(LONGEST), 0o600, "no more than 4096"),
        ] {
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            let error = Token::of(&file).unwrap_err().to_string();
            assert!(error.contains(words) && !error.contains(text), "{error}");
        }
        fs::write(&file, "long-enough-for-a-token").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        assert!(Token::of(&file).is_ok());
    }

    #[test]
    fn a_token_is_put_there_as_a_whole_and_never_over_another() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        fs::write(&file, "somebody-was-faster").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        let token = Token::make(&file).unwrap();
        assert!(token.is_in(Some("Bearer somebody-was-faster")));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing half-made is left");
    }

    #[test]
    fn what_is_no_file_of_ours_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Token::of(dir.path()).unwrap_err().to_string().contains("no file"));
        let pipe = dir.path().join("pipe");
        assert!(
            std::process::Command::new("mkfifo").args(["-m", "600"]).arg(&pipe).status().unwrap().success()
        );
        assert!(Token::of(&pipe).unwrap_err().to_string().contains("no file"));
        // Whose a file is can be changed by root alone.
        let file = dir.path().join("token");
        Token::of(&file).unwrap();
        if geteuid().is_root() {
            std::os::unix::fs::chown(&file, Some(65_534), None).unwrap();
            assert!(Token::of(&file).unwrap_err().to_string().contains("another user's"));
        }
    }
}
