//! What to do where a server was not reached, whichever backend it is of.

use crate::error::Error;
use crate::http::{Fault, Flaw};

/// How an authority is trusted that this machine does not trust, by servers that have no variable of their own for it.
pub(super) const SSL_CERT_FILE: &str = "put the certificate of its authority into a file in PEM, and name that in SSL_CERT_FILE; on \
                                        Linux the authorities of this machine do not count then, so put those in too that are needed";

/// Where it is said what leads to a server.
pub(super) struct Signs<'a> {
    /// Its address, or what says it, such as `BRUIN_VAULT_HOST`.
    pub(super) address: &'a str,
    /// What to do so that its authority is trusted.
    pub(super) trust: &'static str,
}

/// What to do about an error; none where a server was reached.
pub(super) fn remedy(error: &Error, signs: &Signs<'_>) -> Option<String> {
    let (fault, proxy) = error.fault()?;
    let Signs { address, trust } = signs;
    let by = proxy.map_or("the proxy", |proxy| proxy.variable);
    Some(match fault {
        Fault::Redirect => format!("it belongs in place of {address}"),
        Fault::Untrusted(Flaw::Authority | Flaw::Other) => (*trust).to_owned(),
        Fault::Untrusted(Flaw::Time) => "have it renewed, or set the clock".to_owned(),
        Fault::Untrusted(Flaw::Name) => format!("write the name that it is for in {address}"),
        Fault::OtherTls => "does it talk TLS 1.2 or 1.3?".to_owned(),
        Fault::ProxyLogin => format!("write them into {by}, as in http://USER:PASSWORD@HOST:PORT"),
        Fault::ProxyRefusal => format!(
            "look at what {by} lets through, and at {address}; NO_PROXY names hosts that are asked straight"
        ),
        Fault::NoTls if proxy.is_some() => {
            format!("look at {by}, and whether its address begins with http:// or https://")
        }
        Fault::Name | Fault::Refused | Fault::NoRoute | Fault::Late | Fault::Closed | Fault::Unreached
            if proxy.is_some() =>
        {
            format!("look at {by}; NO_PROXY names hosts that are asked straight")
        }
        Fault::NoTls => format!("look at the port in {address}; does it listen for TLS there?"),
        Fault::Name => format!("look at the spelling of {address}, and at the DNS of this machine"),
        Fault::Refused => format!("look at host and port of {address}, and whether the server runs"),
        Fault::NoRoute | Fault::Late | Fault::Closed | Fault::Unreached | Fault::BrokenOff => {
            format!(
                "look at {address}, and whether this machine may go there, or needs a proxy (HTTPS_PROXY)"
            )
        }
    })
}
