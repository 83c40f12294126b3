//! `keyloom completions` and `keyloom man`.

use std::path::PathBuf;

use clap::Args as Group;
use clap_complete::Shell;

#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  keyloom completions bash > ~/.local/share/bash-completion/completions/keyloom
  keyloom completions zsh > \"${fpath[1]}/_keyloom\"
  keyloom completions fish > ~/.config/fish/completions/keyloom.fish")]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  keyloom man | man -l -
  keyloom man check > keyloom-check.1
  keyloom man --out ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// The verb that the page is about [default: the whole command]
    #[arg(value_name = "VERB")]
    pub(crate) verb: Option<String>,
    /// Write every page into DIR.
    #[arg(long, value_name = "DIR", conflicts_with = "verb")]
    pub(crate) out: Option<PathBuf>,
}
