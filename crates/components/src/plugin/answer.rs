//! From what was constructed, or why not, to what the engine is answered.

use keyloom_resources::component::Component;
use keyloom_wire::message::construct::ConstructResponse;
use keyloom_wire::message::errors::{InputPropertiesError, PropertyError};
use keyloom_wire::message::options::Urns;
use keyloom_wire::property::{Form, Malformed, PropertyMap, encode_map};
use tonic::Status;

use crate::construct::Constructed;
use crate::failure::{Failure, ResourceName};
use crate::problem::{InputErrors, InputProblem};

/// The component, with the resources that each output depends on said twice: in the values, and beside them.
pub(super) fn constructed(constructed: Constructed, output_values: bool) -> ConstructResponse {
    let Constructed { urn, state } = constructed;
    let urns =
        |urns: std::collections::BTreeSet<_>| Urns { urns: urns.iter().map(ToString::to_string).collect() };
    ConstructResponse {
        urn: urn.to_string(),
        state_dependencies: state
            .iter()
            .map(|(name, output)| (name.clone(), urns(output.all_urns())))
            .collect(),
        state: Some(encode_map(&state, if output_values { Form::Outputs } else { Form::Plain })),
    }
}

/// Everything that is wrong with the inputs: the engine prints each reason, and the value at its path.
fn wrong_inputs(errors: InputErrors, inputs: &PropertyMap) -> Status {
    let count = match errors.problems.len() {
        1 => "1 input is wrong".to_owned(),
        count => format!("{count} inputs are wrong"),
    };
    let message = format!("{}: {count}", errors.component);
    let error = |problem: InputProblem| PropertyError {
        property_path: problem.engine_path(inputs),
        reason: problem.reason,
    };
    InputPropertiesError { errors: errors.problems.into_iter().map(error).collect() }.into_status(&message)
}

/// A type that the package does not have.
pub(super) fn no_component(component: &ResourceName) -> Status {
    let tokens = Component::ALL.map(|known| format!("`{}`", known.token())).join(", ");
    Status::invalid_argument(format!("{component}: there is no such component; there are {tokens}"))
}

/// Values that do not follow the protocol.
pub(super) fn malformed(component: &ResourceName, malformed: &Malformed) -> Status {
    Status::invalid_argument(format!("{component}: {malformed}"))
}

/// Why the component is not there.
pub(super) fn failed(failure: Failure, inputs: &PropertyMap) -> Status {
    match failure {
        Failure::Inputs(errors) => wrong_inputs(errors, inputs),
        Failure::Unsupported { .. } => Status::failed_precondition(failure.to_string()),
        Failure::Unknown { .. } | Failure::Needed(_) | Failure::Monitor { .. } | Failure::Children { .. } => {
            Status::unknown(failure.to_string())
        }
    }
}
