//! What a connection leads to is asked something, with the credentials that it has.

use std::time::Duration;

use keyloom_connections::{Connection, Typed};
use keyloom_runtime::http::Url;

mod http;
mod mysql;
mod place;
mod postgres;
mod redis;
mod scrub;
mod tls;
mod url;

use mysql::Trust;
use place::Place;

/// So long it may take to see whether anybody listens.
const KNOCK: Duration = Duration::from_secs(1);

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// It answers: in words.
    Answers(String),
    /// Nobody here can ask: why.
    Unknown(String),
    /// It does not answer, or says no: why, and what to do.
    Refused(String),
}

/// Why something does not answer, as whoever asked was told. What may be in it that nobody may see is taken out by [`reach`].
type Refusal = String;

/// What the value of a `generic` connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Generic {
    /// Something that leads nowhere, such as a token.
    Value,
    /// An address.
    Address,
}

/// Asks what a connection leads to.
pub(super) async fn reach(connection: &Connection, generic: Generic) -> Reached {
    let answer = match connection.kind().word {
        "postgres" | "redshift" | "cratedb" => postgres::ask(&Place::of(connection)).await,
        "mysql" | "vitess" | "doris" | "starrocks" => mysql::ask(&Place::of(connection), Trust::AsSaid).await,
        "planetscale_mysql" => mysql::ask(&Place::of(connection), Trust::Web).await,
        "clickhouse" => typed(connection, async |it| http::clickhouse(&it).await).await,
        "elasticsearch" => typed(connection, async |it| http::elasticsearch(&it).await).await,
        "influxdb" => typed(connection, async |it| http::influxdb(&it).await).await,
        "http" => match text(connection, "url").as_deref().map(Url::parse) {
            Some(Ok(url)) => http::get(url).await,
            Some(Err(_)) | None => {
                Err("`url` is no address; write one such as https://api.example".to_owned())
            }
        },
        "generic" if generic == Generic::Address => {
            url::ask(text(connection, "value").as_deref().unwrap_or_default()).await
        }
        "generic" => {
            return Reached::Unknown("a value leads nowhere; if it is an address, add --url".to_owned());
        }
        word => return port(connection, word).await,
    };
    match answer {
        // Words of this room, not of what was asked.
        Ok(what) => Reached::Answers(what),
        Err(why) => Reached::Refused(scrub::scrub(&why, connection)),
    }
}

/// Asks with a connection as its Rust type.
async fn typed<T: Typed>(
    connection: &Connection,
    ask: impl AsyncFnOnce(T) -> Result<String, Refusal>,
) -> Result<String, Refusal> {
    ask(connection.typed().map_err(|error| error.to_string())?).await
}

/// Where it leads to, if that takes connections.
pub(super) async fn listens(connection: &Connection) -> Option<String> {
    let (host, port) = (text(connection, "host")?, text(connection, "port")?);
    let knock = tokio::net::TcpStream::connect((host.as_str(), port.parse().ok()?));
    tokio::time::timeout(KNOCK, knock).await.ok()?.ok()?;
    Some(scrub::scrub(&format!("{host}:{port}"), connection))
}

fn text(connection: &Connection, field: &str) -> Option<String> {
    connection.field_text(field).map(|value| value.expose().to_owned())
}

/// Where nobody here speaks what is spoken there, whether anybody listens.
async fn port(connection: &Connection, word: &str) -> Reached {
    let port = text(connection, "port").and_then(|port| port.parse::<u16>().ok());
    let (Some(host), Some(number)) = (text(connection, "host"), port) else {
        return Reached::Unknown(format!("nothing here speaks to `{word}`"));
    };
    let found = match tokio::net::TcpStream::connect((host.as_str(), number)).await {
        Ok(_) => {
            format!("{host}:{number} takes connections; nothing here speaks to `{word}`, so nobody logged in")
        }
        Err(error) => {
            let why =
                format!("{host}:{number} takes no connection: {error}; see that host and port are right");
            return Reached::Refused(scrub::scrub(&why, connection));
        }
    };
    Reached::Unknown(found)
}
