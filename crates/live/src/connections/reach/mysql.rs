//! MySQL, MariaDB, and what speaks their language.

use std::path::PathBuf;

use mysql_async::prelude::Queryable;
use mysql_async::{ClientIdentity, Conn, DriverError, Error, Opts, OptsBuilder, SslOpts};

use super::Refusal;
use super::place::{Place, chain};
use super::tls::{Remedy, fault};

/// Whom a server's certificate must come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// From the authorities of the web, over TLS alone.
    Web,
    /// From the authority that the connection names; from anybody, or without TLS, where it names none.
    AsSaid,
}

/// Logs in and has a query answered.
///
/// # Errors
/// Why not.
pub(super) async fn ask(place: &Place, trust: Trust) -> Result<String, Refusal> {
    let (tls, fall_back) = tls(place, trust)?;
    let mut answered = query(options(place, Some(tls))).await;
    // As MySQL's own clients do where nobody says anything: with TLS if there is TLS.
    if fall_back && matches!(answered, Err(Error::Driver(DriverError::NoClientSslFlagFromServer))) {
        answered = query(options(place, None)).await;
    }
    match answered {
        Ok(Some(1)) => Ok("SELECT 1 is answered".to_owned()),
        Ok(_) => Err("SELECT 1 is not answered with 1".to_owned()),
        Err(error) => Err(said(&error, place)),
    }
}

fn options(place: &Place, tls: Option<SslOpts>) -> Opts {
    let builder = OptsBuilder::default()
        .ip_or_hostname(place.host.clone())
        .tcp_port(place.port.unwrap_or(3306))
        .user(place.user.clone())
        .pass(place.password.as_ref().map(|it| it.expose().to_owned()))
        .db_name(place.database.clone())
        .prefer_socket(false)
        .ssl_opts(tls);
    builder.into()
}

/// How TLS is used, and whether it can be done without.
fn tls(place: &Place, trust: Trust) -> Result<(SslOpts, bool), Refusal> {
    let identity = match (&place.ssl_cert_path, &place.ssl_key_path) {
        (Some(cert), Some(key)) => {
            Some(ClientIdentity::new(PathBuf::from(cert).into(), PathBuf::from(key).into()))
        }
        (None, None) => None,
        (Some(_), None) => {
            return Err("`ssl_cert_path` is of no use without `ssl_key_path`; add it".to_owned());
        }
        (None, Some(_)) => {
            return Err("`ssl_key_path` is of no use without `ssl_cert_path`; add it".to_owned());
        }
    };
    let options = SslOpts::default().with_client_identity(identity);
    Ok(match (&place.ssl_ca_path, trust) {
        (Some(path), Trust::Web | Trust::AsSaid) => {
            let roots = vec![PathBuf::from(path).into()];
            (options.with_root_certs(roots).with_disable_built_in_roots(true), false)
        }
        (None, Trust::Web) => (options, false),
        (None, Trust::AsSaid) => (options.with_danger_accept_invalid_certs(true), true),
    })
}

async fn query(options: Opts) -> Result<Option<u8>, Error> {
    let mut connection = Conn::new(options).await?;
    let answered = connection.query_first("SELECT 1").await;
    // It was answered; whether the server hears a goodbye does not matter.
    let _ = connection.disconnect().await;
    answered
}

/// Where an authority is named, and what does without.
const REMEDY: Remedy = Remedy {
    unknown: "name the file of its authority in `ssl_ca_path`",
    itself: "MySQL's own clients take such a one from `ssl_ca_path`, nothing here does; have the server get one that says CA:FALSE, or one that an authority made",
    name: "see that `host` is the name in it",
};

fn said(error: &Error, place: &Place) -> Refusal {
    if let Some(fault) = fault(error, REMEDY) {
        return fault;
    }
    let remedy = match error {
        Error::Server(server) => match server.code {
            1044 | 1045 | 1698 => {
                "see that `username` and `password` are right, and that the user may come from this host"
            }
            1049 => "see that `database` is right",
            _ => "the server says why",
        },
        Error::Io(_) => "see that `host` and `port` are right, and the files of TLS",
        Error::Driver(_) | Error::Other(_) | Error::Url(_) => {
            "see that a server of MySQL is at `host` and `port`"
        }
    };
    // The server's own words say what is meant; the system's do not name the host.
    let whom = match error {
        Error::Server(_) => String::new(),
        Error::Io(_) | Error::Driver(_) | Error::Other(_) | Error::Url(_) => {
            format!("{}: ", place.address(3306))
        }
    };
    format!("{whom}{}; {remedy}", chain(error))
}
