//! Which provider is meant: `required_providers`, and what Terraform assumes without it.

use keyloom_models::code;
use keyloom_syntax::Node;
use keyloom_syntax::check::Problem;
use keyloom_syntax::tree::Kind;
use keyloom_upstream::terraform::Provider;

use super::Problems;
use super::module::Module;
use super::written::{Block, COMMENT, Sort};

/// What a `terraform` block says that local names stand for.
pub(super) fn sources<'t>(block: &Block<'t>) -> Vec<(&'t str, &'t str)> {
    let required = block.node.get("required_providers");
    let objects = required.into_iter().flat_map(|node| [node].into_iter().chain(node.items()));
    let entries = objects.flat_map(Node::entries);
    let source = |(key, value): (Node<'t>, Node<'t>)| {
        let name = key.scalar().filter(|name| *name != COMMENT)?;
        // A string is a version alone, and means HashiCorp's provider of that name.
        let source =
            if value.kind() == Kind::Mapping { value.get("source").and_then(Node::as_str) } else { None };
        Some((name, source.unwrap_or_default())).filter(|(_, source)| !source.is_empty())
    };
    entries.filter_map(source).collect()
}

/// A resource may name a configuration of its provider, which has to be there.
pub(super) fn aliases(module: &Module<'_>, problems: &mut Problems) {
    let given = module.of(Sort::Terraform).any(|block| {
        let required = block.node.get("required_providers");
        required
            .into_iter()
            .flat_map(Node::entries)
            .any(|(_, value)| value.get("configuration_aliases").is_some())
    });
    if module.open || given {
        return;
    }
    for block in module.blocks.iter().filter(|block| block.sort.is_resource()) {
        let Some(named) = block.node.get("provider") else { continue };
        let Some((local, alias)) = named.as_str().and_then(|text| text.split_once('.')) else { continue };
        let is_it = |provider: &&Block<'_>| {
            provider.label(0) == local && provider.node.get("alias").and_then(Node::as_str) == Some(alias)
        };
        if !module.of(Sort::Provider).any(|provider| is_it(&provider)) {
            let message = format!("no configuration of `{local}` has the alias `{alias}`");
            let mut problem = Problem::error(code::UNKNOWN_REFERENCE, named.span(), message);
            problem.path = format!("{}.provider", block.path);
            problems.push(problem);
        }
    }
}

/// Without a source, Terraform looks for HashiCorp's provider of that name, and of Infisical there is none.
pub(super) fn check(module: &Module<'_>, problems: &mut Problems) {
    let name = Provider::Infisical.name();
    if module.open || module.sources.contains_key(name) {
        return;
    }
    let uses = |block: &&Block<'_>| match block.sort {
        Sort::Provider => block.label(0) == name,
        sort => sort.is_resource() && module.local_name(block) == name,
    };
    if let Some(block) = module.blocks.iter().find(uses) {
        let mut problem = Problem::error(
            code::MISSING_FIELD,
            block.labels.first().map_or(block.node.span(), |label| label.span()),
            format!("`terraform.required_providers` does not say which provider `{name}` is"),
        )
        .why(format!("without it Terraform looks for hashicorp/{name}, which does not exist"))
        .fix(format!(
            "add {{\"terraform\": {{\"required_providers\": {{\"{name}\": {{\"source\": \"{}\"}}}}}}}}",
            Provider::Infisical.source()
        ));
        problem.path.clone_from(&block.path);
        problems.push(problem);
    }
}
