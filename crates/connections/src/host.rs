//! A field that takes a host: what else people write there.

use std::fmt;

/// What a host is not, for an editor.
pub(crate) const PATTERN: &str = r"://|\s|(^[^:]*|\]):[0-9]+$";

/// What stands where a host alone belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostFault {
    /// A whole address, with `://`.
    Address,
    /// A space or a line break, in it or around it.
    Space,
    /// A port behind it.
    Port,
}

/// Whether a field takes the name or address of a host.
pub(crate) fn is_host(field: &str) -> bool {
    matches!(field, "host" | "hosts" | "hostname" | "grpc_host")
}

impl HostFault {
    /// What is wrong with a host; addresses of IPv6 are right, in brackets or without.
    pub(crate) fn of(host: &str) -> Option<Self> {
        let ends_in_port = host.rsplit_once(':').is_some_and(|(before, port)| {
            let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            is_port && (before.ends_with(']') || !before.contains(':'))
        });
        if host.contains("://") {
            Some(Self::Address)
        } else if host.contains(char::is_whitespace) {
            Some(Self::Space)
        } else {
            ends_in_port.then_some(Self::Port)
        }
    }

    /// What to do about it.
    pub(crate) fn remedy(self, has_port: bool) -> &'static str {
        match self {
            Self::Address => {
                "write the name or address of the host alone; what else is in it has fields of its own"
            }
            Self::Space => "take it out",
            Self::Port if has_port => "take it out, and write it in `port`",
            Self::Port => "write the host alone",
        }
    }
}

impl fmt::Display for HostFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "is a whole address (`…://…`), not a host",
            Self::Space => "has a space or a line break in it",
            Self::Port => "is a host with a port",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_what_they_are_taken_for() {
        for host in [
            "",
            "h",
            "db.example",
            "127.0.0.1",
            "::1",
            "2001:db8::5432",
            "[::1]",
            "fe80::1%eth0",
            "/var/run/postgresql",
            "h1,h2",
        ] {
            assert_eq!(HostFault::of(host), None, "{host}");
        }
        for (host, fault) in [
            ("postgres://h/x", HostFault::Address),
            ("h:5432", HostFault::Port),
            ("[::1]:5432", HostFault::Port),
            ("127.0.0.1:5432", HostFault::Port),
            (" h", HostFault::Space),
            ("h\n", HostFault::Space),
        ] {
            assert_eq!(HostFault::of(host), Some(fault), "{host}");
        }
    }
}
