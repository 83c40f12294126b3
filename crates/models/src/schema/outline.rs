//! Two ways to derive the document schema: whole, and as an outline in which carried blocks are only named.
//!
//! Most of the schema is what the operator's CRDs say about blocks that hardly any document has. A program that runs for
//! milliseconds leaves them out until it meets one.

use schemars::generate::SchemaSettings;
use schemars::transform::Transform;
use schemars::{Schema, SchemaGenerator};

/// Marks a generator: nothing else reaches the types whose schema is derived.
#[derive(Clone)]
struct Outline;

impl Transform for Outline {
    fn transform(&mut self, _: &mut Schema) {}
}

/// For everything.
pub(crate) fn whole() -> SchemaGenerator {
    let mut settings = SchemaSettings::draft07();
    settings.untagged_enum_variant_titles = false;
    settings.into_generator()
}

/// For an outline.
pub(crate) fn generator() -> SchemaGenerator {
    let settings = whole().settings().clone();
    settings.with_transform(Outline).into_generator()
}

/// Whether an outline is wanted.
pub(crate) fn is_wanted(generator: &mut SchemaGenerator) -> bool {
    generator.transforms_mut().any(|transform| transform.is::<Outline>())
}
