//! What answers over HTTP.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyloom_connections::Connection;
use keyloom_runtime::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use keyloom_runtime::http::{Http, Limits, Method, Request, Url};
use percent_encoding::percent_decode_str;

use super::place::{Place, chain};
use super::{Refusal, text};

/// Has a page answered. Whatever is answered with a status below 400 is an answer.
///
/// # Errors
/// Why not.
pub(super) async fn get(url: Url) -> Result<String, Refusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("the address is none of HTTP; write http:// or https://".to_owned());
    }
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, password) = (plain(url.username()), url.password().map(plain));
    let mut bare = url;
    // An address that has a host can be without these.
    let _ = bare.set_username("").and_then(|()| bare.set_password(None));
    let mut request = Request::new(Method::GET, bare);
    if !user.is_empty() || password.is_some() {
        request.headers_mut().insert(AUTHORIZATION, basic(&user, password.as_deref().unwrap_or_default())?);
    }
    let status = send(request).await?;
    answered(status, "GET", "see that the address is right, and what it wants to be told")
}

/// ClickHouse: a query over its HTTP interface, with the user of the connection.
///
/// # Errors
/// Why not.
pub(super) async fn clickhouse(connection: &Connection) -> Result<String, Refusal> {
    let secure = text(connection, "secure").is_some_and(|word| word != "0" && word != "false");
    let default = if secure { "8443" } else { "8123" };
    let port = text(connection, "http_port").filter(|it| it != "0").unwrap_or_else(|| default.to_owned());
    let mut url = base(connection, secure, &port)?;
    url.query_pairs_mut().append_pair("query", "SELECT 1");
    let mut request = Request::new(Method::GET, url);
    let place = Place::of(connection);
    let headers = [
        ("x-clickhouse-user", place.user),
        ("x-clickhouse-key", place.password.map(|it| it.expose().to_owned())),
        ("x-clickhouse-database", place.database),
    ];
    for (name, value) in headers {
        if let Some(value) = value {
            request.headers_mut().insert(HeaderName::from_static(name), secret(&value, name)?);
        }
    }
    answered(send(request).await?, "SELECT 1", "see that `username`, `password` and `database` are right")
}

/// Elasticsearch: what it says of itself, to the user of the connection.
///
/// # Errors
/// Why not.
pub(super) async fn elasticsearch(connection: &Connection) -> Result<String, Refusal> {
    let is =
        |field: &str, default: &str| text(connection, field).unwrap_or_else(|| default.to_owned()) == "true";
    let secure = is("secure", "true");
    if secure && !is("verify_certs", "true") {
        return Err("`verify_certs` is off, and no password is sent here to whoever answers; trust the authority with SSL_CERT_FILE instead".to_owned());
    }
    let port = text(connection, "port").unwrap_or_else(|| "9200".to_owned());
    let mut request = Request::new(Method::GET, base(connection, secure, &port)?);
    let place = Place::of(connection);
    if let Some(user) = &place.user {
        let password = place.password.as_ref().map(|it| it.expose()).unwrap_or_default();
        request.headers_mut().insert(AUTHORIZATION, basic(user, password)?);
    }
    answered(send(request).await?, "GET /", "see that `username` and `password` are right")
}

/// InfluxDB: whether the token lets anybody in.
///
/// # Errors
/// Why not.
pub(super) async fn influxdb(connection: &Connection) -> Result<String, Refusal> {
    let secure = text(connection, "secure").is_none_or(|word| word == "true");
    let port = text(connection, "port").unwrap_or_else(|| "8086".to_owned());
    let mut url = base(connection, secure, &port)?;
    url.set_path("/api/v2/buckets");
    url.query_pairs_mut().append_pair("limit", "1");
    let mut request = Request::new(Method::GET, url);
    if let Some(token) = text(connection, "token") {
        request.headers_mut().insert(AUTHORIZATION, secret(&format!("Token {token}"), "token")?);
    }
    answered(send(request).await?, "GET /api/v2/buckets", "see that `token` and `org` are right")
}

/// The address of a host, which may have been written as one already.
fn base(connection: &Connection, secure: bool, port: &str) -> Result<Url, Refusal> {
    let host = text(connection, "host").unwrap_or_else(|| "localhost".to_owned());
    let scheme = if secure { "https" } else { "http" };
    let whole = match host.contains("://") {
        true => host,
        false if host.contains(':') && !host.starts_with('[') => format!("{scheme}://[{host}]:{port}/"),
        false => format!("{scheme}://{host}:{port}/"),
    };
    Url::parse(&whole).map_err(|_| "`host` is no host; write its name alone".to_owned())
}

fn basic(user: &str, password: &str) -> Result<HeaderValue, Refusal> {
    secret(&format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))), "password")
}

fn secret(value: &str, what: &str) -> Result<HeaderValue, Refusal> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| format!("`{what}` cannot be sent over HTTP: it has characters that no header can"))?;
    value.set_sensitive(true);
    Ok(value)
}

async fn send(request: Request) -> Result<u16, Refusal> {
    let http = Http::new(Limits::default()).map_err(|error| chain(&error))?;
    let answer = http.once(request).await;
    answer
        .map(|answer| answer.status)
        .map_err(|error| format!("{}; see that the host is right", chain(&error)))
}

fn answered(status: u16, what: &str, remedy: &str) -> Result<String, Refusal> {
    match status {
        200..400 => Ok(format!("{what} is answered with {status}")),
        _ => Err(format!("{what} is answered with {status}; {remedy}")),
    }
}
