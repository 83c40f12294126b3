//! PostgreSQL, and what speaks its language.

use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

use super::Refusal;
use super::place::{Place, chain};
use super::tls::{Trust, config};

mod stream;

use stream::Tls;

/// Logs in and has a query answered.
///
/// # Errors
/// Why not.
pub(super) async fn ask(place: &Place) -> Result<String, Refusal> {
    let mut settings = Config::new();
    settings.host(&place.host).application_name("keyloom");
    place.port.map(|port| settings.port(port));
    place.user.as_ref().map(|user| settings.user(user));
    place.password.as_ref().map(|password| settings.password(password.expose()));
    place.database.as_ref().map(|database| settings.dbname(database));
    let word = place.ssl_mode.as_deref().unwrap_or("allow");
    let (mode, trust) = mode(word)?;
    settings.ssl_mode(mode);
    match trust {
        None => {
            let (client, connection) = settings.connect(NoTls).await.map_err(|error| said(&error))?;
            query(client, connection).await
        }
        Some(trust) => {
            let tls = Tls::new(config(trust)?);
            let (client, connection) = settings.connect(tls).await.map_err(|error| said(&error))?;
            query(client, connection).await
        }
    }
}

/// The words of libpq. `allow` would rather do without TLS and `prefer` rather with it; both take what there is.
fn mode(word: &str) -> Result<(SslMode, Option<Trust>), Refusal> {
    match word {
        "disable" => Ok((SslMode::Disable, None)),
        "allow" | "prefer" => Ok((SslMode::Prefer, Some(Trust::Anybody))),
        "require" => Ok((SslMode::Require, Some(Trust::Anybody))),
        "verify-ca" => Ok((SslMode::Require, Some(Trust::Authority))),
        "verify-full" => Ok((SslMode::Require, Some(Trust::Host))),
        _ => Err("`ssl_mode` is no word of PostgreSQL's; write disable, allow, prefer, require, verify-ca or verify-full"
            .to_owned()),
    }
}

async fn query(
    client: tokio_postgres::Client,
    connection: impl Future<Output = Result<(), tokio_postgres::Error>> + Send + 'static,
) -> Result<String, Refusal> {
    let driver = tokio::spawn(connection);
    let rows = client.simple_query("SELECT 1").await.map_err(|error| said(&error))?;
    drop(client);
    driver.abort();
    let one = rows.iter().any(|row| matches!(row, SimpleQueryMessage::Row(row) if row.get(0) == Some("1")));
    if one {
        Ok("SELECT 1 is answered".to_owned())
    } else {
        Err("SELECT 1 is not answered with 1".to_owned())
    }
}

fn said(error: &tokio_postgres::Error) -> Refusal {
    let remedy = match error.code().map(tokio_postgres::error::SqlState::code) {
        Some("28P01" | "28000") => {
            "see that `username` and `password` are right, and that the server lets this host in"
        }
        Some("3D000") => "see that `database` is right",
        Some(_) => "the server says why",
        None => "see that `host`, `port` and `ssl_mode` are right",
    };
    format!("{}; {remedy}", chain(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_those_of_libpq() {
        assert_eq!(mode("disable").unwrap().1, None);
        assert_eq!(mode("verify-full").unwrap(), (SslMode::Require, Some(Trust::Host)));
        assert!(!mode("canary").unwrap_err().contains("canary"));
    }
}
