//! The address of an Infisical.

use std::fmt;

use reqwest::Url;

use crate::address::{self, Flaw};
use crate::error::Error;
use crate::http;
use crate::variable::trimmed;

/// The vendor's cloud in the US.
const CLOUD: &str = "https://app.infisical.com";
/// An Infisical of one's own, as its chart installs it.
const CLUSTER: &str = "http://infisical.infisical.svc.cluster.local:8080/api";

/// Which variables hold the address, the first that is set counts: the Terraform provider's, and that of Infisical's
/// command line and of older applications.
const VARIABLES: [&str; 2] = ["INFISICAL_HOST", "INFISICAL_API_URL"];

/// The address of an Infisical, without `/api` behind it: some tools want it there, some do not, and here both are the same.
///
/// ```
/// use keyloom_runtime::BaseUrl;
/// let same = BaseUrl::parse("https://eu.infisical.com/api/").unwrap();
/// assert_eq!(same, BaseUrl::parse("https://eu.infisical.com").unwrap());
/// assert_eq!(same.to_string(), "https://eu.infisical.com");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads an address: `https`, or `http` to this machine itself; a host, perhaps a path that a proxy has; no credentials,
    /// query or fragment.
    ///
    /// # Errors
    /// [`Error::Address`] when it is not of that form.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let parsed = Self::of(text)?;
        if parsed.is_plain() {
            return Err(Error::Address {
                why: "it begins with http://, and everybody on the way would read the credentials; write https://",
            });
        }
        Ok(parsed)
    }

    /// Reads an address as a pod has it: as [`BaseUrl::parse`], or `http` to a name within the cluster (`*.svc`,
    /// `*.cluster.local`), of which [`BaseUrl::is_plain`] tells. Only in a pod: elsewhere such a name may be anybody's, for names
    /// that end in `.local` are asked for in the open.
    ///
    /// # Errors
    /// As [`BaseUrl::parse`].
    pub fn within_cluster(text: &str) -> Result<Self, Error> {
        let parsed = Self::of(text)?;
        if !address::is_private(&parsed.0) {
            return Err(Error::Address {
                why: "it begins with http:// and leads out of the cluster, and everybody on the way would read the \
                      credentials; write https://",
            });
        }
        Ok(parsed)
    }

    fn of(text: &str) -> Result<Self, Error> {
        let mut url = address::parse(text).map_err(|flaw| Error::Address {
            why: match flaw {
                Flaw::NoUrl => "it is no URL",
                Flaw::Scheme(_) => "it does not begin with https://",
                Flaw::Credentials => "credentials stand in it; they belong into variables of their own",
                Flaw::Behind => "something stands behind its path",
            },
        })?;
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/api").unwrap_or(path).trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address that the environment says, or that of the vendor's cloud.
    ///
    /// # Errors
    /// As [`BaseUrl::parse`].
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        match set_in(get) {
            Some((_, text)) => Self::parse(&text),
            None => Self::parse(CLOUD),
        }
    }

    /// The address that the environment of a pod says, or that of an Infisical in the same cluster,
    /// `http://infisical.infisical.svc.cluster.local:8080/api`.
    ///
    /// # Errors
    /// As [`BaseUrl::within_cluster`].
    pub fn in_cluster(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        match set_in(get) {
            Some((_, text)) => Self::within_cluster(&text),
            None => Self::within_cluster(CLUSTER),
        }
    }

    /// Whether credentials and values travel in the clear, over a network that everybody in the cluster may share. Whoever
    /// takes such an address says so.
    pub fn is_plain(&self) -> bool {
        !http::is_confidential(&self.0)
    }

    /// The address that a declaration says. It does not decide alone who is handed the credentials of the environment: where
    /// that says an address too, both are the same.
    ///
    /// # Errors
    /// As [`BaseUrl::parse`], and [`Error::Environment`] when they differ.
    pub fn declared(text: &str, get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let declared = Self::parse(text)?;
        let Some((variable, text)) = set_in(get) else { return Ok(declared) };
        let set = Self::parse(&text)?;
        if set == declared {
            return Ok(declared);
        }
        Err(Error::Environment(format!(
            "the declaration has Infisical at {declared}, and {variable} says {set}: neither is sent the credentials; \
             make them the same, or unset {variable} if the credentials are for {declared}"
        )))
    }

    /// The address of something below it, each part percent-encoded.
    pub(crate) fn join(&self, parts: &[&str]) -> Url {
        address::below(&self.0, parts.iter().copied())
    }
}

/// The variable that says the address, and what it says.
fn set_in(get: impl Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    VARIABLES.iter().find_map(|name| trimmed(get(name)).map(|value| (*name, value)))
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_and_slashes_make_no_difference() {
        for text in
            ["https://a.example", "https://a.example/", "https://a.example/api", " https://a.example/api// "]
        {
            assert_eq!(BaseUrl::parse(text).unwrap().to_string(), "https://a.example", "{text}");
        }
        let below = BaseUrl::parse("https://proxy:8080/infisical/api").unwrap();
        assert_eq!(below.to_string(), "https://proxy:8080/infisical");
        assert_eq!(
            below.join(&["api", "v4", "secrets", "A/B c"]).as_str(),
            "https://proxy:8080/infisical/api/v4/secrets/A%2FB%20c"
        );
        // One only: somebody's server may be called so.
        assert_eq!(BaseUrl::parse("https://a.example/api/api").unwrap().to_string(), "https://a.example/api");
    }

    #[test]
    fn what_is_no_address_is_refused_and_not_quoted() {
        let canary =
            ["canary", "ftp://canary", "https://canary:canary@a.example", "https://a.example?x=canary"];
        for text in canary {
            let error = BaseUrl::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }

    #[test]
    fn the_environment_goes_before_the_cloud() {
        let none = BaseUrl::from_env(|_| None).unwrap();
        assert_eq!(none.to_string(), CLOUD);
        let both = |name: &str| Some(format!("https://{}.example", name.replace('_', "-")));
        assert_eq!(BaseUrl::from_env(both).unwrap().to_string(), "https://infisical-host.example");
        let empty =
            |name: &str| Some(if name == "INFISICAL_HOST" { " ".to_owned() } else { "https://b".to_owned() });
        assert_eq!(BaseUrl::from_env(empty).unwrap().to_string(), "https://b");
    }

    #[test]
    fn without_tls_only_this_machine_is_reached() {
        for text in
            ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080", "http://a.localhost/api"]
        {
            assert!(BaseUrl::parse(text).is_ok(), "{text}");
        }
        for text in
            ["http://a.example", "http://127.0.0.1.example", "http://localhost.example", "http://10.0.0.1"]
        {
            let error = BaseUrl::parse(text).unwrap_err().to_string();
            assert!(error.ends_with("write https://"), "{text}: {error}");
        }
    }

    #[test]
    fn a_pod_reaches_its_cluster_without_tls_and_says_so() {
        let none = BaseUrl::in_cluster(|_| None).unwrap();
        assert_eq!(none.to_string(), "http://infisical.infisical.svc.cluster.local:8080");
        assert!(none.is_plain());
        for text in ["http://a.b.svc", "http://a.b.svc:8080/api", "http://a.b.svc.cluster.local./"] {
            assert!(BaseUrl::within_cluster(text).unwrap().is_plain(), "{text}");
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
        for text in ["https://a.b.svc", "https://a.example", "http://127.0.0.1:1"] {
            assert!(!BaseUrl::within_cluster(text).unwrap().is_plain(), "{text}");
        }
        for text in
            ["http://a.example", "http://svc", "http://a.svc.example", "http://10.0.0.1", "http://a.local"]
        {
            let error = BaseUrl::within_cluster(text).unwrap_err().to_string();
            assert!(error.contains("leads out of the cluster"), "{text}: {error}");
        }
    }

    #[test]
    fn a_declaration_and_the_environment_agree() {
        let declared = |text, set: &str| {
            let get = |name: &str| (name == "INFISICAL_API_URL").then(|| set.to_owned());
            BaseUrl::declared(text, get).map(|url| url.to_string()).map_err(|error| error.to_string())
        };
        assert_eq!(declared("https://a.example", "").unwrap(), "https://a.example");
        assert_eq!(declared("https://a.example", "https://A.example/api/").unwrap(), "https://a.example");
        let differs = declared("https://a.example", "https://b.example").unwrap_err();
        assert!(
            differs.starts_with(
                "the declaration has Infisical at https://a.example, and INFISICAL_API_URL says https://b.example: "
            ),
            "{differs}"
        );
        assert!(declared("http://a.example", "http://a.example").is_err());
    }
}
