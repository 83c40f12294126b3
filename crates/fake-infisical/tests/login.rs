//! Logins: what they give, and every way in which they fail.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use keyloom_fake_infisical::{
    Access, ClientSecret, FakeInfisical, Identity, KubernetesAuth, Lockout, Scope, Seed, ServiceToken,
    UniversalAuth, Verdict, VouchedAuth, VouchedMethod,
};
use serde_json::{Value, json};
use support::{Client, seed, start};

#[test]
fn universal_auth_gives_a_token() {
    let fake = start();
    let answer = Client::new(&fake).login("client", "right secret");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["expiresIn"], 2_592_000);
    assert_eq!(answer.body["accessTokenMaxTTL"], 2_592_000);
    assert_eq!(answer.body["tokenType"], "Bearer");
    assert_eq!(answer.body["accessToken"].as_str().unwrap().split('.').count(), 3);
    assert_eq!(Client::new(&fake).login("client\n", " right secret\n").status, 200);
}

#[test]
fn wrong_credentials_are_401_and_a_wrong_shape_is_422_with_a_list() {
    let fake = start();
    let client = Client::new(&fake);
    for (id, secret) in [("client", "wrong"), ("nobody", "right secret")] {
        let answer = client.login(id, secret);
        assert_eq!(answer.error(), (401, "UnauthorizedError"));
        assert_eq!(answer.body["statusCode"], 401);
        assert!(answer.body["reqId"].as_str().unwrap().starts_with("req-"));
    }
    let answer = client.post("/api/v1/auth/universal-auth/login", &json!({"clientId": 5}));
    assert_eq!(answer.error(), (422, "ValidationFailure"));
    assert_eq!(answer.body["message"].as_array().unwrap().len(), 2);
}

#[test]
fn three_wrong_secrets_lock_the_right_one_out_for_a_while() {
    let fake = start();
    let client = Client::new(&fake);
    for _ in 0..3 {
        assert_eq!(client.login("client", "wrong").status, 401);
    }
    let locked = client.login("client", "right secret");
    assert_eq!(locked.status, 401);
    assert!(locked.message().contains("locked"), "{locked:?}");
    fake.advance(Duration::from_secs(299));
    assert_eq!(client.login("client", "right secret").status, 401);
    fake.advance(Duration::from_secs(1));
    assert_eq!(client.login("client", "right secret").status, 200);
}

#[test]
fn client_secrets_end() {
    let auth = UniversalAuth {
        client_id: "c".to_owned(),
        client_secrets: vec![
            ClientSecret { ttl: 60, ..ClientSecret::new("short") },
            ClientSecret { uses_limit: 1, ..ClientSecret::new("once") },
            ClientSecret { revoked: true, ..ClientSecret::new("gone") },
        ],
        lockout: Lockout { enabled: false, ..Lockout::default() },
        ..UniversalAuth::default()
    };
    let fake = FakeInfisical::start(Seed::new().identity(Identity::new("i").universal_auth(auth))).unwrap();
    let client = Client::new(&fake);
    assert_eq!(client.login("c", "once").status, 200);
    assert_eq!(client.login("c", "once").status, 401);
    assert_eq!(client.login("c", "gone").status, 401);
    assert_eq!(client.login("c", "short").status, 200);
    fake.advance(Duration::from_secs(61));
    assert_eq!(client.login("c", "short").status, 401);
}

#[test]
fn kubernetes_auth_asks_who_the_token_is() {
    let verdict = |namespace: &str, name: &str| Verdict {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        audiences: vec!["infisical".to_owned()],
    };
    let auth = KubernetesAuth {
        allowed_namespaces: "apps, jobs-*".to_owned(),
        allowed_names: "api".to_owned(),
        verdicts: [
            ("good", verdict("apps", "api")),
            ("job", verdict("jobs-1", "api")),
            ("elsewhere", verdict("default", "api")),
            ("somebody", verdict("apps", "web")),
        ]
        .map(|(token, verdict)| (token.into(), verdict))
        .into(),
        ..KubernetesAuth::default()
    };
    let other = KubernetesAuth { allowed_audience: "other".to_owned(), ..auth.clone() };
    let seed = Seed::new()
        .identity(Identity::new("i").kubernetes(auth))
        .identity(Identity::new("other").kubernetes(other))
        .identity(Identity::new("none"));
    let fake = FakeInfisical::start(seed).unwrap();
    let client = Client::new(&fake);
    let login = |name: &str, token: &str| {
        let body = json!({"identityId": FakeInfisical::identity_id(name), "jwt": token});
        client.post("/api/v1/auth/kubernetes-auth/login", &body)
    };
    for (name, token, expected) in [
        ("i", "good", 200),
        ("i", " job\n", 200),
        ("i", "elsewhere", 401),
        ("i", "somebody", 401),
        ("i", "unknown", 401),
        ("other", "good", 401),
        ("none", "good", 404),
    ] {
        assert_eq!(login(name, token).status, expected, "{name} {token}");
    }
    let long = json!({"identityId": "i", "jwt": "x".repeat(8193)});
    let answer = client.post("/api/v1/auth/kubernetes-auth/login", &long);
    assert_eq!(answer.body["message"].as_array().unwrap().len(), 2);
}

#[test]
fn an_api_server_that_is_not_there_is_400() {
    let auth = KubernetesAuth {
        kubernetes_host: Some("http://127.0.0.1:1".to_owned()),
        ..KubernetesAuth::default()
    };
    let fake = FakeInfisical::start(Seed::new().identity(Identity::new("i").kubernetes(auth))).unwrap();
    let body = json!({"identityId": FakeInfisical::identity_id("i"), "jwt": "t"});
    let answer = Client::new(&fake).post("/api/v1/auth/kubernetes-auth/login", &body);
    assert_eq!(answer.error(), (400, "KubernetesTokenReviewError"));
}

#[test]
fn other_services_vouch_for_identities() {
    let auth = |method, proof: &str| VouchedAuth { method, proof: proof.into(), tokens: Default::default() };
    let identity = Identity::new("i")
        .vouched(auth(VouchedMethod::Oidc, "good jwt"))
        .vouched(auth(VouchedMethod::Aws, "AKIDTEST"))
        .may(Access::Read, "payments");
    let fake = FakeInfisical::start(seed().identity(identity)).unwrap();
    let mut client = Client::new(&fake);
    let login = |client: &Client, method: &str, proof: &Value| {
        let mut body = proof.clone();
        body["identityId"] = FakeInfisical::identity_id("i").into();
        client.post(&format!("/api/v1/auth/{method}/login"), &body)
    };
    assert_eq!(login(&client, "oidc-auth", &json!({"jwt": "other"})).error(), (401, "UnauthorizedError"));
    assert_eq!(login(&client, "gcp-auth", &json!({"jwt": "good jwt"})).error(), (404, "NotFound"));
    assert_eq!(login(&client, "smoke-auth", &json!({"jwt": "good jwt"})).error(), (404, "Not Found"));
    let aws = |key: &str, action: &str| {
        let signed =
            format!("AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/sts/aws4_request, Signature=x");
        json!({
            "iamHttpRequestMethod": "POST",
            "iamRequestBody": BASE64_STANDARD.encode(format!("Action={action}&Version=2011-06-15")),
            "iamRequestHeaders": BASE64_STANDARD.encode(json!({"Authorization": signed}).to_string()),
        })
    };
    assert_eq!(login(&client, "aws-auth", &aws("AKIDTEST", "GetCallerIdentity")).status, 200);
    assert_eq!(login(&client, "aws-auth", &aws("AKIDOTHER", "GetCallerIdentity")).status, 401);
    assert_eq!(login(&client, "aws-auth", &aws("AKIDTEST", "AssumeRole")).status, 401);
    assert_eq!(login(&client, "aws-auth", &json!({})).error(), (422, "ValidationFailure"));
    let token = login(&client, "oidc-auth", &json!({"jwt": "good jwt"})).body["accessToken"].clone();
    client.token = token.as_str().map(str::to_owned);
    assert_eq!(client.get("/api/v1/projects/slug/payments").status, 200);
}

#[test]
fn service_tokens_read_their_scopes_and_nothing_else() {
    let token = ServiceToken {
        token: "st.id.secret.key".into(),
        project: "payments".to_owned(),
        scopes: vec![Scope { environment: "dev".to_owned(), path: "/db/**".to_owned() }],
        writes: false,
    };
    let fake = FakeInfisical::start(seed().service_token(token)).unwrap();
    let mut client = Client::new(&fake);
    client.token = Some("st.id.secret".to_owned());
    let project = FakeInfisical::project_id("payments");
    let read = |client: &Client, path: &str| {
        client.get(&format!("/api/v3/secrets/raw?workspaceId={project}&environment=dev&secretPath={path}"))
    };
    assert_eq!(read(&client, "/db/main").status, 200);
    assert_eq!(read(&client, "/").error(), (403, "PermissionDenied"));
    let refused = client.get("/api/v1/app-connections");
    assert_eq!(refused.error(), (403, "Forbidden access to /api/v1/app-connections"));
    assert_eq!(client.get("/api/v2/service-token").body["scopes"][0]["secretPath"], "/db/**");
    assert_eq!(
        client.post("/api/v1/auth/token/renew", &json!({"accessToken": "st.id.secret"})).error(),
        (403, "TokenError")
    );
    client.token = Some("st.id.other".to_owned());
    assert_eq!(read(&client, "/db/main").error(), (401, "UnauthorizedError"));
}
