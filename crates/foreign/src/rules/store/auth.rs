//! Ways to log in: the operator takes the first that it knows, and does not say so.

use keyloom_syntax::Severity;
use keyloom_syntax::view::ViewKind;

use crate::rules::{Place, Problems};

/// The methods of a provider, in the order in which the operator looks for them.
struct Methods {
    provider: &'static str,
    order: &'static [&'static str],
    /// Whether the operator stops when there is none.
    needed: bool,
}

const METHODS: [Methods; 4] = [
    Methods {
        provider: "infisical",
        order: &[
            "universalAuthCredentials",
            "azureAuthCredentials",
            "gcpIdTokenAuthCredentials",
            "gcpIamAuthCredentials",
            "jwtAuthCredentials",
            "ldapAuthCredentials",
            "ociAuthCredentials",
            "kubernetesAuthCredentials",
            "awsAuthCredentials",
            "tokenAuthCredentials",
        ],
        needed: true,
    },
    Methods {
        provider: "vault",
        order: &["tokenSecretRef", "appRole", "kubernetes", "ldap", "userPass", "jwt", "cert", "iam", "gcp"],
        needed: true,
    },
    Methods { provider: "aws", order: &["jwt", "secretRef"], needed: false },
    Methods {
        provider: "gcpsm",
        order: &["secretRef", "workloadIdentity", "workloadIdentityFederation"],
        needed: false,
    },
];

pub(super) fn check(provider: &str, block: &Place<'_, '_>, problems: &mut Problems) {
    let Some(auth) = block.get("auth").filter(|auth| auth.kind() == ViewKind::Mapping) else { return };
    let Some(methods) = METHODS.iter().find(|methods| methods.provider == provider) else { return };
    let said: Vec<Place<'_, '_>> = methods.order.iter().filter_map(|method| auth.get(method)).collect();
    match said.as_slice() {
        [] if methods.needed => problems.push(
            auth.error_at_key("two-auth-methods", "no way to log in is said")
                .why("the API server takes it, and the operator stops at every sync")
                .fix(format!("write one of `{}`", methods.order.join("`, `"))),
        ),
        [first, others @ ..] if !others.is_empty() => {
            let used = methods.order.iter().find(|method| auth.has(method)).copied().unwrap_or_default();
            for other in others {
                problems.push(
                    other
                        .error_at_key("two-auth-methods", "a second way to log in, which is never used")
                        .severity(Severity::Warning)
                        .and(first.key_place(), "this one is used")
                        .why(format!("the operator looks for `{used}` first, and says nothing of the others"))
                        .fix("keep one"),
                );
            }
        }
        _ => {}
    }
    if let Some(jwt) = auth.get("jwt").filter(|jwt| provider == "aws" && jwt.kind() == ViewKind::Mapping)
        && !jwt.has("serviceAccountRef")
    {
        problems.push(
            jwt.error_at_key("missing-field", "`jwt` needs `serviceAccountRef`")
                .why("the API server and the webhook take it, and the operator fails when it logs in")
                .fix("add `serviceAccountRef: {name: ...}`"),
        );
    }
}
