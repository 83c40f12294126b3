//! The address of an Infisical.

use std::fmt;

use reqwest::Url;

use crate::error::Error;

/// The vendor's cloud in the US.
const CLOUD: &str = "https://app.infisical.com";

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
    /// Reads an address: `http` or `https`, a host, perhaps a path that a proxy has; no credentials, query or fragment.
    ///
    /// # Errors
    /// [`Error::Address`] when it is not of that form.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |why| Error::Address { why };
        let mut url = Url::parse(text.trim()).map_err(|_| wrong("it is no URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("it does not begin with https:// or http://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("credentials stand in it; they belong into variables of their own"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("something stands behind its path"));
        }
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
        let set = VARIABLES.iter().find_map(|name| get(name).filter(|value| !value.trim().is_empty()));
        Self::parse(set.as_deref().unwrap_or(CLOUD))
    }

    /// The address of something below it, each part percent-encoded.
    pub(crate) fn join(&self, parts: &[&str]) -> Url {
        let mut url = self.0.clone();
        // Fails for URLs that can have no path, such as `mailto:`; this one is http or https.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }
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
        let below = BaseUrl::parse("http://proxy:8080/infisical/api").unwrap();
        assert_eq!(below.to_string(), "http://proxy:8080/infisical");
        assert_eq!(
            below.join(&["api", "v4", "secrets", "A/B c"]).as_str(),
            "http://proxy:8080/infisical/api/v4/secrets/A%2FB%20c"
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
            |name: &str| Some(if name == "INFISICAL_HOST" { " ".to_owned() } else { "http://b".to_owned() });
        assert_eq!(BaseUrl::from_env(empty).unwrap().to_string(), "http://b");
    }
}
