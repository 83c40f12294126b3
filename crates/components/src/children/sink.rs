//! A manifest as the inputs of a resource: secret and unknown at exactly the leaves that are.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use keyloom_resources::walk::{Complete, Defaults, Sink, Walk};
use keyloom_syntax::{Number, Text};
use keyloom_wire::property::{Property, PropertyMap, Value};

use crate::origins::OriginTable;

/// The inputs of a resource, and what each of them derives from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// The inputs.
    pub properties: PropertyMap,
    /// Numbers of the resources that each derives from; of one that derives from nothing there may be no entry.
    pub origins: BTreeMap<String, BTreeSet<u32>>,
}

/// Walks an object, with everything that the API server would add to it.
pub(crate) fn completed(object: &impl Walk, defaults: &Defaults, origins: &OriginTable) -> Inputs {
    let mut sink = Complete::new(Tree::new(origins));
    sink.begin(defaults);
    let Ok(()) = object.walk(&mut sink);
    sink.into_sink().inputs
}

/// Walks an object as it is.
pub(crate) fn plain(object: &impl Walk, origins: &OriginTable) -> Inputs {
    let mut sink = Tree::new(origins);
    let Ok(()) = object.walk(&mut sink);
    sink.inputs
}

/// Whether an object holds text that a later tool is to fill in.
pub(crate) fn holds_placeholder(object: &impl Walk, origins: &OriginTable) -> bool {
    let mut sink = Tree::new(origins);
    let Ok(()) = object.walk(&mut sink);
    sink.placeholder
}

/// A text as a value; what it derives from is the caller's to say.
pub(crate) fn leaf(text: &Text) -> Property {
    let value = match (text.written(), text.expose_secret()) {
        (Some(text), _) | (None, Some(text)) => Value::String(text.to_owned()),
        (None, None) => Value::Unknown,
    };
    Property { secret: text.is_secret(), ..Property::from(value) }
}

impl Inputs {
    /// Inputs that a program handed over, each with what it depends on.
    pub fn given(properties: PropertyMap, table: &OriginTable) -> Self {
        let ids = |property: &Property| property.all_urns().iter().map(|urn| table.known(urn)).collect();
        let origins = properties.iter().map(|(name, property)| (name.clone(), ids(property))).collect();
        Self { properties, origins }
    }
}

/// Builds the tree from the outside in.
struct Tree<'o> {
    table: &'o OriginTable,
    /// Containers that have begun, each with the key that waits for its value. The outermost is the object.
    open: Vec<(Property, String)>,
    inputs: Inputs,
    placeholder: bool,
}

impl<'o> Tree<'o> {
    fn new(table: &'o OriginTable) -> Self {
        Self { table, open: Vec::new(), inputs: Inputs::default(), placeholder: false }
    }

    fn put(&mut self, property: Property) {
        match self.open.last_mut() {
            Some((Property { value: Value::List(items), .. }, _)) => items.push(property),
            Some((Property { value: Value::Map(members), .. }, key)) => {
                members.insert(std::mem::take(key), property);
            }
            // An object is a mapping; nothing else is walked on its own.
            Some(_) => {}
            None => {
                if let Value::Map(members) = property.value {
                    self.inputs.properties = members;
                }
            }
        }
    }

    fn begin(&mut self, container: Value) {
        self.open.push((Property::from(container), String::new()));
    }

    fn end(&mut self) {
        if let Some((container, _)) = self.open.pop() {
            self.put(container);
        }
    }
}

impl Sink for Tree<'_> {
    type Error = Infallible;

    fn begin_map(&mut self) -> Result<(), Infallible> {
        self.begin(Value::Map(PropertyMap::new()));
        Ok(())
    }

    fn key(&mut self, key: &str) -> Result<(), Infallible> {
        if let Some((_, waiting)) = self.open.last_mut() {
            key.clone_into(waiting);
        }
        Ok(())
    }

    fn end_map(&mut self) -> Result<(), Infallible> {
        self.end();
        Ok(())
    }

    fn begin_seq(&mut self) -> Result<(), Infallible> {
        self.begin(Value::List(Vec::new()));
        Ok(())
    }

    fn end_seq(&mut self) -> Result<(), Infallible> {
        self.end();
        Ok(())
    }

    fn text(&mut self, text: &Text) -> Result<(), Infallible> {
        let ids = self.table.ids(text);
        if let (Some((_, top)), false) = (self.open.first(), ids.is_empty()) {
            self.inputs.origins.entry(top.clone()).or_default().extend(ids);
        }
        self.placeholder |= text.is_placeholder();
        self.put(leaf(text));
        Ok(())
    }

    fn str(&mut self, value: &str) -> Result<(), Infallible> {
        self.put(Property::from(value));
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<(), Infallible> {
        self.put(Property::from(value));
        Ok(())
    }

    fn number(&mut self, value: Number) -> Result<(), Infallible> {
        self.put(Property::from(value.as_f64()));
        Ok(())
    }

    fn null(&mut self) -> Result<(), Infallible> {
        self.put(Property::default());
        Ok(())
    }
}
