//! Two syncs that write to one place: each removes what the other has written.

use std::collections::BTreeMap;

use keyloom_models::code;
use keyloom_syntax::Severity;
use keyloom_syntax::check::Problem;
use keyloom_upstream::terraform::infisical::secret_sync_of;
use serde_json::Value;

use super::super::Problems;
use super::super::module::Module;
use super::super::written::{Block, Sort};
use crate::json::value;

pub(super) fn check(module: &Module<'_>, problems: &mut Problems) {
    let mut seen: BTreeMap<String, &Block<'_>> = BTreeMap::new();
    for block in module.of(Sort::Resource) {
        let Some(identity) = identity(block) else { continue };
        let Some(first) = seen.get(&identity) else {
            seen.insert(identity, block);
            continue;
        };
        let config = block.node.get("destination_config").map_or(block.node.span(), |node| node.span());
        let mut problem = Problem::error(
            code::DUPLICATE_DESTINATION,
            config,
            format!("`{}` and `{}` write to one place", first.address(), block.address()),
        )
        .severity(Severity::Warning)
        .and(first.name_span(), "this one does too")
        .why("each sync takes what the other writes for something to overwrite or delete")
        .fix("give each a `key_schema` with a prefix of its own, or let one sync have all secrets");
        problem.path = format!("{}.destination_config", block.path);
        problems.push(problem);
    }
}

/// Kind, connection, destination and names of a sync, when all is written out.
fn identity(block: &Block<'_>) -> Option<String> {
    secret_sync_of(block.label(0))?;
    // How many there are of each is not known.
    if block.node.get("count").or(block.node.get("for_each")).is_some() {
        return None;
    }
    let config = sorted(value(block.node.get("destination_config")?));
    let connection = value(block.node.get("connection_id")?);
    let schema = block.node.get("sync_options").and_then(|options| options.get("key_schema")).map(value);
    Some(format!("{} {connection} {config} {schema:?}", block.label(0)))
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().filter(|(_, value)| !value.is_null()).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        other => other,
    }
}
