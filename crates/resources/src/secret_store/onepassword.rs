//! `provider.onepassword`.

use indexmap::IndexMap;
use keyloom_models::selector::SecretKeySelector;
use keyloom_syntax::Text;

use crate::walk::{Sink, Walk, map};

/// 1Password, through a Connect server, as a store's backend.
#[derive(Clone, Debug, PartialEq)]
pub struct OnePassword {
    /// Where the Connect server's access token lies (`auth.secretRef.connectTokenSecretRef`).
    pub connect_token: Option<SecretKeySelector>,
    /// Address of the Connect server.
    pub connect_host: Text,
    /// Vaults by name, with the order in which they are searched.
    pub vaults: IndexMap<String, i64>,
}

impl Walk for OnePassword {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            if let Some(token) = &self.connect_token {
                m.map("auth", |m| m.map("secretRef", |m| m.field("connectTokenSecretRef", token)))?;
            }
            m.field("connectHost", &self.connect_host)?;
            m.map("vaults", |m| self.vaults.iter().try_for_each(|(vault, order)| m.field(vault, order)))
        })
    }
}
