//! `keyloom connection`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand, ValueEnum};

use super::kind::KindWord;
use super::{Findings, Form, TextOrJson};

/// Which secrets backend is asked.
#[derive(Clone, Debug, Default, Group)]
pub(crate) struct Backend {
    /// The secrets backend: infisical, vault, aws, environment or file; goes before KEYLOOM_SECRETS_BACKEND and
    /// BRUIN_SECRETS_BACKEND
    #[arg(long, value_name = "WORD")]
    pub(crate) secrets_backend: Option<String>,
}

#[derive(Debug, Group)]
#[command(after_help = "\
A connection is a secret that holds {\"type\": TYPE, \"details\": {FIELD: VALUE, ...}}. Which secrets \
backend has it is said by --secrets-backend, KEYLOOM_SECRETS_BACKEND or BRUIN_SECRETS_BACKEND, and how \
to log in there by the backend's own variables.

Exit codes, of all of these and of `keyloom run`, which has 125 in place of 1 and 2:
  0  what was asked for is done, warnings or not
  1  it is the connection: wrong, not there, not to be had, without an answer,
     or there already
  2  nothing can be said of any: the command line is wrong, the backend cannot
     be asked, does not let us in or does not tell the names, or project,
     environment, path or file are not there")]
pub(crate) struct Connection {
    #[command(subcommand)]
    pub(crate) verb: ConnectionVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionVerb {
    /// Show a connection with its secrets hidden, or give its values to a pipe.
    Get(Get),
    /// List the names of connections.
    List(ListConnections),
    /// Try connections, step by step, up to an answer of what they lead to.
    Test(Test),
    /// Check files of connections, as the backend `file` reads them, or one connection.
    Check(CheckConnections),
    /// Write a connection, checked before it is written.
    Put(Put),
}

#[derive(Debug, Group)]
#[command(after_help = "\
Values go to a pipe or a file; to a terminal with --show, or where --field names one that is not secret. \
The forms text and metadata have no secret in them, wherever they go.

Examples:
  keyloom connection get my-postgres
  keyloom connection get my-postgres --field password | wc -c
  keyloom connection get my-postgres --output json > connection.json
  eval \"$(keyloom connection get my-postgres --output env)\"")]
pub(crate) struct Get {
    /// Name of the connection.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Give the value of this field alone, without a line end unless on a terminal.
    #[arg(long, value_name = "FIELD", conflicts_with = "output")]
    pub(crate) field: Option<String>,
    /// What is given: fields with secrets hidden (text, or metadata as JSON), or the values (json, env)
    #[arg(long, short, value_name = "FORM", default_value = "text")]
    pub(crate) output: GetOutput,
    /// Give values to a terminal too, with --field of a secret, json or env.
    #[arg(long)]
    pub(crate) show: bool,
    #[command(flatten)]
    pub(crate) backend: Backend,
}

/// A form of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GetOutput {
    /// A table for people, with secrets hidden.
    Text,
    /// The same as JSON.
    Metadata,
    /// The connection as JSON, with its defaults.
    Json,
    /// Variables, quoted for a POSIX shell.
    Env,
}

#[derive(Debug, Group)]
#[command(after_help = "\
Without --types no value is read.

Examples:
  keyloom connection list
  keyloom connection list --types --output json")]
pub(crate) struct ListConnections {
    /// Read each, and show its type and what is wrong with it.
    #[arg(long)]
    pub(crate) types: bool,
    /// The list for people (text) or for programs (json).
    #[arg(long, short, value_name = "FORM", default_value = "text")]
    pub(crate) output: TextOrJson,
    #[command(flatten)]
    pub(crate) backend: Backend,
}

#[derive(Debug, Group)]
#[command(after_help = "\
The steps, in order: backend.settings, backend.host, backend.login, backend.place (project, \
environment and path), secret.readable, secret.exists, secret.json, secret.parts (type and details), \
connection.type, connection.fields, connection.connect. What hangs on a step that failed is skipped.

At the end PostgreSQL, Redshift, CrateDB, MySQL, PlanetScale, Vitess, Doris, StarRocks and ClickHouse \
are logged in to and answer SELECT 1; Elasticsearch and InfluxDB answer a request with the credentials, \
`http` a GET. Of others with host and port it is seen that the port takes connections.

The exit code is 1 when a step failed, 2 when it is one of backend.*.

Examples:
  keyloom connection test my-postgres
  keyloom connection test my-postgres my-snowflake --no-connect --output json
  keyloom connection test my-redis --url

With --url the value of a generic connection is an address, such as redis://:PASSWORD@HOST:6379.")]
pub(crate) struct Test {
    /// Names of connections; each is tried once.
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
    /// So many seconds what a connection leads to may take, all in all.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) timeout: u32,
    /// Stop before what a connection leads to is asked.
    #[arg(long, conflicts_with = "url")]
    pub(crate) no_connect: bool,
    /// Take the value of a generic connection for an address, and ask there.
    #[arg(long)]
    pub(crate) url: bool,
    /// What was found, for people (text) or for programs (json).
    #[arg(long, short, value_name = "FORM", default_value = "text")]
    pub(crate) output: TextOrJson,
    #[command(flatten)]
    pub(crate) backend: Backend,
}

#[derive(Debug, Group)]
#[command(after_help = "\
A file holds connections by name, {\"my-postgres\": {\"type\": TYPE, \"details\": {...}}}, or one alone. \
Nothing is sent over a network, and no value is shown.

Examples:
  keyloom connection check
  keyloom connection check --output json connections.json
  keyloom connection check - < connection.json")]
pub(crate) struct CheckConnections {
    /// Files to check; `-` is standard input [default: that of KEYLOOM_CONNECTIONS_FILE, or connections.json]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) findings: Findings,
    #[command(flatten)]
    pub(crate) output: Form,
}

#[derive(Debug, Group)]
#[command(after_help = "\
The connection is JSON on standard input or in a file, or is made of --type, --set and \
--set-from-env. Secret fields are never arguments, which every process can read. One that is \
there already is replaced with --force alone; the names of the fields that change are shown.

Examples:
  keyloom connection put my-postgres < connection.json
  keyloom connection put my-postgres --type postgres --set host=db.example --set database=shop \\
    --set username=app --set-from-env password=PGPASSWORD
  keyloom connection put my-token --type generic --set-from-env value=TOKEN --force")]
pub(crate) struct Put {
    /// Name of the connection.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// A file with the JSON; `-` is standard input [default: -]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["type", "set", "set_from_env"])]
    pub(crate) file: Option<PathBuf>,
    /// The type, such as postgres; `keyloom explain connections.postgres` shows what it takes.
    #[arg(long, value_name = "TYPE", value_parser = KindWord, hide_possible_values = true)]
    pub(crate) r#type: Option<String>,
    /// A field that is not secret; may be given several times.
    #[arg(long, value_name = "FIELD=VALUE", requires = "type")]
    pub(crate) set: Vec<String>,
    /// A field whose value a variable holds; may be given several times.
    #[arg(long, value_name = "FIELD=VARIABLE", requires = "type")]
    pub(crate) set_from_env: Vec<String>,
    /// Replace one that is there already.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) backend: Backend,
}
