//! Plans of components whose inputs are values of Rust already.

use keyloom_models::{Config, Document, ExternalSecretConfig};
use keyloom_resources::{Resource, resources};
use keyloom_syntax::{Diagnostic, Text};

use crate::children::Child;
use crate::children::sink::Inputs;
use crate::failure::ResourceName;
use crate::origins::OriginTable;
use crate::plan::{Output, Plan};
use crate::problem::{self, InputErrors};

/// What a component of one item is made of.
#[derive(Clone, Debug)]
pub struct Component<'o> {
    /// Its token and name.
    pub resource: ResourceName,
    /// Its inputs, as its row in the state shows them.
    pub inputs: Inputs,
    /// What texts derive from.
    pub origins: &'o OriginTable,
    /// Version of External Secrets Operator that is written for, such as `2.9`; none for the newest that is known.
    pub eso: Option<String>,
}

impl Component<'_> {
    /// An external secret, or a helper.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn external_secret(self, config: ExternalSecretConfig) -> Result<Plan, InputErrors> {
        let (config, warnings) = self.check(self.document().external_secret(config), "externalSecrets[0]")?;
        let children = self.children(&config);
        let origin = children.first().map(|child| child.origin);
        let item = config.external_secrets().first();
        let after = |text: &Text| self.after(text, origin);
        let outputs = [
            ("name", item.map(|item| after(&item.name)).into()),
            ("namespace", item.and_then(|item| item.namespace.as_ref()).map(after).into()),
            ("targetSecretName", item.map(|item| after(&item.target.name)).into()),
        ];
        Ok(self.plan(children, outputs, warnings))
    }

    fn document(&self) -> Document {
        let document = Document::new();
        match &self.eso {
            Some(eso) => document.eso(eso.as_str()),
            None => document,
        }
    }

    /// Checks the item, which stands at `item` in its document.
    fn check(&self, document: Document, item: &str) -> Result<(Config, Vec<String>), InputErrors> {
        let outcome = document.check();
        let (problems, warnings) = problem::sort(outcome.diagnostics, |finding| path_of(finding, item));
        let component = || self.resource.clone();
        outcome
            .config
            .map(|config| (config, warnings))
            .ok_or_else(|| InputErrors { component: component(), problems })
    }

    /// The objects that the item amounts to. The first is the main one, and has the component's own name.
    fn children(&self, config: &Config) -> Vec<Child> {
        let child = |resource| {
            let Resource::Kubernetes(object) = resource;
            Child::of(&object, config.eso(), self.resource.name.clone(), self.origins)
        };
        resources(config).map(child).collect()
    }

    /// The text, true once that child is there.
    fn after(&self, text: &Text, child: Option<u32>) -> Text {
        text.clone().with_origins(self.origins.origins(child))
    }

    fn plan<const N: usize>(
        self,
        children: Vec<Child>,
        outputs: [(&str, Output); N],
        warnings: Vec<String>,
    ) -> Plan {
        let outputs = outputs.into_iter().map(|(name, output)| (name.to_owned(), output)).collect();
        let ResourceName { token, name } = self.resource;
        Plan { token, name, inputs: self.inputs, children, outputs, warnings }
    }
}

/// The path of a finding in the inputs of a component that is one item of a document.
fn path_of(finding: &Diagnostic, item: &str) -> String {
    let path = finding.primary.path.as_str();
    let inside = path.strip_prefix(item).map(|path| path.trim_start_matches('.'));
    inside.or_else(|| path.strip_prefix("versions.")).unwrap_or_default().to_owned()
}
