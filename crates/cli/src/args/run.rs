//! `keyloom run`.

use clap::Args as Group;

#[derive(Debug, Group)]
#[command(after_help = "\
For a connection `my-db` the command gets KEYLOOM_CONNECTION_MY_DB, its JSON, and a variable for
each field: MY_DB_HOST, MY_DB_PORT, ... A variable of that name that is there already is replaced,
and one of a field that the connection does not say is taken out, which is said.
KEYLOOM_SECRETS_BACKEND is `environment`, by which a program that reads connections finds these;
BRUIN_SECRETS_BACKEND stays what it is. Connections that would make the same variable are refused,
and nothing is started unless all of them are there.

What lets somebody log in to the backend (BRUIN_INFISICAL_CLIENT_SECRET, BRUIN_VAULT_TOKEN, ...) is
taken out of the environment; with --keep-credentials it stays, and the backend with it.

The command takes the place of keyloom: signals, job control and the exit code are its own. Where it
does not run, the exit code is 125, 126 when it cannot be run and 127 when there is none.

Examples:
  keyloom run --connections my-postgres -- ./report.sh
  keyloom run --connections my-postgres -- sh -c '
    PGPASSWORD=$MY_POSTGRES_PASSWORD exec psql -h \"$MY_POSTGRES_HOST\" \\
      -p \"$MY_POSTGRES_PORT\" -U \"$MY_POSTGRES_USERNAME\" \"$MY_POSTGRES_DATABASE\"'
  keyloom run --secrets-backend infisical --connections my-postgres,my-bigquery -- ./pipeline

Bruin itself takes them where its .bruin.yml names the variables: `host: ${MY_POSTGRES_HOST}`, ...")]
pub(crate) struct Run {
    /// Names of connections, with commas between them; may be given several times.
    #[arg(long, short, value_name = "NAMES", required = true, value_delimiter = ',')]
    pub(crate) connections: Vec<String>,
    #[command(flatten)]
    pub(crate) backend: super::Backend,
    /// Leave the backend's credentials in the environment of the command.
    #[arg(long)]
    pub(crate) keep_credentials: bool,
    /// The command, with its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<std::ffi::OsString>,
}
