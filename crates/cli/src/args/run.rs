//! `keyloom run`.

use clap::{ArgGroup, Args as Group};

#[derive(Debug, Group)]
#[command(group = ArgGroup::new("read").args(["connections", "env"]).required(true).multiple(true))]
#[command(after_help = "\
For a connection `my-db` the command gets KEYLOOM_CONNECTION_MY_DB, its JSON, and a variable for
each field: MY_DB_HOST, MY_DB_PORT, ... A variable of that name that is there already is replaced,
and one of a field that the connection does not say is taken out, which is said.
KEYLOOM_SECRETS_BACKEND is `environment`, by which a program that reads connections finds these;
BRUIN_SECRETS_BACKEND stays what it is. A program with names of its own gets them by --env; a field
that the connection does not say has its default. What would make the same variable is refused, and
nothing is started unless all connections and fields are there.

What lets somebody log in to a backend (BRUIN_INFISICAL_CLIENT_SECRET, BRUIN_VAULT_TOKEN, ...) is
taken out of the environment, whichever backend is chosen; what other tools read too (VAULT_TOKEN,
INFISICAL_TOKEN, ...) is only where it is that of the backend. With --keep-credentials it stays, and
the backend with it.

The command takes the place of keyloom: signals, job control and the exit code are its own. Where it
does not run, the exit code is 125, 126 when it cannot be run and 127 when there is none.

Examples:
  keyloom run --connections my-postgres -- ./report.sh
  keyloom run --env PGHOST=my-postgres.host --env PGPORT=my-postgres.port \\
    --env PGUSER=my-postgres.username --env PGPASSWORD=my-postgres.password \\
    --env PGDATABASE=my-postgres.database -- psql
  keyloom run --secrets-backend infisical --connections my-postgres,my-bigquery -- ./pipeline

Bruin itself takes them where its .bruin.yml names the variables: `host: ${MY_POSTGRES_HOST}`, ...")]
pub(crate) struct Run {
    /// Names of connections, with commas between them; may be given several times.
    #[arg(long, short, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) connections: Vec<String>,
    /// Give the command this field in a variable of that name too; may be given several times. Without --connections, those that
    /// are named here are read.
    #[arg(long, value_name = "VARIABLE=CONNECTION.FIELD")]
    pub(crate) env: Vec<String>,
    #[command(flatten)]
    pub(crate) backend: super::Backend,
    /// Leave credentials of backends in the environment of the command.
    #[arg(long)]
    pub(crate) keep_credentials: bool,
    /// The command, with its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<std::ffi::OsString>,
}
