//! Infisical, Vault and Kubernetes with every field and every way to sign in, and a block that is carried.

use keyloom_models::policy::VaultVersion;
use keyloom_resources::secret_store::Provider;
use keyloom_resources::secret_store::infisical::{self, Infisical, InfisicalAuth, SecretsScope};
use keyloom_resources::secret_store::kubernetes::{Kubernetes, KubernetesAuth, KubernetesServer};
use keyloom_resources::secret_store::vault::*;
use keyloom_syntax::{Block, Number, Text};

use super::{account, aws_secret, ca, key, map};

pub(super) fn infisical(auth: InfisicalAuth) -> Infisical {
    Infisical {
        auth,
        secrets_scope: SecretsScope {
            organization_slug: Some("acme".into()),
            project_slug: "web-shop".into(),
            environment_slug: "production".into(),
            secrets_path: Some("/".into()),
            recursive: Some(true),
            expand_secret_references: Some(false),
        },
        host_api: Some("https://infisical.example".into()),
        ca_bundle: Some("LS0tLS1CRUdJTg==".into()),
        ca_provider: Some(ca()),
    }
}

pub(super) fn infisical_methods() -> Vec<(&'static str, InfisicalAuth)> {
    let identity_id = key("identityId");
    vec![
        (
            "universal",
            InfisicalAuth::UniversalAuth { client_id: key("clientId"), client_secret: key("clientSecret") },
        ),
        (
            "azure",
            InfisicalAuth::AzureAuth { identity_id: identity_id.clone(), resource: Some(key("resource")) },
        ),
        ("gcp-id-token", InfisicalAuth::GcpIdTokenAuth { identity_id: identity_id.clone() }),
        (
            "gcp-iam",
            InfisicalAuth::GcpIamAuth {
                identity_id: identity_id.clone(),
                service_account_key_file_path: key("path"),
            },
        ),
        ("jwt", InfisicalAuth::JwtAuth { identity_id: identity_id.clone(), jwt: key("jwt") }),
        (
            "ldap",
            InfisicalAuth::LdapAuth {
                identity_id: identity_id.clone(),
                ldap_password: key("password"),
                ldap_username: key("username"),
            },
        ),
        (
            "oci",
            InfisicalAuth::OciAuth(Box::new(infisical::OciAuth {
                identity_id: identity_id.clone(),
                private_key: key("key"),
                private_key_passphrase: Some(key("passphrase")),
                fingerprint: key("fingerprint"),
                user_id: key("user"),
                tenancy_id: key("tenancy"),
                region: key("region"),
            })),
        ),
        (
            "kubernetes",
            InfisicalAuth::KubernetesAuth {
                identity_id: identity_id.clone(),
                service_account_token_path: Some(key("path")),
            },
        ),
        ("aws", InfisicalAuth::AwsAuth { identity_id }),
        ("token", InfisicalAuth::TokenAuth { access_token: key("token") }),
    ]
}

pub(super) fn vault(method: Option<VaultMethod>) -> Vault {
    Vault {
        auth: method.map(|method| VaultAuth { namespace: Some("team".into()), method }),
        server: "https://vault.example:8200".into(),
        path: Some("kv".into()),
        version: Some(VaultVersion::V2),
        namespace: Some("team".into()),
        ca_bundle: Some("LS0tLS1CRUdJTg==".into()),
        tls: Some(VaultTls { cert_secret_ref: Some(key("tls.crt")), key_secret_ref: Some(key("tls.key")) }),
        ca_provider: Some(ca()),
        read_your_writes: Some(true),
        forward_inconsistent: Some(true),
        headers: map(&[("X-Team", "web")]),
        check_and_set_required: Some(true),
    }
}

pub(super) fn vault_methods() -> Vec<(&'static str, VaultMethod)> {
    let app_role = |role_id| {
        VaultMethod::AppRole(AppRole {
            path: Some("approle".into()),
            role_id: Some(role_id),
            secret_ref: key("secret-id"),
        })
    };
    let kubernetes = |token| {
        let kubernetes =
            VaultKubernetes { mount_path: Some("kubernetes".into()), token, role: "reader".into() };
        VaultMethod::Kubernetes(kubernetes)
    };
    let jwt = |token| VaultMethod::Jwt {
        path: Some("jwt".into()),
        role: Some("reader".into()),
        token: Some(token),
    };
    let iam = |credentials| {
        VaultMethod::Iam(Box::new(VaultIam {
            path: Some("aws".into()),
            region: Some("eu-central-1".into()),
            role: Some("arn:aws:iam::123456789012:role/reader".into()),
            vault_role: "reader".into(),
            external_id: Some("1234".into()),
            vault_aws_iam_server_id: Some("vault.example".into()),
            credentials,
        }))
    };
    let (path, username, secret_ref) = (Some(Text::from("mount")), Text::from("web"), Some(key("password")));
    vec![
        ("vault-token", VaultMethod::Token(key("token"))),
        ("vault-app-role", app_role(RoleId::Inline("1f2e".into()))),
        ("vault-app-role-ref", app_role(RoleId::Ref(key("role-id")))),
        ("vault-kubernetes", kubernetes(Some(KubernetesToken::ServiceAccount(account())))),
        ("vault-kubernetes-secret", kubernetes(Some(KubernetesToken::Secret(key("token"))))),
        ("vault-kubernetes-own", kubernetes(None)),
        (
            "vault-ldap",
            VaultMethod::Ldap {
                path: path.clone(),
                username: username.clone(),
                secret_ref: secret_ref.clone(),
            },
        ),
        ("vault-user", VaultMethod::UserPass { path, username, secret_ref }),
        ("vault-jwt", jwt(JwtToken::Secret(key("jwt")))),
        (
            "vault-jwt-account",
            jwt(JwtToken::ServiceAccount {
                account: account(),
                audiences: vec!["vault".into()],
                expiration_seconds: Some(600),
            }),
        ),
        (
            "vault-cert",
            VaultMethod::Cert(VaultCert {
                path: Some("cert".into()),
                vault_role: Some("reader".into()),
                client_cert: Some(key("tls.crt")),
                secret_ref: Some(key("tls.key")),
            }),
        ),
        ("vault-iam", iam(Some(IamCredentials::SecretRef(aws_secret())))),
        ("vault-iam-account", iam(Some(IamCredentials::Jwt(account())))),
        ("vault-iam-pod", iam(None)),
        (
            "vault-gcp",
            VaultMethod::Gcp(Box::new(VaultGcp {
                path: Some("gcp".into()),
                role: "reader".into(),
                project_id: Some("web-shop".into()),
                location: Some("europe-west1".into()),
                secret_access_key_secret_ref: Some(key("key.json")),
                service_account_ref: Some(account()),
                workload_identity: Some(GcpWorkloadIdentity {
                    service_account_ref: account(),
                    cluster_location: Some("europe-west1".into()),
                    cluster_name: Some("main".into()),
                    cluster_project_id: Some("web-shop".into()),
                }),
            })),
        ),
    ]
}

pub(super) fn kubernetes() -> Vec<(&'static str, Kubernetes)> {
    let block = |auth| Kubernetes {
        auth: Some(auth),
        auth_ref: None,
        remote_namespace: Some("shared".into()),
        server: Some(KubernetesServer {
            url: Some("https://kubernetes.example".into()),
            ca_bundle: Some("LS0tLS1CRUdJTg==".into()),
            ca_provider: Some(ca()),
        }),
    };
    let certificate = KubernetesAuth::Cert { client_cert: key("tls.crt"), client_key: key("tls.key") };
    vec![
        ("kubernetes-certificate", block(certificate)),
        ("kubernetes-token", block(KubernetesAuth::Token(key("token")))),
        ("kubernetes-account", block(KubernetesAuth::ServiceAccount(account()))),
        ("kubeconfig", Kubernetes { auth_ref: Some(key("kubeconfig")), ..Kubernetes::default() }),
    ]
}

/// Every kind of leaf, in an order of its own.
pub(super) fn carried() -> Provider {
    let map = |entries: Vec<(&str, Block)>| {
        Block::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    };
    let leaves = vec![
        ("url", Block::Text(Text::placeholder("https://${HOST}/"))),
        ("appID", Block::Number(Number::Signed(600))),
        ("ratio", Block::Number(Number::Float(0.5))),
        ("insecure", Block::Bool(true)),
        ("free", Block::Null),
        ("headers", map(vec![])),
    ];
    Provider::Carried(
        "webhook",
        map(vec![("secrets", Block::List(vec![map(leaves)])), ("body", Block::Text("2.10".into()))]),
    )
}
