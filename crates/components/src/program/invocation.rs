//! [`Invocation`]: what was asked of the inline runner on the command line.

use std::path::PathBuf;

use keyloom_syntax::suggest::suggest;
use thiserror::Error;

/// What the stock command is asked to do with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Show what `up` would do.
    Preview,
    /// Create, update and delete until the stack is what the program says.
    Up,
    /// Read what is really there into the state.
    Refresh,
    /// Delete everything; the program is not run.
    Destroy,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 4] = [Self::Preview, Self::Up, Self::Refresh, Self::Destroy];

    /// The verb as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Up => "up",
            Self::Refresh => "refresh",
            Self::Destroy => "destroy",
        }
    }

    /// Whether there may be no stack and no project yet.
    pub(crate) fn begins(self) -> bool {
        match self {
            Self::Preview | Self::Up => true,
            Self::Refresh | Self::Destroy => false,
        }
    }
}

/// A verb of the stock command, for which stack, where, and everything else that is handed on to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// What to do.
    pub verb: Verb,
    /// The stack; without one, that which `pulumi stack select` selected.
    pub stack: Option<String>,
    /// Where the project is looked for; without it, here.
    pub directory: Option<PathBuf>,
    /// Further arguments of `pulumi`, as they are.
    pub arguments: Vec<String>,
}

/// Why a command line is not understood.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum UsageError {
    /// Nothing was asked for, or how to ask.
    #[error("{USAGE}")]
    Help,
    #[error("there is no verb `{verb}`{hint}\n\n{USAGE}")]
    Verb { verb: String, hint: String },
    #[error("{0} wants a value")]
    Value(String),
}

const USAGE: &str = "\
This is a Pulumi program. Without a language host it drives the Pulumi CLI itself:

  preview [--stack NAME] [ARGUMENT ...]  show what would change
  up      [--stack NAME] [ARGUMENT ...]  preview, ask, and change it (--yes does not ask)
  refresh [--stack NAME] [ARGUMENT ...]  read what is really there into the state
  destroy [--stack NAME] [ARGUMENT ...]  delete everything, without running the program

The project is looked for here (or in --cwd DIR) and above; preview and up write a Pulumi.yaml
where there is none, and make the stack. Every other argument, and all behind `--`, is handed
on to `pulumi`.";

impl Invocation {
    /// Reads the arguments, without the program's name.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, UsageError> {
        let mut rest = arguments.into_iter();
        let verb = match rest.next() {
            Some(word) if !["help", "--help", "-h"].contains(&word.as_str()) => self::verb(word)?,
            Some(_) | None => return Err(UsageError::Help),
        };
        let mut read = Self { verb, stack: None, directory: None, arguments: Vec::new() };
        while let Some(argument) = rest.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let mut value =
                || value.clone().or_else(|| rest.next()).ok_or_else(|| UsageError::Value(name.to_owned()));
            match name {
                "--stack" | "-s" => read.stack = Some(value()?),
                "--cwd" | "-C" => read.directory = Some(value()?.into()),
                // What stands behind is not ours, whatever it is.
                "--" => read.arguments.extend(rest.by_ref()),
                _ => read.arguments.push(argument),
            }
        }
        Ok(read)
    }
}

fn verb(word: String) -> Result<Verb, UsageError> {
    let known = Verb::ALL.into_iter().find(|verb| verb.as_str() == word);
    known.ok_or_else(|| {
        let near = suggest(&word, Verb::ALL.into_iter().map(Verb::as_str));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        UsageError::Verb { verb: word, hint }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Invocation, UsageError> {
        Invocation::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn what_is_ours_is_taken_and_the_rest_is_handed_on() {
        for line in ["up --stack dev --yes --diff -C there", "up --yes -s dev --cwd=there --diff"] {
            let read = parse(line).unwrap();
            assert_eq!((read.verb, read.stack.as_deref()), (Verb::Up, Some("dev")));
            assert_eq!(read.directory, Some("there".into()));
            assert_eq!(read.arguments, ["--yes", "--diff"]);
        }
        assert_eq!(parse("up --stack dev -- -C --yes").unwrap().arguments, ["-C", "--yes"]);
        assert_eq!(parse("destroy --target=urn:a").unwrap().arguments, ["--target=urn:a"]);
    }

    #[test]
    fn what_is_not_understood_says_how_to_ask() {
        assert_eq!(parse(""), Err(UsageError::Help));
        let wrong = parse("preveiw").unwrap_err().to_string();
        assert!(
            wrong.starts_with("there is no verb `preveiw`; did you mean `preview`?\n\nThis is"),
            "{wrong}"
        );
        assert_eq!(parse("up --stack").unwrap_err().to_string(), "--stack wants a value");
    }
}
