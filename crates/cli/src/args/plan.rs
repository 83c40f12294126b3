//! `keyloom plan`.

use std::path::PathBuf;

use clap::Args as Group;

use super::{Documents, Findings, TextOrJson};

#[derive(Debug, Group)]
#[command(after_help = "\
Of every sync the names at both ends are read, never a value that is compared or shown. Infisical
is read as INFISICAL_* says (INFISICAL_UNIVERSAL_AUTH_CLIENT_ID and _CLIENT_SECRET, or
INFISICAL_TOKEN; INFISICAL_HOST), AWS with the credentials of its usual chain, GitHub with
GITHUB_TOKEN. With --state they are read from a file, and nothing is sent over a network:

  {\"github-secrets-sync\": {\"source\": [\"A\", \"B\"], \"destination\": [\"B\", \"C\"]}}

A first run that deletes secrets which the sync did not write, and which allowDeletions does not
name, is an error.

Examples:
  keyloom plan
  keyloom plan keyloom.yaml --env prod --sync github-secrets-sync
  keyloom plan --state names.json --output json
  keyloom plan --detailed-exitcode || echo something changes")]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) documents: Documents,
    #[command(flatten)]
    pub(crate) findings: Findings,
    /// Look at the sync of this name alone; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) sync: Vec<String>,
    /// Read the names at both ends from this file, and nothing over a network.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// The plan for people (text) or for programs (json).
    #[arg(long, short, value_name = "FORM", default_value = "text")]
    pub(crate) output: TextOrJson,
    /// Answer with exit code 4 when a first run would write, import or delete anything.
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}
