//! The environment of a command that is given connections, and its run.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::process::Command;
use std::sync::Arc;

use keyloom_connections::{Connection, Secret, field_variable};
use keyloom_runtime::connections::{BACKEND_VARIABLE, Environment, is_credential};

use super::chosen::ChosenValue;
use crate::command_error::CommandError;
use crate::variables::no_variable;

/// What changes in the environment of a command.
#[derive(Debug)]
pub struct Variables {
    set: BTreeMap<String, Secret>,
    removed: BTreeSet<String>,
    /// Variables of the environment that held something else, and hold a field of a connection now.
    pub replaced: Vec<String>,
    /// Variables of the environment that are taken out: each is named after a field that its connection does not say.
    pub unsaid: Vec<String>,
}

/// What becomes of the variables with which somebody could log in to the backend, and of connections that nobody named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// They go out of the environment.
    Removed,
    /// They stay, and the command can ask the backend itself.
    Kept,
}

/// A variable that a command cannot be given.
#[derive(Debug, PartialEq, Eq)]
pub enum Clash {
    /// Two values would have the name.
    Two {
        /// The variable.
        variable: String,
        /// What one of them is, in words.
        one: String,
        /// The other.
        other: String,
        /// What to do.
        remedy: &'static str,
    },
    /// No process can have it, or should.
    Refused {
        /// The variable.
        variable: String,
        /// What it is, in words.
        what: String,
        /// Why.
        why: &'static str,
    },
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Two { variable, one, other, remedy } => {
                write!(f, "{one} and {other} would both be the variable {variable}; {remedy}")
            }
            Self::Refused { variable, what, why } => {
                write!(f, "{what} would be the variable {variable}, which {why}")
            }
        }
    }
}

const RENAME: &str = "rename a connection in the backend, or run two commands";
const CHOOSE: &str = "choose another variable for --env";

/// The variables for connections: for each its JSON in `KEYLOOM_CONNECTION_NAME`, and one for each of its fields, those that somebody
/// `chose`, and the backend where a program finds them; that of Bruin, which cannot read them so, stays what it is. What lets somebody
/// log in to the backend, and the connections that nobody named, stay in the environment where `credentials` says so.
///
/// # Errors
/// All variables that cannot be.
pub fn variables(
    connections: &[Arc<Connection>],
    chosen: Vec<ChosenValue>,
    backend: &'static str,
    credentials: Credentials,
    parent: &BTreeMap<OsString, OsString>,
) -> Result<Variables, Vec<Clash>> {
    let mut all = All::default();
    let word = match credentials {
        Credentials::Removed => "environment",
        Credentials::Kept => backend,
    };
    let the_word = "the word of the backend".to_owned();
    all.add(BACKEND_VARIABLE.to_owned(), Secret::new(word.to_owned()), the_word, RENAME);
    for connection in connections {
        let name = connection.name();
        let whole = all.add(
            Environment::variable(name),
            connection.to_json(),
            format!("connection '{name}'"),
            RENAME,
        );
        // What is in the way of the whole would be told again of its fields.
        if whole == Added::No {
            continue;
        }
        for field in connection.kind().fields {
            if let Some(value) = connection.field_text(field.name) {
                let what = format!("field `{}` of connection '{name}'", field.name);
                all.add(field_variable(name, field.name), value, what, RENAME);
            }
        }
    }
    let meant: BTreeSet<_> = chosen.iter().map(|it| it.variable.clone()).collect();
    for ChosenValue { variable, value } in chosen {
        let what = format!("--env {variable}");
        all.add(variable, value, what, CHOOSE);
    }
    if !all.clashes.is_empty() {
        return Err(all.clashes);
    }
    let set: BTreeMap<_, _> = all.set.into_iter().map(|(name, (secret, _))| (name, secret)).collect();
    let differs = |(name, secret): &(&String, &Secret)| {
        parent
            .get(OsString::from(name).as_os_str())
            .is_some_and(|there| there.to_str() != Some(secret.expose()))
    };
    // Nobody wonders about these.
    let ours = |name: &String| {
        name == BACKEND_VARIABLE || name.starts_with(Environment::PREFIX) || meant.contains(name)
    };
    let replaced =
        set.iter().filter(differs).map(|(name, _)| name.clone()).filter(|name| !ours(name)).collect();
    let unwanted = |name: &&str| name.starts_with(Environment::PREFIX) || is_credential(name, backend);
    let names = parent.keys().filter_map(|name| name.to_str());
    let mut removed: BTreeSet<_> = match credentials {
        Credentials::Removed => names.filter(unwanted).map(str::to_owned).collect(),
        Credentials::Kept => BTreeSet::new(),
    };
    let unsaid = unsaid(connections, &set, parent);
    removed.extend(unsaid.iter().cloned());
    Ok(Variables { set, removed, replaced, unsaid })
}

/// Variables that would pass for fields of the connections, which do not say them.
fn unsaid(
    connections: &[Arc<Connection>],
    set: &BTreeMap<String, Secret>,
    parent: &BTreeMap<OsString, OsString>,
) -> Vec<String> {
    let of = |connection: &Arc<Connection>| {
        let name = connection.name().to_owned();
        connection.kind().fields.iter().map(move |field| field_variable(&name, field.name))
    };
    let all: BTreeSet<_> = connections.iter().flat_map(of).collect();
    let is_there = |name: &String| parent.contains_key(OsString::from(name).as_os_str());
    all.into_iter()
        .filter(|name| !set.contains_key(name) && is_there(name) && no_variable(name, "").is_none())
        .collect()
}

/// The size from which on Linux refuses a variable, with its name, `=` and the zero byte at its end (`MAX_ARG_STRLEN`).
const TOO_LARGE: usize = 128 * 1024;

fn is_too_large(variable: &str, value: &Secret) -> bool {
    cfg!(target_os = "linux") && variable.len() + value.expose().len() + 2 > TOO_LARGE
}

/// Whether a variable was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Added {
    Yes,
    No,
}

#[derive(Default)]
struct All {
    set: BTreeMap<String, (Secret, String)>,
    clashes: Vec<Clash>,
}

impl All {
    fn add(&mut self, variable: String, value: Secret, what: String, remedy: &'static str) -> Added {
        if let Some(why) = no_variable(&variable, value.expose()) {
            self.clashes.push(Clash::Refused { variable, what, why });
        } else if is_too_large(&variable, &value) {
            let why =
                "is larger than 128 KiB, the most that Linux lets one variable be; hand it over in a file";
            self.clashes.push(Clash::Refused { variable, what, why });
        } else if let Some((_, one)) = self.set.get(&variable) {
            self.clashes.push(Clash::Two { variable, one: one.clone(), other: what, remedy });
        } else {
            self.set.insert(variable, (value, what));
            return Added::Yes;
        }
        Added::No
    }
}

/// Runs a command with the variables in its environment: it takes the place of this process, so that signals, job control, its
/// exit code and the signal that ends it are its own, and no copy of a value stays behind. It comes back only when the command
/// does not run.
#[cfg(unix)]
pub fn run(arguments: &[OsString], variables: &Variables) -> CommandError {
    use std::os::unix::process::CommandExt;
    match command(arguments, variables) {
        Ok((program, mut command)) => CommandError::of(program, command.exec()),
        Err(error) => error,
    }
}

/// Runs a command with the variables in its environment, and ends with its exit code. It comes back only when the command does not
/// run. Ctrl-C reaches whatever shares the console.
#[cfg(not(unix))]
pub fn run(arguments: &[OsString], variables: &Variables) -> CommandError {
    match command(arguments, variables) {
        Ok((program, mut command)) => match command.status() {
            Ok(status) => std::process::exit(status.code().unwrap_or(255)),
            Err(error) => CommandError::of(program, error),
        },
        Err(error) => error,
    }
}

fn command<'a>(
    arguments: &'a [OsString],
    variables: &Variables,
) -> Result<(&'a OsString, Command), CommandError> {
    let (program, rest) = arguments.split_first().ok_or_else(|| CommandError::Missing(String::new()))?;
    let mut command = Command::new(program);
    command.args(rest);
    for name in &variables.removed {
        command.env_remove(name);
    }
    for (name, secret) in &variables.set {
        command.env(name, secret.expose());
    }
    Ok((program, command))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(name: &str, text: &str) -> Arc<Connection> {
        Arc::new(Connection::parse(name, &Secret::new(text.to_owned())).unwrap().connection)
    }

    fn generic(name: &str, value: &str) -> Arc<Connection> {
        connection(name, &format!(r#"{{"type": "generic", "details": {{"value": "{value}"}}}}"#))
    }

    fn parent(all: &[(&str, &str)]) -> BTreeMap<OsString, OsString> {
        all.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    const FABRIC: &str = r#"{"type": "mssql", "details": {"host": "h", "username": "u", "password": "canary", "database": "d", "options": "encrypt=true"}}"#;
    const POSTGRES: &str = r#"{"type": "postgres", "details": {"host": "h", "username": "u", "password": "canary", "database": "d"}}"#;

    #[test]
    fn the_json_and_every_field_are_variables() {
        let given = variables(
            &[connection("my-db", POSTGRES)],
            Vec::new(),
            "vault",
            Credentials::Removed,
            &parent(&[]),
        )
        .unwrap();
        let names: Vec<_> = given.set.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "KEYLOOM_CONNECTION_MY_DB",
                "KEYLOOM_SECRETS_BACKEND",
                "MY_DB_DATABASE",
                "MY_DB_HOST",
                "MY_DB_PASSWORD",
                "MY_DB_POOL_MAX_CONNS",
                "MY_DB_PORT",
                "MY_DB_SSL_MODE",
                "MY_DB_USERNAME",
            ]
        );
        assert_eq!(given.set["MY_DB_PORT"].expose(), "5432");
        assert_eq!(given.set["KEYLOOM_SECRETS_BACKEND"].expose(), "environment");
        let again = Connection::parse("my-db", &given.set["KEYLOOM_CONNECTION_MY_DB"]).unwrap();
        assert_eq!(again.connection.field_text("password").unwrap().expose(), "canary");
        assert!(!format!("{given:?}").contains("canary"));
    }

    #[test]
    fn what_would_have_one_name_is_refused_all_at_once() {
        let all = [
            generic("my-db", "1"),
            generic("my.db", "canary"),
            generic("ld-preload", "1"),
            generic("zero", "\\u0000"),
            connection("node", FABRIC),
        ];
        let clashes = variables(&all, Vec::new(), "vault", Credentials::Removed, &parent(&[])).unwrap_err();
        let said: Vec<_> = clashes.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "connection 'my-db' and connection 'my.db' would both be the variable KEYLOOM_CONNECTION_MY_DB; rename a connection in the backend, or run two commands",
                "field `value` of connection 'ld-preload' would be the variable LD_PRELOAD_VALUE, which says how programs are found and begun; rename it",
                "field `value` of connection 'zero' would be the variable ZERO_VALUE, which has a value with a zero byte",
                "field `options` of connection 'node' would be the variable NODE_OPTIONS, which says what Node.js loads; rename it",
            ]
        );
    }

    #[test]
    fn a_connection_that_no_variable_holds_is_named_with_the_limit() {
        let given = |size: usize| {
            let all = [generic("big", &"x".repeat(size))];
            variables(&all, Vec::new(), "vault", Credentials::Removed, &parent(&[]))
        };
        assert!(given(100 * 1024).is_ok());
        if cfg!(target_os = "linux") {
            let said: Vec<_> = given(TOO_LARGE).unwrap_err().iter().map(ToString::to_string).collect();
            assert_eq!(
                said,
                [
                    "connection 'big' would be the variable KEYLOOM_CONNECTION_BIG, which is larger than 128 KiB, the most that Linux lets one variable be; hand it over in a file"
                ]
            );
        }
    }

    #[test]
    fn variables_that_somebody_chose_are_given_too_and_clash_with_none() {
        let chosen = |variable: &str| ChosenValue {
            variable: variable.to_owned(),
            value: Secret::new("canary".to_owned()),
        };
        let there = parent(&[("PGPASSWORD", "old"), ("MY_DB_SCHEMA", "stale")]);
        let all = [connection("my-db", POSTGRES)];
        let own = vec![chosen("PGPASSWORD"), chosen("MY_DB_SCHEMA")];
        let given = variables(&all, own, "file", Credentials::Removed, &there).unwrap();
        assert_eq!(given.set["PGPASSWORD"].expose(), "canary");
        // Who names a variable knows that it is replaced.
        assert!(
            given.replaced.is_empty() && given.unsaid.is_empty() && given.removed.is_empty(),
            "{given:?}"
        );
        let own = vec![chosen("MY_DB_HOST"), chosen("KEYLOOM_SECRETS_BACKEND")];
        let clashes = variables(&all, own, "file", Credentials::Removed, &there).unwrap_err();
        let said: Vec<_> = clashes.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "field `host` of connection 'my-db' and --env MY_DB_HOST would both be the variable MY_DB_HOST; choose another variable for --env",
                "the word of the backend and --env KEYLOOM_SECRETS_BACKEND would both be the variable KEYLOOM_SECRETS_BACKEND; choose another variable for --env",
            ]
        );
    }

    #[test]
    fn no_variable_passes_for_a_field_that_a_connection_does_not_say() {
        let there = [("MY_DB_SCHEMA", "stale"), ("MY_DB_HOST", "h"), ("MY_DB_OTHER", "kept")];
        let given = variables(
            &[connection("my-db", POSTGRES)],
            Vec::new(),
            "file",
            Credentials::Kept,
            &parent(&there),
        )
        .unwrap();
        assert_eq!(given.unsaid, ["MY_DB_SCHEMA"]);
        assert_eq!(given.removed.iter().collect::<Vec<_>>(), ["MY_DB_SCHEMA"]);
        assert!(given.replaced.is_empty());
    }

    #[test]
    fn credentials_of_the_backend_stay_behind_and_what_is_replaced_is_said() {
        let environment = parent(&[
            ("A_VALUE", "old"),
            ("B_VALUE", "2"),
            ("BRUIN_SECRETS_BACKEND", "vault"),
            ("BRUIN_INFISICAL_CLIENT_SECRET", "canary"),
            ("BRUIN_INFISICAL_HOST", "https://secrets.example"),
            ("VAULT_TOKEN", "canary"),
            ("BRUIN_VAULT_TOKEN", "canary"),
            ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "canary"),
            ("KEYLOOM_CONNECTION_OTHER", "canary"),
            ("KEYLOOM_CONNECTION_A", "{}"),
        ]);
        let all = [generic("a", "1"), generic("b", "2")];
        let removed = |backend, credentials| {
            let given = variables(&all, Vec::new(), backend, credentials, &environment).unwrap();
            assert_eq!(given.replaced, ["A_VALUE"]);
            given.removed.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(
            removed("infisical", Credentials::Removed),
            [
                "BRUIN_INFISICAL_CLIENT_SECRET",
                "BRUIN_VAULT_TOKEN",
                "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET",
                "KEYLOOM_CONNECTION_A",
                "KEYLOOM_CONNECTION_OTHER",
            ]
        );
        assert!(removed("vault", Credentials::Removed).contains(&"VAULT_TOKEN".to_owned()));
        assert!(removed("infisical", Credentials::Kept).is_empty());
        let kept = variables(&all, Vec::new(), "infisical", Credentials::Kept, &environment).unwrap();
        assert_eq!(kept.set["KEYLOOM_SECRETS_BACKEND"].expose(), "infisical");
    }

    /// What is made for connections alone is nothing to a command; what its own tools read may be.
    #[test]
    fn credentials_of_other_backends_stay_behind_where_no_other_tool_reads_them() {
        let own = [
            "BRUIN_AWS_ACCESS_KEY_ID",
            "BRUIN_AWS_SECRET_ACCESS_KEY",
            "BRUIN_AWS_SESSION_TOKEN",
            "BRUIN_AZURE_CLIENT_SECRET",
            "BRUIN_DOPPLER_TOKEN",
            "BRUIN_INFISICAL_CLIENT_ID",
            "BRUIN_INFISICAL_CLIENT_SECRET",
            "BRUIN_VAULT_TOKEN",
        ];
        let infisical = [
            "INFISICAL_ACCESS_TOKEN",
            "INFISICAL_TOKEN",
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID",
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET",
        ];
        let others = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "BRUIN_VAULT_HOST", "VAULT_ADDR"];
        let vault = ["VAULT_TOKEN"];
        let names = [&own[..], &infisical, &others, &vault].concat();
        let environment = parent(&names.iter().map(|name| (*name, "canary")).collect::<Vec<_>>());
        let all = [generic("a", "1")];
        for (backend, of_backend) in [
            ("infisical", &infisical[..]),
            ("vault", &vault),
            ("aws", &[]),
            ("environment", &[]),
            ("file", &[]),
        ] {
            let given = variables(&all, Vec::new(), backend, Credentials::Removed, &environment).unwrap();
            let expected = [&own[..], of_backend].concat();
            assert_eq!(given.removed.into_iter().collect::<Vec<_>>(), expected, "{backend}");
            let kept = variables(&all, Vec::new(), backend, Credentials::Kept, &environment).unwrap();
            assert!(kept.removed.is_empty(), "{backend}");
        }
    }
}
