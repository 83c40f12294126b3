//! Pipelines: the rules about them, in their order.

use crate::config::pipeline::Pipeline;
use crate::document::Item;
use crate::finding::Findings;
use crate::pipeline::PipelineConfig;
use crate::service::ServiceConfig;
use crate::validate::world::World;

mod claims;
mod expand;
mod handed;
mod legal;
mod limits;
mod meaning;
mod policies;
mod regions;
mod scope;
mod settings;
mod stores;
mod subject;
mod taken;
mod writers;

use expand::Expanded;
use subject::Subject;

pub(crate) use claims::{Claim, claims};
pub(crate) use expand::AT_GITHUB;
pub(super) use expand::expand;
pub use policies::covers;

/// What each pipeline means.
pub(super) fn make(items: &[Item<PipelineConfig>], findings: &mut Findings) -> Vec<Pipeline> {
    let made: Vec<_> = items.iter().map(|item| meaning::of(&item.value)).collect();
    let all = Subject::all(items, &made);
    for subject in &all {
        legal::check(subject, findings);
        settings::check(subject, findings);
        limits::check(subject, findings);
        handed::check(subject, findings);
        taken::within(subject, findings);
        scope::check(subject, findings);
        policies::reader(subject, findings);
    }
    taken::across(&all, findings);
    scope::across(&all, findings);
    policies::count(&all, findings);
    made
}

/// What pipelines have to do with what else is declared.
pub(super) fn agree(
    items: &[Item<PipelineConfig>],
    expanded: &Expanded,
    services: &[ServiceConfig],
    world: &World<'_>,
    findings: &mut Findings,
) {
    let all = Subject::all(items, world.pipelines);
    for subject in &all {
        stores::check(subject, expanded, world, findings);
        regions::check(subject, findings);
    }
    regions::pods(&all, services, findings);
    writers::check(&all, world, findings);
}
