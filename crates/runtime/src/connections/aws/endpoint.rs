//! An address that stands in for the region's own.

use reqwest::Url;

use crate::address::{self, Flaw, is_private};
use crate::http::is_confidential;

/// What is wrong with an address, and what to do about it.
pub(super) type Wrong = (&'static str, &'static str);

/// Reads an address: a host, perhaps a path that a proxy has; no credentials, query or fragment, for it is shown. `https`, or `http`
/// to this machine or, in a pod, to a name of its cluster. What is wrong is not quoted.
pub(super) fn parse(text: &str, in_pod: bool) -> Result<Url, Wrong> {
    let url = address::parse(text).map_err(|flaw| match flaw {
        Flaw::NoUrl | Flaw::Scheme(_) => {
            ("is no URL that begins with https://", "mend it, or unset it for that of the region")
        }
        Flaw::Credentials => {
            ("holds credentials", "leave them out: requests are signed, and a proxy is said in HTTPS_PROXY")
        }
        Flaw::Behind => ("has something behind its path", "leave that out"),
    })?;
    match is_private(&url) {
        true if is_confidential(&url) || in_pod => Ok(url),
        true => Err(("begins with http://, and this is no pod of that cluster", "write https://")),
        false => {
            Err(("begins with http://, and everybody on the way would read the values", "write https://"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused_and_not_quoted() {
        for text in [
            "canary",
            "canary.example:443",
            "ftp://canary.example",
            "https://canary:canary@proxy.example",
            "https://canary@proxy.example",
            "https://a.example?x=canary",
            "https://a.example/#canary",
        ] {
            let (why, remedy) = parse(text, true).unwrap_err();
            assert!(!why.contains("canary") && !remedy.contains("canary"), "{text}");
        }
    }

    #[test]
    fn without_tls_only_this_machine_and_in_a_pod_the_cluster_are_reached() {
        for text in
            ["https://a.example/moto", "http://127.0.0.1:5000", "http://localhost:4566", "http://[::1]:1"]
        {
            assert!(parse(text, false).is_ok(), "{text}");
        }
        let of_cluster = "http://moto.test.svc:5000";
        assert!(parse(of_cluster, true).is_ok());
        assert!(parse(of_cluster, false).unwrap_err().0.contains("no pod"));
        for text in ["http://a.example", "http://moto:5000", "http://10.0.0.1:5000"] {
            assert!(parse(text, true).unwrap_err().0.contains("everybody on the way"), "{text}");
        }
    }
}
