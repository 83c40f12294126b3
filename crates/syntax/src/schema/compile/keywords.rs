//! One method a family of keywords.

use serde_json::{Map, Value};

use super::super::node::{Alias, Branches, Choice, ListRules, TextRules};
use super::super::{Additional, Node, NodeId, ObjectRules, SchemaError, Types};
use super::read::{count, doc, flag, keys, mapping, names, range, types, values, words_as_values};
use super::{Compiler, Place};

type Object = Map<String, Value>;

/// Keywords that are read together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Reference,
    Type,
    Values,
    Text,
    Range,
    List,
    Object,
    Choice,
    Remarks,
    Words,
    Outside,
    Ignored,
}

impl Family {
    fn of(keyword: &str) -> Self {
        match keyword {
            "$ref" => Self::Reference,
            "type" | "x-kubernetes-int-or-string" => Self::Type,
            "enum" | "const" => Self::Values,
            "pattern" | "minLength" | "maxLength" | "x-unit" => Self::Text,
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => Self::Range,
            "items" | "minItems" | "maxItems" | "uniqueItems" => Self::List,
            "properties"
            | "patternProperties"
            | "required"
            | "additionalProperties"
            | "minProperties"
            | "maxProperties" => Self::Object,
            "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" => Self::Choice,
            "x-code" | "x-message" | "x-why" | "x-fix" | "x-codes" | "x-on" => Self::Remarks,
            "title" | "description" | "default" | "deprecated" | "x-secret" => Self::Words,
            // Constraints of draft-07 and later that the checker does not have: ignoring one would let mistakes pass.
            "additionalItems"
            | "contains"
            | "dependencies"
            | "dependentRequired"
            | "dependentSchemas"
            | "multipleOf"
            | "prefixItems"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties" => Self::Outside,
            _ => Self::Ignored,
        }
    }
}

impl<'v> Compiler<'v, '_> {
    pub(super) fn keywords(&mut self, map: &'v Object, at: &Place<'_>) -> Result<Node, SchemaError> {
        let mut node = Node::default();
        let families: Vec<Family> = map.keys().map(|keyword| Family::of(keyword)).collect();
        let has = |family| families.contains(&family);
        if let Some(outside) = map.keys().find(|keyword| Family::of(keyword) == Family::Outside) {
            return Err(at.unsupported(format!("`{outside}` is not among the constraints the checker has")));
        }
        if has(Family::Words) {
            node.secret = flag(map, "x-secret", at)?;
            node.deprecated = flag(map, "deprecated", at)?;
            node.doc = doc(map);
        }
        if let Some(reference) = map.get("$ref").filter(|_| has(Family::Reference)) {
            let reference = reference.as_str().ok_or_else(|| at.unsupported("`$ref` wants text"))?;
            node.reference = Some(self.target(reference, at)?);
            return Ok(node);
        }
        if has(Family::Type) {
            node.types = map.get("type").map_or(Ok(Types::ALL), |value| types(value, at))?;
            if flag(map, "x-kubernetes-int-or-string", at)? {
                node.types = node.types.and(Types::INT.or(Types::TEXT));
            }
        }
        if has(Family::Values) {
            node.values = values(map, at)?;
            node.constant = map.get("const").cloned().map(Box::new);
        }
        if has(Family::Text) {
            node.text = self.text(map, at)?;
        }
        if has(Family::Range) {
            node.range = range(map, at)?;
        }
        if has(Family::List) {
            node.list = self.list_rules(map, at)?;
        }
        if has(Family::Object) {
            node.object = self.object(map, at)?;
        }
        if has(Family::Choice) {
            let words = if has(Family::Values) { None } else { words_as_values(map) };
            match words {
                Some(words) => node.values = Some(words),
                None => node.choice = self.choice(map, at)?,
            }
        }
        if has(Family::Remarks) {
            node.remarks = self.remarks(map, at, &node)?;
        }
        Ok(node)
    }

    fn text(&mut self, map: &'v Object, at: &Place<'_>) -> Result<Option<Box<TextRules>>, SchemaError> {
        let pattern = match map.get("pattern") {
            Some(Value::String(source)) => Some(self.pattern(source, at)?),
            Some(_) => return Err(at.unsupported("`pattern` wants text")),
            None => None,
        };
        let rules = TextRules {
            pattern,
            unit: map.get("x-unit").and_then(Value::as_str).map(Into::into),
            min: count(map, "minLength", at)?,
            max: count(map, "maxLength", at)?,
        };
        let limits = rules.min.is_some() || rules.max.is_some();
        let any = rules.pattern.is_some() || rules.unit.is_some() || limits;
        Ok(any.then(|| Box::new(rules)))
    }

    fn list_rules(&mut self, map: &'v Object, at: &Place<'_>) -> Result<Option<Box<ListRules>>, SchemaError> {
        let rules = ListRules {
            items: self.child(map, "items", at)?,
            min: count(map, "minItems", at)?,
            max: count(map, "maxItems", at)?,
            unique: flag(map, "uniqueItems", at)?,
        };
        let any = rules.items.is_some() || rules.min.is_some() || rules.max.is_some() || rules.unique;
        Ok(any.then(|| Box::new(rules)))
    }

    fn object(&mut self, map: &'v Object, at: &Place<'_>) -> Result<Option<Box<ObjectRules>>, SchemaError> {
        let mut rules = ObjectRules {
            min: count(map, "minProperties", at)?,
            max: count(map, "maxProperties", at)?,
            noun: map.get("x-noun").and_then(Value::as_str).map(str::to_owned),
            ..ObjectRules::default()
        };
        for (name, value) in mapping(map, "properties", at)? {
            let schema = Some(self.node(value, &Place { parent: Some(at), step: name })?);
            let slot = rules.add(name, schema);
            for alias in names(value.get("x-aliases"), at)? {
                rules.aliases.push(Alias { name: alias.into(), slot });
            }
        }
        for (pattern, value) in mapping(map, "patternProperties", at)? {
            let id = self.pattern(pattern, at)?;
            rules.patterns.push((id, self.node(value, &Place { parent: Some(at), step: pattern })?));
        }
        rules.additional = match map.get("additionalProperties") {
            None | Some(Value::Bool(true)) => Additional::Anything,
            _ if flag(map, "x-kubernetes-preserve-unknown-fields", at)? => Additional::Anything,
            Some(Value::Bool(false)) => Additional::Nothing,
            Some(value) => Additional::Schema(
                self.node(value, &Place { parent: Some(at), step: "additionalProperties" })?,
            ),
        };
        for name in names(map.get("required"), at)? {
            let known = rules.find(name).and_then(|slot| u32::try_from(slot).ok());
            let slot = known.unwrap_or_else(|| rules.add(name, None));
            if !rules.required.contains(&slot) {
                rules.required.push(slot);
            }
        }
        Ok(Some(Box::new(rules)))
    }

    fn choice(&mut self, map: &'v Object, at: &Place<'_>) -> Result<Option<Box<Choice>>, SchemaError> {
        let choice = Choice {
            all: self.list(map, &Place { parent: Some(at), step: "allOf" })?,
            any: self.branches(map, "anyOf", at)?,
            one: self.branches(map, "oneOf", at)?,
            not: self.child(map, "not", at)?,
            condition: self.child(map, "if", at)?,
            then: self.child(map, "then", at)?,
            otherwise: self.child(map, "else", at)?,
        };
        let any = !choice.all.is_empty()
            || choice.any.is_some()
            || choice.one.is_some()
            || choice.not.is_some()
            || choice.condition.is_some();
        Ok(any.then(|| Box::new(choice)))
    }

    fn branches(
        &mut self,
        map: &'v Object,
        keyword: &str,
        at: &Place<'_>,
    ) -> Result<Option<Branches>, SchemaError> {
        let list = self.list(map, &Place { parent: Some(at), step: keyword })?;
        let written = map.get(keyword).and_then(Value::as_array);
        let keys = written.and_then(|branches| keys(branches));
        Ok((!list.is_empty()).then_some(Branches { list, keys }))
    }

    fn child(
        &mut self,
        map: &'v Object,
        keyword: &str,
        at: &Place<'_>,
    ) -> Result<Option<NodeId>, SchemaError> {
        map.get(keyword).map(|value| self.node(value, &Place { parent: Some(at), step: keyword })).transpose()
    }
}
