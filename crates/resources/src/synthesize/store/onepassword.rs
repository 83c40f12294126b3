//! 1Password.

use keyloom_models::store::onepassword::OnePasswordConfig;

use crate::secret_store::OnePassword;

pub(super) fn lower(config: &OnePasswordConfig) -> OnePassword {
    let OnePasswordConfig { connect_host, vaults, auth } = config;
    OnePassword {
        connect_token: auth.as_ref().map(|auth| auth.secret_ref.connect_token_secret_ref.clone()),
        connect_host: connect_host.clone(),
        vaults: vaults.clone(),
    }
}
