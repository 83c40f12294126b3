//! Why nobody answered: what is behind an error of the client, in words that hold no address but the host's and the proxy's.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;

use rustls::{CertificateError, Error as TlsError, InvalidMessage};

use super::proxy::Proxy;

/// How the client calls a proxy that does not do what it is asked for; the type of that error is not public.
const OF_TUNNEL: &str = "tunnel error: ";
/// What it adds where the proxy wants to know who asks.
const NO_LOGIN: &str = "tunnel error: proxy authorization required";

/// Why nobody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It leads to another host.
    Redirect,
    /// It takes no connection in time, or does not answer in time.
    Late,
    /// Its name, or that of the proxy, has no address.
    Name,
    /// Nobody listens at that port.
    Refused,
    /// No way leads to it from here.
    NoRoute,
    /// It took the connection and closed it before anything was said.
    Closed,
    /// Its certificate is not trusted.
    Untrusted(Flaw),
    /// What listens at that port does not talk TLS.
    NoTls,
    /// It talks TLS, and not as it is talked here.
    OtherTls,
    /// The proxy wants to know who asks.
    ProxyLogin,
    /// The proxy does not lead there.
    ProxyRefusal,
    /// It was not reached, for another reason.
    Unreached,
    /// It was reached, and broke the connection off.
    BrokenOff,
}

/// Why a certificate is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Nobody here trusts who signed it.
    Authority,
    /// It has ended, or did not begin.
    Time,
    /// It is for another name.
    Name,
    /// Whatever else.
    Other,
}

impl Fault {
    /// The one behind an error.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        if error.is_redirect() {
            return Self::Redirect;
        }
        if error.is_timeout() {
            return Self::Late;
        }
        let found = chain(error).find_map(|error| of_tls(error).or_else(|| of_system(error)));
        match found {
            Some(fault) => fault,
            None if error.is_dns() => Self::Name,
            None if chain(error).any(|error| error.to_string() == NO_LOGIN) => Self::ProxyLogin,
            None if chain(error).any(|error| error.to_string().starts_with(OF_TUNNEL)) => Self::ProxyRefusal,
            None if error.is_connect() && chain(error).any(is_closed) => Self::Closed,
            None if error.is_connect() => Self::Unreached,
            None => Self::BrokenOff,
        }
    }

    /// Whether the same request may be answered in a while, with nothing changed here or there.
    pub(crate) fn may_pass(self, proxy: Option<&Proxy>) -> bool {
        match self {
            Self::Redirect | Self::Untrusted(_) | Self::NoTls | Self::ProxyLogin => false,
            // Names of servers come and go with what is rolled out; that of a proxy is misspelt.
            Self::Name => proxy.is_none(),
            Self::Late
            | Self::Refused
            | Self::NoRoute
            | Self::Closed
            | Self::OtherTls
            | Self::ProxyRefusal
            | Self::Unreached
            | Self::BrokenOff => true,
        }
    }

    /// What is said of a server that was asked through this proxy, or straight.
    pub(crate) fn words(self, host: &str, proxy: Option<&Proxy>) -> String {
        let by = proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
        let reason = match self {
            Self::Redirect => {
                return format!(
                    "{host} answers with a redirect to another host; write the address that it leads to"
                );
            }
            Self::Late => return format!("{host} does not answer in time{by}"),
            Self::BrokenOff => return format!("{host} broke the connection off{by}"),
            Self::Untrusted(flaw) => return format!("the certificate of {host}{by} {}", flaw.words()),
            Self::Unreached => return format!("{host} cannot be reached{by}"),
            Self::Name if proxy.is_some() => "name resolution of the proxy failed",
            Self::Name => "name resolution failed",
            Self::Refused if proxy.is_some() => "the proxy refuses connections",
            Self::Refused => "connection refused",
            Self::NoRoute if proxy.is_some() => "no route to the proxy",
            Self::NoRoute => "no route to it",
            Self::Closed => "the connection is closed before anything is said",
            Self::NoTls => "it does not talk TLS at that port",
            Self::OtherTls => "it does not talk TLS as it is talked here",
            Self::ProxyLogin => "the proxy wants a user and a password, or others",
            Self::ProxyRefusal => "the proxy does not lead there",
        };
        format!("{host} cannot be reached{by}: {reason}")
    }
}

impl Flaw {
    fn words(self) -> &'static str {
        match self {
            Self::Authority => "is not of an authority that is trusted here",
            Self::Time => "is not valid now: it has ended, or the clock of this machine is wrong",
            Self::Name => "is for another name",
            Self::Other => "is not one that is trusted here",
        }
    }
}

fn of_tls(error: &(dyn Error + 'static)) -> Option<Fault> {
    Some(match error.downcast_ref::<TlsError>()? {
        TlsError::InvalidCertificate(flaw) => Fault::Untrusted(match flaw {
            CertificateError::UnknownIssuer => Flaw::Authority,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Flaw::Time,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Flaw::Name,
            // There are others, and more to come.
            _ => Flaw::Other,
        }),
        TlsError::InvalidMessage(InvalidMessage::InvalidContentType) => Fault::NoTls,
        // As above.
        _ => Fault::OtherTls,
    })
}

fn of_system(error: &(dyn Error + 'static)) -> Option<Fault> {
    let error = error.downcast_ref::<io::Error>()?;
    match error.kind() {
        ErrorKind::ConnectionRefused => Some(Fault::Refused),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Some(Fault::NoRoute),
        _ => None,
    }
}

fn is_closed(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset))
}

/// An error and all that is behind it.
fn chain<'e>(error: &'e reqwest::Error) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    iter::successors(Some(error as &(dyn Error + 'static)), |error| behind(*error))
}

fn behind<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    // An error of I/O passes over what it is made of: its source is the source of that.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
