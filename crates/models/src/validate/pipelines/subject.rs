//! [`Subject`]: a pipeline as the rules look at it.

use crate::config::pipeline::Pipeline;
use crate::document::Item;
use crate::finding::{List, Place};
use crate::pipeline::PipelineConfig;

/// What was written, what it means, and where it stands.
#[derive(Clone, Copy)]
pub(in crate::validate) struct Subject<'a> {
    pub(super) number: usize,
    pub(super) written: &'a PipelineConfig,
    pub(super) made: &'a Pipeline,
}

impl<'a> Subject<'a> {
    /// All of them, in the declaration's order.
    pub(in crate::validate) fn all(items: &'a [Item<PipelineConfig>], made: &'a [Pipeline]) -> Vec<Self> {
        let both = items.iter().zip(made).enumerate();
        both.map(|(number, (item, made))| Self { number, written: &item.value, made }).collect()
    }

    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        Place::item(List::Pipelines, self.number)
    }

    /// Where an entry of `secrets` stands.
    pub(super) fn secret(&self, number: usize) -> Place {
        self.place().at("secrets").at(number)
    }

    /// Name of the pipeline, for messages.
    pub(super) fn name(&self) -> &'a str {
        self.written.name.shown()
    }
}
