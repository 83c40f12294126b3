//! The command line.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

use crate::out::LIST;

mod connection;
mod form;
mod help;
mod import;
mod kind;
mod listen;
mod plan;
mod pulumi;
mod relay;
mod run;
mod schema;

pub(crate) use connection::{Backend, CheckConnections, Connection, ConnectionVerb};
#[cfg(feature = "live")]
pub(crate) use connection::{Get, GetOutput, ListConnections, Put, Test};
pub(crate) use form::TextOrJson;
pub(crate) use help::{Completions, Man};
pub(crate) use import::Import;
pub(crate) use listen::Listen;
#[cfg(all(feature = "live", unix))]
pub(crate) use listen::{FileForm, OnListenChange, Signal};
pub(crate) use plan::Plan;
#[cfg(feature = "pulumi")]
pub(crate) use pulumi::Operation;
pub(crate) use pulumi::Pulumi;
pub(crate) use relay::Relay;
pub(crate) use run::Run;
pub(crate) use schema::{Schema, SchemaOf};

const AFTER: &str = "\
What was asked for goes to standard output: manifests, hops, a schema, of `check` the
findings. Everything else goes to standard error. Nothing is sent over a network, but by
`plan`, which reads names of secrets, by `listen`, `run` and `connection`, which read secrets,
by `pulumi`, which asks Pulumi to, and by `relay`, which asks the cluster.

Exit codes:
  0  nothing is wrong, or warnings alone
  1  findings: something in the documents is an error, or a file is no text
  2  the command line is wrong, or a file cannot be opened or written
  3  a fault of keyloom itself
  4  of `plan --detailed-exitcode`: something would change

Examples:
  keyloom init --provider vault        begin a declaration
  keyloom check                        look for mistakes in ./keyloom.yaml
  keyloom render | kubectl apply -f -  hand the manifests to a cluster
  keyloom explain stores.infisical     what a field means";

/// One declaration of secrets, checked as a whole and rendered into every form that needs it.
#[derive(Debug, Parser)]
#[command(name = "keyloom", version, after_help = AFTER, max_term_width = 100)]
pub(crate) struct Args {
    /// Colour in findings: on a terminal, unless NO_COLOR is set.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// When findings have colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Write a commented keyloom.yaml to begin with.
    Init(Init),
    /// Look for mistakes; report all of them, each at its place.
    Check(Check),
    /// Write manifests for Kubernetes, configurations for Terraform, or workflows for GitHub.
    Render(Render),
    /// Look for mistakes in manifests that somebody else wrote, and mend them.
    Validate(Validate),
    /// Make a declaration of manifests, which is rendered to the same manifests.
    Import(Import),
    /// Print a JSON Schema, of the document or of connections, for editors.
    Schema(Schema),
    /// Explain a finding's code, a field of the document or a type of connection.
    Explain(Explain),
    /// Show what a declared thing becomes, hop by hop.
    Trace(Trace),
    /// Tell what the first run of each secret sync writes, imports and deletes.
    Plan(Plan),
    /// Hand the secrets of a folder of Infisical to programs of any language, and follow their changes.
    Listen(Box<Listen>),
    /// Preview, make and delete what is declared, as a Pulumi stack.
    Pulumi(Pulumi),
    /// Hand webhooks of Infisical on to the operator: whoever reads the folder that changed is synced.
    Relay(Relay),
    /// Run a command with connections of a secrets backend in its environment.
    Run(Run),
    /// Look at connections of a secrets backend, test them and write them.
    Connection(Connection),
    /// Print a completion script for a shell.
    Completions(Completions),
    /// Print a manual page.
    Man(Man),
}

/// Which documents are read, and how.
#[derive(Clone, Debug, Default, Group)]
pub(crate) struct Documents {
    /// Files to read as one declaration; `-` is standard input [default: keyloom.yaml]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Read the environment NAME in place of the base.
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Write for this version of External Secrets Operator, such as 2.9; goes before `versions.eso`.
    #[arg(long, value_name = "VERSION")]
    pub(crate) eso: Option<String>,
    /// Namespace of items that have none.
    #[arg(long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,
    /// Largest size of a file in bytes [default: 67108864]
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_bytes: Option<usize>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Group)]
pub(crate) struct Findings {
    /// Print this many findings at most, then how many there are besides.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) max_problems: usize,
    /// Take warnings for errors.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

#[derive(Debug, Group)]
#[command(after_help = "\
Without --env the base is checked, and every environment too. Manifests are
compared with the base alone, or with the environment that --env names.

A comment sets a warning or note aside, with a reason: `# keyloom: ignore CODE -- reason`
at the end of its line or on a line of its own above it, `# keyloom: ignore-file CODE -- reason`
for a file.

Examples:
  keyloom check
  keyloom check stores.yaml secrets.yaml
  keyloom check --env prod --manifests deploy/web.yaml deploy/worker.yaml
  kustomize build . | keyloom check keyloom.yaml --manifests -
  keyloom check --output json | jq -r '.[].code'
  keyloom check --output sarif --deny-warnings > keyloom.sarif")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) documents: Documents,
    #[command(flatten)]
    pub(crate) findings: Findings,
    /// Also check that every Secret key these Kubernetes manifests read is declared or among them.
    #[arg(long, value_name = "FILES", num_args = 1..)]
    pub(crate) manifests: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Form,
}

/// The form of findings, for verbs whose findings go to standard output.
#[derive(Clone, Copy, Debug, Group)]
pub(crate) struct Form {
    /// Findings for people (text), for programs (json), code scanning (sarif), test reports (junit) or GitHub Actions.
    #[arg(long, short, value_name = "FORM", default_value = "text")]
    pub(crate) output: Output,
}

/// A form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Text,
    Json,
    Sarif,
    Junit,
    Github,
}

const RENDER: &str = "\
With --out, only files that are listed in DIR/";

#[derive(Debug, Group)]
#[command(after_help = format!("{RENDER}{LIST} and were not edited since are replaced or
removed; anything else in the way is a finding, and then nothing is written.

Examples:
  keyloom render > manifests.yaml
  keyloom render --env prod --out deploy/prod --kustomization
  keyloom render --eso 0.20 --namespace my-app
  keyloom render --format terraform > main.tf.json"))]
pub(crate) struct Render {
    #[command(flatten)]
    pub(crate) documents: Documents,
    #[command(flatten)]
    pub(crate) findings: Findings,
    /// What is written: to standard output one format [default: kubernetes], with --out all, or this one.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write files below DIR, and remove those that are no longer made.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace and remove files although they were edited, or are not ours.
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Also write kubernetes/kustomization.yaml.
    #[arg(long, requires = "out")]
    pub(crate) kustomization: bool,
}

/// An output form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Kubernetes,
    Terraform,
    Workflow,
}

impl From<Format> for keyloom_codegen::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Kubernetes => Self::Kubernetes,
            Format::Terraform => Self::Terraform,
            Format::Workflow => Self::Workflow,
        }
    }
}

#[derive(Debug, Group)]
#[command(after_help = "\
Of directories every *.yaml, *.yml and *.json below is read, but nothing whose name begins
with a dot. Objects of other kinds are passed over. Stores and Secrets that are not among the
files are not missing: nobody knows here what the cluster has.

A comment sets a finding aside, with a reason: `# keyloom: ignore CODE -- reason` at the
end of its line or on a line of its own above it, `# keyloom: ignore-file CODE -- reason`
for a file.

Examples:
  keyloom validate .
  keyloom validate --eso 0.20 deploy/ stores.yaml
  keyloom validate --diff .            show what --fix would change
  kustomize build . | keyloom validate -
  helm template . | keyloom validate -")]
pub(crate) struct Validate {
    /// Files, and directories with all that is below; `-` is standard input.
    #[arg(value_name = "FILE|DIR", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Check for this version of External Secrets Operator [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub(crate) eso: Option<String>,
    /// Largest size of a file in bytes [default: 67108864]
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_bytes: Option<usize>,
    /// Mend in place what can be mended without a decision, then report the rest. What was read from standard input goes to
    /// standard output, findings then go to standard error.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Show what --fix would change, and write nothing; exit code 1 if something would change.
    #[arg(long, conflicts_with = "fix")]
    pub(crate) diff: bool,
    #[command(flatten)]
    pub(crate) findings: Findings,
    #[command(flatten)]
    pub(crate) output: Form,
}

#[derive(Debug, Group)]
#[command(after_help = "\
Without an argument the codes are listed.

Examples:
  keyloom explain two-auth-methods
  keyloom explain externalSecrets.databaseCredentials.url
  keyloom explain connections.postgres        what `details` of this type takes")]
pub(crate) struct Explain {
    /// The code of a finding, the path of a field, or `connections.` and a type of connection.
    #[arg(value_name = "CODE|FIELD.PATH")]
    pub(crate) what: Option<String>,
}

#[derive(Debug, Group)]
#[command(after_help = "\
Several things of that name are all shown.

Examples:
  keyloom trace postgres
  keyloom trace externalSecrets/my-app/postgres --env prod
  keyloom trace stores/vault deploy/keyloom.yaml")]
pub(crate) struct Trace {
    /// NAME, NAMESPACE/NAME, LIST/NAME or LIST/NAMESPACE/NAME of anything that is declared.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) documents: Documents,
}

#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  keyloom init
  keyloom init --provider aws deploy/keyloom.yaml")]
pub(crate) struct Init {
    /// The file to write; one that is there already is left alone.
    #[arg(value_name = "FILE", default_value = crate::inputs::DEFAULT)]
    pub(crate) file: PathBuf,
    /// Where the secrets are kept.
    #[arg(long, value_name = "PROVIDER", default_value = "infisical")]
    pub(crate) provider: Provider,
}

/// A backend to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Provider {
    Infisical,
    InfisicalSyncs,
    Vault,
    Aws,
    #[value(name = "onepassword")]
    OnePassword,
    Kubernetes,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definitions_agree_with_each_other() {
        super::Args::command().debug_assert();
    }

    /// Words that were broken into lines by hand are broken again where a line is wider than the page.
    #[test]
    fn no_line_of_the_help_of_connections_is_a_word_alone() {
        let mut whole = super::Args::command();
        let connection = whole.find_subcommand_mut("connection").unwrap();
        let mut pages = vec![connection.render_long_help().to_string()];
        pages.extend(connection.get_subcommands_mut().map(|verb| verb.render_long_help().to_string()));
        for page in pages {
            let lines: Vec<_> = page.lines().collect();
            for pair in lines.windows(2) {
                let is_broken = pair[0].len() > 80 && !pair[1].starts_with(' ') && !pair[1].is_empty();
                assert!(!is_broken || pair[1].split(' ').count() > 1 || pair[1].ends_with('.'), "{page}");
            }
        }
    }
}
