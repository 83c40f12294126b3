//! Terraform's JSON syntax: a configuration for everything that the provider `infisical/infisical` makes, and two for each
//! pipeline, with the provider `hashicorp/aws`.
//!
//! Credentials and values are input variables, and references are Terraform's own, so that it makes a connection before the
//! sync that uses it. Nothing else is filled in: every literal is escaped.

use std::collections::BTreeMap;
use std::io::{self, Write};

use keyloom_resources::ResourceSet;
use keyloom_resources::terraform::{Arguments, Block, Module, Terraform, aws};
use serde_json::{Map, Value};

mod expression;
mod head;
mod outputs;

use expression::{NotWritten, value};

/// One configuration of a set.
#[derive(Clone, Debug)]
pub struct Configuration<'s> {
    set: &'s ResourceSet,
    module: Module,
    resources: Vec<&'s Terraform>,
}

/// Every configuration of the set that holds something.
pub fn configurations(set: &ResourceSet) -> Vec<Configuration<'_>> {
    let mut modules: BTreeMap<Module, Vec<&Terraform>> = BTreeMap::new();
    for resource in set.terraform() {
        modules.entry(resource.module()).or_default().push(resource);
    }
    modules.into_iter().map(|(module, resources)| Configuration { set, module, resources }).collect()
}

impl Configuration<'_> {
    /// Which one it is.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// Writes it.
    ///
    /// # Errors
    /// Those of `out`; and [`io::ErrorKind::InvalidData`], naming resource and argument, where text is secret or not known yet,
    /// or where the set does not say how the configuration of a pipeline is set up. Then nothing is written.
    pub fn render(&self, out: &mut impl Write) -> io::Result<()> {
        let invalid = |words: String| io::Error::new(io::ErrorKind::InvalidData, words);
        let aws = self.set.aws.iter().find(|settings| settings.module == self.module);
        if aws.is_none() && self.module != Module::Infisical {
            return Err(invalid(format!("no settings of {}", self.module.folder())));
        }
        let configuration = self.whole(aws).map_err(|error| invalid(error.to_string()))?;
        serde_json::to_writer_pretty(&mut *out, &configuration)?;
        out.write_all(b"\n")
    }

    fn whole(&self, aws: Option<&aws::Settings>) -> Result<Value, NotWritten> {
        let mut all = Map::new();
        all.insert("//".to_owned(), "Written by keyloom render; change the declaration instead.".into());
        let (requirements, provider) = match aws {
            Some(settings) => (head::aws(settings)?, ("aws", settings.provider())),
            None => (head::infisical(), ("infisical", self.set.infisical.arguments())),
        };
        all.insert("terraform".to_owned(), requirements);
        all.insert("provider".to_owned(), head::provider(provider.0, &provider.1)?);
        let variables = match aws {
            Some(settings) => head::values(&settings.variables),
            None => head::credentials(&self.resources),
        };
        if !variables.is_empty() {
            all.insert("variable".to_owned(), variables.into());
        }
        for (name, block) in [("data", Block::Data), ("resource", Block::Resource)] {
            let blocks = self.blocks(block)?;
            if !blocks.is_empty() {
                all.insert(name.to_owned(), blocks.into());
            }
        }
        let outputs = match self.module {
            Module::Infisical => outputs::infisical(&self.resources),
            Module::Pipeline(_) => outputs::secrets(&self.resources),
            Module::Bootstrap(_) => outputs::roles(&self.resources),
        };
        all.insert("output".to_owned(), outputs);
        Ok(all.into())
    }

    /// What is made or looked up, by type and label, in the order of the declaration.
    fn blocks(&self, sort: Block) -> Result<Map<String, Value>, NotWritten> {
        let mut blocks: Map<String, Value> = Map::new();
        for resource in self.resources.iter().filter(|resource| resource.block() == sort) {
            let block = block(&resource.arguments(), &address(resource))?;
            let of_type = blocks.entry(resource.resource_type()).or_insert_with(|| Map::new().into());
            if let Value::Object(of_type) = of_type {
                of_type.insert(resource.label().to_owned(), block);
            }
        }
        Ok(blocks)
    }
}

/// A block with those arguments.
fn block(arguments: &Arguments, address: &str) -> Result<Value, NotWritten> {
    let argument = |(name, argument): &(String, _)| Ok((name.clone(), value(argument, address, name)?));
    Ok(Value::Object(arguments.iter().map(argument).collect::<Result<_, _>>()?))
}

/// What a resource is called in expressions.
fn address(resource: &Terraform) -> String {
    let data = match resource.block() {
        Block::Resource => "",
        Block::Data => "data.",
    };
    format!("{data}{}.{}", resource.resource_type(), resource.label())
}

/// An attribute of a resource, as an expression.
fn attribute(resource: &Terraform, name: &str) -> Value {
    format!("${{{}.{name}}}", address(resource)).into()
}
