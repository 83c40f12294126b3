//! Where GitHub's interface is. A declaration does not decide alone who is handed the token.

use keyloom_runtime::http::{Url, is_confidential};

use crate::error::Error;

const CLOUD: &str = "https://api.github.com";

/// Where the interface is of the server that a connection has; `get` gives the value of a variable, without spaces around it.
pub(super) fn api(get: impl Fn(&str) -> Option<String>, server: Option<&str>) -> Result<Url, Error> {
    let wrong = |words: String| Error::Environment(words);
    let named = match get("GITHUB_API_URL") {
        Some(text) => Some(
            address(&text)
                .ok_or_else(|| wrong("GITHUB_API_URL is no address that begins with https://".to_owned()))?,
        ),
        None => None,
    };
    let nowhere = || wrong("the `host` of the connection to GitHub is no host".to_owned());
    let Some(server) = server.filter(|server| !matches!(*server, "github.com" | "api.github.com")) else {
        let named = named.filter(|_| server.is_none());
        return named.or_else(|| address(CLOUD)).ok_or_else(nowhere);
    };
    let of_server = address(&format!("https://{server}/api/v3")).filter(|url| url.path() == "/api/v3");
    let of_server = of_server.ok_or_else(nowhere)?;
    let host = get("GH_HOST").and_then(|host| address(&format!("https://{host}")));
    if let Some(named) = named.filter(|named| is_of(named, &of_server)) {
        return Ok(named);
    }
    if host.is_some_and(|host| authority(&host) == authority(&of_server)) {
        return Ok(of_server);
    }
    let place = authority(&of_server);
    Err(wrong(format!(
        "the connection is to GitHub at {place}, which neither GITHUB_API_URL nor GH_HOST names, so that GITHUB_TOKEN is \
         not sent there; if the token is for that server, set GH_HOST={place}"
    )))
}

/// An address that a token may be sent to.
fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let bare = url.username().is_empty() && url.password().is_none();
    (bare && url.query().is_none() && url.fragment().is_none() && is_confidential(&url)).then_some(url)
}

/// Whether an address is of a server: its own, or that of its interface alone, as in `api.acme.ghe.com`.
fn is_of(url: &Url, server: &Url) -> bool {
    let (url, server) = (authority(url), authority(server));
    url == server || url.strip_prefix("api.") == Some(&server)
}

/// Host and port.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_gets_the_token_where_the_environment_names_it() {
        let at = |variable: &'static str, value: &str, server| {
            let get = |name: &str| (name == variable).then(|| value.to_owned());
            api(get, Some(server)).map(|url| url.to_string())
        };
        assert_eq!(at("GH_HOST", "GHE.example", "ghe.example").unwrap(), "https://ghe.example/api/v3");
        let of_cloud = "https://api.acme.ghe.com";
        assert_eq!(at("GITHUB_API_URL", of_cloud, "acme.ghe.com").unwrap(), "https://api.acme.ghe.com/");
        // The connection decides the place, and that of github.com is known.
        for server in ["github.com", "api.github.com"] {
            assert_eq!(
                at("GITHUB_API_URL", "https://ghe.example/api/v3", server).unwrap(),
                "https://api.github.com/"
            );
        }
        for (named, server) in [
            ("ghe.example", "evil.example"),
            ("ghe.example", "ghe.example.evil.example"),
            ("ghe.example", "ghe.example@evil.example"),
            ("ghe.example", "evil.example/ghe.example"),
            ("ghe.example", "ghe.example:8443"),
            ("api.ghe.example", "ghe.example"),
            ("ghe.example", ""),
        ] {
            assert!(at("GH_HOST", named, server).is_err(), "{server}");
        }
    }
}
