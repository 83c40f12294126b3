//! AWS.

use keyloom_models::store::aws::{AwsAuth as Auth, AwsConfig, AwsSecretRef as SecretRef, SessionTag};

use crate::secret_store::Aws;
use crate::secret_store::aws::{AwsAuth, AwsSecretRef, AwsSecretsManager, AwsTag};

pub(super) fn lower(config: &AwsConfig) -> Aws {
    let AwsConfig {
        service,
        region,
        auth,
        role,
        additional_roles,
        external_id,
        prefix,
        session_tags,
        session_tags_policy,
        custom_session_tags,
        transitive_tag_keys,
        secrets_manager,
    } = config;
    Aws {
        service: *service,
        auth: auth.as_ref().map(method),
        role: role.clone(),
        region: region.clone(),
        additional_roles: additional_roles.clone().unwrap_or_default(),
        external_id: external_id.clone(),
        session_tags: session_tags.iter().flatten().map(tag).collect(),
        session_tags_policy: *session_tags_policy,
        custom_session_tags: custom_session_tags.clone().unwrap_or_default(),
        secrets_manager: secrets_manager.as_ref().map(|settings| AwsSecretsManager {
            force_delete_without_recovery: settings.force_delete_without_recovery,
            recovery_window_in_days: settings.recovery_window_in_days,
        }),
        transitive_tag_keys: transitive_tag_keys.clone().unwrap_or_default(),
        prefix: prefix.clone(),
    }
}

fn tag(tag: &SessionTag) -> AwsTag {
    AwsTag { key: tag.key.clone(), value: tag.value.clone() }
}

fn method(auth: &Auth) -> AwsAuth {
    match auth {
        Auth::Jwt(jwt) => AwsAuth::Jwt(jwt.service_account_ref.clone()),
        Auth::SecretRef(keys) => AwsAuth::SecretRef(secret_ref(keys)),
    }
}

pub(super) fn secret_ref(keys: &SecretRef) -> AwsSecretRef {
    AwsSecretRef {
        access_key_id_secret_ref: Some(keys.access_key_id_secret_ref.clone()),
        secret_access_key_secret_ref: Some(keys.secret_access_key_secret_ref.clone()),
        session_token_secret_ref: keys.session_token_secret_ref.clone(),
    }
}
