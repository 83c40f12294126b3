//! Reads four connections from an Infisical that stands in, and connects to a real PostgreSQL as one of them says.
//!
//! Where the server is, and as whom, say `PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD` and `PGDATABASE`. Ends with 1 where something is
//! not as it should be.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use keyloom_example_connections::{Outcome, ask_postgres, describe};
use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project, Seed};
use keyloom_runtime::connections::Connections;
use serde_json::{Map, Value};

const CONNECTIONS: &str = include_str!("../connections.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (text, code) = match run().await {
        Ok(lines) => (lines.join("\n"), ExitCode::SUCCESS),
        Err(error) => (format!("error: {error}"), ExitCode::FAILURE),
    };
    // Whoever closed standard output does not want to know.
    let _ = writeln!(io::stdout(), "{text}");
    code
}

async fn run() -> Outcome<Vec<String>> {
    let infisical = infisical(&secrets()?)?;
    let environment = environment(&infisical);
    // An application says `std::env::var(name).ok()`.
    let connections = Connections::from_env(move |name| environment.get(name).cloned())?;
    let mut lines = vec![ask_postgres(&connections, "my-postgres").await?];
    lines.extend(describe(&connections).await?);
    // They are in memory by now.
    ask_postgres(&connections, "my-postgres").await?;
    lines.push(format!("Infisical was asked {} times", infisical.requests().len()));
    let Err(error) = ask_postgres(&connections, "my-postgre").await else {
        return Err("there is a connection that is none".into());
    };
    lines.push(format!("a name that is none: {error}"));
    Ok(lines)
}

/// The four connections, the first of which leads to the server of the environment.
fn secrets() -> Outcome<Map<String, Value>> {
    let variable = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let mut secrets: Map<String, Value> = serde_json::from_str(CONNECTIONS)?;
    // That one is for editors.
    secrets.remove("$schema");
    let details = &mut secrets["my-postgres"]["details"];
    details["host"] = variable("PGHOST")?.into();
    details["port"] = variable("PGPORT")?.parse::<u16>()?.into();
    details["username"] = variable("PGUSER")?.into();
    details["password"] = variable("PGPASSWORD")?.into();
    details["database"] = variable("PGDATABASE")?.into();
    Ok(secrets)
}

/// An Infisical with one secret for each connection, and an identity that may read them.
fn infisical(secrets: &Map<String, Value>) -> Outcome<FakeInfisical> {
    let texts: Vec<_> = secrets.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
    let texts: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let dev = Environment::new("dev").folder("/", &texts);
    let identity = Identity::new("app").universal("client", "test").may(Access::Read, "shop");
    Ok(FakeInfisical::start(Seed::new().project(Project::new("shop").environment(dev)).identity(identity))?)
}

fn environment(infisical: &FakeInfisical) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("BRUIN_SECRETS_BACKEND", "infisical".to_owned()),
        ("BRUIN_INFISICAL_HOST", infisical.url().to_owned()),
        ("BRUIN_INFISICAL_CLIENT_ID", "client".to_owned()),
        ("BRUIN_INFISICAL_CLIENT_SECRET", "test".to_owned()),
        ("BRUIN_INFISICAL_PROJECT_ID", FakeInfisical::project_id("shop")),
        ("BRUIN_INFISICAL_ENVIRONMENT", "dev".to_owned()),
    ])
}
