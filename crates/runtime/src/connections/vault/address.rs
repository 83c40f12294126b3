//! The address of Vault.

use std::iter;

use reqwest::Url;

use crate::address::{self, Flaw, below};

/// What is wrong with an address, and what to do about it.
pub(super) type Wrong = (&'static str, &'static str);

/// Reads an address: a host, perhaps a path that a proxy has; no credentials, query or fragment. What is wrong is not quoted.
pub(super) fn parse(text: &str) -> Result<Url, Wrong> {
    let url = address::parse(text).map_err(|flaw| match flaw {
        Flaw::NoUrl => ("is no URL", "write it as https://vault.example.com:8200"),
        Flaw::Scheme(scheme) if scheme == "unix" => {
            ("is a socket, which is not supported here", "write the address of a listener of TCP")
        }
        Flaw::Scheme(_) => ("does not begin with https://", "write it as https://vault.example.com:8200"),
        Flaw::Credentials => ("holds credentials", "they belong into BRUIN_VAULT_TOKEN"),
        Flaw::Behind => ("has something behind its path", "leave that out"),
    })?;
    if url.path().trim_end_matches('/').ends_with("/v1") {
        return Err(("ends in /v1, which every request begins with anyway", "leave that out"));
    }
    Ok(url)
}

/// Whether nobody on the way reads what is sent: TLS, this machine, or at least this cluster.
pub(super) fn check(url: &Url) -> Result<(), Wrong> {
    if address::is_private(url) {
        return Ok(());
    }
    Err(("begins with http://, and everybody on the way would read the token", "write https://"))
}

/// The address of something below it, each part percent-encoded.
pub(super) fn join<'a>(address: &Url, parts: impl Iterator<Item = &'a str>) -> Url {
    below(address, iter::once("v1").chain(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused_and_not_quoted() {
        for text in [
            "canary",
            "ftp://canary",
            "unix:///run/canary",
            "https://canary:canary@a.example",
            "https://a.example?x=canary",
            "https://a.example/canary/v1/",
        ] {
            let (why, remedy) = parse(text).unwrap_err();
            assert!(!why.contains("canary") && !remedy.contains("canary"), "{text}");
        }
    }

    #[test]
    fn without_tls_only_this_machine_and_the_cluster_are_reached() {
        for text in ["https://a.example", "http://127.0.0.1:8200", "http://vault.vault.svc:8200"] {
            assert_eq!(check(&parse(text).unwrap()), Ok(()), "{text}");
        }
        for text in ["http://a.example", "http://vault:8200", "http://10.0.0.1:8200"] {
            assert!(check(&parse(text).unwrap()).is_err(), "{text}");
        }
    }

    #[test]
    fn parts_are_parts_whatever_stands_in_them() {
        let address = parse("https://proxy.example/vault/").unwrap();
        let url = join(&address, ["secret", "data", "a b", "c?d", "ü%2F"].into_iter());
        assert_eq!(url.as_str(), "https://proxy.example/vault/v1/secret/data/a%20b/c%3Fd/%C3%BC%252F");
    }
}
