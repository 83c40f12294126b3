//! From the inputs of a component to its plan.

use keyloom_models::SecretStoreConfig;
use keyloom_resources::component::{Component, Inputs as Said};
use keyloom_wire::property::PropertyMap;

use crate::children::credentials::Credentials;
use crate::children::sink::Inputs;
use crate::failure::ResourceName;
use crate::inputs::{self, Credential};
use crate::keyloom;
use crate::origins::OriginTable;
use crate::plan::Plan;
use crate::problem::{InputErrors, InputProblem};
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
    let item = typed::Component { resource: resource.clone(), inputs, origins, eso: None };
    let mut plan = match read.inputs {
        Said::SecretStore(store) => {
            let credentials = secret_of(&store, read.credentials).map_err(errors)?;
            item.secret_store(*store, &credentials)?
        }
        Said::ExternalSecret(config) => item.external_secret(*config)?,
        Said::Keyloom(declaration) => keyloom::plan(item, &declaration)?,
    };
    plan.warnings.splice(..0, read.warnings);
    Ok(plan)
}

/// The Secret of a store's credentials: in the store's own namespace, or in the one that a cluster-scoped store names.
fn secret_of(
    store: &SecretStoreConfig,
    credentials: Vec<Credential>,
) -> Result<Credentials, Vec<InputProblem>> {
    let named = credentials.first().and_then(|credential| credential.namespace.clone());
    let namespace = if store.cluster_scoped { named } else { store.namespace.clone() };
    let elsewhere = credentials.iter().filter(|credential| {
        store.cluster_scoped && credential.namespace.is_some() && credential.namespace != namespace
    });
    let problems: Vec<_> = elsewhere
        .map(|credential| {
            let path = format!("{}.namespace", credential.path);
            InputProblem::new(path, "all credentials of a store lie in one Secret, and this names another namespace than those before; write the same")
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut secret = Credentials::new(inputs::name_of_credentials(&store.name), namespace);
    secret.values = credentials.into_iter().map(|credential| (credential.key, credential.value)).collect();
    Ok(secret)
}
