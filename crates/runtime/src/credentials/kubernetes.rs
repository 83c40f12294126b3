//! Login with the token of a Kubernetes service account.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::Error;
use crate::variable::trimmed;
use keyloom_connections::Secret;

/// Where a kubelet puts the token, and puts a new one when 80 % of its hour are over.
pub(crate) const MOUNTED: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";
/// What the server takes at most.
const LONGEST: usize = 8192;

/// The identity that one logs in as: the first that is set counts. They are those of older applications, of the
/// Terraform provider, and of Infisical's SDKs.
pub(super) const IDENTITY: [&str; 3] =
    ["INFISICAL_IDENTITY_ID", "INFISICAL_MACHINE_IDENTITY_ID", "INFISICAL_KUBERNETES_IDENTITY_ID"];
const PATH: &str = "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH";
const GIVEN: [&str; 2] = ["KUBERNETES_SERVICE_ACCOUNT_TOKEN", "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN"];

/// A machine identity that takes tokens of Kubernetes service accounts.
#[derive(Clone, Debug)]
pub struct KubernetesAuth {
    /// Id of the identity, a UUID.
    pub identity_id: String,
    /// Where the token of the service account comes from.
    pub token: TokenSource,
    /// Slug of the sub-organization that the token is for; none for the organization itself.
    pub organization_slug: Option<String>,
}

/// Where the token of a service account comes from.
#[derive(Clone, Debug)]
pub enum TokenSource {
    /// A file that is read at every login, for whoever mounts it puts a newer token there.
    File(PathBuf),
    /// The token itself, for work on one's own machine. It is not renewed.
    Given(Secret),
}

impl KubernetesAuth {
    /// What the environment says: `INFISICAL_IDENTITY_ID`, and where the token is,
    /// `INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH`, by default where every pod has it. Only where there is no file, the
    /// token itself is taken from `KUBERNETES_SERVICE_ACCOUNT_TOKEN`.
    ///
    /// # Errors
    /// [`Error::Environment`], with all that is wrong at once.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        Self::from_set(&|name: &str| trimmed(get(name)))
    }

    pub(super) fn from_set(get: &impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let mut wrong = Vec::new();
        let identity = IDENTITY.iter().find_map(|name| get(name));
        if identity.is_none() {
            wrong.push(format!("{} is not set", IDENTITY[0]));
        }
        let path = get(PATH).map(PathBuf::from);
        // Somebody may have put the token itself there: it is not repeated.
        if path.as_ref().is_some_and(|path| !path.is_absolute()) {
            wrong.push(format!("{PATH} holds no path that begins with a slash"));
        }
        match identity {
            Some(identity_id) if wrong.is_empty() => {
                let token = TokenSource::of(path, Path::new(MOUNTED), get);
                Ok(Self { identity_id, token, organization_slug: get(super::ORGANIZATION) })
            }
            _ => Err(Error::Environment(wrong.join("; "))),
        }
    }
}

impl TokenSource {
    /// A path that is said counts first, then the file that is mounted, then the token itself: a file is renewed.
    fn of(path: Option<PathBuf>, mounted: &Path, get: &impl Fn(&str) -> Option<String>) -> Self {
        match (path, GIVEN.iter().find_map(|name| get(name))) {
            (Some(path), _) => Self::File(path),
            (None, Some(token)) if !mounted.is_file() => Self::Given(Secret::new(token)),
            (None, _) => Self::File(mounted.to_owned()),
        }
    }

    /// The token as it is now.
    pub(crate) async fn read(&self) -> Result<Secret, Error> {
        match self {
            Self::Given(token) => Ok(token.clone()),
            Self::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || read(&path));
                read.await.unwrap_or(Err(Error::Request { why: "this process is about to end" }))
            }
        }
    }
}

/// Reads a token. What Kubernetes mounts is a link to a link to a file, which is exchanged as a whole, so links are followed.
/// What is no token is not sent anywhere: a path may be wrong.
fn read(path: &Path) -> Result<Secret, Error> {
    let wrong = |why| Error::TokenFile { path: path.to_owned(), why };
    let io = |error: std::io::Error| {
        wrong(match error.kind() {
            ErrorKind::NotFound => "there is no such file; is the token mounted?",
            ErrorKind::PermissionDenied => "this process may not read it",
            _ => "it cannot be read",
        })
    };
    // Opening a pipe would wait for whoever writes into it.
    if !fs::metadata(path).map_err(io)?.is_file() {
        return Err(wrong("it is no file"));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    let file = File::open(path).map_err(io)?;
    file.take(LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() > LONGEST {
        return Err(wrong("it is larger than 8 KB, which no token is"));
    }
    match bytes.trim_ascii() {
        [] => Err(wrong("it is empty")),
        token if token.iter().all(u8::is_ascii_graphic) => {
            Ok(Secret::new(String::from_utf8_lossy(token).into_owned()))
        }
        _ => Err(wrong("what is in it is no token")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auth(set: &[(&str, &str)]) -> Result<KubernetesAuth, String> {
        let get = |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
        KubernetesAuth::from_env(get).map_err(|error| error.to_string())
    }

    fn at(path: &Path) -> Result<String, String> {
        read(path).map(|token| token.expose().to_owned()).map_err(|error| {
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
            error.to_string()
        })
    }

    #[test]
    fn each_tool_has_a_name_for_the_identity() {
        for name in IDENTITY {
            assert_eq!(auth(&[(name, " id\n")]).unwrap().identity_id, "id", "{name}");
        }
        let mounted = auth(&[(IDENTITY[0], "id")]).unwrap();
        assert!(matches!(mounted.token, TokenSource::File(path) if path == Path::new(MOUNTED)));
        let all: Vec<_> = IDENTITY.iter().map(|name| (*name, *name)).collect();
        assert_eq!(auth(&all).unwrap().identity_id, IDENTITY[0]);
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        assert_eq!(auth(&[]).unwrap_err(), "INFISICAL_IDENTITY_ID is not set");
        assert_eq!(
            auth(&[(PATH, "eyJ.canary")]).unwrap_err(),
            format!("INFISICAL_IDENTITY_ID is not set; {PATH} holds no path that begins with a slash")
        );
    }

    #[test]
    fn a_file_goes_before_a_token_that_is_given() {
        let folder = tempfile::tempdir().unwrap();
        let mounted = folder.path().join("token");
        for given in GIVEN {
            let get = |name: &str| (name == given).then(|| "canary".to_owned());
            let source = TokenSource::of(None, &mounted, &get);
            assert!(matches!(&source, TokenSource::Given(token) if token.expose() == "canary"), "{given}");
            assert!(!format!("{source:?}").contains("canary"));
            let source = TokenSource::of(Some("/x".into()), &mounted, &get);
            assert!(matches!(source, TokenSource::File(path) if path == Path::new("/x")));
        }
        fs::write(&mounted, "canary").unwrap();
        let source = TokenSource::of(None, &mounted, &|_| Some("given".to_owned()));
        assert!(matches!(source, TokenSource::File(path) if path == mounted));
    }

    #[test]
    fn a_token_is_read_as_kubernetes_mounts_it() {
        let folder = tempfile::tempdir().unwrap();
        let (token, first, second) =
            (folder.path().join("token"), folder.path().join("..1"), folder.path().join("..2"));
        for (place, text) in [(&first, "canary-1\n"), (&second, "canary-2")] {
            fs::create_dir(place).unwrap();
            fs::write(place.join("token"), text).unwrap();
        }
        let data = folder.path().join("..data");
        std::os::unix::fs::symlink(&first, &data).unwrap();
        std::os::unix::fs::symlink("..data/token", &token).unwrap();
        assert_eq!(at(&token).unwrap(), "canary-1");
        fs::remove_file(&data).unwrap();
        assert!(at(&token).unwrap_err().ends_with("token: there is no such file; is the token mounted?"));
        std::os::unix::fs::symlink(&second, &data).unwrap();
        assert_eq!(at(&token).unwrap(), "canary-2");
    }

    #[test]
    fn what_is_no_token_is_neither_sent_nor_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let with = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            at(&path)
        };
        assert!(with(" \n".as_bytes()).unwrap_err().ends_with("it is empty"));
        assert!(with("canary:x:0:0\nroot canary".as_bytes()).unwrap_err().ends_with("is no token"));
        assert!(with(&[0xff, 0xfe]).unwrap_err().ends_with("is no token"));
        assert!(with("canary".repeat(2000).as_bytes()).unwrap_err().contains("larger than 8 KB"));
        assert_eq!(with("c".repeat(LONGEST).as_bytes()).unwrap().len(), LONGEST);
        assert!(at(folder.path()).unwrap_err().ends_with("it is no file"));
    }
}
