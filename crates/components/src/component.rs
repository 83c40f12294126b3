//! From the inputs of a component to its plan.

use keyloom_resources::component::{Component, Inputs as Said};
use keyloom_wire::property::PropertyMap;

use crate::children::sink::Inputs;
use crate::failure::ResourceName;
use crate::inputs;
use crate::keyloom;
use crate::origins::OriginTable;
use crate::plan::Plan;
use crate::problem::InputErrors;
use crate::typed;

/// What a component amounts to whose inputs are properties, as a program in any language hands them over.
///
/// # Errors
/// Everything that is wrong with the inputs, at once.
pub fn plan(
    component: Component,
    name: &str,
    inputs: &PropertyMap,
    origins: &OriginTable,
) -> Result<Plan, InputErrors> {
    let resource = ResourceName { token: component.token(), name: name.to_owned() };
    let errors = |problems| InputErrors { component: resource.clone(), problems };
    let read = inputs::read(component, name, inputs, origins).map_err(errors)?;
    let inputs = Inputs::given(inputs.clone(), origins);
    let item = typed::Component { resource: resource.clone(), inputs, origins, eso: read.eso };
    let plan = match read.inputs {
        Said::SecretStore(store) => item.secret_store(*store),
        Said::ExternalSecret(config) => item.external_secret(*config),
        Said::AppConnection(connection) => item.app_connection(*connection),
        Said::SecretSync(sync) => item.secret_sync(*sync),
        Said::Keyloom(declaration) => keyloom::plan(item, &declaration),
    };
    if !read.problems.is_empty() {
        let of_rules = plan.err().map(|errors| errors.problems).unwrap_or_default();
        return Err(errors(read.problems.into_iter().chain(of_rules).collect()));
    }
    let mut plan = plan?;
    plan.warnings.splice(..0, read.warnings);
    Ok(plan)
}
