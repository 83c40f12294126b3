//! Names of blocks.

use keyloom_models::code;
use keyloom_models::name::is_reserved_variable;
use keyloom_syntax::check::Problem;

use super::Problems;
use super::written::{Block, Sort};

/// The last label is a name that references are made of.
pub(super) fn check(block: &Block<'_>, problems: &mut Problems) {
    let Some(label) = block.labels.last().filter(|_| block.sort != Sort::Check) else { return };
    let name = label.scalar().unwrap_or_default();
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    let path = &block.path;
    let mut report = |problem: Problem<_>| problems.push(Problem { path: path.clone(), ..problem });
    if !begins || !letters.all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-') {
        report(
            Problem::error(code::BAD_FORMAT, label.span(), "not a name that Terraform takes")
                .fix("begin with a letter or `_`, and use letters, digits, `_` and `-`"),
        );
    } else if block.sort == Sort::Variable && is_reserved_variable(name) {
        report(
            Problem::error(code::BAD_FORMAT, label.span(), format!("a variable cannot be called `{name}`"))
                .why("the block of a module uses that name itself"),
        );
    }
}
