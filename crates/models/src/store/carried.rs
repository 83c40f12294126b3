//! Providers without a type of their own: the block is the operator's, checked against its CRD and carried as it is
//! written. Which there are, the CRD says; what else is known of each stands in `table.rs`.

use std::sync::OnceLock;

use keyloom_syntax::check::{Problem, check_under, fits};
use keyloom_syntax::schema::Schema as Compiled;
use keyloom_syntax::spot::Spot;
use keyloom_syntax::view::View;
use keyloom_syntax::{Block, Text};
use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{EsoVersion, Kind, spec};
use keyloom_upstream::rules::cel::Rules;
use keyloom_upstream::rules::webhook;
use serde_json::Value;
use validator::{ValidationError, ValidationErrors};

use super::ProviderKind;
use crate::address::Address;
use crate::block;
use crate::finding::{Findings, Place};
use crate::schema::{outline, part};
use crate::selector::SecretKeySelector;
use crate::validate::newer::Asker;
use crate::validate::selectors::Scope;

mod rules;
pub(crate) mod schema;
mod table;

/// A provider that is carried: the key under ESO's `spec.provider`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Carried(&'static str);

/// A carried provider's block, in the operator's own words (ESO's `spec.provider.NAME`).
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedConfig {
    provider: Carried,
    block: Block,
}

impl Carried {
    /// What the block of the provider `pulumi` is called in Pulumi's own programs, where that word is taken.
    pub(crate) const PULUMI_BLOCK: &str = "pulumiEsc";

    /// The carried provider of that name, if the newest known operator has it.
    ///
    /// ```
    /// use keyloom_models::store::carried::Carried;
    /// assert_eq!(Carried::named("gcpsm").map(Carried::as_str), Some("gcpsm"));
    /// assert_eq!(Carried::named("vault"), None); // it has a type of its own
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|provider| provider.0 == name)
    }

    /// The carried provider whose block stands under that key of a store. What nearly every store has is told without a
    /// look at the CRD.
    pub(crate) fn at_key(key: &str) -> Option<Self> {
        const USUAL: [&str; 5] = ["name", "namespace", "provider", "clusterScoped", "conditions"];
        let usual = USUAL.contains(&key) || ProviderKind::TYPED.iter().any(|kind| kind.as_str() == key);
        if usual { None } else { Self::named(key) }
    }

    /// The carried provider whose block a program of Pulumi hands over under that key.
    pub(crate) fn at_input(key: &str) -> Option<Self> {
        Self::at_key(if key == Self::PULUMI_BLOCK { "pulumi" } else { key })
    }

    /// Every carried provider, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        let typed = |name: &str| ProviderKind::TYPED.iter().any(|kind| kind.as_str() == name);
        providers().names().map(Self).filter(move |provider| !typed(provider.0))
    }

    /// The name in documents and in ESO's `spec.provider`.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// How its addresses are read.
    pub(crate) fn address(self) -> &'static Address {
        &table::row(self).address
    }

    /// What its block may hold.
    pub(crate) fn upstream(self) -> Cursor<'static> {
        // A name is made of the same schema.
        providers().property(self.0).unwrap_or_else(providers)
    }

    /// What its block is held against, made when it is first asked for: most documents hold one carried provider, or none.
    pub(crate) fn shape(self) -> Option<&'static Shape> {
        static SHAPES: OnceLock<Vec<(Carried, OnceLock<Option<Shape>>)>> = OnceLock::new();
        let all = SHAPES.get_or_init(|| Self::all().map(|provider| (provider, OnceLock::new())).collect());
        let (_, made) = all.iter().find(|(provider, _)| *provider == self)?;
        let make = || {
            let definition = format!("#/definitions/{}", schema::definition(self));
            let part = part(outline::whole(), |generator| schema::define(self, generator));
            let [structure] = Compiled::compile_parts(&part, [&*definition], crate::code::CODES).ok()?;
            Some(Shape { provider: self.0, structure, rules: Rules::of(self.upstream()) })
        };
        made.get_or_init(make).as_ref()
    }
}

/// What a block is held against: its structure, and the rules of the CRD and of the webhook.
pub(crate) struct Shape {
    provider: &'static str,
    structure: Compiled,
    rules: Rules,
}

impl Shape {
    /// Everything that is wrong with a block. `path` is where it stands.
    pub(crate) fn problems<V: View>(&self, block: V, path: &str) -> Vec<Problem<V::At>> {
        let mut problems = Vec::new();
        if !fits(block, &self.structure) {
            check_under(block, &self.structure, path, &mut problems);
        }
        // What is misshapen is reported; rules over it would say it in other words.
        if problems.is_empty() {
            let block = Spot::root(block, path);
            self.rules.check(&block, &mut problems);
            webhook::check_provider(self.provider, &block, &mut problems);
        }
        problems
    }
}

/// Takes anything for the blocks of stores in a part of the document schema: each provider's structure is looked at by
/// itself, when a store has it.
pub(crate) fn open(schema: &mut Value) {
    if let Some(stores) = schema["definitions"]["SecretStoreConfig"]["properties"].as_object_mut() {
        for provider in Carried::all() {
            stores.insert(provider.as_str().to_owned(), Value::Bool(true));
        }
    }
}

fn providers() -> Cursor<'static> {
    let root = spec(EsoVersion::newest(), Kind::SecretStore).root();
    root.property("provider").unwrap_or(root)
}

impl CarriedConfig {
    /// The block of that provider.
    pub fn new(provider: Carried, block: Block) -> Self {
        Self { provider, block }
    }

    /// Which provider it is.
    pub fn provider(&self) -> Carried {
        self.provider
    }

    /// What is handed on.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Which part of the backend it reads: what stands at the top of its block.
    pub(crate) fn scope(&self) -> Vec<(&'static str, Text)> {
        let shown = self.provider.upstream().properties().filter(|(name, _)| *name != "caBundle");
        shown.filter_map(|(name, _)| Some((name, self.block.get(name)?.text()?.clone()))).collect()
    }

    /// Which values its block writes out, by their number in `data`: those of `fake`.
    pub(crate) fn literal_values(&self) -> Vec<usize> {
        if self.provider.0 == "fake" { rules::literal_values(&self.block) } else { Vec::new() }
    }

    /// Every key of a Secret that the block refers to and gives a value for, at its place.
    pub(super) fn selectors_mut(
        &mut self,
        place: &Place,
        meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
    ) {
        block::credentials(self.provider.upstream(), &mut self.block, place, meet);
    }

    pub(super) fn needs_namespaces(&self) -> bool {
        table::row(self.provider).strict
    }

    /// For a block built in Rust; from text it has been checked.
    pub(super) fn validate(&self) -> Result<(), ValidationErrors> {
        let fits = self.provider.shape().is_some_and(|shape| shape.problems(&self.block, "").is_empty());
        let mut errors = ValidationErrors::new();
        if !fits {
            errors.add(self.provider.0, ValidationError::new("block"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Rules of its block.
    pub(super) fn check(&self, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
        let upstream = self.provider.upstream();
        block::references(upstream, &self.block, scope, place, findings);
        block::literals(upstream, &self.block, place, findings);
        rules::check(self, place, findings);
    }

    /// Fields and words that some known version of the operator lacks.
    pub(super) fn newer(&self, ask: &mut Asker<'_>, place: &Place) {
        let path = ["provider", self.provider.0].join(".");
        ask.block(&path, self.provider.upstream(), &self.block, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_of_the_operator_is_typed_or_carried_and_known() {
        let carried: Vec<_> = Carried::all().map(Carried::as_str).collect();
        assert_eq!(carried.len() + ProviderKind::TYPED.len(), providers().properties().count());
        assert_eq!(table::names(), carried, "a row for each, sorted");
    }

    #[test]
    fn every_block_compiles() {
        for provider in Carried::all() {
            provider.shape().unwrap().structure.compile_patterns().unwrap();
        }
    }
}
