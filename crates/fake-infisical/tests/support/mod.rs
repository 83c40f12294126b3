//! A plain HTTP client, and what most tests start with.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions
#![allow(dead_code, reason = "each test binary uses a part of it")]

use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project, Role, Seed};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Null when it is no JSON.
    pub(crate) body: Value,
    pub(crate) text: String,
    headers: Vec<(String, String)>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Status and `error`.
    pub(crate) fn error(&self) -> (u16, &str) {
        (self.status, self.body["error"].as_str().unwrap_or_default())
    }

    pub(crate) fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }
}

/// A client with a token, or without one.
pub(crate) struct Client {
    agent: Agent,
    base: String,
    pub(crate) token: Option<String>,
}

impl Client {
    pub(crate) fn new(fake: &FakeInfisical) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).proxy(None).allow_non_standard_methods(true);
        Self { agent: Agent::new_with_config(config.build()), base: fake.url().to_owned(), token: None }
    }

    /// Logged in with the client id and the secret of [`seed`].
    pub(crate) fn logged_in(fake: &FakeInfisical) -> Self {
        let mut client = Self::new(fake);
        let login = client.login("client", "right secret");
        assert_eq!(login.status, 200, "{login:?}");
        client.token = Some(text(&login.body["accessToken"]));
        client
    }

    pub(crate) fn login(&self, id: &str, secret: &str) -> Response {
        self.post("/api/v1/auth/universal-auth/login", &json!({"clientId": id, "clientSecret": secret}))
    }

    pub(crate) fn get(&self, target: &str) -> Response {
        self.send("GET", target, &[], None)
    }

    pub(crate) fn post(&self, target: &str, body: &Value) -> Response {
        self.send("POST", target, &[], Some(body))
    }

    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(format!("{}{target}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            None => self.agent.run(request.body(()).unwrap()),
            Some(body) => self
                .agent
                .run(request.header("content-type", "application/json").body(body.to_string()).unwrap()),
        };
        let mut answer = answer.unwrap();
        let headers = answer.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        let text = answer.body_mut().read_to_string().unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Response { status: answer.status().as_u16(), body, text, headers }
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A project `payments` with a few folders, and an identity `admin` that may do everything.
pub(crate) fn seed() -> Seed {
    let dev = Environment::new("dev")
        .folder(
            "/",
            &[("API_KEY", "first value"), ("URL", "https://${HOST}/${dev.db.main.PORT}"), ("HOST", "h")],
        )
        .folder("/db/main", &[("PORT", "5432"), ("API_KEY", "in db")])
        .folder("/shared", &[("API_KEY", "shared"), ("ONLY_SHARED", "one")]);
    let prod = Environment::new("prod").folder("/", &[("API_KEY", "prod value")]);
    let admin = Identity::new("admin")
        .universal("client", "right secret")
        .may(Access::Write, "payments")
        .role(Role::Admin);
    Seed::new().project(Project::new("payments").environment(dev).environment(prod)).identity(admin)
}

pub(crate) fn start() -> FakeInfisical {
    FakeInfisical::start(seed()).unwrap()
}

/// Keys with their values.
pub(crate) fn pairs(secrets: &Value) -> Vec<(String, String)> {
    let pair = |secret: &Value| (text(&secret["secretKey"]), text(&secret["secretValue"]));
    secrets.as_array().unwrap().iter().map(pair).collect()
}
