//! Secrets that would stand in an object for everybody to read.

use keyloom_wire::property::Property;

use crate::failure::ResourceName;
use crate::plan::Plan;
use crate::problem::{InputErrors, InputProblem};

/// The kind of object that is there to hold secrets.
const SECRET: &str = "kubernetes:core/v1:Secret";

/// Mappings whose values are data of the object, and no names or addresses.
const DATA: [&str; 3] = ["labels", "annotations", "template"];

/// In a provider's block, the field in which a value stands beside the reference to a Secret.
const INLINE: &str = "value";

const READABLE: &str = "a secret would stand in the object for everybody to read who may read the object; keep it in the store and refer to it, for a login as `SecretKeySelector::inline(...)` in place of a reference";

/// Refuses a plan in which a secret is readable data. Names and addresses may be secret: they say where a value lies.
pub(super) fn refuse(component: &ResourceName, plan: &Plan) -> Result<(), InputErrors> {
    let mut problems = Vec::new();
    for child in plan.children.iter().filter(|child| child.token != SECRET) {
        members(child.inputs.properties.iter(), &child.name, false, &mut problems);
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(InputErrors { component: component.clone(), problems }),
    }
}

fn members<'p>(
    entries: impl Iterator<Item = (&'p String, &'p Property)>,
    path: &str,
    data: bool,
    problems: &mut Vec<InputProblem>,
) {
    for (key, property) in entries {
        let data = data || DATA.contains(&key.as_str()) || key == INLINE;
        value(property, &format!("{path}.{key}"), data, problems);
    }
}

fn value(property: &Property, path: &str, data: bool, problems: &mut Vec<InputProblem>) {
    // Of a manifest that was walked, leaves alone are secret.
    if data && property.secret {
        problems.push(InputProblem::new(path, READABLE).quiet());
    }
    members(property.entries(), path, data, problems);
    for (at, item) in property.items().iter().enumerate() {
        value(item, &format!("{path}[{at}]"), data, problems);
    }
}
