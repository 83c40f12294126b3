//! The life of a token: renewal, its end, its limits.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::time::Duration;

use keyloom_fake_infisical::{
    Access, ClientSecret, FakeInfisical, Identity, Seed, Settings, TokenAuth, TokenSettings, UniversalAuth,
};
use serde_json::json;
use support::{Client, Response, seed, start, text};

const PROJECTS: &str = "/api/v1/projects";

/// A server whose tokens have these settings, and a client that is logged in.
fn with(tokens: TokenSettings, settings: Settings) -> (FakeInfisical, Client) {
    let auth = UniversalAuth {
        client_id: "client".to_owned(),
        client_secrets: vec![ClientSecret::new("right secret")],
        tokens,
        ..UniversalAuth::default()
    };
    let identity = Identity::new("i").universal_auth(auth).may(Access::Read, "payments");
    let fake = FakeInfisical::start(Seed::new().settings(settings).identity(identity)).unwrap();
    let client = Client::logged_in(&fake);
    (fake, client)
}

fn short(ttl: u64, max_ttl: u64) -> TokenSettings {
    TokenSettings { ttl, max_ttl, ..TokenSettings::default() }
}

fn renew(client: &Client) -> Response {
    client.post("/api/v1/auth/token/renew", &json!({"accessToken": client.token}))
}

#[test]
fn a_token_that_has_expired_or_is_none_is_403() {
    let (fake, mut client) = with(short(60, 600), Settings::default());
    assert_eq!(client.get(PROJECTS).status, 200);
    fake.advance(Duration::from_secs(60));
    let answer = client.get(PROJECTS);
    assert_eq!(answer.error(), (403, "TokenError"));
    assert!(answer.message().contains("expired"));
    assert_eq!(renew(&client).error(), (403, "TokenError"));
    for broken in ["nonsense", "a.b.c"] {
        client.token = Some(broken.to_owned());
        let answer = client.get(PROJECTS);
        assert_eq!(answer.error(), (403, "TokenError"));
        assert!(answer.message().contains("malformed"), "{answer:?}");
    }
    client.token = None;
    assert_eq!(client.get(PROJECTS).error(), (401, "UnauthorizedError"));
}

#[test]
fn renewal_gives_another_token_and_shrinks_towards_the_max_ttl() {
    let (fake, mut client) = with(short(60, 150), Settings::default());
    let mut lives = Vec::new();
    loop {
        fake.advance(Duration::from_secs(40));
        let answer = renew(&client);
        if answer.status != 200 {
            assert_eq!(answer.status, 403, "{answer:?}");
            break;
        }
        assert_ne!(answer.body["accessToken"].as_str(), client.token.as_deref());
        client.token = Some(text(&answer.body["accessToken"]));
        lives.push(answer.body["expiresIn"].as_u64().unwrap());
    }
    assert_eq!(lives, [60, 60, 30]);
}

#[test]
fn nothing_is_left_at_the_max_ttl() {
    let (fake, client) = with(TokenSettings { ttl: 100, max_ttl: 100, ..short(0, 0) }, Settings::default());
    fake.advance(Duration::from_millis(99_500));
    let answer = renew(&client);
    assert_eq!(answer.error(), (401, "UnauthorizedError"));
    assert!(answer.message().contains("max TTL"));
}

#[test]
fn the_server_caps_what_settings_say() {
    let (_fake, client) = with(short(31_536_000, 0), Settings::default());
    let answer = client.login("client", "right secret");
    assert_eq!(answer.body["expiresIn"], 7_776_000);
    assert_eq!(answer.body["accessTokenMaxTTL"], 0);
}

#[test]
fn a_periodic_token_can_be_renewed_for_ever() {
    let (fake, mut client) = with(TokenSettings { period: 60, ..short(10, 20) }, Settings::default());
    for _ in 0..10 {
        fake.advance(Duration::from_secs(50));
        let answer = renew(&client);
        assert_eq!(
            (answer.body["expiresIn"].as_u64(), answer.body["accessTokenMaxTTL"].as_u64()),
            (Some(60), Some(0))
        );
        client.token = Some(text(&answer.body["accessToken"]));
    }
}

#[test]
fn uses_are_counted_by_request_and_renewal_does_not_help() {
    let (_fake, client) =
        with(TokenSettings { uses_limit: 2, ..TokenSettings::default() }, Settings::default());
    assert_eq!(client.get(PROJECTS).status, 200);
    assert_eq!(renew(&client).status, 200);
    assert_eq!(client.get(PROJECTS).status, 200);
    assert_eq!(client.get(PROJECTS).error(), (401, "UnauthorizedError"));
    assert_eq!(renew(&client).error(), (401, "UnauthorizedError"));
}

#[test]
fn a_revoked_token_is_401() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let answer = client.post("/api/v1/auth/token/revoke", &json!({"accessToken": client.token}));
    assert_eq!(answer.status, 200);
    assert!(answer.body["message"].is_string());
    assert_eq!(client.get(PROJECTS).error(), (401, "UnauthorizedError"));
    assert_eq!(renew(&client).error(), (401, "UnauthorizedError"));
}

#[test]
fn older_servers_give_the_same_text_and_no_renewal_at_equal_limits() {
    let legacy = Settings { legacy_tokens: true, ..Settings::default() };
    let (fake, client) = with(short(60, 200), legacy.clone());
    fake.advance(Duration::from_secs(50));
    let answer = renew(&client);
    assert_eq!(answer.body["accessToken"].as_str(), client.token.as_deref());
    fake.advance(Duration::from_secs(50));
    assert_eq!(client.get(PROJECTS).status, 200);
    fake.advance(Duration::from_secs(20));
    assert_eq!(client.get(PROJECTS).error(), (401, "UnauthorizedError"));
    let (fake, client) = with(TokenSettings::default(), legacy);
    fake.advance(Duration::from_secs(1));
    assert_eq!(renew(&client).error(), (401, "UnauthorizedError"));
}

#[test]
fn a_token_made_beforehand_is_good_and_renewable() {
    let auth = TokenAuth { access_token: "made beforehand".into(), tokens: short(100, 1000) };
    let fake = FakeInfisical::start(seed().identity(Identity::new("static").token(auth))).unwrap();
    let mut client = Client::new(&fake);
    client.token = Some("made beforehand".to_owned());
    assert_eq!(client.get(PROJECTS).status, 200);
    let renewed = text(&renew(&client).body["accessToken"]);
    assert_eq!(renewed.split('.').count(), 3);
    fake.advance(Duration::from_secs(101));
    assert_eq!(client.get(PROJECTS).status, 401);
}

#[test]
fn a_token_is_taken_from_trusted_addresses_alone() {
    let trusted_ips = vec!["10.0.0.0/8".to_owned()];
    let (_fake, client) =
        with(TokenSettings { trusted_ips, ..TokenSettings::default() }, Settings::default());
    assert_eq!(client.get(PROJECTS).error(), (403, "ForbiddenError"));
    let inside = client.send("GET", PROJECTS, &[("x-forwarded-for", "10.1.2.3, 1.1.1.1")], None);
    assert_eq!(inside.status, 200);
}
