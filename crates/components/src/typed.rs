//! Plans of components whose inputs are values of Rust already.

use keyloom_models::generator::{GeneratorConfig, GeneratorSpec};
use keyloom_models::policy::GeneratorKind;
use keyloom_models::{
    AppConnectionConfig, Config, Content, Document, ExternalSecretConfig, SecretStoreConfig, SecretSyncConfig,
};
use keyloom_resources::component::Component as Kind;
use keyloom_resources::{Kubernetes, Resource, TextMap, needs, synthesize};
use keyloom_syntax::{Block, Diagnostic, Text};

use crate::children::Child;
use crate::children::sink::Inputs;
use crate::failure::ResourceName;
use crate::origins::OriginTable;
use crate::plan::{Output, Plan};
use crate::problem::{self, InputErrors};

mod keys;

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
    /// A store: its object, and a reference for whoever reads from it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn secret_store(self, config: SecretStoreConfig) -> Result<Plan, InputErrors> {
        let reference = config.reference();
        let (config, warnings) = self.check(self.document().store(config), &["stores[0]"])?;
        let children = self.children(&config);
        let origin = children.last().map(|store| store.origin);
        let after = |text: &Text| self.after(text, origin);
        let word = |word: &str| after(&Text::from(word));
        let name = after(&reference.name);
        let kind = reference.kind.map(|kind| word(kind.as_str()));
        let provider = reference.provider.map(|provider| word(provider.as_str()));
        let namespace = config.stores().first().and_then(|store| store.namespace.as_ref()).map(after);
        let members = [
            ("name", Some(name.clone())),
            ("kind", kind.clone()),
            ("provider", provider.clone()),
            ("service", reference.service.map(|service| word(service.as_str()))),
            ("path", reference.path.as_ref().map(after)),
        ];
        let members = members.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into())));
        let outputs = [
            ("name", name.into()),
            ("namespace", namespace.into()),
            ("kind", kind.into()),
            ("provider", provider.into()),
            ("ref", Output::Map(members.collect())),
        ];
        Ok(self.plan(children, outputs, warnings))
    }

    /// An external secret, or a helper.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn external_secret(self, config: ExternalSecretConfig) -> Result<Plan, InputErrors> {
        // The fields of a helper stand beside those of the item in components that are one.
        let at = match (&config.content, Kind::of_token(&self.resource.token)) {
            (Content::Helper(helper), Some(kind)) if kind != Kind::ExternalSecret => Some(helper.name()),
            _ => None,
        };
        let beside = match (&config.content, at) {
            (Content::Helper(helper), None) => format!("{}.", helper.name()),
            (Content::Helper(_), Some(_)) | (Content::Entries(_), _) => String::new(),
        };
        let item = "externalSecrets[0]";
        let inside = at.map(|helper| format!("{item}.{helper}"));
        let (config, warnings) = self.check(
            self.document().generators(elsewhere(&config)).external_secret(config),
            &[inside.as_deref().unwrap_or(item), item],
        )?;
        let children = self.children(&config);
        let origin = children.last().map(|child| child.origin);
        let item = config.external_secrets().first();
        let problems = item.map(|item| keys::unnamed(item, &beside)).unwrap_or_default();
        if !problems.is_empty() {
            return Err(InputErrors { component: self.resource, problems });
        }
        let after = |text: &Text| self.after(text, origin);
        let outputs = [
            ("name", item.map(|item| after(&item.name)).into()),
            ("namespace", item.and_then(|item| item.namespace.as_ref()).map(after).into()),
            ("targetSecretName", item.map(|item| after(&item.target.name)).into()),
        ];
        Ok(self.plan(children, outputs, warnings))
    }

    /// A connection of Infisical: its resource, and a reference for syncs.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn app_connection(self, config: AppConnectionConfig) -> Result<Plan, InputErrors> {
        let app = Text::from(config.app().as_str());
        let name = config.name.clone();
        let document = self.document().app_connections([config]);
        let (config, warnings) = self.check(document, &["appConnections[0]"])?;
        let children = self.children(&config);
        let origin = children.last().map(|child| child.origin);
        let made = children.len().checked_sub(1);
        let id = made.map_or(Output::Nothing, Output::Id);
        let app = self.after(&app, origin);
        let members =
            [("id", id.clone()), ("app", app.clone().into())].map(|(name, output)| (name.to_owned(), output));
        let outputs = [
            ("name", self.after(&name, origin).into()),
            ("app", app.into()),
            ("connectionId", id),
            ("ref", Output::Map(members.into())),
        ];
        Ok(self.plan(children, outputs, warnings))
    }

    /// A sync of Infisical.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn secret_sync(self, config: SecretSyncConfig) -> Result<Plan, InputErrors> {
        let name = config.name.clone();
        let document = self.document().secret_syncs([config]);
        let (config, warnings) = self.check(document, &["secretSyncs[0]"])?;
        let children = self.children(&config);
        let origin = children.last().map(|child| child.origin);
        let id = children.len().checked_sub(1).map_or(Output::Nothing, Output::Id);
        let outputs = [("name", self.after(&name, origin).into()), ("syncId", id)];
        Ok(self.plan(children, outputs, warnings))
    }

    fn document(&self) -> Document {
        let document = Document::new();
        match &self.eso {
            Some(eso) => document.eso(eso.as_str()),
            None => document,
        }
    }

    /// Checks the item, whose fields stand at `at` in its document.
    fn check(&self, document: Document, at: &[&str]) -> Result<(Config, Vec<String>), InputErrors> {
        let outcome = document.check();
        let (problems, warnings) = problem::sort(outcome.diagnostics, |finding| path_of(finding, at));
        let component = || self.resource.clone();
        outcome
            .config
            .map(|config| (config, warnings))
            .ok_or_else(|| InputErrors { component: component(), problems })
    }

    /// The objects that the item amounts to. The main one, which is the last, has the component's own name; Secrets of
    /// credentials stand before it.
    fn children(&self, config: &Config) -> Vec<Child> {
        let set = synthesize(config);
        let needs = needs(&set);
        let mut secrets = 0;
        let mut children = Vec::with_capacity(needs.len());
        for (resource, needs) in set.resources.iter().zip(needs) {
            let name = match resource {
                Resource::Kubernetes(Kubernetes::Secret(_)) => {
                    secrets += 1;
                    self.name_of_credentials(secrets)
                }
                Resource::Kubernetes(_) | Resource::Terraform(_) | Resource::Workflow(_) => {
                    self.resource.name.clone()
                }
            };
            children.extend(Child::of(resource, &set, needs, name, self.origins));
        }
        children
    }

    /// Name of a child that holds credentials. There are several where they lie in several namespaces.
    fn name_of_credentials(&self, number: usize) -> String {
        let further = if number > 1 { format!("-{number}") } else { String::new() };
        format!("{}-credentials{further}", self.resource.name)
    }

    /// The text, true once that child is there.
    pub(crate) fn after(&self, text: &Text, child: Option<u32>) -> Text {
        text.clone().with_origins(self.origins.origins(child))
    }

    pub(crate) fn plan<const N: usize>(
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

/// The generators that an external secret refers to: a component sees no other, so they are taken for somebody else's.
fn elsewhere(config: &ExternalSecretConfig) -> Vec<GeneratorConfig> {
    let Content::Entries(entries) = &config.content else { return Vec::new() };
    let mut generators: Vec<GeneratorConfig> = Vec::new();
    for reference in entries.data_from.iter().filter_map(|entry| entry.generator.as_ref()) {
        let cluster_scoped = reference.kind == GeneratorKind::ClusterGenerator;
        let generator = GeneratorConfig {
            name: reference.name.clone(),
            namespace: config.namespace.clone().filter(|_| !cluster_scoped),
            cluster_scoped,
            external: true,
            spec: GeneratorSpec::Carried(reference.kind, Block::default()),
            labels: TextMap::new(),
            annotations: TextMap::new(),
        };
        if !generators.contains(&generator) {
            generators.push(generator);
        }
    }
    generators
}

/// The path of a finding in the inputs of a component whose fields stand at `at` in a document.
fn path_of(finding: &Diagnostic, at: &[&str]) -> String {
    let path = finding.primary.path.as_str();
    let at = at.iter().chain(&["versions"]);
    let inside =
        at.filter_map(|at| path.strip_prefix(at)).find(|it| it.is_empty() || it.starts_with(['.', '[']));
    inside.map(|path| path.trim_start_matches('.')).unwrap_or_default().to_owned()
}
