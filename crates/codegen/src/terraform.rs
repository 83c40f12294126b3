//! Terraform's JSON syntax: one configuration for everything that the provider `infisical/infisical` makes.
//!
//! Credentials are input variables, and references are Terraform's own, so that it makes a connection before the sync
//! that uses it. Nothing else is filled in: every literal is escaped.

use std::collections::BTreeSet;
use std::io::{self, Write};

use keyloom_resources::ResourceSet;
use keyloom_resources::terraform::Terraform;
use serde_json::{Map, Value, json};

mod expression;

use expression::{NotWritten, value};

/// Where the provider comes from.
const SOURCE: &str = "infisical/infisical";
/// The versions whose schema this writes for.
const VERSION: &str = "~> 0.19.24";
/// The oldest Terraform that runs the provider.
const TERRAFORM: &str = ">= 1.0";

/// Writes the configuration of every resource of the set that Terraform makes; nothing if there is none.
///
/// # Errors
/// Those of `out`; and [`io::ErrorKind::InvalidData`], naming resource and argument, where text is secret or not known yet.
/// Then nothing is written.
pub fn render(set: &ResourceSet, out: &mut impl Write) -> io::Result<()> {
    let resources: Vec<&Terraform> = set.terraform().collect();
    if resources.is_empty() {
        return Ok(());
    }
    let configuration = configuration(set, &resources)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
    serde_json::to_writer_pretty(&mut *out, &configuration)?;
    out.write_all(b"\n")
}

fn configuration(set: &ResourceSet, resources: &[&Terraform]) -> Result<Value, NotWritten> {
    let mut all = Map::new();
    all.insert("//".to_owned(), "Written by keyloom render; change the declaration instead.".into());
    all.insert("terraform".to_owned(), requirements());
    all.insert("provider".to_owned(), json!({ "infisical": provider(set)? }));
    let variables = variables(resources);
    if !variables.is_empty() {
        all.insert("variable".to_owned(), variables.into());
    }
    all.insert("resource".to_owned(), blocks(resources)?.into());
    all.insert("output".to_owned(), outputs(resources));
    Ok(all.into())
}

fn requirements() -> Value {
    json!({
        "required_version": TERRAFORM,
        "required_providers": { "infisical": { "source": SOURCE, "version": VERSION } },
    })
}

/// How the provider logs in: the method alone. Its credentials come from the environment, so that no plan holds them.
fn provider(set: &ResourceSet) -> Result<Value, NotWritten> {
    let mut block = Map::new();
    for (name, argument) in set.infisical.arguments() {
        block.insert(name.clone(), value(&argument, "provider.infisical", &name)?);
    }
    Ok(block.into())
}

/// Credentials: without a default, so that Terraform asks for what is not handed over.
fn variables(resources: &[&Terraform]) -> Map<String, Value> {
    let arguments: Vec<_> = resources.iter().map(|resource| resource.arguments()).collect();
    let mut names = BTreeSet::new();
    arguments.iter().flatten().for_each(|(_, argument)| argument.variables(&mut names));
    names.into_iter().map(|name| (name.to_owned(), json!({ "type": "string", "sensitive": true }))).collect()
}

/// The resources, by type and label, in the order of the declaration.
fn blocks(resources: &[&Terraform]) -> Result<Map<String, Value>, NotWritten> {
    let mut blocks: Map<String, Value> = Map::new();
    for resource in resources {
        let address = address(resource);
        let mut block = Map::new();
        for (name, argument) in resource.arguments() {
            block.insert(name.clone(), value(&argument, &address, &name)?);
        }
        let of_type = blocks.entry(resource.resource_type()).or_insert_with(|| Map::new().into());
        if let Value::Object(of_type) = of_type {
            of_type.insert(resource.label().to_owned(), block.into());
        }
    }
    Ok(blocks)
}

/// The ids that Infisical gives, and how many of each there are.
fn outputs(resources: &[&Terraform]) -> Value {
    let ids = |wanted: fn(&Terraform) -> bool| -> Map<String, Value> {
        let wanted = resources.iter().filter(|resource| wanted(resource));
        let id = |resource: &&Terraform| {
            (resource.label().to_owned(), Value::from(format!("${{{}.id}}", address(resource))))
        };
        wanted.map(id).collect()
    };
    let connections = ids(|resource| matches!(resource, Terraform::AppConnection(_)));
    let syncs = ids(|resource| matches!(resource, Terraform::SecretSync(_)));
    json!({
        "app_connection_count": { "value": connections.len() },
        "app_connection_ids": { "value": connections },
        "secret_sync_count": { "value": syncs.len() },
        "secret_sync_ids": { "value": syncs },
    })
}

/// What a resource is called in expressions.
fn address(resource: &Terraform) -> String {
    format!("{}.{}", resource.resource_type(), resource.label())
}
