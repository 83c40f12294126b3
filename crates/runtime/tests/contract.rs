//! What is said when there is no connection, word for word: each row of `contract/cases.jsonl` goes the way that an application
//! goes, against a server that answers as Infisical does. `contract` holds strings that others look for, `says` the whole;
//! `UPDATE=1` writes the latter anew.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod heard;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use keyloom_connections::Generic;
use keyloom_fake_infisical::{
    Access, ClientSecret, Environment, FakeInfisical, Identity, Planned, Project as Seeded, Secret as Kept,
    Seed, TokenSettings, UniversalAuth,
};
use keyloom_runtime::Secret;
use keyloom_runtime::connections::{Backend, ConnectionError, Connections, Infisical, InfisicalSettings};
use keyloom_runtime::http::{Http, Limits};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use support::CANARY;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// What `--secrets-backend` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<String>,
    /// Variables that are another thing than usual.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unset: Vec<String>,
    /// What a program that makes the backend itself leaves empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    empty: Vec<String>,
    /// What is particular about the identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<String>,
    /// What the next requests are answered: a status, 0 for what is usual, or words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    plan: Vec<Value>,
    /// What is there in the place of the usual server.
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    /// The text of the secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The name that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    ask: Option<String>,
    contract: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default)]
    says: Vec<String>,
}

#[tokio::test]
async fn every_string_is_said_as_it_is_agreed() {
    heard::listen();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/cases.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (mut after, mut wrong) = (String::new(), Vec::new());
    for mut case in cases {
        let says = case.run().await;
        if says != case.says {
            wrong.push(format!("{}:\n{}\nnot\n{}", case.name, says.join("\n"), case.says.join("\n")));
        }
        case.says = says;
        after.push_str(&serde_json::to_string(&case).unwrap());
        after.push('\n');
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, after).unwrap();
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
    let logged = heard::text();
    assert!(
        logged.contains("connection 'my-secret': the type is called `mongo`, not `mongodb`; write `mongo`")
    );
    assert!(!logged.contains("canary"), "{logged}");
}

/// Whoever looks for what was said finds it there.
#[test]
fn every_agreed_string_is_in_the_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../../docs/connections.md")).unwrap();
    let text = fs::read_to_string(root.join("tests/contract/cases.jsonl")).unwrap();
    let cases = text.lines().map(|line| serde_json::from_str::<Case>(line).unwrap());
    for contract in cases.flat_map(|case| case.contract) {
        // One stands for those that differ in a name.
        let words =
            ["failed to initialize infisical client", "empty infisical", "unsupported secrets backend"];
        let family = words.into_iter().find(|begin| contract.starts_with(begin));
        let looked_for = family.unwrap_or(&contract).replace("backend 'infisical'", "backend 'y'");
        let looked_for = looked_for.split(": ").next().unwrap();
        assert!(page.contains(looked_for) || contract.contains("is of type"), "{looked_for}");
    }
}

impl Case {
    /// What is said, in lines.
    async fn run(&self) -> Vec<String> {
        let fake = self.start();
        self.before(&fake).await;
        let url = self.url(&fake);
        let error = self.ask(&url, &fake).await.unwrap_err();
        let said = error.to_string();
        let shown = format!("{error} {error:?} {:?}", fake.requests());
        assert!(!shown.contains("canary"), "{}: {shown}", self.name);
        for contract in &self.contract {
            assert!(said.contains(contract.as_str()), "{}: no {contract:?} in {said}", self.name);
        }
        if let Some(kind) = &self.kind {
            let ConnectionError::Read { failure, .. } = &error else { panic!("{}: {error:?}", self.name) };
            assert_eq!(&format!("{:?}", failure.kind), kind, "{}: {said}", self.name);
        }
        if let ConnectionError::Init(failures) = &error {
            assert!(failures.iter().all(|failure| !failure.remedy.is_empty()), "{failures:?}");
        }
        self.plain(&said, &url).lines().map(str::to_owned).collect()
    }

    /// Without what is another thing in each run.
    fn plain(&self, said: &str, url: &str) -> String {
        let host = url.trim_start_matches("http://");
        let said = said.replace(host, "HOST").replace(&FakeInfisical::project_id("shop"), "PROJECT");
        let parts = said.split("(request ");
        let rest = |part: &str| part.split_once(')').map_or(part.to_owned(), |(_, rest)| rest.to_owned());
        let mut parts = parts.map(str::to_owned).collect::<Vec<_>>().into_iter();
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |all, part| format!("{all}(request ID){}", rest(&part)))
    }

    fn start(&self) -> FakeInfisical {
        let (mut secret, mut tokens) = (ClientSecret::new(CANARY), TokenSettings::default());
        let mut access = Some(Access::Read);
        match self.identity.as_deref() {
            None | Some("locked") => {}
            Some("may see but not read") => access = Some(Access::Describe),
            Some("is no member") => access = None,
            Some("secret is over") => secret.ttl = 1,
            Some("secret is used up") => secret.uses_limit = 1,
            Some("is elsewhere") => tokens.trusted_ips = vec!["10.0.0.0/8".to_owned()],
            Some(other) => panic!("{other}"),
        }
        let auth = UniversalAuth {
            client_id: "client".to_owned(),
            client_secrets: vec![secret],
            tokens,
            ..UniversalAuth::default()
        };
        let identity = Identity::new("app").universal_auth(auth);
        let identity = access.into_iter().fold(identity, |identity, access| identity.may(access, "shop"));
        let text = self.secret.as_deref().unwrap_or(r#"{"type": "generic", "details": {"value": "canary"}}"#);
        let dev = Environment::new("dev").secret("/", "my-secret", Kept::new(text));
        let seed = Seed::new().project(Seeded::new("shop").environment(dev)).identity(identity);
        let fake = FakeInfisical::start(seed).unwrap();
        fake.plan(self.plan.iter().map(planned));
        fake
    }

    /// What others did with the identity before.
    async fn before(&self, fake: &FakeInfisical) {
        let log_in = async |secret: &str| {
            // Whether they were let in does not matter.
            let _ = support::client(fake.url(), support::credentials(secret)).log_in().await;
        };
        match self.identity.as_deref() {
            Some("locked") => {
                for _ in 0..3 {
                    log_in("wrong").await;
                }
            }
            Some("secret is used up") => log_in(CANARY).await,
            Some("secret is over") => fake.advance(Duration::from_secs(5)),
            _ => {}
        }
    }

    fn url(&self, fake: &FakeInfisical) -> String {
        let token = r#"{"accessToken": "canary-token", "expiresIn": 7200, "accessTokenMaxTTL": 7200"#;
        let ok = |body: &str| support::serve(support::ok(body)).0;
        let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
        let at = |listener: &TcpListener| format!("http://{}", listener.local_addr().unwrap());
        match self.server.as_deref() {
            None => fake.url().to_owned(),
            Some("absent") => at(&listen()),
            Some("silent") => {
                let listener = listen();
                let url = at(&listener);
                // Whoever connects is taken by the machine, and answered by nobody.
                std::mem::forget(listener);
                url
            }
            Some("page") => ok("<html>canary</html>"),
            Some("odd") => ok(&format!(r#"{token}, "secret": ["canary"]}}"#)),
            Some("hidden") => ok(&format!(
                r#"{token}, "secret": {{"secretKey": "my-secret", "secretValue": "<hidden-by-infisical>", "secretValueHidden": true}}}}"#
            )),
            Some(other) => panic!("{other}"),
        }
    }

    async fn ask(&self, url: &str, fake: &FakeInfisical) -> Result<Generic, ConnectionError> {
        let environment = self.environment(url);
        let get = move |name: &str| environment.get(name).cloned();
        let name = self.ask.as_deref().unwrap_or("my-secret");
        let answer = if self.server.as_deref() == Some("silent") { 300 } else { 10_000 };
        let limits = Limits {
            pause: Duration::ZERO,
            tries: 2,
            answer: Duration::from_millis(answer),
            ..Limits::default()
        };
        let http = || Http::new(limits).unwrap();
        let made = if self.empty.is_empty() {
            // What the environment lacks is told by the way that an application goes.
            Connections::from_flag_or_env(self.flag.as_deref(), get.clone())?;
            Infisical::from_env_with_http(get, http())
        } else {
            Infisical::with_http(self.settings(fake), http())
        };
        let backend = made?;
        assert!(!format!("{backend:?} {:?}", backend.settings()).contains("canary"), "{}", self.name);
        Connections::new(backend).get(name).await
    }

    fn environment(&self, url: &str) -> BTreeMap<String, String> {
        let project = FakeInfisical::project_id("shop");
        let usual = [
            ("BRUIN_SECRETS_BACKEND", "infisical"),
            ("BRUIN_INFISICAL_HOST", url),
            ("BRUIN_INFISICAL_CLIENT_ID", "client"),
            ("BRUIN_INFISICAL_CLIENT_SECRET", CANARY),
            ("BRUIN_INFISICAL_PROJECT_ID", &project),
            ("BRUIN_INFISICAL_ENVIRONMENT", "dev"),
        ];
        let usual = usual.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut all: BTreeMap<_, _> = usual.into_iter().chain(self.set.clone()).collect();
        all.retain(|name, _| !self.unset.contains(name));
        all
    }

    fn settings(&self, fake: &FakeInfisical) -> InfisicalSettings {
        let of = |name: &str, text: &str| {
            if self.empty.iter().any(|it| it == name) { String::new() } else { text.to_owned() }
        };
        let secret = Secret::new(of("client secret", CANARY));
        let (client, project) = (of("client ID", "client"), of("project ID", "shop"));
        InfisicalSettings {
            host: of("host", fake.url()),
            ..InfisicalSettings::new(&client, secret, &project, &of("environment", "dev"))
        }
    }
}

fn planned(value: &Value) -> Planned {
    match (value.as_u64(), value.as_str()) {
        (Some(0), _) => Planned::AsUsual,
        (Some(429), _) => Planned::TooMany(0),
        (Some(status), _) => Planned::Status(u16::try_from(status).unwrap()),
        (None, Some(words)) => {
            let (what, number) = words.split_once(' ').unwrap();
            match what {
                "html" => Planned::Html(number.parse().unwrap()),
                "wait" => Planned::TooMany(number.parse().unwrap()),
                other => panic!("{other}"),
            }
        }
        (None, None) => panic!("{value}"),
    }
}
