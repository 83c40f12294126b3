//! `keyloom listen`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as Group, ValueEnum};

#[derive(Debug, Group)]
#[command(after_help = "\
What is read, and as whom, is said by variables (INFISICAL_IDENTITY_ID, INFISICAL_PROJECT_ID, ...),
by annotations of the pod (infisical.com/environment, infisical.com/secret-path) in the file that the
downward API writes, or by flags: a flag goes before a variable, a variable before an annotation. With
--check they are shown, with who said them, and nobody logs in. Credentials are never flags: arguments
can be read by every process.

A webhook of Infisical at POST /infisical/webhook tells of changes. Names and numbers are said on
standard error, never a value.

The exit code is 0 after SIGTERM, that of the command where there is one (128 and the number of the
signal that ended it), and 2 when secrets cannot be loaded or handed on; with a command that is 125,
126 when it cannot be run and 127 when there is none.

Examples:
  keyloom listen --check
  keyloom listen --dir /run/keyloom/secrets --mode 0440
  keyloom listen --serve 127.0.0.1:8200 --token-file /run/keyloom/token
  keyloom listen --on-change restart -- ./server --port 80
  keyloom listen --dir /run/keyloom/secrets --signal HUP -- nginx -g 'daemon off;'")]
pub(crate) struct Listen {
    /// Write a file for each secret into DIR, all of which change at once.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Write all secrets into FILE.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The form of FILE: lines for a shell (dotenv) or an object (json).
    #[arg(long, value_name = "FORM", default_value = "dotenv", requires = "file")]
    pub(crate) format: FileForm,
    /// Rights of files, as chmod takes them.
    #[arg(long, value_name = "MODE", default_value = "0400", value_parser = mode)]
    pub(crate) mode: u32,
    /// Answer programs on this machine over HTTP, such as on 127.0.0.1:8200.
    #[arg(long, value_name = "ADDRESS:PORT", requires = "token_file")]
    pub(crate) serve: Option<SocketAddr>,
    /// The file with the token that is asked of them; made, readable for this user alone, if it is not there.
    #[arg(long, value_name = "FILE", requires = "serve")]
    pub(crate) token_file: Option<PathBuf>,
    /// What happens to the command when secrets change.
    #[arg(long, value_name = "WHAT", default_value = "signal", requires = "command")]
    pub(crate) on_change: OnListenChange,
    /// The signal that it gets then.
    #[arg(long, value_name = "SIGNAL", default_value = "HUP", ignore_case = true, requires = "command")]
    pub(crate) signal: Signal,
    /// So many seconds nothing must change before the command is told.
    #[arg(long, value_name = "SECONDS", default_value_t = 2, requires = "command")]
    pub(crate) debounce: u32,
    /// So many seconds it may take to end before it is killed.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "command")]
    pub(crate) grace: u32,
    /// Show each setting and who said it, and stop.
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// A command to run with the secrets in its environment, once they are loaded.
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<std::ffi::OsString>,
}

/// Settings that go before the variables of the same meaning.
#[derive(Clone, Debug, Default, Group)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Settings {
    /// Address of Infisical's API (INFISICAL_API_URL)
    #[arg(long, value_name = "URL")]
    pub(crate) api_url: Option<String>,
    /// Id of the machine identity (INFISICAL_IDENTITY_ID)
    #[arg(long, value_name = "ID")]
    pub(crate) identity_id: Option<String>,
    /// Id or slug of the project (INFISICAL_PROJECT_ID)
    #[arg(long, value_name = "ID")]
    pub(crate) project_id: Option<String>,
    /// Slug of the environment (INFISICAL_ENVIRONMENT)
    #[arg(long, value_name = "SLUG")]
    pub(crate) environment: Option<String>,
    /// Path of the folder (INFISICAL_SECRET_PATH)
    #[arg(long, value_name = "PATH")]
    pub(crate) secret_path: Option<String>,
    /// File with the token of the service account (INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH)
    #[arg(long, value_name = "FILE")]
    pub(crate) service_account_token: Option<String>,
    /// Port on which webhooks arrive (WEBHOOK_PORT)
    #[arg(long, value_name = "PORT")]
    pub(crate) webhook_port: Option<String>,
    /// Secrets that sign webhooks, newest first (KEYLOOM_WEBHOOK_SECRET_NAMES)
    #[arg(long, value_name = "NAMES")]
    pub(crate) webhook_secret_names: Option<String>,
    /// Host of the headless Service of the replicas (KEYLOOM_PEERS)
    #[arg(long, value_name = "HOST")]
    pub(crate) peers: Option<String>,
    /// After so many seconds it is asked whether a webhook was lost; 0 is never (KEYLOOM_RECONCILE_INTERVAL)
    #[arg(long, value_name = "SECONDS")]
    pub(crate) reconcile_interval: Option<String>,
    /// Events of an application's own form: off, hints or values (KEYLOOM_LEGACY_EVENTS)
    #[arg(long, value_name = "WORD")]
    pub(crate) legacy_events: Option<String>,
    /// File with the annotations of the pod (KEYLOOM_ANNOTATIONS)
    #[arg(long, value_name = "FILE")]
    pub(crate) annotations: Option<String>,
}

/// The form of a file with all secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileForm {
    Dotenv,
    Json,
}

/// What happens to a command when secrets change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnListenChange {
    Signal,
    Restart,
    Ignore,
}

/// A signal that a command may be told something with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum Signal {
    #[value(alias = "SIGHUP")]
    Hup,
    #[value(alias = "SIGINT")]
    Int,
    #[value(alias = "SIGQUIT")]
    Quit,
    #[value(alias = "SIGTERM")]
    Term,
    #[value(alias = "SIGUSR1")]
    Usr1,
    #[value(alias = "SIGUSR2")]
    Usr2,
    #[value(alias = "SIGWINCH")]
    Winch,
}

/// Rights in octal digits. Whoever owns a file may always read it, and nobody may run it.
fn mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text.trim_start_matches("0o"), 8).ok();
    match mode.filter(|mode| mode & !0o666 == 0 && mode & 0o400 != 0) {
        Some(mode) if mode & 0o006 == 0 => Ok(mode),
        Some(_) => Err("everybody could read or write the secrets; use 0400 or 0440".to_owned()),
        None => Err("rights are octal digits such as 0400 or 0440".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_those_of_a_few() {
        for (text, expected) in [("0400", 0o400), ("440", 0o440), ("0o600", 0o600), ("0640", 0o640)] {
            assert_eq!(mode(text), Ok(expected));
        }
        for text in ["", "0444", "777", "0040", "9", "-1", "u=r", "01400"] {
            assert!(mode(text).is_err(), "{text}");
        }
    }
}
