//! Texts that name fields of an object: a name has no secrecy of its own, and cannot come later.

use keyloom_models::config::ExternalSecret;
use keyloom_syntax::Text;

use crate::problem::InputProblem;

const SECRET: &str = "it is secret, but names a field of the object's template, for everybody to read; hand over a plain value";
const NOT_KNOWN: &str = "it is not known yet, but names a field of the object's template, so a preview must know it; hand over a plain value, not an output";

/// Keys of the Secret that the template makes, and that are secret or not known yet. `helper` is the path of the helper that
/// the external secret may have, with the dot behind it.
pub(super) fn unnamed(item: &ExternalSecret, helper: &str) -> Vec<InputProblem> {
    let mut problems = Vec::new();
    let mut look = |text: &Text, path: &dyn Fn() -> String| {
        if text.written().is_none() {
            problems.push(InputProblem::new(path(), if text.is_secret() { SECRET } else { NOT_KNOWN }));
        }
    };
    if let Some(url) = &item.made.url {
        look(&url.key, &|| format!("{helper}url.key"));
    }
    if let Some(connection) = &item.made.connection {
        for made in connection.fields.iter().filter(|made| made.named) {
            look(&made.key, &|| format!("{helper}as.{}", made.field.name));
        }
        // All others begin with the same text.
        if let Some(made) = connection.fields.iter().find(|made| !made.named) {
            look(&made.key, &|| format!("{helper}envPrefix"));
        }
        if let Some(url) = &connection.url {
            look(&url.key, &|| format!("{helper}url.key"));
        }
    }
    let mut selects = false;
    for (index, entry) in item.data_from.iter().enumerate() {
        let Some(pairs) = &entry.keep else { continue };
        selects = true;
        if let Some(prefix) = &entry.prefix {
            look(prefix, &|| format!("dataFrom[{index}].prefix"));
        }
        for (number, (key, _)) in pairs.iter().enumerate() {
            look(key, &|| format!("dataFrom[{index}].keys[{number}]"));
        }
    }
    // A template that selects names the single values beside it, too.
    for (index, entry) in item.data.iter().enumerate().filter(|_| selects) {
        look(&entry.secret_key, &|| format!("data[{index}].key"));
    }
    problems
}
