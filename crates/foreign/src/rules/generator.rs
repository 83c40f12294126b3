//! Generators.

use std::collections::BTreeMap;

use keyloom_syntax::Severity;
use keyloom_upstream::eso::Kind;

use super::{Place, Problems};
use crate::object::Object;

pub(super) fn check(object: &Object<'_>, kind: Kind, spec: &Place<'_, '_>, problems: &mut Problems) {
    match kind {
        Kind::Password => keys(spec, problems),
        Kind::ClusterGenerator => cluster_generator(spec, problems),
        Kind::GeneratorState => {
            let place = object.kind.map_or(object.node.span(), |kind| kind.span());
            let mut problem = spec
                .error("not-allowed", "nobody but the operator writes a GeneratorState")
                .severity(Severity::Warning)
                .fix("remove it: the operator makes its own");
            problem.at = place;
            "kind".clone_into(&mut problem.path);
            problems.push(problem);
        }
        _ => {}
    }
}

/// The keys that a password is written to.
fn keys(spec: &Place<'_, '_>, problems: &mut Problems) {
    let mut seen = BTreeMap::new();
    for key in spec.get("secretKeys").iter().flat_map(Place::items) {
        let Some(name) = key.text().map(str::to_owned) else { continue };
        if let Some(first) = seen.insert(name, key.place()) {
            problems.push(
                key.error("duplicate-secret-key", "a key is named twice")
                    .and(first, "first here")
                    .why("the operator refuses to generate anything")
                    .fix("remove one"),
            );
        }
    }
}

/// `kind` and the block beside it must agree.
fn cluster_generator(spec: &Place<'_, '_>, problems: &mut Problems) {
    let Some(kind) = spec.get("kind") else { return };
    let Some(generator) = spec.get("generator") else { return };
    let (Some(name), Some((block, at))) = (kind.text(), generator.entries().next()) else { return };
    let fits = block.strip_suffix("Spec").is_some_and(|block| block.eq_ignore_ascii_case(name));
    if !fits {
        problems.push(
            at.error_at_key("foreign-provider-block", format!("`{block}` is not the block of a {name}"))
                .and(kind.place(), "this kind is said")
                .why("the API server takes the two together, and the operator fails at every sync")
                .fix("let `kind` and the block name the same generator"),
        );
    }
}
