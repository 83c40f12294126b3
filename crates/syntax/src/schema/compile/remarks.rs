//! `x-code`, `x-codes`, `x-on` and their like.

use serde_json::{Map, Value};

use super::super::remark::{Keyword, Remark, Remarks};
use super::super::{Node, SchemaError};
use super::read::mapping;
use super::{Compiler, Place};
use crate::check::CODES;

type Object = Map<String, Value>;

impl Compiler<'_, '_> {
    pub(super) fn remarks(
        &self,
        map: &Object,
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
