//! The keys with which webhooks are signed.

use std::path::PathBuf;
use std::time::Duration;

use keyloom_runtime::webhook::Verifier;
use keyloom_runtime::{Clock, Secret};

use crate::error::Error;

/// How often a file is looked at again.
const EVERY: Duration = Duration::from_secs(10);
/// A file that is larger holds something else.
const LARGEST: u64 = 8 * 1024;

/// Where the keys are.
#[derive(Clone, Debug)]
pub enum Keys {
    /// Here: the newest first, a comma before each further one.
    Given(Secret),
    /// In a file, one a line, the newest first. It is read again every ten seconds, so that a key can be replaced.
    File(PathBuf),
}

impl Keys {
    /// Keys in a text, as a variable of the environment holds them.
    pub fn given(text: String) -> Self {
        Self::Given(Secret::new(text))
    }

    /// Reads them.
    ///
    /// # Errors
    /// [`Error::Keys`] when the file cannot be read, or there is no key.
    pub(crate) fn read(&self) -> Result<Vec<Secret>, Error> {
        match self {
            Self::Given(text) => some(text, ',', || "it holds no key".to_owned()),
            Self::File(path) => {
                let at = |why: String| format!("{}: {why}", path.display());
                let text = text(path).map_err(|why| Error::Keys(at(why)))?;
                some(&text, '\n', || at("it holds no key".to_owned()))
            }
        }
    }

    /// Hands each new state of a file to the verifier, for ever. One that cannot be read changes nothing; `tell` is told once.
    pub(crate) async fn follow(&self, verifier: &Verifier, clock: &Clock, tell: impl Fn(Error)) {
        let mut is_told = false;
        loop {
            clock.sleep(EVERY).await;
            match (self, self.read()) {
                (Self::Given(_), _) => {}
                (Self::File(_), Ok(keys)) => {
                    verifier.set_keys(&keys);
                    is_told = false;
                }
                (Self::File(_), Err(_)) if is_told => {}
                (Self::File(_), Err(error)) => {
                    tell(error);
                    is_told = true;
                }
            }
        }
    }
}

fn text(path: &PathBuf) -> Result<Secret, String> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let read = file.take(LARGEST + 1).read_to_string(&mut text);
    // Text that is none may not be quoted.
    read.map_err(|error| error.kind().to_string())?;
    let is_large = text.len() as u64 > LARGEST;
    let text = Secret::new(text);
    if is_large { Err(format!("it is larger than {LARGEST} bytes")) } else { Ok(text) }
}

fn some(text: &Secret, between: char, none: impl FnOnce() -> String) -> Result<Vec<Secret>, Error> {
    let texts = text.expose().split(between).map(str::trim).filter(|text| !text.is_empty());
    let keys: Vec<Secret> = texts.map(|text| Secret::new(text.to_owned())).collect();
    if keys.is_empty() { Err(Error::Keys(none())) } else { Ok(keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exposed(keys: &Keys) -> Result<Vec<String>, String> {
        let keys = keys.read().map_err(|error| error.to_string())?;
        Ok(keys.iter().map(|key| key.expose().to_owned()).collect())
    }

    #[test]
    fn keys_are_what_stands_between_commas_or_on_lines() {
        let given = |text: &str| exposed(&Keys::Given(Secret::new(text.to_owned())));
        assert_eq!(given("new").unwrap(), ["new"]);
        assert_eq!(given(" new, old,\n").unwrap(), ["new", "old"]);
        assert!(given(" ,").unwrap_err().contains("no key"));
        let dir = tempfile::tempdir().unwrap();
        let file = |bytes: &[u8]| {
            let path = dir.path().join("keys");
            std::fs::write(&path, bytes).unwrap();
            exposed(&Keys::File(path))
        };
        assert_eq!(file(b"new,too\nold\n").unwrap(), ["new,too", "old"]);
        for (bytes, words) in [
            (&b"\n"[..], "no key"),
            (b"canary\xff", "invalid data"),
            (&vec![b'c'; 9000], "larger than 8192 bytes"),
        ] {
            let error = file(bytes).unwrap_err();
            assert!(error.contains(words) && !error.contains("cana"), "{error}");
        }
        assert!(exposed(&Keys::File(dir.path().join("none"))).unwrap_err().contains("none: "));
    }

    #[tokio::test]
    async fn a_file_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys");
        let clock = Clock::simulated(Duration::from_secs(1_767_225_600));
        let verifier = Verifier::new(clock.clone());
        let keys = Keys::File(path.clone());
        let told = std::sync::Mutex::new(0);
        let signed = |key: &str| {
            let body = format!("{{\"event\":\"test\",\"timestamp\":{}}}", clock.unix().as_millis());
            let signature =
                keyloom_runtime::webhook::Signature::sign(key.as_bytes(), clock.unix(), body.as_bytes());
            verifier.check(Some(&signature.to_string()), body.as_bytes()).is_ok()
        };
        let following = keys.follow(&verifier, &clock, |_| *told.lock().unwrap() += 1);
        let mut following = std::pin::pin!(following);
        let mut step = async |text: Option<&str>| {
            match text {
                Some(text) => std::fs::write(&path, text).unwrap(),
                None => _ = std::fs::remove_file(&path),
            }
            for _ in 0..3 {
                let mut turn = std::pin::pin!(tokio::task::yield_now());
                tokio::select! { biased; () = &mut following => {}, () = &mut turn => {} }
                clock.advance(EVERY);
            }
        };
        step(Some("first")).await;
        assert!(signed("first") && !signed("second"));
        step(Some("second\nfirst")).await;
        assert!(signed("second") && signed("first"));
        step(None).await;
        assert!(signed("second"));
        step(Some("second")).await;
        assert!(signed("second") && !signed("first"));
        assert_eq!(*told.lock().unwrap(), 1);
    }
}
