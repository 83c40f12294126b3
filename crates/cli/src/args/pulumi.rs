//! `keyloom pulumi`.

use std::path::PathBuf;

use clap::{Args as Group, ValueEnum};

use super::{Documents, Findings};

#[derive(Debug, Group)]
#[command(after_help = "\
The declaration is checked first; while it has errors, nothing is run. It becomes one component
of type keyloom:index:Keyloom, named as the Pulumi project, with a Kubernetes resource for each
object. preview and up write a Pulumi.yaml where there is none, and make the stack that --stack
names; refresh and destroy go by the stack alone, and read no declaration.

`pulumi` must be on PATH; it talks on this terminal, and its exit code is handed on.

Examples:
  keyloom pulumi preview --stack dev
  keyloom pulumi up keyloom.yaml --stack prod --env prod --yes
  keyloom pulumi up --stack dev -- --diff --refresh
  keyloom pulumi destroy --stack dev")]
pub(crate) struct Pulumi {
    /// What to do with the stack.
    #[arg(value_name = "OPERATION")]
    pub(crate) operation: Operation,
    #[command(flatten)]
    pub(crate) documents: Documents,
    #[command(flatten)]
    pub(crate) findings: Findings,
    /// The stack [default: the one that `pulumi stack select` selected]
    #[arg(long, short, value_name = "NAME")]
    pub(crate) stack: Option<String>,
    /// Look for the Pulumi project in DIR and above [default: here]
    #[arg(long, short = 'C', value_name = "DIR")]
    pub(crate) cwd: Option<PathBuf>,
    /// Do not ask before something is changed.
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Go on with `up` although the declaration makes nothing, so that all that the stack has is deleted.
    #[arg(long)]
    pub(crate) force: bool,
    /// Further arguments of `pulumi`.
    #[arg(last = true, value_name = "ARGUMENT")]
    pub(crate) arguments: Vec<String>,
}

/// What Pulumi does with a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Operation {
    Preview,
    Up,
    Refresh,
    Destroy,
}
