//! From the inputs of a component to what they say: every problem at once.

use std::sync::{LazyLock, OnceLock};

use keyloom_models::schema::compile;
use keyloom_models::schema::inputs::ESO;
use keyloom_resources::component::{Component, Inputs};
use keyloom_syntax::check::{Problem, check};
use keyloom_syntax::schema::Schema;
use keyloom_syntax::{Block, Severity};
use keyloom_wire::property::{Property, PropertyMap};
use serde_json::Value as Json;

use crate::origins::OriginTable;
use crate::problem::{InputProblem, words};

mod block;
mod guide;
mod judge;
mod view;

use guide::Guide;
use view::{Input, Somewhere};

/// What inputs say, as far as it can be judged without the rest.
pub(crate) struct Read {
    /// What they say.
    pub(crate) inputs: Inputs,
    /// Version of External Secrets Operator that an item is written for, if that is said.
    pub(crate) eso: Option<String>,
    /// What the user is told though nothing fails.
    pub(crate) warnings: Vec<String>,
    /// What is wrong all the same, beside what the rules will find.
    pub(crate) problems: Vec<InputProblem>,
}

/// Reads the inputs of a component.
pub(crate) fn read(
    component: Component,
    name: &str,
    inputs: &PropertyMap,
    origins: &OriginTable,
) -> Result<Read, Vec<InputProblem>> {
    let shape = Shape::of(component);
    let mut found = Vec::new();
    check(Input::new(&Property::from(inputs.clone())), &shape.schema, &mut found);
    let (mut problems, warnings) = sorted(found);
    let fits = problems.is_empty();
    problems.extend(judge::judge(inputs, &shape.guide, fits));
    let mut fields = block::block(inputs, origins);
    let eso = apart(component, &mut fields);
    match component.read(name, &fields) {
        Ok(inputs) if fits => Ok(Read { inputs, eso, warnings, problems }),
        Err(error) if problems.is_empty() => Err(vec![InputProblem::new("", error.to_string())]),
        Ok(_) | Err(_) => Err(problems),
    }
}

/// Takes out what an item is written for. A declaration has it among its own fields.
fn apart(component: Component, fields: &mut Block) -> Option<String> {
    match component {
        Component::AppConnection | Component::SecretSync | Component::Keyloom => None,
        Component::SecretStore
        | Component::ExternalSecret
        | Component::DatabaseCredentials
        | Component::ApiKey
        | Component::TlsCertificate => fields.take(ESO)?.text()?.known().map(str::to_owned),
    }
}

fn sorted(found: Vec<Problem<Somewhere>>) -> (Vec<InputProblem>, Vec<String>) {
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    for problem in found {
        let (severity, quiet) = (problem.severity, !problem.hidden.is_empty());
        let finding = problem.into_diagnostic(|_| None);
        let path = finding.primary.path.clone();
        match severity {
            Severity::Error if quiet => problems.push(InputProblem::of(&finding, path).quiet()),
            Severity::Error => problems.push(InputProblem::of(&finding, path)),
            Severity::Warning | Severity::Note => warnings.push(format!("{path}: {}", words(&finding))),
        }
    }
    (problems, warnings)
}

/// The input schema of a component, compiled, and what it says of places. Made once, when the first component of that kind
/// is read.
struct Shape {
    schema: Schema,
    guide: Guide,
}

/// Something of each component.
type Each<T> = LazyLock<[OnceLock<T>; Component::ALL.len()]>;

impl Shape {
    #[expect(clippy::expect_used, reason = "a test compiles every input schema")]
    fn of(component: Component) -> &'static Self {
        static SCHEMAS: Each<Json> = Each::new(Default::default);
        static SHAPES: Each<Shape> = Each::new(Default::default);
        let number = Component::ALL.iter().position(|other| *other == component).unwrap_or_default();
        SHAPES[number].get_or_init(|| {
            let json = SCHEMAS[number].get_or_init(|| component.input_schema());
            Self { schema: compile(json).expect("an input schema"), guide: Guide::new(json) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_schema_compiles() {
        for component in Component::ALL {
            Shape::of(component).schema.compile_patterns().unwrap();
        }
    }
}
