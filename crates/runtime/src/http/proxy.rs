//! The proxy that the environment names for what is encrypted. The client reads the same variables; here it is said which of them counts.

use std::fmt;
use std::sync::Arc;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

/// Variables that say the same, before those that count where none of these names a proxy. Of several that are set the first counts,
/// even where it is empty.
const VARIABLES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
/// Where it is set a server runs this program for a request, and a header of that could name a proxy.
const OF_REQUEST: &str = "REQUEST_METHOD";

/// A proxy that something goes through; without the credentials for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// The variable that names it, such as `HTTPS_PROXY`.
    pub variable: &'static str,
    /// Its host and port.
    pub address: String,
}

/// What the environment says of proxies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    named: Option<(&'static str, Arc<Matcher>)>,
    /// Variables that are set, and are no address of a proxy.
    none: Vec<&'static str>,
}

impl Proxies {
    /// What the environment of this process says.
    pub(crate) fn from_env() -> Self {
        Self::new(&|name| std::env::var(name).ok())
    }

    fn new(get: &dyn Fn(&str) -> Option<String>) -> Self {
        if get(OF_REQUEST).is_some() {
            return Self::default();
        }
        let past = ["NO_PROXY", "no_proxy"].into_iter().find_map(get).unwrap_or_default();
        let mut none = Vec::new();
        for names in VARIABLES {
            let said = names.into_iter().find_map(|name| Some((name, get(name)?)));
            let Some((name, text)) = said.filter(|(_, text)| !text.is_empty()) else { continue };
            let names_one = Matcher::builder().https(text.clone()).build();
            if names_one.intercept(&Uri::from_static("https://a.example")).is_some() {
                let matcher = Matcher::builder().https(text).no(past).build();
                return Self { named: Some((name, Arc::new(matcher))), none };
            }
            none.push(name);
        }
        Self { named: None, none }
    }

    /// Says which of the variables do not count, though something is in them.
    pub(super) fn warn(&self) {
        for name in &self.none {
            log::warn!("{name} is no address of a proxy, and does not count; write it as http://HOST:PORT");
        }
    }

    /// The proxy that a request to this address goes through.
    pub(crate) fn of(&self, url: &Url) -> Option<Proxy> {
        let (variable, matcher) = self.named.as_ref().filter(|_| url.scheme() == "https")?;
        let proxy = matcher.intercept(&url.as_str().parse().ok()?)?;
        // Not the authority: a password with an `@` would reach into it.
        let (host, port) = (proxy.uri().host()?, proxy.uri().port_u16());
        Some(Proxy {
            variable,
            address: port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        })
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.address, self.variable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(set: &[(&str, &str)], url: &str) -> Option<String> {
        let get = |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, text)| (*text).to_owned());
        let proxies = Proxies::new(&get);
        assert!(!format!("{proxies:?}").contains("canary"));
        proxies.of(&url.parse().unwrap()).map(|proxy| proxy.to_string())
    }

    #[test]
    fn the_first_that_names_one_counts_and_its_credentials_are_not_told() {
        const URL: &str = "https://secrets.example/api";
        let https = ("HTTPS_PROXY", "http://canary:canary@proxy.example:3128/path");
        let all = ("ALL_PROXY", "proxy.example:1");
        let told = Some("proxy.example:3128 (HTTPS_PROXY)".to_owned());
        assert_eq!(counts(&[all, https], URL), told);
        let torn = ("HTTPS_PROXY", "http://app:can@ry@proxy.example:3128");
        assert_eq!(counts(&[torn], URL), told);
        let six = ("HTTPS_PROXY", "http://app:canary@[::1]:3128");
        assert_eq!(counts(&[six], URL).unwrap(), "[::1]:3128 (HTTPS_PROXY)");
        assert_eq!(
            counts(&[all, ("HTTPS_PROXY", ""), ("https_proxy", "other")], URL).unwrap(),
            "proxy.example:1 (ALL_PROXY)"
        );
        assert_eq!(counts(&[("https_proxy", "other")], URL).unwrap(), "other (https_proxy)");
        assert_eq!(
            counts(&[https], "http://secrets.example"),
            None,
            "what is not encrypted goes through none"
        );
        assert_eq!(counts(&[https, ("NO_PROXY", "a.example,.example")], URL), None);
        assert_eq!(counts(&[https, ("NO_PROXY", "other.example")], URL), told);
        assert_eq!(counts(&[https, ("REQUEST_METHOD", "GET")], URL), None);
        for none in ["htp://canary", "", "http://"] {
            assert_eq!(counts(&[("HTTPS_PROXY", none), all], URL).unwrap(), "proxy.example:1 (ALL_PROXY)");
        }
    }
}
