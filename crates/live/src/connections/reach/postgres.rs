//! PostgreSQL, and what speaks its language.

use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, Error, NoTls, SimpleQueryMessage};

use super::Refusal;
use super::place::{Place, chain};
use super::tls::{Remedy, Trust, config, fault};

mod stream;

use stream::Tls;

/// One way of connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Plain,
    WithTls(Trust),
}

/// The ways of a connection, the second where the first is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ways(Way, Option<Way>);

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
    let Ways(first, second) = ways(place)?;
    let client = match connect(&mut settings, first).await? {
        Ok(client) => client,
        Err(error) => match second {
            Some(second) if goes_on(first, &error) => match connect(&mut settings, second).await? {
                Ok(client) => client,
                Err(other) if tells_more((second, &other), (first, &error)) => {
                    return Err(said(&other, second, place));
                }
                Err(_) => return Err(said(&error, first, place)),
            },
            _ => return Err(said(&error, first, place)),
        },
    };
    let rows = client.simple_query("SELECT 1").await.map_err(|error| said(&error, first, place))?;
    let one = rows.iter().any(|row| matches!(row, SimpleQueryMessage::Row(row) if row.get(0) == Some("1")));
    if one {
        Ok("SELECT 1 is answered".to_owned())
    } else {
        Err("SELECT 1 is not answered with 1".to_owned())
    }
}

/// What the words of libpq mean. A socket of this machine has no TLS, whatever they say.
fn ways(place: &Place) -> Result<Ways, Refusal> {
    let (plain, anybody) = (Way::Plain, Way::WithTls(Trust::Anybody));
    let ways = match place.ssl_mode.as_deref().unwrap_or("allow") {
        "disable" => Ways(plain, None),
        "allow" => Ways(plain, Some(anybody)),
        "prefer" => Ways(anybody, Some(plain)),
        "require" => Ways(anybody, None),
        "verify-ca" => Ways(Way::WithTls(Trust::Authority), None),
        "verify-full" => Ways(Way::WithTls(Trust::Host), None),
        _ => {
            return Err("`ssl_mode` is no word of PostgreSQL's; write disable, allow, prefer, require, verify-ca or verify-full"
                .to_owned());
        }
    };
    Ok(if is_socket(place) { Ways(plain, None) } else { ways })
}

/// Whether the host is a directory with a server's socket, as libpq tells it.
fn is_socket(place: &Place) -> bool {
    place.host.starts_with('/')
}

async fn connect(settings: &mut Config, way: Way) -> Result<Result<Client, Error>, Refusal> {
    Ok(match way {
        Way::Plain => settings.ssl_mode(SslMode::Disable).connect(NoTls).await.map(driven),
        Way::WithTls(trust) => {
            let tls = Tls::new(config(trust)?);
            settings.ssl_mode(SslMode::Require).connect(tls).await.map(driven)
        }
    })
}

/// The connection is driven until the client is dropped.
fn driven<C>((client, connection): (Client, C)) -> Client
where
    C: Future<Output = Result<(), Error>> + Send + 'static,
{
    tokio::spawn(connection);
    client
}

/// As libpq: without TLS a second way is tried where a server refuses, with TLS also where there is no TLS.
fn goes_on(first: Way, error: &Error) -> bool {
    match first {
        Way::Plain => error.as_db_error().is_some(),
        Way::WithTls(_) => true,
    }
}

/// Whether one of two errors says more of what is wrong: the words of a server that lets this way in, then what is wrong with its TLS.
/// Where both say as much it is the one without TLS, which has less in it to be led astray by.
fn tells_more(one: (Way, &Error), other: (Way, &Error)) -> bool {
    let rank = |(way, error): (Way, &Error)| {
        let told = match error.code() {
            Some(code) if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => 1,
            Some(_) => 3,
            None if fault(error, REMEDY).is_some() => 2,
            None => 0,
        };
        (told, way == Way::Plain)
    };
    rank(one) > rank(other)
}

fn said(error: &Error, way: Way, place: &Place) -> Refusal {
    if let Some(fault) = fault(error, REMEDY) {
        return fault;
    }
    let remedy = match (error.code().map(SqlState::code), way) {
        (Some("28P01" | "28000"), _) => {
            "see that `username` and `password` are right, and that the server lets this host in"
        }
        (Some("3D000"), _) => "see that `database` is right",
        (Some(_), _) => "the server says why",
        (None, Way::Plain) => {
            "see that `host` and `port` are right, and that a server of PostgreSQL is there"
        }
        (None, Way::WithTls(_)) => "see that `host`, `port` and `ssl_mode` are right",
    };
    // The server's own words say what is meant; the system's do not name the host.
    let whom = match error.code() {
        Some(_) => String::new(),
        None => format!("{}: ", place.address(5432)),
    };
    format!("{whom}{}; {remedy}", chain(error))
}

/// Where an authority is named, and what does without.
const REMEDY: Remedy = Remedy {
    unknown: "name the file of its authority in SSL_CERT_FILE, or use `ssl_mode: require`, which trusts anybody",
    itself: "libpq takes such a one from its root file, nothing here does; use `ssl_mode: require`, which trusts anybody, or a certificate that says CA:FALSE or that an authority made",
    name: "see that `host` is the name in it, or use `ssl_mode: verify-ca`, which takes any name",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn of(host: &str, mode: &str) -> Result<Ways, Refusal> {
        let ssl_mode = Some(mode.to_owned()).filter(|mode| !mode.is_empty());
        ways(&Place { host: host.to_owned(), ssl_mode, ..Place::default() })
    }

    #[test]
    fn modes_are_those_of_libpq() {
        let anybody = Way::WithTls(Trust::Anybody);
        for (mode, ways) in [
            ("disable", Ways(Way::Plain, None)),
            ("allow", Ways(Way::Plain, Some(anybody))),
            ("", Ways(Way::Plain, Some(anybody))),
            ("prefer", Ways(anybody, Some(Way::Plain))),
            ("require", Ways(anybody, None)),
            ("verify-ca", Ways(Way::WithTls(Trust::Authority), None)),
            ("verify-full", Ways(Way::WithTls(Trust::Host), None)),
        ] {
            assert_eq!(of("db.example", mode).unwrap(), ways, "{mode}");
            assert_eq!(of("/run/postgresql", mode).unwrap(), Ways(Way::Plain, None), "{mode}");
        }
        assert!(!of("db.example", "canary").unwrap_err().contains("canary"));
    }

    /// Answers whoever comes with a line that no server of PostgreSQL says.
    async fn other_server() -> u16 {
        use tokio::io::AsyncWriteExt;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
            }
        });
        port
    }

    #[tokio::test]
    async fn a_port_that_speaks_something_else_says_nothing_of_tls() {
        let port = other_server().await;
        for mode in ["allow", "prefer"] {
            let place = Place {
                host: "127.0.0.1".to_owned(),
                port: Some(port),
                user: Some("app".to_owned()),
                ssl_mode: Some(mode.to_owned()),
                ..Place::default()
            };
            let said = ask(&place).await.unwrap_err();
            assert!(said.contains("a server of PostgreSQL") && !said.contains("TLS"), "{mode}: {said}");
            assert!(said.starts_with(&format!("127.0.0.1:{port}: ")), "{mode}: {said}");
        }
    }

    #[tokio::test]
    async fn a_host_that_there_is_not_is_named() {
        let place = Place { host: "db.invalid".to_owned(), user: Some("app".to_owned()), ..Place::default() };
        let said = ask(&place).await.unwrap_err();
        assert!(said.starts_with("db.invalid:5432: ") && said.contains("`host`"), "{said}");
    }
}
