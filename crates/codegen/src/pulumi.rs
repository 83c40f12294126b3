//! The package schema of the Pulumi plugin, `schemas/pulumi-package.json`: what Pulumi's code generators and language hosts
//! read, made from the same table as the plugin's own checks.
//!
//! `docs/pulumi/components.md` says the same to people.

use keyloom_resources::Component;
use keyloom_resources::component::{Output, OutputKind};
use serde_json::{Map, Value};

mod name;
mod package;
pub mod page;
mod spec;
mod types;

use spec::{Definition, Fields, MODULE, Property, Shape, Type};
use types::Types;

/// Where the committed file lies in the repository.
pub const PATH: &str = "schemas/pulumi-package.json";

/// The package schema as JSON text, indented, with a newline at its end. Pulumi's metaschema has no room for a line that
/// names the command which makes the file.
///
/// ```
/// let text = keyloom_codegen::pulumi::render();
/// assert!(text.contains("keyloom:index:SecretStore"));
/// assert!(text.ends_with("}\n"));
/// ```
pub fn render() -> String {
    let package = Package::read();
    let mut text = package::head();
    let types = package.types.iter().map(|(name, made)| (format!("{MODULE}{name}"), made.json()));
    text.insert("types".to_owned(), Value::Object(types.collect()));
    let resources = package.components.iter().map(|made| (made.component.token(), made.json()));
    text.insert("resources".to_owned(), Value::Object(resources.collect()));
    format!("{:#}\n", Value::Object(text))
}

/// Everything that the component table comes to.
struct Package {
    components: Vec<Made>,
    /// Types that inputs and outputs need, by name.
    types: Vec<(String, Definition)>,
}

/// A component, as Pulumi sees it.
struct Made {
    component: Component,
    inputs: Fields,
    outputs: Fields,
}

impl Package {
    fn read() -> Self {
        let names = Component::ALL.map(Component::name);
        let mut types = Types::new(&names);
        let components = Component::ALL.map(|component| {
            let inputs = types.read(&component.input_schema(), component.name());
            Made { component, inputs, outputs: outputs(component.outputs()) }
        });
        Self { components: components.into(), types: types.into_made().into_iter().collect() }
    }
}

impl Made {
    /// A resource specification.
    fn json(&self) -> Value {
        let mut spec = Map::new();
        spec.insert("isComponent".to_owned(), true.into());
        spec::describe(&mut spec, self.component.about());
        spec.insert("type".to_owned(), "object".into());
        for (fields, properties, required) in
            [(&self.inputs, "inputProperties", "requiredInputs"), (&self.outputs, "properties", "required")]
        {
            spec.insert(properties.to_owned(), fields.json());
            spec.insert(required.to_owned(), fields.required.clone().into());
        }
        spec.into()
    }
}

/// Outputs are secret when they are made of a secret, which nobody knows before: none is said to be.
fn outputs(table: &[Output]) -> Fields {
    let property = |output: &Output| {
        let shape = match output.kind {
            OutputKind::Text => Shape::String,
            OutputKind::TextMap => Shape::Map(Box::new(Type::input(Shape::String))),
            OutputKind::StoreRef => Shape::Named(types::STORE_REF.to_owned()),
            OutputKind::AppConnectionRef => Shape::Named(types::CONNECTION_REF.to_owned()),
        };
        Property { name: output.name.to_owned(), what: Type::input(shape), about: output.about.to_owned() }
    };
    let always = table.iter().filter(|output| output.always);
    Fields {
        properties: table.iter().map(property).collect(),
        required: always.map(|output| output.name.to_owned()).collect(),
    }
}
