//! Terraform's JSON syntax (`*.tf.json`): what is wrong with blocks of it, and with all blocks of a module together.
//!
//! ```text
//! Tree --written--> blocks --module--> modules --body, value, references--> problems
//!                                             \--infisical, aws------------/
//! ```
//!
//! Terraform itself finds what its schemas say, but for one thing: an unknown key of a nested attribute (`credentials`,
//! `sync_options`, `destination_config`) is dropped in silence, so a misspelt one has no effect and nobody says so. What
//! the providers demand beyond their schemas shows at apply, half way through.
//!
//! Text with `${...}` is unknown, and unknown is never an error; what it refers to is looked up.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_models::code;
use keyloom_syntax::check::Problem;
use keyloom_syntax::{Diagnostic, FileId, Sources, Span, Spot, Tree};

mod aws;
mod body;
mod expression;
mod infisical;
mod json;
mod meta;
mod module;
mod names;
mod provider;
mod references;
mod refused;
mod value;
mod values;
mod view;
mod written;

use module::Module;
use view::TerraformView;
use written::Block;

/// A place in a file.
type Place<'p, 't> = Spot<'p, TerraformView<'t>>;
type Problems = Vec<Problem<Span>>;

/// What was found in all files of Terraform.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Every problem, in no order.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Places that no excerpt may show.
    pub(crate) hidden: Vec<Span>,
    /// Files of Terraform.
    pub(crate) files: BTreeSet<FileId>,
    /// How many resources, data sources and the like there are.
    pub(crate) resources: usize,
}

/// Looks at every file that is one of Terraform. `open` are files beside which others lie that were not handed over, so
/// that what they refer to may be declared there.
pub(crate) fn check(sources: &Sources, tree: &Tree<'_>, open: &BTreeSet<FileId>) -> Found {
    let mut found = Found::default();
    let mut problems = Problems::new();
    let mut modules: BTreeMap<&str, Module<'_>> = BTreeMap::new();
    for document in tree.documents() {
        let Some(file) = sources.file_of(document.span()) else { continue };
        let source = sources.file(file);
        if !written::is_terraform(&source.name, document) {
            continue;
        }
        found.files.insert(file);
        found.diagnostics.extend(json::check(source));
        let blocks = written::blocks(&source.name, document, &mut problems);
        let module = modules.entry(written::folder(&source.name)).or_default();
        module.open |= open.contains(&file);
        module.blocks.extend(blocks);
    }
    for module in modules.values_mut() {
        module.index();
        found.resources += module.blocks.iter().filter(|block| block.sort.is_resource()).count();
        block_by_block(module, &mut problems, &mut found.hidden);
        module.duplicates(&mut problems);
        references::check(module, &mut problems);
        infisical::together(module, &mut problems);
        aws::policies(module, &mut problems);
        values::empty(module, &mut problems);
    }
    for mut problem in problems {
        found.hidden.append(&mut problem.hidden);
        found.diagnostics.push(problem.into_diagnostic(|span| Some(*span)));
    }
    found
}

fn block_by_block(module: &Module<'_>, problems: &mut Problems, hidden: &mut Vec<Span>) {
    for block in &module.blocks {
        let from = problems.len();
        one_block(module, block, problems, hidden);
        if block.overrides {
            // What it does not say, the block below it does.
            let own = problems.split_off(from);
            problems.extend(own.into_iter().filter(|problem| !LACKS.contains(&problem.code)));
        }
    }
    provider::check(module, problems);
    provider::aliases(module, problems);
}

/// A resource that its provider wants nobody to use any more, with the day on which it stops working where there is one.
fn retired(spot: &Place<'_, '_>, resource: &str) -> Problem<Span> {
    let problem = body::deprecated(spot, resource);
    if !resource.starts_with("infisical_integration_") {
        return problem;
    }
    problem
        .why("Infisical switches its native integrations off on 2027-08-19")
        .fix("make it an app connection and a secret sync")
}

/// What a block that is laid over another may lack.
const LACKS: [&str; 4] = [code::MISSING_FIELD, code::EXACTLY_ONE, code::TOO_FEW, code::CREDENTIALS_OF_METHOD];

fn one_block(module: &Module<'_>, block: &Block<'_>, problems: &mut Problems, hidden: &mut Vec<Span>) {
    let spot = Spot::root(TerraformView::new(block.node), &block.path);
    meta::check(block, &spot, problems, hidden);
    names::check(block, problems);
    let Some(schema) = module.schema(block) else {
        return refused::unknown_type(module, block, problems);
    };
    if schema.deprecated {
        problems.push(retired(&spot, block.label(0)));
    }
    body::check(&spot, schema, block.sort.meta(), problems, hidden);
    infisical::check(module, block, &spot, problems);
    aws::check(block, &spot, problems);
    values::kept(block, &spot, problems);
}
