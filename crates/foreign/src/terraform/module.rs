//! [`Module`]: all blocks of a folder, which Terraform reads as one.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_models::code;
use keyloom_syntax::check::Problem;
use keyloom_syntax::{Node, Span};
use keyloom_upstream::terraform::{Provider, Schema, schema};

use super::expression::{Reference, of_address};
use super::written::{Block, Sort};
use super::{Problems, provider};

/// All blocks of the files of a folder.
#[derive(Debug, Default)]
pub(super) struct Module<'t> {
    /// Whether there may be more blocks than these.
    pub(super) open: bool,
    /// The blocks, in the order of the files.
    pub(super) blocks: Vec<Block<'t>>,
    /// Where each block is, by sort and labels.
    places: BTreeMap<(Sort, Vec<&'t str>), usize>,
    /// What each local name of a provider stands for, as `required_providers` says.
    pub(super) sources: BTreeMap<&'t str, &'t str>,
    /// Types of all resources and the like.
    types: BTreeSet<(Sort, &'t str)>,
    /// Names of all `locals`.
    locals: BTreeSet<&'t str>,
}

impl<'t> Module<'t> {
    /// Notes what is declared.
    pub(super) fn index(&mut self) {
        for (at, block) in self.blocks.iter().enumerate() {
            match block.sort {
                Sort::Locals => self.locals.extend(block.node.entries().filter_map(|(key, _)| key.scalar())),
                Sort::Terraform => self.sources.extend(provider::sources(block)),
                Sort::Check
                | Sort::Data
                | Sort::Ephemeral
                | Sort::Import
                | Sort::Module
                | Sort::Moved
                | Sort::Output
                | Sort::Provider
                | Sort::Removed
                | Sort::Resource
                | Sort::Variable => {
                    let labels = (0..block.labels.len()).map(|at| block.label(at)).collect();
                    self.types.insert((block.sort, block.label(0)));
                    self.places.entry((block.sort, labels)).or_insert(at);
                }
            }
        }
    }

    /// The block of that sort with these labels.
    pub(super) fn block(&self, sort: Sort, labels: &[&'t str]) -> Option<&Block<'t>> {
        self.places.get(&(sort, labels.to_vec())).and_then(|at| self.blocks.get(*at))
    }

    /// Blocks of a sort.
    pub(super) fn of(&self, sort: Sort) -> impl Iterator<Item = &Block<'t>> {
        self.blocks.iter().filter(move |block| block.sort == sort)
    }

    /// Whether there is a block of that sort and type.
    pub(super) fn has_type(&self, sort: Sort, name: &str) -> bool {
        self.types.contains(&(sort, name))
    }

    /// Whether there is a local of that name.
    pub(super) fn has_local(&self, name: &str) -> bool {
        self.locals.contains(name)
    }

    /// Names of all locals.
    pub(super) fn locals(&self) -> impl Iterator<Item = &'t str> {
        self.locals.iter().copied()
    }

    /// The local name of the provider that makes a resource: what its `provider` says, or what its type begins with.
    pub(super) fn local_name(&self, block: &Block<'t>) -> &'t str {
        let said = block.node.get("provider").and_then(Node::as_str);
        let said = said.map(of_address).and_then(|found| found.first().and_then(|first| first.name(0)));
        said.unwrap_or_else(|| block.label(0).split('_').next().unwrap_or_default())
    }

    /// The provider behind a local name, when it is one whose schema is known.
    pub(super) fn provider(&self, local: &str) -> Option<Provider> {
        match self.sources.get(local) {
            Some(source) => Provider::ALL.into_iter().find(|known| known.source() == plain(source)),
            // Where other files may say it, the usual name stands for the usual provider.
            None => Provider::ALL.into_iter().find(|known| known.name() == local),
        }
    }

    /// The provider whose schema answers for a block.
    pub(super) fn provider_of(&self, block: &Block<'t>) -> Option<Provider> {
        match block.sort {
            Sort::Provider => self.provider(block.label(0)),
            sort if sort.is_resource() => self.provider(self.local_name(block)),
            _ => None,
        }
    }

    /// The schema of a block: a resource of a known type, or the block of a known provider.
    pub(super) fn schema(&self, block: &Block<'t>) -> Option<&'static Schema> {
        let provider = self.provider_of(block)?;
        match block.sort.kind() {
            None => Some(provider.config()),
            Some(kind) => {
                schema(kind, block.label(0)).filter(|_| Provider::of_type(block.label(0)) == Some(provider))
            }
        }
    }

    /// The resource that a reference leads to, and how many of its steps do.
    pub(super) fn resource(&self, reference: &Reference<'t>) -> Option<(&Block<'t>, usize)> {
        let (sort, from) = match reference.name(0)? {
            "data" => (Sort::Data, 1),
            "ephemeral" => (Sort::Ephemeral, 1),
            "resource" => (Sort::Resource, 1),
            _ => (Sort::Resource, 0),
        };
        let labels = [reference.name(from)?, reference.name(from + 1)?];
        Some((self.block(sort, &labels)?, from + 2))
    }

    /// Two blocks that declare the same thing.
    pub(super) fn duplicates(&self, problems: &mut Problems) {
        let mut seen: BTreeMap<(Sort, Vec<&str>), Span> = BTreeMap::new();
        for block in &self.blocks {
            let mut labels: Vec<_> = (0..block.labels.len()).map(|at| block.label(at)).collect();
            if labels.is_empty() || block.overrides {
                continue;
            }
            if block.sort == Sort::Provider {
                labels.push(block.node.get("alias").and_then(Node::as_str).unwrap_or_default());
            }
            let place = block.name_span();
            if let Some(first) = seen.insert((block.sort, labels), place) {
                let mut problem = Problem::error(
                    code::DUPLICATE_ITEM,
                    place,
                    format!("`{}` is declared twice", block.address()),
                )
                .and(first, "first here")
                .why("all files of a folder are one module, in which Terraform wants each name once");
                problem.path.clone_from(&block.path);
                problems.push(problem);
            }
        }
    }
}

/// An address of a provider without the registry that is meant anyway.
fn plain(source: &str) -> String {
    let source = source.strip_prefix("registry.terraform.io/").unwrap_or(source);
    source.strip_prefix("registry.opentofu.org/").unwrap_or(source).to_ascii_lowercase()
}
