//! SSH key pairs.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::code::SSH_KEY_SIZE;
use crate::finding::{Findings, Place};
use crate::policy::SshKeyType;

/// An SSH key pair (upstream's `SSHKey`): the keys `privateKey` and `publicKey`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SshKey {
    /// Kind of key, default `rsa`.
    pub key_type: Option<SshKeyType>,
    /// Number of bits: for `rsa` 1024 to 8192, default 2048; for `ecdsa` 256, 384 or 521, default 256.
    #[validate(range(min = 256, max = 8192))]
    pub key_size: Option<i64>,
    /// Comment at the end of the public key.
    pub comment: Option<Text>,
}

impl SshKey {
    /// Rules of a key pair: a size that its kind has.
    pub(crate) fn check(&self, place: &Place, findings: &mut Findings) {
        let Some(size) = self.key_size else { return };
        let at = place.at("keySize");
        match self.key_type.unwrap_or(SshKeyType::Rsa) {
            SshKeyType::Rsa if size < 1024 => {
                findings
                    .error(SSH_KEY_SIZE, at, format!("an rsa key of {size} bits is not made"))
                    .why("Go refuses to make rsa keys of less than 1024 bits, at every sync")
                    .fix("write `keySize: 2048` or more, or leave it out");
            }
            SshKeyType::Ecdsa if ![256, 384, 521].contains(&size) => {
                findings
                    .warning(
                        SSH_KEY_SIZE,
                        at,
                        format!("there is no ecdsa key of {size} bits: one of 256 is made"),
                    )
                    .fix("write 256, 384 or 521, or leave `keySize` out");
            }
            SshKeyType::Ed25519 => {
                findings
                    .warning(SSH_KEY_SIZE, at, "an ed25519 key has one size: `keySize` is ignored")
                    .fix("leave `keySize` out");
            }
            SshKeyType::Rsa | SshKeyType::Ecdsa => {}
        }
    }
}
