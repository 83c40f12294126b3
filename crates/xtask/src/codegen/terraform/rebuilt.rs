//! Schemas of providers, made again from what crates/upstream keeps of them: so a fresh clone has them too.

use serde_json::{Map, Value, json};

use super::{Provider, SECTIONS, body};
use crate::Result;

/// Every provider's full address with its schema, as `terraform providers schema -json` prints it.
pub(crate) fn rebuilt() -> Result<Vec<(String, Value)>> {
    let each = super::PROVIDERS.iter().map(|provider| {
        let path = crate::root().join(provider.path());
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((provider.source.to_owned(), of(provider, &serde_json::from_str(&text)?)?))
    });
    each.collect()
}

/// The schema of one.
pub(super) fn of(provider: &Provider, file: &Value) -> Result<Value> {
    let mut schema = json!({"provider": body::expanded(&file["provider"]["config"])?});
    for (long, short) in SECTIONS {
        let all = file[short].as_object().ok_or(format!("no {short} in what was condensed"))?;
        if all.is_empty() {
            continue;
        }
        let all = all.iter().map(|(name, body)| Ok((name.clone(), body::expanded(body)?)));
        schema[long] = all.collect::<Result<Map<_, _>>>()?.into();
    }
    Ok(json!({"format_version": "1.0", "provider_schemas": {provider.source: schema}}))
}
