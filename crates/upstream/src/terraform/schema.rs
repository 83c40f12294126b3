//! [`Schema`]: attributes and blocks of one resource or provider.

use serde_json::{Map, Value};

use super::types::{Nesting, Type};

/// What stands in a resource, a provider or a block: attributes and blocks, each sorted by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The schema's version, which is about the state that Terraform keeps; 0 in blocks.
    pub version: u64,
    /// Whether upstream wants nobody to use it any more.
    pub deprecated: bool,
    /// Attributes: `name = value`, in JSON a member.
    pub attributes: Vec<Attribute>,
    /// Blocks: in JSON an object, or a list of objects.
    pub blocks: Vec<Block>,
}

/// One attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its name, in snake_case.
    pub name: &'static str,
    /// What may be written; nested attributes are in it.
    pub ty: Type,
    /// Must be written.
    pub required: bool,
    /// May be written.
    pub optional: bool,
    /// The provider sets it, where it is not written.
    pub computed: bool,
    /// Terraform hides it in plans; it is in the state as it is.
    pub sensitive: bool,
    /// Never in the state. Needs Terraform 1.11.
    pub write_only: bool,
    /// Whether upstream wants nobody to use it any more.
    pub deprecated: bool,
}

/// One type of block.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its name.
    pub name: &'static str,
    /// How many there may be, as a mode.
    pub nesting: BlockNesting,
    /// How many there must be.
    pub min: u64,
    /// How many there may be; any number when there is none.
    pub max: Option<u64>,
    /// What stands in it.
    pub schema: Schema,
}

/// How blocks stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockNesting {
    /// One at most
    Single,
    /// One, which is there even when it is not written
    Group,
    /// Any number, in order
    List,
    /// Any number, without order
    Set,
    /// Any number, each with a label
    Map,
}

impl Schema {
    /// No attributes, no blocks.
    pub(super) const NONE: Self =
        Self { version: 0, deprecated: false, attributes: Vec::new(), blocks: Vec::new() };

    /// Reads one line of a generated file.
    pub(super) fn of(value: &'static Value) -> Self {
        Self {
            version: value["version"].as_u64().unwrap_or_default(),
            deprecated: value["deprecated"] == true,
            attributes: attributes(value),
            blocks: members(value, "blocks").map(|(name, block)| Block::of(name, block)).collect(),
        }
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        find(&self.attributes, name)
    }

    /// The block of that name.
    pub fn block(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.name == name)
    }

    /// The attribute at the end of a path of nested attributes: `["credentials", "role_arn"]`.
    pub fn at(&self, path: &[&str]) -> Option<&Attribute> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.attribute(first)?, |at, name| at.nested(name))
    }
}

impl Attribute {
    fn of(name: &'static str, value: &'static Value) -> Self {
        let words = value.as_str().or(value["is"].as_str()).unwrap_or_default();
        let mut words = words.split(' ');
        let what = words.next().unwrap_or_default();
        let ty = match value {
            Value::Object(_) => Type::Nested(Nesting::of(what), attributes(value)),
            _ => Type::of(what),
        };
        let mut made = Self {
            name,
            ty,
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            deprecated: false,
        };
        for word in words {
            match word {
                "required" => made.required = true,
                "optional" => made.optional = true,
                "computed" => made.computed = true,
                "sensitive" => made.sensitive = true,
                "write_only" => made.write_only = true,
                "deprecated" => made.deprecated = true,
                _ => {}
            }
        }
        made
    }

    /// Whether a configuration may write it; otherwise the provider alone sets it.
    pub fn is_settable(&self) -> bool {
        self.required || self.optional
    }

    /// The attribute nested in this one, of whatever mode, of that name.
    pub fn nested(&self, name: &str) -> Option<&Self> {
        find(self.ty.nested(), name)
    }
}

impl Block {
    fn of(name: &'static str, value: &'static Value) -> Self {
        let nesting = match value["is"].as_str().unwrap_or_default() {
            "group" => BlockNesting::Group,
            "list" => BlockNesting::List,
            "set" => BlockNesting::Set,
            "map" => BlockNesting::Map,
            _ => BlockNesting::Single,
        };
        let min = value["min"].as_u64().unwrap_or_default();
        Self { name, nesting, min, max: value["max"].as_u64(), schema: Schema::of(value) }
    }
}

fn attributes(value: &'static Value) -> Vec<Attribute> {
    members(value, "attributes").map(|(name, attribute)| Attribute::of(name, attribute)).collect()
}

fn members(value: &'static Value, name: &str) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let members = value.get(name).and_then(Value::as_object).into_iter().flat_map(Map::iter);
    members.map(|(name, value)| (name.as_str(), value))
}

fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.name == name)
}
