//! One schema (a resource, a provider's block) in the condensed form and back.
//!
//! ```text
//! {"type": ["set", "string"], "optional": true}       "set(string) optional"
//! {"nested_type": {...}, "required": true}            {"is": "single required", "attributes": {...}}
//! {"nesting_mode": "list", "max_items": 1, ...}       {"is": "list", "max": 1, "attributes": {...}, "blocks": {...}}
//! ```

use serde_json::{Map, Value, json};

use crate::Result;

/// What an attribute may be besides its type, in the order in which it is said.
const FLAGS: [&str; 6] = ["required", "optional", "computed", "sensitive", "write_only", "deprecated"];

/// A schema with its version.
pub(super) fn condensed(schema: &Value) -> Result<Value> {
    let mut body = Map::new();
    body.insert("version".into(), schema["version"].clone());
    block(&schema["block"], &mut body)?;
    Ok(body.into())
}

fn block(block: &Value, to: &mut Map<String, Value>) -> Result<()> {
    if block["deprecated"] == true {
        to.insert("deprecated".into(), true.into());
    }
    if let Some(all) = members(block, "attributes") {
        to.insert("attributes".into(), attributes(all)?);
    }
    if let Some(all) = members(block, "block_types") {
        let all = all.iter().map(|(name, written)| Ok((name.clone(), block_type(written)?)));
        to.insert("blocks".into(), all.collect::<Result<Map<_, _>>>()?.into());
    }
    Ok(())
}

fn block_type(written: &Value) -> Result<Value> {
    let mut made = Map::new();
    made.insert("is".into(), written["nesting_mode"].clone());
    for (long, short) in [("min_items", "min"), ("max_items", "max")] {
        if let Some(count) = written.get(long) {
            made.insert(short.into(), count.clone());
        }
    }
    block(&written["block"], &mut made)?;
    Ok(made.into())
}

fn attributes(all: &Map<String, Value>) -> Result<Value> {
    let all = all.iter().map(|(name, written)| Ok((name.clone(), attribute(written)?)));
    Ok(all.collect::<Result<Map<_, _>>>()?.into())
}

fn attribute(written: &Value) -> Result<Value> {
    let flags = FLAGS.iter().filter(|flag| written[**flag] == true).map(|flag| format!(" {flag}"));
    let flags: String = flags.collect();
    let Some(nested) = written.get("nested_type") else {
        return Ok(format!("{}{flags}", spelled(&written["type"])?).into());
    };
    let mode = nested["nesting_mode"].as_str().ok_or("a nested type without a mode")?;
    let inner = members(nested, "attributes").map_or(Ok(json!({})), attributes)?;
    Ok(json!({"is": format!("{mode}{flags}"), "attributes": inner}))
}

/// A type as Terraform's language spells it.
fn spelled(written: &Value) -> Result<String> {
    match written {
        Value::String(name) => Ok(name.clone()),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(name), Value::Object(fields)] => {
                let fields = fields.iter().map(|(field, inner)| Ok(format!("{field}={}", spelled(inner)?)));
                Ok(format!("{name}({{{}}})", fields.collect::<Result<Vec<_>>>()?.join(",")))
            }
            [Value::String(name), inner] => Ok(format!("{name}({})", spelled(inner)?)),
            _ => Err(format!("no type: {written}").into()),
        },
        _ => Err(format!("no type: {written}").into()),
    }
}

/// The way back from [`condensed`].
pub(super) fn expanded(body: &Value) -> Result<Value> {
    Ok(json!({"version": body["version"], "block": expanded_block(body)?}))
}

fn expanded_block(body: &Value) -> Result<Value> {
    let mut block = Map::new();
    if let Some(all) = members(body, "attributes") {
        block.insert("attributes".into(), expanded_attributes(all)?);
    }
    if let Some(all) = members(body, "blocks") {
        let all = all.iter().map(|(name, body)| {
            let mut made = json!({"nesting_mode": body["is"], "block": expanded_block(body)?});
            for (long, short) in [("min_items", "min"), ("max_items", "max")] {
                if let Some(count) = body.get(short) {
                    made[long] = count.clone();
                }
            }
            Ok((name.clone(), made))
        });
        block.insert("block_types".into(), all.collect::<Result<Map<_, _>>>()?.into());
    }
    if body["deprecated"] == true {
        block.insert("deprecated".into(), true.into());
    }
    Ok(block.into())
}

fn expanded_attributes(all: &Map<String, Value>) -> Result<Value> {
    let all = all.iter().map(|(name, attribute)| Ok((name.clone(), expanded_attribute(attribute)?)));
    Ok(all.collect::<Result<Map<_, _>>>()?.into())
}

fn expanded_attribute(attribute: &Value) -> Result<Value> {
    let words = attribute.as_str().or(attribute["is"].as_str()).ok_or("an attribute without a type")?;
    let (what, flags) = words.split_once(' ').unwrap_or((words, ""));
    let mut made = Map::new();
    if let Some(inner) = members(attribute, "attributes") {
        let mut nested = json!({"nesting_mode": what});
        if !inner.is_empty() {
            nested["attributes"] = expanded_attributes(inner)?;
        }
        made.insert("nested_type".into(), nested);
    } else {
        made.insert("type".into(), read_type(what)?);
    }
    made.extend(flags.split_whitespace().map(|flag| (flag.to_owned(), true.into())));
    Ok(made.into())
}

fn read_type(text: &str) -> Result<Value> {
    let Some((name, inner)) = text.split_once('(') else { return Ok(text.into()) };
    let inner = inner.strip_suffix(')').ok_or(format!("no type: {text}"))?;
    let Some(fields) = inner.strip_prefix('{') else { return Ok(json!([name, read_type(inner)?])) };
    let fields = fields.strip_suffix('}').ok_or(format!("no type: {text}"))?;
    let mut made = Map::new();
    for field in split(fields) {
        let (field, inner) = field.split_once('=').ok_or(format!("no type: {text}"))?;
        made.insert(field.to_owned(), read_type(inner)?);
    }
    Ok(json!([name, made]))
}

/// The parts between commas that stand in no brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

fn members<'v>(value: &'v Value, name: &str) -> Option<&'v Map<String, Value>> {
    value.get(name).and_then(Value::as_object)
}
