//! Blocks in the operator's own words: what they may hold comes from its CRD, and so does what is looked for in them.
//!
//! A block is checked against the document schema like anything else, for `schema/upstream.rs` puts the CRD's structure there. The
//! rules here walk block and CRD side by side, so they need no list of fields.

use keyloom_syntax::{Block, Text};
use keyloom_upstream::Cursor;
use serde::Deserialize;

use crate::finding::{Findings, Place};
use crate::selector::SecretKeySelector;
use crate::validate::literal;
use crate::validate::selectors::Scope;

/// What a mapping of the CRD points to, told by its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pointer {
    /// A key of a Secret.
    SecretKey,
    /// A Secret.
    Secret,
    /// A service account.
    ServiceAccount,
    /// A certificate authority in a Secret or ConfigMap.
    Authority,
}

impl Pointer {
    /// Whether the place is a pointer, and to what.
    pub(crate) fn of(schema: Cursor<'_>) -> Option<Self> {
        Self::by_names(schema.properties().map(|(name, _)| name))
    }

    /// The same, by the names of a mapping's fields.
    pub(crate) fn by_names<'n>(names: impl Iterator<Item = &'n str>) -> Option<Self> {
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        match names.as_slice() {
            ["key", "name", "namespace"] => Some(Self::SecretKey),
            ["name", "namespace"] => Some(Self::Secret),
            ["audiences", "name", "namespace"] => Some(Self::ServiceAccount),
            ["key", "name", "namespace", "type"] => Some(Self::Authority),
            _ => None,
        }
    }
}

/// Every node of a block that the CRD knows, the outer ones first.
pub(crate) fn walk<'s>(
    schema: Cursor<'s>,
    block: &Block,
    place: &Place,
    meet: &mut impl FnMut(Cursor<'s>, &Block, &Place),
) {
    meet(schema, block, place);
    for (key, value) in block.entries() {
        if let Some(field) = schema.step(key) {
            walk(field, value, &place.at(key.to_string()), meet);
        }
    }
    for (index, value) in block.items().iter().enumerate() {
        if let Some(item) = schema.item() {
            walk(item, value, &place.at(index), meet);
        }
    }
}

/// Every reference to a key of a Secret that holds the value itself, which no CRD has: what a program handed over. What
/// becomes of it is written in its place.
pub(crate) fn credentials(
    schema: Cursor<'_>,
    block: &mut Block,
    place: &Place,
    meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
) {
    if Pointer::of(schema) == Some(Pointer::SecretKey)
        && block.get(INLINE).is_some()
        && let Ok(mut selector) = SecretKeySelector::deserialize(&*block)
    {
        meet(place, &mut selector);
        let SecretKeySelector { name, namespace, key, value } = selector;
        let fields = [
            ("name", Some(name)),
            ("namespace", namespace),
            ("key", key),
            (INLINE, value.map(|value| *value)),
        ];
        let said = |(field, text): (&str, Option<Text>)| Some((field.into(), Block::Text(text?)));
        *block = Block::Map(fields.into_iter().filter_map(said).collect());
        return;
    }
    match block {
        Block::Map(entries) => {
            for (key, value) in entries {
                if let Some(field) = schema.step(key) {
                    credentials(field, value, &place.at(key.to_string()), meet);
                }
            }
        }
        Block::List(items) => {
            for (index, value) in items.iter_mut().enumerate() {
                if let Some(item) = schema.item() {
                    credentials(item, value, &place.at(index), meet);
                }
            }
        }
        Block::Null | Block::Bool(_) | Block::Number(_) | Block::Text(_) => {}
    }
}

/// References to what is in the cluster: namespaces by the store's scope, and one source of certificates.
pub(crate) fn references(
    schema: Cursor<'_>,
    block: &Block,
    scope: &Scope<'_>,
    place: &Place,
    findings: &mut Findings,
) {
    walk(schema, block, place, &mut |schema, block, place| {
        if block.get("caBundle").is_some() && block.get("caProvider").is_some() {
            scope.two_authorities(place, findings);
        }
        let namespace = block.get("namespace").and_then(Block::text);
        match Pointer::of(schema) {
            Some(Pointer::SecretKey | Pointer::Secret) => {
                scope.namespaced(namespace, "Secret", place, findings)
            }
            Some(Pointer::ServiceAccount) => scope.namespaced(namespace, "service account", place, findings),
            Some(Pointer::Authority) => scope.namespaced(namespace, "certificate authority", place, findings),
            None => {}
        }
    });
}

/// The field that offers a value where a reference to a Secret may stand beside it.
const INLINE: &str = "value";

/// Credentials that are written out: where the CRD offers a value beside a reference to a Secret, and under free keys
/// whose name says so. A text that is not known is not judged.
pub(crate) fn literals(schema: Cursor<'_>, block: &Block, place: &Place, findings: &mut Findings) {
    walk(schema, block, place, &mut |schema, block, place| {
        if let Some(reference) = beside_inline(schema)
            && block.get(INLINE).and_then(Block::text).and_then(Text::known).is_some()
        {
            inline(reference, &place.at(INLINE), findings);
        }
        let texts = schema.value().is_some_and(|value| value.type_name() == Some("string"));
        for (key, value) in block.entries().iter().filter(|_| texts) {
            if let Some(text) = value.text() {
                literal::constant(key, text, &place.at(key.to_string()), findings);
            }
        }
    });
}

/// The reference to a Secret that stands beside an inline value in the CRD.
pub(crate) fn beside_inline(schema: Cursor<'_>) -> Option<&'static str> {
    const REFERENCE: &str = "secretRef";
    let inline = schema.property(INLINE)?.type_name() == Some("string");
    let reference = schema.property(REFERENCE).and_then(Pointer::of) == Some(Pointer::SecretKey);
    (inline && reference).then_some(REFERENCE)
}

fn inline(reference: &str, place: &Place, findings: &mut Findings) {
    findings
        .error(literal::CODE, place.clone(), format!("`{INLINE}` writes out what `{reference}` refers to"))
        .why("what is written here ends in git and in manifests, for everybody to read")
        .fix(format!(
            "write `{reference}: {{name: SECRET, key: KEY}}` in its place; if a credential has been committed, replace it where it is used"
        ));
}

#[cfg(test)]
mod tests {
    use keyloom_upstream::eso::{EsoVersion, Kind, spec};

    use super::*;

    fn inline_places(schema: Cursor<'_>, path: &str, found: &mut Vec<String>) {
        if beside_inline(schema).is_some() {
            found.push(path.to_owned());
        }
        for (name, field) in schema.properties() {
            inline_places(field, &format!("{path}.{name}"), found);
        }
        if let Some(item) = schema.item() {
            inline_places(item, &format!("{path}[]"), found);
        }
    }

    /// The places where a credential can be written out, as the newest CRD has them.
    #[test]
    fn a_value_beside_a_reference_stands_at_thirteen_places() {
        let mut found = Vec::new();
        inline_places(spec(EsoVersion::newest(), Kind::SecretStore).root(), "", &mut found);
        let expected = [
            ".provider.barbican.auth.username",
            ".provider.beyondtrust.auth.apiKey",
            ".provider.beyondtrust.auth.certificate",
            ".provider.beyondtrust.auth.certificateKey",
            ".provider.beyondtrust.auth.clientId",
            ".provider.beyondtrust.auth.clientSecret",
            ".provider.delinea.clientId",
            ".provider.delinea.clientSecret",
            ".provider.scaleway.accessKey",
            ".provider.scaleway.secretKey",
            ".provider.secretserver.password",
            ".provider.secretserver.token",
            ".provider.secretserver.username",
        ];
        assert_eq!(found, expected);
    }
}
