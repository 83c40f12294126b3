//! Components that a program declares: checked at once, registered while the program goes on.

use std::collections::BTreeMap;

use keyloom_resources::component::Component as Kind;
use keyloom_syntax::Text;
use keyloom_wire::property::Urn;

use super::context::Context;
use super::handle::Handle;
use super::options::Options;
use super::readable;
use crate::children::sink::Inputs;
use crate::construct::construct;
use crate::failure::ResourceName;
use crate::origins::Reserved;
use crate::plan::{Output, Plan};
use crate::problem::InputErrors;
use crate::typed::Component;

/// A component that is declared.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) handle: Handle,
    outputs: BTreeMap<String, Output>,
}

impl Declared {
    /// Checks a component, and lets its registration go on in the background.
    pub(super) fn new(
        context: &Context,
        kind: Kind,
        name: &str,
        options: Options,
        plan: impl FnOnce(Component<'_>) -> Result<Plan, InputErrors>,
    ) -> Result<Self, InputErrors> {
        let resource = ResourceName { token: kind.token(), name: name.to_owned() };
        let host = context.host().clone();
        let component = Component {
            resource: resource.clone(),
            inputs: Inputs::default(),
            origins: &host.origins,
            eso: context.eso_version(),
        };
        let plan = plan(component)?;
        readable::refuse(&resource, &plan)?;
        let outputs = plan.outputs.clone();
        let own = host.origins.reserve();
        let reserved =
            Reserved::of(&host.origins, plan.children.iter().map(|child| child.origin).chain([own]));
        let stack = Urn::clone(context.stack_urn());
        context.spawn(async move {
            let options = options.resolve(&host.origins, &stack, &resource).await?;
            let constructed = construct(&host, plan, options).await?;
            reserved.registered(own, &constructed.urn);
            Ok(())
        });
        Ok(Self { handle: Handle(own), outputs })
    }

    /// An output that is a text; none where it is said to be nothing.
    pub(super) fn text(&self, name: &str) -> Option<Text> {
        text(self.outputs.get(name)?)
    }

    /// A text of an output that holds several.
    pub(super) fn member(&self, name: &str, member: &str) -> Option<Text> {
        match self.outputs.get(name)? {
            Output::Map(members) => text(members.get(member)?),
            Output::Nothing | Output::Text(_) | Output::Id(_) => None,
        }
    }
}

fn text(output: &Output) -> Option<Text> {
    match output {
        Output::Text(text) => Some(text.clone()),
        Output::Nothing | Output::Map(_) | Output::Id(_) => None,
    }
}
