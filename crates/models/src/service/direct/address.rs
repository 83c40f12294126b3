//! The address of Infisical's API: where it leads, as far as its host tells.

use std::net::IpAddr;

/// The parts of an address that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address<'u> {
    /// Whether everything is sent in clear.
    pub(crate) plain: bool,
    /// Whether it holds a user, perhaps with a password.
    pub(crate) user: bool,
    /// The host, without its port.
    pub(crate) host: &'u str,
}

/// Where an address leads, seen from a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whereabouts<'u> {
    /// To a Service of that namespace: `NAME.NAMESPACE.svc`, with the cluster's domain or without.
    Namespace(&'u str),
    /// To a Service of the pod's own namespace: `NAME` alone.
    SameNamespace,
    /// To the pod itself.
    Pod,
    /// Out of the cluster, as far as can be told: `NAME.NAMESPACE` looks like any host.
    Elsewhere,
}

impl<'u> Address<'u> {
    /// Reads `http://HOST[:PORT][/PATH]` or the same with `https`; none for everything else.
    pub(crate) fn parse(url: &'u str) -> Option<Self> {
        let (plain, rest) = match url.strip_prefix("http://") {
            Some(rest) => (true, rest),
            None => (false, url.strip_prefix("https://")?),
        };
        if url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#')) {
            return None;
        }
        let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
        let (user, host) = match authority.rsplit_once('@') {
            Some((_, host)) => (true, host),
            None => (false, authority),
        };
        let host = without_port(host)?;
        (!host.is_empty()).then_some(Self { plain, user, host })
    }

    /// Whether a secret may go there in clear: to the pod itself, or to a name that the cluster's own DNS answers, as Keyloom's
    /// client has it. A name of one word, or one with another domain, may be anybody's.
    pub(crate) fn may_be_plain(&self) -> bool {
        let host = self.host.strip_suffix('.').unwrap_or(self.host);
        let below = |end: &str| host.strip_suffix(end).is_some_and(|name| !name.is_empty());
        self.whereabouts() == Whereabouts::Pod || below(".svc") || below(".cluster.local")
    }

    /// Where it leads.
    pub(crate) fn whereabouts(&self) -> Whereabouts<'u> {
        if is_loopback(self.host) {
            return Whereabouts::Pod;
        }
        if self.host.starts_with('[') {
            return Whereabouts::Elsewhere;
        }
        let mut labels = self.host.trim_end_matches('.').split('.');
        match (labels.next(), labels.next(), labels.next()) {
            (Some(_), None, _) => Whereabouts::SameNamespace,
            (Some(_), Some(namespace), Some("svc")) => Whereabouts::Namespace(namespace),
            _ => Whereabouts::Elsewhere,
        }
    }
}

/// Whether what is sent there does not leave the pod; a name that only begins like such an address may be anybody's.
fn is_loopback(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// The host of `HOST:PORT`; none where what follows the colon is no port.
fn without_port(host: &str) -> Option<&str> {
    let in_brackets = host.rfind(']').map_or(0, |at| at + 1);
    match host[in_brackets..].split_once(':') {
        None => Some(host),
        Some((before, port)) => {
            let number = port.parse::<u16>().is_ok_and(|port| port > 0);
            let digits = port.bytes().all(|b| b.is_ascii_digit());
            (number && digits).then(|| &host[..in_brackets + before.len()])
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whereabouts(url: &str) -> Option<Whereabouts<'_>> {
        Address::parse(url).map(|address| address.whereabouts())
    }

    #[test]
    fn an_infisical_in_the_cluster_tells_its_namespace() {
        let of = |namespace| Some(Whereabouts::Namespace(namespace));
        assert_eq!(whereabouts(super::super::API_URL), of("infisical"));
        assert_eq!(whereabouts("https://vault.tools.svc/api"), of("tools"));
        assert_eq!(whereabouts("http://a.b.svc.cluster.local.:80"), of("b"));
        assert_eq!(whereabouts("http://infisical:8080/api"), Some(Whereabouts::SameNamespace));
        for pod in ["http://localhost:8080", "http://127.0.0.1/api", "http://[::1]:80"] {
            assert_eq!(whereabouts(pod), Some(Whereabouts::Pod), "{pod}");
        }
        for elsewhere in [
            "https://app.infisical.com/api",
            "https://10.0.0.1",
            "http://[fd00::1]:80",
            "http://a.b",
            "http://svc.a.b",
        ] {
            assert_eq!(whereabouts(elsewhere), Some(Whereabouts::Elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn names_of_the_cluster_may_be_asked_in_clear() {
        let may = |url| Address::parse(url).unwrap().may_be_plain();
        for good in [
            super::super::API_URL,
            "http://a.b.svc",
            "http://a.b.svc.cluster.local.:1/x",
            "http://localhost",
            "http://app.localhost:1",
            "http://127.1.2.3",
        ] {
            assert!(may(good), "{good}");
        }
        for bad in [
            "http://infisical:8080",
            "http://a.b",
            "http://a.b.svc.example.com",
            "http://.svc",
            "http://10.0.0.1",
            "http://127.evil.example",
        ] {
            assert!(!may(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for bad in [
            "",
            "infisical",
            "ftp://a",
            "https://",
            "https:///api",
            "https://a:0",
            "https://a:port",
            "https://a:+1",
            "https://a:99999",
            "https://a b",
            "https://a?x",
            "https://a/#x",
            "https://:80",
        ] {
            assert_eq!(Address::parse(bad), None, "{bad}");
        }
        let user = Address::parse("https://me:pw@host:1/x").unwrap();
        assert!(user.user && user.host == "host" && !user.plain);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(https?://)?[a-z.:@/\\[\\]0-9 é]{0,30}") {
            if let Some(address) = Address::parse(&text) {
                prop_assert!(text.contains(address.host));
                address.whereabouts();
            }
        }
    }
}
