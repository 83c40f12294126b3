//! Which backend is used: what a flag or a variable says.

use std::sync::Arc;

#[cfg(feature = "aws")]
use super::aws::AwsSecretsManager;
use super::backend::Backend;
use super::environment::Environment;
use super::error::ConnectionError;
use super::infisical::Infisical;
use super::setting::{Get, Origin, Setting};
#[cfg(feature = "vault")]
use super::vault::Vault;
use super::{Connections, file::File};
use crate::variable::trimmed;
use keyloom_connections::suggest;

const FLAG: &str = "--secrets-backend";
/// The variable that says which backend is used, before `BRUIN_SECRETS_BACKEND`: Bruin, which reads that one too, does not know all of
/// the words.
pub const BACKEND_VARIABLE: &str = "KEYLOOM_SECRETS_BACKEND";

/// The first that is set counts.
const VARIABLES: [&str; 2] = [BACKEND_VARIABLE, "BRUIN_SECRETS_BACKEND"];

/// A longer word is something that was pasted, and is not repeated.
const LONGEST_WORD: usize = 40;

/// A backend, by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Infisical,
    Vault,
    Aws,
    Environment,
    File,
}

const ALL: [Choice; 5] = [Choice::Infisical, Choice::Vault, Choice::Aws, Choice::Environment, Choice::File];

impl Connections {
    /// Connections of the backend that the environment says: `KEYLOOM_SECRETS_BACKEND`, or else `BRUIN_SECRETS_BACKEND`, is
    /// `infisical`, `vault`, `aws`, `environment` or `file`. The backend's own settings are in the environment too.
    ///
    /// `get` is asked for every variable. Three things it does not tell, and the environment of this process does: which connections
    /// the backend `environment` lists, what AWS's own chain finds, and what HTTP of this process goes by (`HTTPS_PROXY` and the
    /// like, `SSL_CERT_FILE`).
    ///
    /// # Errors
    /// [`ConnectionError::Unchosen`], [`ConnectionError::Unsupported`], [`ConnectionError::NotBuiltIn`], and
    /// [`ConnectionError::Init`] with everything that the backend lacks.
    ///
    /// ```
    /// use keyloom_runtime::connections::Connections;
    /// let get = |name: &str| (name == "BRUIN_SECRETS_BACKEND").then(|| "enviroment".to_owned());
    /// let error = Connections::from_env(get).unwrap_err().to_string();
    /// assert!(error.starts_with("unsupported secrets backend \"enviroment\"; possible values: infisical, "));
    /// assert!(error.ends_with("did you mean `environment`?"));
    /// ```
    pub fn from_env(
        get: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, ConnectionError> {
        Self::from_flag_or_env(None, get)
    }

    /// The same for a command line: what `flag` says (`--secrets-backend`) counts before both variables.
    ///
    /// # Errors
    /// As [`Connections::from_env`].
    pub fn from_flag_or_env(
        flag: Option<&str>,
        get: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, ConnectionError> {
        let get: Get = Arc::new(get);
        let by_flag = trimmed(flag.map(str::to_owned)).map(|word| (word, Origin::Flag(FLAG)));
        let said = |name| trimmed(get(name)).map(|word| (word, Origin::Variable(name)));
        let by_variable = || VARIABLES.into_iter().find_map(said);
        let Some((word, origin)) = by_flag.or_else(by_variable) else {
            return Err(ConnectionError::Unchosen);
        };
        let Some(choice) = ALL.into_iter().find(|choice| choice.word() == word) else {
            return Err(unsupported(&word, origin));
        };
        let chosen = Setting::value("secrets backend", &word, origin);
        Ok(Self { chosen: Some(chosen), ..Self::shared(choice.backend(&get)?) })
    }
}

impl Choice {
    fn word(self) -> &'static str {
        match self {
            Self::Infisical => "infisical",
            Self::Vault => "vault",
            Self::Aws => "aws",
            Self::Environment => "environment",
            Self::File => "file",
        }
    }

    fn backend(self, get: &Get) -> Result<Arc<dyn Backend>, ConnectionError> {
        match self {
            Self::Infisical => made(Infisical::from_env(&**get)),
            Self::Environment => Ok(Arc::new(Environment::from_env(Arc::clone(get)))),
            Self::File => Ok(Arc::new(File::from_env(&**get))),
            #[cfg(feature = "vault")]
            Self::Vault => made(Vault::from_env(&**get)),
            #[cfg(not(feature = "vault"))]
            Self::Vault => Err(ConnectionError::NotBuiltIn { word: self.word() }),
            #[cfg(feature = "aws")]
            Self::Aws => made(AwsSecretsManager::from_env(&**get)),
            #[cfg(not(feature = "aws"))]
            Self::Aws => Err(ConnectionError::NotBuiltIn { word: self.word() }),
        }
    }
}

fn made<T: Backend + 'static>(made: Result<T, ConnectionError>) -> Result<Arc<dyn Backend>, ConnectionError> {
    Ok(Arc::new(made?))
}

fn unsupported(word: &str, origin: Origin) -> ConnectionError {
    let meant = suggest(word, ALL.into_iter().map(Choice::word));
    let is_plain = word.len() <= LONGEST_WORD && word.chars().all(|c| !c.is_control());
    let word = if is_plain { word } else { "…" }.to_owned();
    ConnectionError::Unsupported { word, origin, meant }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(flag: Option<&str>, variable: &str) -> Result<Connections, String> {
        let variable = variable.to_owned();
        let get = move |name: &str| (name == VARIABLES[1]).then(|| variable.clone());
        Connections::from_flag_or_env(flag, get).map_err(|error| error.to_string())
    }

    #[test]
    fn the_flag_counts_before_the_variable_and_an_empty_one_is_none() {
        let origin = |flag, variable| {
            let chosen = choose(flag, variable).unwrap();
            assert_eq!(chosen.backend().word(), "environment");
            chosen.settings()[0].origin
        };
        assert_eq!(origin(Some("environment"), "infisical"), Origin::Flag(FLAG));
        assert_eq!(origin(Some(" "), "environment"), Origin::Variable(VARIABLES[1]));
        assert_eq!(origin(None, " environment\n"), Origin::Variable(VARIABLES[1]));
        for flag in [None, Some("")] {
            assert_eq!(
                choose(flag, " ").unwrap_err(),
                "no secrets backend is chosen; write --secrets-backend, or set KEYLOOM_SECRETS_BACKEND or \
                 BRUIN_SECRETS_BACKEND, to one of: infisical, vault, aws, environment, file"
            );
        }
    }

    /// What is started with connections in its environment finds them there, whatever is said for Bruin.
    #[test]
    fn the_variable_of_this_project_counts_before_that_of_bruin() {
        let said = |name: &str| match name {
            "KEYLOOM_SECRETS_BACKEND" => Some("environment".to_owned()),
            "BRUIN_SECRETS_BACKEND" => Some("vault".to_owned()),
            _ => None,
        };
        let connections = Connections::from_env(said).unwrap();
        assert_eq!(connections.settings()[0].origin, Origin::Variable(BACKEND_VARIABLE));
        assert_eq!(connections.backend().word(), "environment");
    }

    #[test]
    fn every_word_is_told() {
        assert_eq!(super::super::error::WORDS, ALL.map(Choice::word).join(", "));
    }

    #[test]
    fn a_word_that_is_none_is_told_with_those_that_there_are() {
        let possible = "possible values: infisical, vault, aws, environment, file";
        let said = |flag: &str| choose(Some(flag), "").unwrap_err();
        assert_eq!(
            said("x"),
            format!("unsupported secrets backend \"x\"; {possible}; --secrets-backend says so")
        );
        assert_eq!(
            said("infiscal"),
            format!(
                "unsupported secrets backend \"infiscal\"; {possible}; --secrets-backend says so; did you mean `infisical`?"
            )
        );
        assert!(said("Infisical").ends_with("did you mean `infisical`?"));
        let pasted = said(&"canary".repeat(20));
        assert!(pasted.starts_with("unsupported secrets backend \"…\"; possible values: "), "{pasted}");
    }

    #[test]
    fn every_word_is_a_backend_or_says_how_to_have_it() {
        for choice in ALL {
            let word = choice.word();
            match Connections::from_flag_or_env(Some(word), |_| None) {
                Ok(connections) => assert_eq!(connections.backend().word(), word),
                Err(ConnectionError::Init(failures)) => {
                    let begin = format!("failed to initialize {word} client: ");
                    assert!(failures.iter().all(|failure| failure.what.starts_with(&begin)), "{failures:?}");
                }
                Err(other) => {
                    let said = other.to_string();
                    assert!(said.contains(&format!("feature `{word}` of keyloom-runtime")), "{said}");
                }
            }
        }
    }
}
