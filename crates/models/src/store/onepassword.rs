//! 1Password, through a Connect server.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::address::{Abilities, Address, Complaint, Finds, PathClass, Version, WholeEntry};
use crate::finding::{Findings, Place};
use crate::selector::SecretKeySelector;
use crate::validate::newer::Asker;
use crate::validate::selectors::Scope;

/// The operator's webhook asks every reference of a cluster-scoped store for its namespace.
pub(crate) const NEEDS_NAMESPACES: bool = true;

/// Access to vaults of 1Password through a Connect server (ESO's `spec.provider.onepassword`).
///
/// A path is the title of an item; its fields are reached by `property`, and without one it is the field `password`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OnePasswordConfig {
    /// Address of the Connect server, such as `https://connect.example.com:8443`.
    #[validate(length(min = 1))]
    #[serde(default)]
    pub connect_host: Text,
    /// Vaults by name, with the order in which they are searched, such as `{production: 1, shared: 2}`.
    #[schemars(length(min = 1))]
    #[serde(default)]
    pub vaults: IndexMap<String, i64>,
    /// How the operator logs in.
    #[validate(nested)]
    pub auth: Option<OnePasswordAuth>,
}

/// How the operator logs in to the Connect server (ESO's `auth`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OnePasswordAuth {
    /// The Connect server's access token.
    #[validate(nested)]
    pub secret_ref: OnePasswordSecretRef,
}

/// Where the access token lies (ESO's `auth.secretRef`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OnePasswordSecretRef {
    /// Where the access token lies.
    #[validate(nested)]
    pub connect_token_secret_ref: SecretKeySelector,
}

impl OnePasswordConfig {
    /// Which part of the backend it reads.
    pub(crate) fn scope(&self) -> Vec<(&'static str, Text)> {
        let mut vaults: Vec<_> = self.vaults.iter().collect();
        vaults.sort_by_key(|(_, order)| **order);
        let vaults: Vec<_> = vaults.into_iter().map(|(name, _)| name.as_str()).collect();
        vec![("server", self.connect_host.clone()), ("vaults", vaults.join(", ").into())]
    }

    /// Every Secret reference of the block, at its place.
    pub(crate) fn selectors_mut(
        &mut self,
        place: &Place,
        meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
    ) {
        if let Some(auth) = &mut self.auth {
            let at = place.path("auth.secretRef.connectTokenSecretRef");
            meet(&at, &mut auth.secret_ref.connect_token_secret_ref);
        }
    }

    /// A Connect server and the vaults that are searched, in this order.
    pub fn new<V: Into<String>>(
        connect_host: impl Into<Text>,
        vaults: impl IntoIterator<Item = V>,
        token: SecretKeySelector,
    ) -> Self {
        Self {
            connect_host: connect_host.into(),
            vaults: vaults.into_iter().map(Into::into).zip(1..).collect(),
            auth: Some(OnePasswordAuth {
                secret_ref: OnePasswordSecretRef { connect_token_secret_ref: token },
            }),
        }
    }
}

/// How its addresses are read: a title may hold almost anything.
pub(crate) fn address(_: Option<&OnePasswordConfig>) -> &'static Address {
    static ADDRESS: Address = Address {
        reader: "1Password",
        class: PathClass::Entries,
        leading_slash: true,
        path: |path| {
            if path.trim().is_empty() {
                Complaint::new("it is empty", "write the title of the item")
            } else {
                None
            }
        },
        version: |version| Version::Wrong {
            what: format!("1Password has no version `{version}` of an item"),
            why: "the operator refuses `version` here at every sync",
            fix: "leave `version` out".to_owned(),
        },
        whole_entry: WholeEntry::Never,
        fetches_metadata: false,
        search: |_| Vec::new(),
        finds: Finds::NamesAndTags,
        abilities: Abilities::ALL,
    };
    &ADDRESS
}

/// Rules of a 1Password block.
pub(crate) fn check(config: &OnePasswordConfig, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
    if let Some(auth) = &config.auth {
        let at = place.path("auth.secretRef.connectTokenSecretRef");
        scope.secret(&auth.secret_ref.connect_token_secret_ref, None, &at, findings);
    }
    let mut seen = IndexMap::new();
    for (vault, order) in &config.vaults {
        if let Some(first) = seen.insert(*order, vault) {
            findings
                .error(
                    "vault-order",
                    place.at("vaults").at(vault.clone()),
                    format!("vaults `{first}` and `{vault}` have the same order"),
                )
                .why("the operator's webhook refuses the store, for it would not know which to search first")
                .fix("give each vault a number of its own")
                .and(place.at("vaults").at(first.clone()), "the same number");
        }
    }
}

/// Every known version of the operator has all its fields.
pub(crate) fn newer(_: &OnePasswordConfig, _: &mut Asker<'_>, _: &Place) {}
