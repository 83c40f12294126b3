//! How an application gets its connections by name: it says which, and as what; where they are is a matter of the environment.
//!
//! [`ask_postgres`] connects as a connection says, [`describe`] reads the other kinds of this example. Take them along; they are
//! meant to be copied.

use std::error::Error;

use keyloom_connections::{Generic, GoogleCloudPlatform, Postgres, Snowflake};
use keyloom_runtime::connections::Connections;
use tokio_postgres::{Config, NoTls};

/// What comes of it, or why not; no value of a connection is in the words of the latter.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Connects to the PostgreSQL of a connection, and has it answer as whom and where.
///
/// # Errors
/// No such connection, or another type; a database that does not answer.
pub async fn ask_postgres(connections: &Connections, name: &str) -> Outcome<String> {
    let postgres: Postgres = connections.get(name).await?;
    let mut config = Config::new();
    config
        .host(&postgres.host)
        .port(postgres.port)
        .user(&postgres.username)
        .password(postgres.password.expose())
        .dbname(&postgres.database);
    if let Some(schema) = &postgres.schema {
        config.options(format!("-c search_path={schema}"));
    }
    let (client, connection) = config.connect(NoTls).await?;
    // It ends with the client.
    tokio::spawn(connection);
    let row = client
        .query_one("SELECT current_user::text, current_database()::text, current_schema()::text, 6 * 7", &[])
        .await?;
    let (user, database, schema): (String, String, Option<String>) = (row.get(0), row.get(1), row.get(2));
    let (schema, answer): (_, i32) = (schema.unwrap_or_default(), row.get(3));
    Ok(format!("{name}: PostgreSQL answers {user} in {database}.{schema}: {answer}"))
}

/// What may be shown of the other connections of this example.
///
/// # Errors
/// No such connection, or another type.
pub async fn describe(connections: &Connections) -> Outcome<Vec<String>> {
    let snowflake: Snowflake = connections.get("my-snowflake").await?;
    let bigquery: GoogleCloudPlatform = connections.get("my-bigquery").await?;
    let secret: Generic = connections.get("my-secret").await?;
    let said = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    Ok(vec![
        format!("{}: account {}, warehouse {}", snowflake.name, snowflake.account, said(snowflake.warehouse)),
        format!("{}: project {}", bigquery.name, said(bigquery.project_id)),
        format!("{}: {} characters", secret.name, secret.value.expose().chars().count()),
    ])
}
