//! What to run, from the command line.

use crate::Result;

/// One of the kinds of check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The server stores what is rendered.
    Accept,
    /// The server refuses what `check` refuses.
    Refuse,
    /// Declared secrets arrive.
    Sync,
    /// What others run keyloom with, or read of it, runs and reads it.
    Ci,
    /// Pulumi's engine runs the components.
    Pulumi,
    /// Declared secrets arrive from Infisical.
    Infisical,
    /// First runs of syncs are told from names that are read.
    Plan,
    /// Programs of other languages learn of changes by `keyloom listen`.
    Listen,
    /// Terraform reads what is rendered for it.
    Terraform,
    /// The workflows of pipelines are read by linters, their steps run, and what they write arrives.
    Pipelines,
    /// Replicas of an application tell each other of changes through Redis.
    Replicas,
    /// Webhooks of Infisical are handed on to the operator.
    Relay,
    /// The password of a database changes under load.
    Rotation,
    /// Applications and commands connect by name.
    Connections,
}

impl Part {
    /// Whether it needs an API server.
    pub(super) fn needs_engines(self) -> bool {
        match self {
            Self::Accept
            | Self::Refuse
            | Self::Sync
            | Self::Pulumi
            | Self::Infisical
            | Self::Pipelines
            | Self::Relay => true,
            Self::Ci
            | Self::Plan
            | Self::Listen
            | Self::Terraform
            | Self::Replicas
            | Self::Rotation
            | Self::Connections => false,
        }
    }
}

/// The arguments of `cargo xtask e2e`.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// Build the engines and stop.
    pub(super) engines_only: bool,
    only: Vec<Part>,
    words: Vec<String>,
}

impl Options {
    /// Reads the arguments; an unknown one is an error.
    pub(super) fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--engines-only" => options.engines_only = true,
                "--only" => options.only.push(part(args.next())?),
                flag if flag.starts_with('-') => {
                    return Err(format!("e2e: unknown option `{flag}`").into());
                }
                word => options.words.push(word.to_owned()),
            }
        }
        Ok(options)
    }

    /// Whether this part was asked for; without `--only` all are.
    pub(super) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Whether anything that was asked for needs an API server.
    pub(super) fn needs_engines(&self) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| part.needs_engines())
    }

    /// Whether the case of this name was asked for; without words all are.
    pub(super) fn selects(&self, case: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| case.contains(word.as_str()))
    }
}

fn part(word: Option<&String>) -> Result<Part> {
    match word.map(String::as_str) {
        Some("accept") => Ok(Part::Accept),
        Some("refuse") => Ok(Part::Refuse),
        Some("sync") => Ok(Part::Sync),
        Some("ci") => Ok(Part::Ci),
        Some("pulumi") => Ok(Part::Pulumi),
        Some("infisical") => Ok(Part::Infisical),
        Some("plan") => Ok(Part::Plan),
        Some("listen") => Ok(Part::Listen),
        Some("terraform") => Ok(Part::Terraform),
        Some("pipelines") => Ok(Part::Pipelines),
        Some("replicas") => Ok(Part::Replicas),
        Some("relay") => Ok(Part::Relay),
        Some("rotation") => Ok(Part::Rotation),
        Some("connections") => Ok(Part::Connections),
        _ => {
            Err("e2e: --only takes accept, refuse, sync, ci, pulumi, infisical, plan, listen, terraform, pipelines, replicas, relay, \
             rotation or connections"
                .into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Options> {
        Options::parse(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn everything_runs_unless_something_is_named() {
        let all = parse(&[]).unwrap();
        assert!(all.wants(Part::Accept) && all.wants(Part::Sync) && all.selects("any"));

        let some = parse(&["--only", "sync", "prefix"]).unwrap();
        assert!(some.wants(Part::Sync) && !some.wants(Part::Refuse));
        assert!(some.selects("sync/prefix") && !some.selects("sync/tls"));
        assert!(all.needs_engines() && some.needs_engines());
        assert!(!parse(&["--only", "ci"]).unwrap().needs_engines());
    }

    #[test]
    fn a_misspelt_option_is_refused() {
        assert!(parse(&["--olny", "sync"]).is_err());
        assert!(parse(&["--only", "snyc"]).is_err());
        assert!(parse(&["--only"]).is_err());
    }
}
