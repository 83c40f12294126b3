//! What answers over HTTP.

use std::net::Ipv6Addr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use keyloom_connections::{Clickhouse, Elasticsearch, InfluxDb, Secret};
use keyloom_runtime::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use keyloom_runtime::http::{Http, Limits, Method, Request, Url};
use percent_encoding::percent_decode_str;

use super::Refusal;
use super::place::chain;

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
pub(super) async fn clickhouse(it: &Clickhouse) -> Result<String, Refusal> {
    let tls = Tls::from(it.secure.unwrap_or_default() != 0);
    let default = match tls {
        Tls::On => 8443,
        Tls::Off => 8123,
    };
    let mut url = base(&it.host, tls, it.http_port.unwrap_or(default))?;
    url.query_pairs_mut().append_pair("query", "SELECT 1");
    // Older servers do not see it in a header, and answer although there is no such database.
    if let Some(database) = it.database.as_deref().filter(|name| !name.is_empty()) {
        url.query_pairs_mut().append_pair("database", database);
    }
    let mut request = Request::new(Method::GET, url);
    let headers = [
        ("x-clickhouse-user", Some(it.username.as_str())),
        ("x-clickhouse-key", it.password.as_ref().map(Secret::expose)),
    ];
    for (name, value) in headers {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            request.headers_mut().insert(HeaderName::from_static(name), secret(value, name)?);
        }
    }
    answered(send(request).await?, "SELECT 1", "see that `username`, `password` and `database` are right")
}

/// Elasticsearch: what it says of itself, to the user of the connection.
///
/// # Errors
/// Why not.
pub(super) async fn elasticsearch(it: &Elasticsearch) -> Result<String, Refusal> {
    let tls = Tls::from(it.secure != "false");
    if tls == Tls::On && it.verify_certs != "true" {
        return Err("`verify_certs` is off, and no password is sent here to whoever answers; trust the authority with SSL_CERT_FILE instead".to_owned());
    }
    let mut request = Request::new(Method::GET, base(&it.host, tls, it.port)?);
    if let Some(user) = it.username.as_deref().filter(|user| !user.is_empty()) {
        let password = it.password.as_ref().map(Secret::expose).unwrap_or_default();
        request.headers_mut().insert(AUTHORIZATION, basic(user, password)?);
    }
    answered(send(request).await?, "GET /", "see that `username` and `password` are right")
}

/// InfluxDB: whether the token lets anybody in.
///
/// # Errors
/// Why not.
pub(super) async fn influxdb(it: &InfluxDb) -> Result<String, Refusal> {
    let tls = Tls::from(it.secure != "false");
    let mut url = base(&it.host, tls, it.port.unwrap_or(8086))?;
    url.set_path("/api/v2/buckets");
    url.query_pairs_mut().append_pair("limit", "1");
    let mut request = Request::new(Method::GET, url);
    let token = format!("Token {}", it.token.expose());
    request.headers_mut().insert(AUTHORIZATION, secret(&token, "token")?);
    answered(send(request).await?, "GET /api/v2/buckets", "see that `token` and `org` are right")
}

/// Whether a connection wants TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
    On,
    Off,
}

impl From<bool> for Tls {
    fn from(secure: bool) -> Self {
        if secure { Self::On } else { Self::Off }
    }
}

/// The address of a host, which may have been written as one already; then it says nothing that `secure` and the port do not.
fn base(host: &str, tls: Tls, port: u16) -> Result<Url, Refusal> {
    let scheme = match tls {
        Tls::On => "https",
        Tls::Off => "http",
    };
    let whole = if host.contains("://") {
        host.to_owned()
    } else if host.parse::<Ipv6Addr>().is_ok() {
        format!("{scheme}://[{host}]")
    } else {
        format!("{scheme}://{host}")
    };
    let no_host = || "`host` is no host; write its name alone".to_owned();
    let mut url = Url::parse(&whole).map_err(|_| no_host())?;
    match (url.scheme(), tls) {
        ("http", Tls::On) => {
            return Err("`host` begins with http://, and `secure` is on; nothing is sent that others can read: write the name of the host alone".to_owned());
        }
        ("http" | "https", _) => {}
        _ => return Err(no_host()),
    }
    let is_bare = url.username().is_empty() && url.password().is_none() && !whole.contains('@');
    let is_whole = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !is_bare || !is_whole || host.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("`host` holds more than a host; write its name alone".to_owned());
    }
    if port_of(&whole).is_some_and(|said| said != port) {
        return Err(format!(
            "`host` names another port than {port}, which the connection has; write it in the field for it alone"
        ));
    }
    url.set_port(Some(port)).map_err(|()| no_host())?;
    Ok(url)
}

/// The port that is written in an address, also where it is the scheme's own, which [`Url`] leaves out.
fn port_of(address: &str) -> Option<u16> {
    let (_, port) = address.trim_end_matches('/').rsplit_once(':')?;
    port.parse().ok()
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

/// The status is the answer: what follows may be large, and where a redirect leads is another's matter.
async fn send(request: Request) -> Result<u16, Refusal> {
    let http = Http::undirected(Limits::default()).map_err(|error| chain(&error))?;
    let status = http.status(request).await;
    status.map_err(|error| format!("{}; see that the host is right", chain(&error)))
}

fn answered(status: u16, what: &str, remedy: &str) -> Result<String, Refusal> {
    match status {
        200..400 => Ok(format!("{what} is answered with {status}")),
        _ => Err(format!("{what} is answered with {status}; {remedy}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_what_its_fields_say() {
        for (host, tls, address) in [
            ("db.example", Tls::On, "https://db.example:9200/"),
            ("db.example", Tls::Off, "http://db.example:9200/"),
            ("db.example:9200", Tls::On, "https://db.example:9200/"),
            ("::1", Tls::Off, "http://[::1]:9200/"),
            ("[::1]", Tls::On, "https://[::1]:9200/"),
            ("https://db.example", Tls::On, "https://db.example:9200/"),
            ("https://db.example:9200/", Tls::Off, "https://db.example:9200/"),
            ("http://[::1]:9200", Tls::Off, "http://[::1]:9200/"),
        ] {
            assert_eq!(base(host, tls, 9200).map(String::from).as_deref(), Ok(address), "{host}");
        }
    }

    #[test]
    fn an_address_that_says_something_else_is_refused() {
        for (host, words) in [
            ("http://canary", "`secure` is on"),
            ("ftp://canary", "is no host"),
            ("https://canary:443", "another port"),
            ("https://canary:9243", "another port"),
            ("canary:9243", "another port"),
            ("https://user:canary@h", "more than a host"),
            ("user@canary", "more than a host"),
            ("https://@canary", "more than a host"),
            ("https://canary/path", "more than a host"),
            ("canary/path:9200", "more than a host"),
            ("canary?a", "more than a host"),
            ("canary#a", "more than a host"),
            ("canary\\a", "more than a host"),
            ("can\tary", "more than a host"),
            ("https://can ary", "is no host"),
            ("", "is no host"),
        ] {
            let refused = base(host, Tls::On, 9200).unwrap_err();
            assert!(refused.contains(words) && !refused.contains("canary"), "{host}: {refused}");
        }
    }
}
