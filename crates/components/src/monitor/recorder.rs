//! [`Recorder`]: a monitor for tests, which writes down what is registered and creates nothing.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use keyloom_wire::property::{PropertyMap, Urn};

use super::{Answer, Feature, LogMessage, Monitor, MonitorError, Registered, RegisteredAs, Registration};

/// A monitor that writes down what it is told. Its answers are always the same: URNs of project `project` in stack `stack`,
/// and names in place of ids. The outputs of a resource are its inputs.
///
/// ```
/// use keyloom_components::monitor::{Monitor, Registration, recorder::Recorder};
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let recorder = Recorder::new();
/// let store = Registration { token: "pkg:index:Store".into(), name: "a".into(), ..Registration::default() };
/// let answer = recorder.register(store).await.unwrap();
/// assert_eq!(&*answer.urn, "urn:pulumi:stack::project::pkg:index:Store::a");
/// assert_eq!(recorder.records().registrations.len(), 1);
/// # });
/// ```
#[derive(Debug, Default)]
pub struct Recorder {
    records: Mutex<Records>,
    missing: BTreeSet<Feature>,
    failing: Vec<(String, Fault)>,
}

/// What was told, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// The resources, each with the URN it got.
    pub registrations: Vec<(Urn, Registration)>,
    /// The outputs of components, by their URN.
    pub outputs: Vec<(Urn, PropertyMap)>,
    /// What the user is told.
    pub logs: Vec<LogMessage>,
}

#[derive(Clone, Debug)]
enum Fault {
    Error(String),
    Outcome(RegisteredAs),
}

impl Recorder {
    /// A recorder of an engine that knows every feature.
    pub fn new() -> Self {
        Self::default()
    }

    /// An engine that does not know a feature.
    #[must_use]
    pub fn without(mut self, feature: Feature) -> Self {
        self.missing.insert(feature);
        self
    }

    /// Answers the registration of resources whose URN ends so with an error.
    #[must_use]
    pub fn refusing(mut self, urn: impl Into<String>, message: impl Into<String>) -> Self {
        self.failing.push((urn.into(), Fault::Error(message.into())));
        self
    }

    /// Answers that the resources whose URN ends so came to this.
    #[must_use]
    pub fn answering(mut self, urn: impl Into<String>, outcome: RegisteredAs) -> Self {
        self.failing.push((urn.into(), Fault::Outcome(outcome)));
        self
    }

    /// What was told until now.
    pub fn records(&self) -> Records {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, registration: Registration) -> Result<Registered, MonitorError> {
        let urn = urn(&registration);
        let fault = self.failing.iter().find(|(end, _)| urn.ends_with(end)).map(|(_, fault)| fault);
        let id = if registration.custom { registration.name.clone() } else { String::new() };
        let outputs = if registration.custom { registration.inputs.clone() } else { PropertyMap::new() };
        self.lock().registrations.push((Urn::clone(&urn), registration));
        match fault {
            Some(Fault::Error(message)) => Err(MonitorError::new(message.clone())),
            Some(Fault::Outcome(outcome)) => Ok(Registered { urn, id, outcome: *outcome, outputs }),
            None => Ok(Registered { urn, id, outcome: RegisteredAs::Success, outputs }),
        }
    }
}

/// As the engine makes it: the types of all parents, but for the stack's, stand before the resource's own.
fn urn(registration: &Registration) -> Urn {
    let parent = registration.options.parent.as_deref().and_then(|parent| parent.split("::").nth(2));
    let parents = parent.filter(|parent| *parent != "pulumi:pulumi:Stack");
    let parents = parents.map(|parents| [parents, "$"].concat()).unwrap_or_default();
    Urn::from(format!("urn:pulumi:stack::project::{parents}{}::{}", registration.token, registration.name))
}

impl Monitor for Recorder {
    fn register(&self, registration: Registration) -> Answer<'_, Registered> {
        Box::pin(async { self.record(registration) })
    }

    fn register_outputs(&self, urn: Urn, outputs: PropertyMap) -> Answer<'_, ()> {
        self.lock().outputs.push((urn, outputs));
        Box::pin(async { Ok(()) })
    }

    fn log(&self, message: LogMessage) -> Answer<'_, ()> {
        self.lock().logs.push(message);
        Box::pin(async { Ok(()) })
    }

    fn supports(&self, feature: Feature) -> Answer<'_, bool> {
        let known = !self.missing.contains(&feature);
        Box::pin(async move { Ok(known) })
    }
}
