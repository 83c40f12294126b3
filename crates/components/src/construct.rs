//! From a plan to registrations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use keyloom_wire::property::{Property, PropertyMap, Urn, Value};
use tokio::task::JoinSet;

use crate::children::Child;
use crate::children::sink::{self, Inputs};
use crate::failure::{ChildFailure, Failure, ResourceName};
use crate::monitor::{Feature, LogMessage, LogSeverity, Monitor, Registration};
use crate::options::{Former, ResourceOptions};
use crate::origins::{NotRegistered, OriginTable, Reserved};
use crate::plan::{Output, Plan};
use crate::scrub::Scrub;

/// Where a component is constructed.
#[derive(Clone, Debug)]
pub struct Host {
    /// Who registers resources.
    pub monitor: Arc<dyn Monitor>,
    /// What texts derive from.
    pub origins: OriginTable,
    /// Whether it is a preview, where values may be unknown.
    pub dry_run: bool,
}

/// A component that is there, with all its children.
#[derive(Clone, Debug, PartialEq)]
pub struct Constructed {
    /// Its URN.
    pub urn: Urn,
    /// Its outputs: secrets and unknown values marked, each with the resources that it depends on.
    pub state: PropertyMap,
}

/// Registers a component, then its children, then its outputs, and answers when all are there.
///
/// # Errors
/// [`Failure`]. What was registered before stays: the engine knows it, and goes on from there next time.
pub async fn construct(host: &Host, plan: Plan, options: ResourceOptions) -> Result<Constructed, Failure> {
    let _reserved = Reserved::of(&host.origins, plan.children.iter().map(|child| child.origin));
    supported(host, &options).await?;
    known(host, &plan)?;
    let inputs = std::iter::once(&plan.inputs).chain(plan.children.iter().map(|child| &child.inputs));
    let scrub = Scrub::of(inputs.map(|inputs| &inputs.properties));
    let component = ResourceName { token: plan.token, name: plan.name };
    let failed = |verb, error: crate::monitor::MonitorError| Failure::Monitor {
        resource: component.clone(),
        verb,
        reason: scrub.clean(&error.message),
    };

    let own = registration(host, &component, plan.inputs, &options, &BTreeSet::new()).await;
    let own = own.map_err(|NotRegistered| Failure::Needed(component.clone()))?;
    let urn = host.monitor.register(own).await.map_err(|error| failed("registered", error))?.urn;
    for message in plan.warnings {
        let message = LogMessage { severity: LogSeverity::Warning, message, urn: Some(Urn::clone(&urn)) };
        // What cannot be told is no reason to fail.
        _ = host.monitor.log(message).await;
    }
    let of_children = ResourceOptions {
        parent: Some(Urn::clone(&urn)),
        depends_on: options.depends_on,
        custom_timeouts: options.custom_timeouts,
        // The engine hands `protect`, `retainOnDelete` and `deletedWith` down by itself, but none of what replaces.
        replace_with: options.replace_with,
        replacement_trigger: options.replacement_trigger,
        delete_before_replace: options.delete_before_replace,
        stack_trace_handle: options.stack_trace_handle,
        ..ResourceOptions::default()
    };
    let origins = plan.children.iter().map(|child| child.origin).collect();
    let children = Children { host, options: of_children, scrub: &scrub, origins };
    let ids = children.register(plan.children).await;
    let ids =
        ids.map_err(|failures| Failure::Children { component: component.clone(), children: failures })?;
    let mut state = PropertyMap::new();
    for (name, output) in &plan.outputs {
        let output = resolve(&host.origins, &ids, output).await;
        let mut output = output.map_err(|NotRegistered| Failure::Needed(component.clone()))?;
        output.secret |= options.additional_secret_outputs.contains(name);
        state.insert(name.clone(), output);
    }
    let outputs = host.monitor.register_outputs(Urn::clone(&urn), state.clone()).await;
    outputs.map_err(|error| failed("finished", error))?;
    Ok(Constructed { urn, state })
}

/// Asks for what is used, and for secrets always: without them every secret would be stored in clear.
async fn supported(host: &Host, options: &ResourceOptions) -> Result<(), Failure> {
    let specs = options.aliases.iter().any(|alias| matches!(alias.alias, Some(Former::Spec(_))));
    let needs = [
        (Feature::Secrets, true, "keeps secrets out of the state"),
        (Feature::AliasSpecs, specs, "`aliases` need"),
        (Feature::DeletedWith, options.deleted_with.is_some(), "`deletedWith` needs"),
        (Feature::ReplaceWith, !options.replace_with.is_empty(), "`replaceWith` needs"),
        (Feature::ReplacementTrigger, options.replacement_trigger.is_some(), "`replacementTrigger` needs"),
        (Feature::ResourceHooks, options.hooks.is_some(), "`hooks` need"),
    ];
    for (feature, _, what) in needs.into_iter().filter(|(_, used, _)| *used) {
        // An engine that cannot be asked is not there: registering will say it better.
        if !host.monitor.supports(feature).await.unwrap_or(true) {
            return Err(Failure::Unsupported { feature, what });
        }
    }
    Ok(())
}

/// Refuses values that are not known where nothing may be unknown.
fn known(host: &Host, plan: &Plan) -> Result<(), Failure> {
    if host.dry_run {
        return Ok(());
    }
    let own = (&plan.token, &plan.name, &plan.inputs);
    let children = plan.children.iter().map(|child| (&child.token, &child.name, &child.inputs));
    for (token, name, inputs) in std::iter::once(own).chain(children) {
        if let Some((property, _)) = inputs.properties.iter().find(|(_, property)| property.holds_unknown()) {
            let resource = ResourceName { token: token.clone(), name: name.clone() };
            return Err(Failure::Unknown { resource, property: property.clone() });
        }
    }
    Ok(())
}

/// A resource with its dependencies: `after`, those the program names, and what its inputs derive from.
pub(crate) async fn registration(
    host: &Host,
    resource: &ResourceName,
    inputs: Inputs,
    options: &ResourceOptions,
    after: &BTreeSet<u32>,
) -> Result<Registration, NotRegistered> {
    let Inputs { properties, mut origins } = inputs;
    let mut dependencies = host.origins.urns(after.iter().copied()).await?;
    dependencies.extend(options.depends_on.iter().cloned());
    let mut property_dependencies = BTreeMap::new();
    for name in properties.keys() {
        let urns = host.origins.urns(origins.remove(name).unwrap_or_default()).await?;
        dependencies.extend(urns.iter().cloned());
        property_dependencies.insert(name.clone(), urns);
    }
    Ok(Registration {
        token: resource.token.clone(),
        name: resource.name.clone(),
        custom: false,
        inputs: properties,
        dependencies,
        property_dependencies,
        options: options.clone(),
    })
}

/// The children of one component.
struct Children<'h> {
    host: &'h Host,
    options: ResourceOptions,
    scrub: &'h Scrub,
    /// Number of each among what texts derive from.
    origins: Vec<u32>,
}

/// The ids of children that are there, by their place in the plan.
type Ids = BTreeMap<usize, Property>;

impl Children<'_> {
    /// Registers all, each as soon as those that it needs are there. After a failure no further one is begun.
    async fn register(&self, children: Vec<Child>) -> Result<Ids, Vec<ChildFailure>> {
        let mut waiting: BTreeMap<usize, Child> = children.into_iter().enumerate().collect();
        let mut there = Ids::new();
        let mut running = JoinSet::new();
        let mut failures = Vec::new();
        loop {
            let ready = waiting.extract_if(.., |_, child| {
                failures.is_empty() && child.needs.iter().all(|need| there.contains_key(need))
            });
            for (index, mut child) in ready.collect::<Vec<_>>() {
                self.fill(&mut child, &there);
                let needs = child.needs.iter().filter_map(|need| self.origins.get(*need).copied()).collect();
                running.spawn(one(
                    self.host.clone(),
                    child,
                    needs,
                    self.options.clone(),
                    self.scrub.clone(),
                    index,
                ));
            }
            match running.join_next().await {
                None => break,
                Some(Ok((index, Ok(id)))) => _ = there.insert(index, id),
                Some(Ok((_, Err(failure)))) => failures.push(failure),
                Some(Err(_)) => failures.push(ChildFailure::because(
                    ResourceName { token: "resource".to_owned(), name: "?".to_owned() },
                    "its registration was interrupted",
                )),
            }
        }
        failures.sort_by(|a, b| a.child.name.cmp(&b.child.name));
        if failures.is_empty() { Ok(there) } else { Err(failures) }
    }

    /// Puts in the ids of others, on which those inputs then depend.
    fn fill(&self, child: &mut Child, there: &Ids) {
        for (name, other) in &child.ids {
            if let (Some(id), Some(origin)) = (there.get(other), self.origins.get(*other)) {
                child.inputs.properties.insert(name.clone(), id.clone());
                child.inputs.origins.entry(name.clone()).or_default().insert(*origin);
            }
        }
    }
}

/// Registers one child, and says its URN to whoever derives from it.
async fn one(
    host: Host,
    child: Child,
    needs: BTreeSet<u32>,
    options: ResourceOptions,
    scrub: Scrub,
    index: usize,
) -> (usize, Result<Property, ChildFailure>) {
    let resource = ResourceName { token: child.token, name: child.name };
    let Child { ignore_changes, replace_on_changes, .. } = child;
    let options = ResourceOptions { ignore_changes, replace_on_changes, ..options };
    let registered = async {
        let registration = registration(&host, &resource, child.inputs, &options, &needs).await;
        let Ok(registration) = registration else {
            let reason = "something that it derives from was not registered";
            return Err(ChildFailure::because(resource, reason));
        };
        match host.monitor.register(Registration { custom: true, ..registration }).await {
            Err(error) => Err(ChildFailure::error(resource, &error, &scrub)),
            Ok(answer) => match ChildFailure::outcome(resource, answer.outcome) {
                Some(failure) => Err(failure),
                None => {
                    // In a preview of what is not there yet, there is none.
                    let known = !answer.id.is_empty();
                    let id = if known { Property::from(answer.id) } else { Property::unknown() };
                    let id = id.after([Urn::clone(&answer.urn)]);
                    host.origins.registered(child.origin, answer.urn);
                    Ok(id)
                }
            },
        }
    };
    (index, registered.await)
}

/// An output as a value, with the URNs that each of its texts derives from.
async fn resolve(origins: &OriginTable, ids: &Ids, output: &Output) -> Result<Property, NotRegistered> {
    match output {
        Output::Nothing => Ok(Property::default()),
        Output::Text(text) => {
            Ok(sink::leaf(text).after(origins.urns(origins.ids(text).iter().copied()).await?))
        }
        Output::Map(members) => {
            let mut map = PropertyMap::new();
            for (name, member) in members {
                map.insert(name.clone(), Box::pin(resolve(origins, ids, member)).await?);
            }
            Ok(Property::from(Value::Map(map)))
        }
        Output::Id(child) => Ok(ids.get(child).cloned().unwrap_or_else(Property::unknown)),
    }
}
