//! Addresses of servers that credentials are sent to: what one may be, whoever it is of.

use reqwest::Url;

use crate::http::is_confidential;

/// Why a text is no address; nothing of it is repeated but its scheme.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is no URL.
    NoUrl,
    /// It begins otherwise than with `http://` or `https://`.
    Scheme(String),
    /// A user or a password stands in it.
    Credentials,
    /// A query or a fragment stands behind its path.
    Behind,
}

/// Reads an address: `http` or `https`, a host, perhaps a path that a proxy has; no credentials, query or fragment.
pub(crate) fn parse(text: &str) -> Result<Url, Flaw> {
    let url = Url::parse(text.trim()).map_err(|_| Flaw::NoUrl)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Flaw::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Flaw::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Flaw::Behind);
    }
    Ok(url)
}

/// Whether nobody on the way reads what is sent: TLS, this machine, or at least a name of this cluster.
pub(crate) fn is_private(url: &Url) -> bool {
    is_confidential(url) || is_of_cluster(url.host_str().unwrap_or_default())
}

/// Whether a name is one that a cluster's own DNS answers; its domain has another name where somebody chose one.
fn is_of_cluster(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    [".svc", ".cluster.local"].iter().any(|end| host.strip_suffix(end).is_some_and(|name| !name.is_empty()))
}

/// The address of something below it, each part percent-encoded.
pub(crate) fn below<'a>(address: &Url, parts: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = address.clone();
    // Fails for URLs that can have no path, such as `mailto:`; this one is http or https.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(parts);
    }
    url
}
