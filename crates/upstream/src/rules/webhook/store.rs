//! Stores: what is the same for all of them, and what each provider asks for.

use std::collections::BTreeMap;

use keyloom_syntax::check::Problem;
use keyloom_syntax::spot::Spot;
use keyloom_syntax::view::{View, ViewKind};

use super::external_secret::length;
use super::selector::{Rule, Scope, namespace};

/// References that a provider's webhook looks at, with what it asks of each.
const SELECTORS: &[(&[&str], Rule)] = &[
    (&["aws", "auth", "secretRef", "accessKeyIDSecretRef"], Rule::Referent),
    (&["aws", "auth", "secretRef", "secretAccessKeySecretRef"], Rule::Referent),
    (&["aws", "auth", "secretRef", "sessionTokenSecretRef"], Rule::Referent),
    (&["aws", "auth", "jwt", "serviceAccountRef"], Rule::Referent),
    (&["vault", "auth", "tokenSecretRef"], Rule::Referent),
    (&["vault", "auth", "appRole", "secretRef"], Rule::Referent),
    (&["vault", "auth", "appRole", "roleRef"], Rule::Referent),
    (&["vault", "auth", "kubernetes", "secretRef"], Rule::Referent),
    (&["vault", "auth", "kubernetes", "serviceAccountRef"], Rule::Referent),
    (&["vault", "auth", "ldap", "secretRef"], Rule::Referent),
    (&["vault", "auth", "userPass", "secretRef"], Rule::Referent),
    (&["vault", "auth", "jwt", "secretRef"], Rule::Referent),
    (&["vault", "auth", "jwt", "kubernetesServiceAccountToken", "serviceAccountRef"], Rule::Referent),
    (&["vault", "auth", "cert", "clientCert"], Rule::Referent),
    (&["vault", "auth", "cert", "secretRef"], Rule::Referent),
    (&["vault", "tls", "certSecretRef"], Rule::Referent),
    (&["vault", "tls", "keySecretRef"], Rule::Referent),
    (&["gcpsm", "auth", "secretRef", "secretAccessKeySecretRef"], Rule::Referent),
    (&["gcpsm", "auth", "workloadIdentity", "serviceAccountRef"], Rule::Referent),
    (&["azurekv", "authSecretRef", "clientId"], Rule::Referent),
    (&["azurekv", "authSecretRef", "clientSecret"], Rule::Referent),
    (&["azurekv", "serviceAccountRef"], Rule::Referent),
    (&["openBao", "auth", "tokenSecretRef"], Rule::Referent),
    (&["openBao", "auth", "appRole", "secretRef"], Rule::Referent),
    (&["openBao", "auth", "appRole", "roleRef"], Rule::Referent),
    (&["openBao", "auth", "userPass", "secretRef"], Rule::Referent),
    (&["infisical", "auth", "universalAuthCredentials", "clientId"], Rule::Referent),
    (&["infisical", "auth", "universalAuthCredentials", "clientSecret"], Rule::Referent),
    (&["infisical", "caProvider"], Rule::Elsewhere),
    (&["kubernetes", "auth", "serviceAccount"], Rule::Referent),
    (&["kubernetes", "auth", "cert", "clientCert"], Rule::Strict),
    (&["kubernetes", "auth", "cert", "clientKey"], Rule::Strict),
    (&["kubernetes", "auth", "token", "bearerToken"], Rule::Strict),
    (&["kubernetes", "server", "caProvider"], Rule::Elsewhere),
    (&["doppler", "auth", "secretRef", "dopplerToken"], Rule::Strict),
    (&["doppler", "auth", "oidcConfig", "serviceAccountRef"], Rule::Strict),
    (&["onepassword", "auth", "secretRef", "connectTokenSecretRef"], Rule::Strict),
    (&["onepasswordSDK", "auth", "serviceAccountSecretRef"], Rule::Strict),
];

pub(super) fn check<V: View>(spec: &Spot<'_, V>, scope: Scope<'_>, sink: &mut Vec<Problem<V::At>>) {
    if let Some(interval) = spec.get("refreshInterval") {
        refresh(&interval, sink);
    }
    let Some(provider) = spec.get("provider") else { return };
    for (path, rule) in SELECTORS {
        if let Some(selector) = provider.at(path)
            && selector.kind() == ViewKind::Mapping
        {
            namespace(&selector, *rule, scope, sink);
        }
    }
    for (name, block) in provider.entries() {
        judge(name, &block, sink);
    }
}

/// What the webhook asks of one provider's block, its references apart.
pub(super) fn judge<V: View>(provider: &str, block: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    match provider {
        "infisical" => infisical(block, sink),
        "vault" => vault(block, sink),
        "aws" => aws(block, sink),
        "azurekv" => azurekv(block, sink),
        "onepassword" => onepassword(block, sink),
        "onepasswordSDK" => onepassword_sdk(block, sink),
        _ => {}
    }
}

fn onepassword_sdk<V: View>(block: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    if block.kind() == ViewKind::Mapping && !block.has("vault") && !block.has("environment") {
        sink.push(
            block
                .error_at_key("provider-rule", "neither `vault` nor `environment` is said")
                .why("the admission webhook refuses it: nothing could be read")
                .fix("name the vault"),
        );
    }
}

/// Seconds, or a length of time; neither may be negative.
fn refresh<V: View>(interval: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    length(interval, sink);
    let text = interval
        .text()
        .is_some_and(|text| crate::rules::duration::nanoseconds(text).is_some_and(|nanos| nanos < 0.0));
    if text || interval.view().number().is_some_and(|number| number < 0.0) {
        sink.push(
            interval
                .error("store-refresh-interval", "a negative interval")
                .why("the admission webhook refuses it")
                .fix("write the seconds between two looks at the store, or leave it out"),
        );
    }
}

/// A text that is there and empty.
fn is_blank<V: View>(spot: &Spot<'_, V>, field: &str) -> bool {
    spot.text_of(field).is_some_and(|text| text.is_empty())
}

fn infisical<V: View>(block: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    if let Some(scope) = block.get("secretsScope") {
        for field in ["projectSlug", "environmentSlug"] {
            if let Some(slug) = scope.get(field).filter(|slug| slug.text() == Some("")) {
                sink.push(
                    slug.error("bad-length", format!("`{field}` is empty"))
                        .why("the admission webhook refuses it")
                        .fix("write the slug, which the settings of the project show"),
                );
            }
        }
    }
    let Some(login) = block.at(&["auth", "universalAuthCredentials"]) else { return };
    for field in ["clientId", "clientSecret"] {
        if let Some(selector) = login.get(field) {
            key(&selector, sink);
        }
    }
}

/// A reference that must say its key.
fn key<V: View>(selector: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    if selector.kind() == ViewKind::Mapping && (!selector.has("key") || is_blank(selector, "key")) {
        sink.push(
            selector
                .error_at_key("selector-key", "the reference does not say which key of the Secret is meant")
                .why("the admission webhook refuses it")
                .fix("add `key`"),
        );
    }
}

fn vault<V: View>(block: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    if let Some(tls) = block.get("tls") {
        let (cert, private) = (tls.has("certSecretRef"), tls.has("keySecretRef"));
        if cert != private {
            let missing = if cert { "keySecretRef" } else { "certSecretRef" };
            sink.push(
                tls.error_at_key(
                    "exactly-one",
                    format!("`{missing}` is missing: a certificate and its key go together"),
                )
                .why("the admission webhook refuses one without the other")
                .fix(format!("add `{missing}`")),
            );
        }
    }
    if let Some(required) = block.at(&["checkAndSet", "required"])
        && required.view().boolean() == Some(true)
        && block.text_of("version").as_deref() == Some("v1")
    {
        sink.push(
            required
                .error("check-and-set-v1", "a key-value engine of version 1 has no check-and-set")
                .why("the admission webhook refuses it")
                .fix("write `version: v2` if the engine is one, or remove `checkAndSet`"),
        );
    }
    if let Some(role) = block.at(&["auth", "appRole"])
        && role.kind() == ViewKind::Mapping
        && !role.has("roleRef")
        && (!role.has("roleId") || is_blank(&role, "roleId"))
    {
        sink.push(
            role.error_at_key("app-role-id", "neither `roleId` nor `roleRef` says the role")
                .why("the admission webhook refuses it")
                .fix("write `roleId`, or `roleRef` for a role id that a Secret holds"),
        );
    }
    if let Some(jwt) = block.at(&["auth", "jwt"])
        && jwt.kind() == ViewKind::Mapping
        && !jwt.has("secretRef")
        && !jwt.has("kubernetesServiceAccountToken")
    {
        sink.push(
            jwt.error_at_key("jwt-token", "nothing says where the token comes from")
                .why("the admission webhook refuses it")
                .fix(
                    "write `kubernetesServiceAccountToken: {serviceAccountRef: {name: ...}}`, or `secretRef`",
                ),
        );
    }
}

fn aws<V: View>(block: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    let Some(deletion) = block.get("secretsManager") else { return };
    let Some(days) = deletion.get("recoveryWindowInDays") else { return };
    let Some(count) = days.view().number() else { return };
    if count != 0.0 && !(7.0..=30.0).contains(&count) {
        sink.push(
            days.error("recovery-window", format!("AWS does not keep a deleted secret for {count} days"))
                .why("the admission webhook refuses it")
                .fix("write 7 to 30"),
        );
    } else if count != 0.0
        && deletion
            .get("forceDeleteWithoutRecovery")
            .is_some_and(|force| force.view().boolean() == Some(true))
    {
        sink.push(
            days.error_at_key("recovery-window", "a secret that is deleted at once has no recovery window")
                .why("the admission webhook refuses it")
                .fix("keep `forceDeleteWithoutRecovery` or `recoveryWindowInDays`"),
        );
    }
}

fn azurekv<V: View>(block: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    let custom = block.get("customCloudConfig");
    let new_sdk = block.get("useAzureSDK");
    if let Some(custom) = &custom
        && new_sdk.as_ref().is_none_or(|flag| flag.view().boolean() == Some(false))
    {
        sink.push(
            custom
                .error_at_key("provider-rule", "`customCloudConfig` is heeded only with `useAzureSDK: true`")
                .why("the admission webhook refuses it otherwise")
                .fix("add `useAzureSDK: true`"),
        );
    }
    if let Some(kind) = block.get("environmentType").filter(|kind| kind.text() == Some("AzureStackCloud"))
        && custom.is_none()
    {
        sink.push(
            kind.error("provider-rule", "`AzureStackCloud` needs `customCloudConfig`")
                .why("nobody else knows the addresses of such a cloud, and the admission webhook refuses it")
                .fix("add `customCloudConfig` with its endpoints"),
        );
    }
}

fn onepassword<V: View>(block: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    if let Some(token) = block.at(&["auth", "secretRef", "connectTokenSecretRef"]) {
        key(&token, sink);
        if token.kind() == ViewKind::Mapping && (!token.has("name") || is_blank(&token, "name")) {
            sink.push(
                token
                    .error_at_key("selector-key", "the reference does not name the Secret")
                    .why("the admission webhook refuses it")
                    .fix("add `name`"),
            );
        }
    }
    let Some(vaults) = block.get("vaults") else { return };
    if vaults.kind() == ViewKind::Mapping && vaults.entries().next().is_none() {
        sink.push(
            vaults
                .error("too-few", "no vault is named")
                .why("the admission webhook refuses it")
                .fix("write `vaults: {NAME: 1}`"),
        );
    }
    let mut seen: BTreeMap<u64, V::At> = BTreeMap::new();
    for (_, place) in vaults.entries() {
        let Some(number) = place.view().number() else { continue };
        match seen.get(&number.to_bits()) {
            Some(first) => sink.push(
                place
                    .error("vault-order", format!("two vaults have the place {number}"))
                    .and(first.clone(), "and here")
                    .why(
                        "the admission webhook refuses it: the order in which they are searched is not clear",
                    )
                    .fix("give each its own number"),
            ),
            None => _ = seen.insert(number.to_bits(), place.place()),
        }
    }
}
