//! The keys of a Secret, as far as they can be known.

use keyloom_syntax::Text;

use super::{ExternalSecret, FromEntry, FromSource, GeneratorRef};
use crate::policy::{CreationPolicy, TemplateMergePolicy};

/// The keys of a Secret, as far as they can be known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keys {
    /// Keys that are surely there.
    pub known: Vec<Text>,
    /// Whether there may be others: an entry whose fields nobody declared, a search, a Secret that others write to.
    pub open: bool,
}

impl Keys {
    /// Whether the Secret holds that key; `None` is not known.
    pub fn holds(&self, key: &str) -> Option<bool> {
        if self.known.iter().any(|known| known == key) {
            return Some(true);
        }
        let unsure = self.open || self.known.iter().any(|known| known.known().is_none());
        (!unsure).then_some(false)
    }
}

impl ExternalSecret {
    /// The keys that the Secret will hold, found out anew at each call.
    pub fn keys(&self) -> Keys {
        held(self)
    }
}

fn held(secret: &ExternalSecret) -> Keys {
    let mut keys = Keys::default();
    let replaced = secret.target.template.as_ref().is_some_and(|template| {
        (template.data.is_some() || template.template_from.is_some())
            && template.merge_policy != Some(TemplateMergePolicy::Merge)
    });
    if !replaced {
        let hidden = secret.made.registry.is_some() || secret.made.connection.is_some();
        if !hidden {
            keys.known.extend(secret.data.iter().map(|entry| entry.secret_key.clone()));
        }
        for entry in &secret.data_from {
            if hidden {
                continue;
            }
            from_entry(entry, &mut keys);
        }
    }
    keys.known.extend(secret.made.constants.keys().map(|key| Text::from(key.as_str())));
    keys.known.extend(secret.made.url.iter().map(|url| url.key.clone()));
    keys.known.extend(secret.made.connection.iter().flat_map(|made| made.keys().cloned()));
    if secret.made.registry.is_some() {
        keys.known.push(".dockerconfigjson".into());
    }
    if let Some(template) = &secret.target.template {
        keys.known.extend(template.data.iter().flatten().map(|(key, _)| Text::from(key.as_str())));
        keys.open |= template.template_from.is_some();
    }
    keys.open |=
        matches!(secret.target.creation_policy, CreationPolicy::Merge | CreationPolicy::CreateOrMerge);
    keys
}

fn from_entry(entry: &FromEntry, keys: &mut Keys) {
    match &entry.keep {
        Some(pairs) => keys.known.extend(
            pairs
                .iter()
                .map(|(key, _)| entry.prefix.as_ref().map_or_else(|| key.clone(), |prefix| prefix.join(key))),
        ),
        None => {
            match &entry.source {
                FromSource::Generator(GeneratorRef { keys: Some(made), .. }) if entry.rewrite.is_empty() => {
                    keys.known.extend(made.iter().map(|key| {
                        entry.prefix.as_ref().map_or_else(|| key.clone(), |prefix| prefix.join(key))
                    }));
                }
                FromSource::Generator(_) | FromSource::Extract(_) | FromSource::Find(_) => keys.open = true,
            }
        }
    }
}
