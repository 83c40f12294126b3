//! Types of resources that a provider does not have.

use keyloom_models::code;
use keyloom_syntax::check::Problem;
use keyloom_syntax::suggest::suggest;
use keyloom_upstream::terraform::{self, Provider};

use super::Problems;
use super::module::Module;
use super::written::{Block, Sort};

/// Reports the type of a resource when its provider, all of which is known, has none of that name.
pub(super) fn unknown_type(module: &Module<'_>, block: &Block<'_>, problems: &mut Problems) {
    let (Some(kind), Some(provider)) = (block.sort.kind(), module.provider_of(block)) else { return };
    let (Some(label), name) = (block.labels.first(), block.label(0)) else { return };
    let of_other = Provider::of_type(name) != Some(provider);
    if of_other || !provider.is_complete() {
        return;
    }
    let what = words(block.sort);
    let mut problem = Problem::error(
        code::UNKNOWN_RESOURCE,
        label.span(),
        format!("{} has no {what} `{name}`", provider.source()),
    );
    let others = [Sort::Resource, Sort::Data, Sort::Ephemeral];
    let other = others
        .into_iter()
        .find(|sort| sort.kind().is_some_and(|kind| terraform::schema(kind, name).is_some()));
    match (other, suggest(name, provider.names(kind))) {
        (Some(other), _) => {
            problem.label = format!("it is a {}", words(other));
            problem.fix = Some(format!("move it to `{}`", other.name()));
        }
        (None, Some(near)) => problem.label = format!("did you mean `{near}`?"),
        (None, None) => {
            problem.why = Some(format!("as of version {}", provider.version()));
        }
    }
    problem.path.clone_from(&block.path);
    problems.push(problem);
}

fn words(sort: Sort) -> &'static str {
    match sort {
        Sort::Data => "data source",
        Sort::Ephemeral => "ephemeral resource",
        _ => "resource",
    }
}
