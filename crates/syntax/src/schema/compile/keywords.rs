//! One method a family of keywords.

use serde_json::{Map, Value};

use super::super::node::{Branches, Choice, Doc, ListRules, Range, Slot, TextRules};
use super::super::remark::{Keyword, Remark, Remarks};
use super::super::{Additional, Node, NodeId, ObjectRules, SchemaError, Types, Values};
use super::{Compiler, OUTSIDE, Place, types};
use crate::check::CODES;

type Object = Map<String, Value>;

impl<'v> Compiler<'v, '_> {
    pub(super) fn keywords(&mut self, map: &'v Object, at: &Place<'_>) -> Result<Node, SchemaError> {
        if let Some(outside) = OUTSIDE.iter().find(|keyword| map.contains_key(**keyword)) {
            return Err(at.unsupported(format!("`{outside}` is not among the constraints the checker has")));
        }
        let mut node = Node {
            secret: flag(map, "x-secret", at)?,
            deprecated: flag(map, "deprecated", at)?,
            doc: doc(map),
            ..Node::default()
        };
        if let Some(reference) = map.get("$ref") {
            let reference = reference.as_str().ok_or_else(|| at.unsupported("`$ref` wants text"))?;
            node.reference = Some(self.target(reference, at)?);
            return Ok(node);
        }
        if let Some(value) = map.get("type") {
            node.types = types(value, at)?;
        }
        if flag(map, "x-kubernetes-int-or-string", at)? {
            node.types = node.types.and(Types::INT.or(Types::TEXT));
        }
        node.values = values(map, at)?;
        node.constant = map.get("const").cloned().map(Box::new);
        node.text = self.text(map, at)?;
        node.range = range(map, at)?;
        node.list = self.list_rules(map, at)?;
        node.object = self.object(map, at)?;
        if node.values.is_none() {
            node.values = words_as_values(map);
        }
        let absorbed = map.get("enum").is_none() && node.values.is_some();
        node.choice = if absorbed { None } else { self.choice(map, at)? };
        node.remarks = self.remarks(map, at, &node)?;
        Ok(node)
    }

    fn text(&mut self, map: &'v Object, at: &Place<'_>) -> Result<Option<Box<TextRules>>, SchemaError> {
        let pattern = match map.get("pattern") {
            Some(Value::String(source)) => Some(self.pattern(source, at)?),
            Some(_) => return Err(at.unsupported("`pattern` wants text")),
            None => None,
        };
        let rules =
            TextRules { pattern, min: count(map, "minLength", at)?, max: count(map, "maxLength", at)? };
        let any = rules.pattern.is_some() || rules.min.is_some() || rules.max.is_some();
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
        let keywords = [
            "properties",
            "patternProperties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ];
        if !keywords.iter().any(|keyword| map.contains_key(*keyword)) {
            return Ok(None);
        }
        let mut rules = ObjectRules {
            min: count(map, "minProperties", at)?,
            max: count(map, "maxProperties", at)?,
            noun: map.get("x-noun").and_then(Value::as_str).map(str::to_owned),
            ..ObjectRules::default()
        };
        for (name, value) in mapping(map, "properties", at)? {
            let schema = Some(self.node(value, &Place { parent: Some(at), step: name })?);
            rules.slots.push(Slot { name: name.as_str().into(), schema });
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
        rules.seal();
        for name in names(map.get("required"), at)? {
            let slot = rules.find(name).or_else(|| rules.slots.iter().position(|slot| &*slot.name == name));
            let slot = slot.unwrap_or_else(|| {
                rules.slots.push(Slot { name: name.into(), schema: None });
                rules.slots.len() - 1
            });
            let slot = u32::try_from(slot).map_err(|_| at.unsupported("too many fields"))?;
            if !rules.required.contains(&slot) {
                rules.required.push(slot);
            }
        }
        rules.seal();
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
        let keys = written.and_then(|branches| branches.iter().map(only_key).collect::<Option<Vec<_>>>());
        let distinct = |keys: &Vec<Box<str>>| (1..keys.len()).all(|i| !keys[..i].contains(&keys[i]));
        Ok((!list.is_empty()).then(|| Branches { list, keys: keys.filter(distinct) }))
    }

    fn child(
        &mut self,
        map: &'v Object,
        keyword: &str,
        at: &Place<'_>,
    ) -> Result<Option<NodeId>, SchemaError> {
        map.get(keyword).map(|value| self.node(value, &Place { parent: Some(at), step: keyword })).transpose()
    }

    fn remarks(
        &self,
        map: &'v Object,
        at: &Place<'_>,
        node: &Node,
    ) -> Result<Option<Box<Remarks>>, SchemaError> {
        let choice = node.choice.as_ref();
        let mut remarks = Remarks {
            general: self.remark(map, ["x-code", "x-message", "x-why", "x-fix"], at)?,
            has_choice: choice.is_some_and(|choice| {
                choice.any.is_some()
                    || choice.one.is_some()
                    || choice.not.is_some()
                    || choice.condition.is_some()
            }),
            bare_required: !map.contains_key("properties"),
            by_keyword: Vec::new(),
        };
        for (name, value) in mapping(map, "x-on", at)? {
            let map = value.as_object().ok_or_else(|| at.unsupported("`x-on` wants mappings"))?;
            let remark = self.remark(map, ["code", "message", "why", "fix"], at)?;
            remarks.by_keyword.push((keyword(name, at)?, remark));
        }
        for (name, value) in mapping(map, "x-codes", at)? {
            let keyword = keyword(name, at)?;
            let code = self.code(value, at)?;
            match remarks.by_keyword.iter_mut().find(|(known, _)| *known == keyword) {
                Some((_, remark)) => remark.code = Some(code),
                None => {
                    let general = remarks.for_keyword(keyword).cloned().unwrap_or_default();
                    remarks.by_keyword.push((keyword, Remark { code: Some(code), ..general }));
                }
            }
        }
        let any = !remarks.general.is_empty() || !remarks.by_keyword.is_empty();
        Ok(any.then(|| Box::new(remarks)))
    }

    fn remark(&self, map: &Object, names: [&str; 4], at: &Place<'_>) -> Result<Remark, SchemaError> {
        let text = |name: &str| match map.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(at.unsupported(format!("`{name}` wants text"))),
        };
        let [code, message, why, fix] = names;
        Ok(Remark {
            code: map.get(code).map(|code| self.code(code, at)).transpose()?,
            message: text(message)?,
            why: text(why)?,
            fix: text(fix)?,
        })
    }

    fn code(&self, value: &Value, at: &Place<'_>) -> Result<&'static str, SchemaError> {
        let code = value.as_str().ok_or_else(|| at.unsupported("a code wants text"))?;
        let known = self.codes.iter().chain(CODES).find(|known| **known == code);
        known.copied().ok_or_else(|| SchemaError::UnknownCode { at: at.to_string(), code: code.to_owned() })
    }
}

fn keyword(name: &str, at: &Place<'_>) -> Result<Keyword, SchemaError> {
    Keyword::named(name).ok_or_else(|| at.unsupported(format!("no remark can be made about `{name}`")))
}

fn doc(map: &Object) -> Option<Box<Doc>> {
    let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    let doc = Doc {
        description: text("description").or_else(|| text("title")),
        default: map.get("default").cloned(),
    };
    (doc.description.is_some() || doc.default.is_some()).then(|| Box::new(doc))
}

fn values(map: &Object, at: &Place<'_>) -> Result<Option<Box<Values>>, SchemaError> {
    let Some(value) = map.get("enum") else { return Ok(None) };
    let list = value.as_array().ok_or_else(|| at.unsupported("`enum` wants a list"))?.clone();
    let texts = list.iter().all(Value::is_string);
    Ok(Some(Box::new(Values { list, texts })))
}

/// `oneOf` or `anyOf` of nothing but distinct words (an enum with a description for each) is an `enum`.
fn words_as_values(map: &Object) -> Option<Box<Values>> {
    let others = ["allOf", "not", "if", "const"].iter().any(|keyword| map.contains_key(*keyword));
    let branches = match (map.get("oneOf"), map.get("anyOf")) {
        (Some(branches), None) | (None, Some(branches)) if !others => branches.as_array()?,
        _ => return None,
    };
    let mut list: Vec<Value> = Vec::new();
    for branch in branches {
        let branch = branch.as_object()?;
        let plain =
            |key: &String| matches!(key.as_str(), "const" | "enum" | "type" | "description" | "title");
        if !branch.keys().all(plain) || branch.get("type").is_some_and(|t| t != "string") {
            return None;
        }
        let words = match (branch.get("const"), branch.get("enum")) {
            (Some(word), None) => vec![word.clone()],
            (None, Some(words)) => words.as_array()?.clone(),
            _ => return None,
        };
        for word in words {
            if !word.is_string() || list.contains(&word) {
                return None;
            }
            list.push(word);
        }
    }
    (!list.is_empty()).then(|| Box::new(Values { list, texts: true }))
}

/// The name, when a branch says `required: [name]` and nothing else that could fail.
fn only_key(branch: &Value) -> Option<Box<str>> {
    let branch = branch.as_object()?;
    let plain = |key: &String| matches!(key.as_str(), "required" | "description" | "title" | "$comment");
    let [name] = branch.get("required")?.as_array()?.as_slice() else { return None };
    if branch.keys().all(plain) { name.as_str().map(Into::into) } else { None }
}

fn range(map: &Object, at: &Place<'_>) -> Result<Option<Box<Range>>, SchemaError> {
    let bound = |keyword: &str| match map.get(keyword) {
        None => Ok(None),
        Some(value) => match value.as_f64() {
            Some(bound) => Ok(Some(bound)),
            None => Err(at.unsupported(format!("`{keyword}` wants a number"))),
        },
    };
    let range = Range {
        min: bound("minimum")?,
        max: bound("maximum")?,
        above: bound("exclusiveMinimum")?,
        below: bound("exclusiveMaximum")?,
    };
    let any = range.min.is_some() || range.max.is_some() || range.above.is_some() || range.below.is_some();
    Ok(any.then(|| Box::new(range)))
}

fn flag(map: &Object, keyword: &str, at: &Place<'_>) -> Result<bool, SchemaError> {
    match map.get(keyword) {
        None => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(at.unsupported(format!("`{keyword}` wants true or false"))),
    }
}

fn count(map: &Object, keyword: &str, at: &Place<'_>) -> Result<Option<u64>, SchemaError> {
    match map.get(keyword) {
        None => Ok(None),
        Some(value) => match value.as_u64() {
            Some(count) => Ok(Some(count)),
            None => Err(at.unsupported(format!("`{keyword}` wants a whole number from 0"))),
        },
    }
}

fn mapping<'v>(
    map: &'v Object,
    keyword: &str,
    at: &Place<'_>,
) -> Result<impl Iterator<Item = (&'v String, &'v Value)>, SchemaError> {
    match map.get(keyword) {
        None => Ok(None),
        Some(Value::Object(inner)) => Ok(Some(inner)),
        Some(_) => Err(at.unsupported(format!("`{keyword}` wants a mapping"))),
    }
    .map(|inner| inner.into_iter().flatten())
}

fn names<'v>(value: Option<&'v Value>, at: &Place<'_>) -> Result<Vec<&'v str>, SchemaError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let names = value.as_array().map(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    names.flatten().ok_or_else(|| at.unsupported("`required` wants a list of names"))
}
