//! `keyloom import`.

use std::path::PathBuf;

use clap::Args as Group;

#[derive(Debug, Group)]
#[command(after_help = "\
What is rendered of the declaration equals the manifests, field by field; where it cannot, the
differences are reported and nothing is written. A field is left out if the API server adds it
all the same. Comments are kept. Patches of kustomize are passed over, as are other kinds.

Examples:
  keyloom import deploy/ > keyloom.yaml
  keyloom import --out keyloom.yaml stores.yaml secrets.yaml
  keyloom import --store vault-backend=vault secret.yaml
  kustomize build . | keyloom import -")]
pub(crate) struct Import {
    /// Files, and directories with all that is below; `-` is standard input.
    #[arg(value_name = "FILE|DIR", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Write to FILE in place of standard output; one that is there already is left alone.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace FILE.
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Write for this version of External Secrets Operator, and say so in the declaration [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub(crate) eso: Option<String>,
    /// The provider of a store that is not among the manifests.
    #[arg(long, value_name = "NAME=PROVIDER")]
    pub(crate) store: Vec<String>,
    /// The provider of every other store that is not among the manifests.
    #[arg(long, value_name = "PROVIDER")]
    pub(crate) provider: Option<String>,
    /// Largest size of a file in bytes [default: 67108864]
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_bytes: Option<usize>,
    /// Print this many findings at most, then how many there are besides.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) max_problems: usize,
}
