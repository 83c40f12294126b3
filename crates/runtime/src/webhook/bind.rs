//! Taking a port.

use std::io::{Error, ErrorKind, Result};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

/// Takes a port. All addresses of IPv6 are those of IPv4 too, and they alone where this machine has no IPv6.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener> {
    instead(address, TcpListener::bind(address).await, TcpListener::bind).await
}

async fn instead<T, L: Future<Output = Result<T>>>(
    address: SocketAddr,
    taken: Result<T>,
    bind: impl FnOnce(SocketAddr) -> L,
) -> Result<T> {
    match taken {
        Err(error) if is_everywhere(address.ip()) && !is_refused(&error) => {
            bind((Ipv4Addr::UNSPECIFIED, address.port()).into()).await
        }
        taken => taken,
    }
}

fn is_everywhere(ip: IpAddr) -> bool {
    ip.is_ipv6() && ip.is_unspecified()
}

/// Whether the port is there and may not be had: what is left of it under IPv4 would be half of it.
fn is_refused(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn all_addresses_are_those_of_both_kinds() {
        let listener = bind((Ipv6Addr::UNSPECIFIED, 0).into()).await.unwrap();
        let at = listener.local_addr().unwrap();
        TcpStream::connect((Ipv4Addr::LOCALHOST, at.port())).await.unwrap();
        if at.is_ipv6() {
            TcpStream::connect((Ipv6Addr::LOCALHOST, at.port())).await.unwrap();
        }
        assert_eq!(bind(at).await.unwrap_err().kind(), ErrorKind::AddrInUse);
    }

    #[tokio::test]
    async fn a_machine_without_ipv6_listens_on_all_addresses_of_ipv4() {
        let everywhere: SocketAddr = (Ipv6Addr::UNSPECIFIED, 8080).into();
        for (address, error, expected) in [
            (everywhere, ErrorKind::Unsupported, Ok("0.0.0.0:8080")),
            (everywhere, ErrorKind::AddrNotAvailable, Ok("0.0.0.0:8080")),
            (everywhere, ErrorKind::AddrInUse, Err(ErrorKind::AddrInUse)),
            (everywhere, ErrorKind::PermissionDenied, Err(ErrorKind::PermissionDenied)),
            ((Ipv6Addr::LOCALHOST, 8080).into(), ErrorKind::Unsupported, Err(ErrorKind::Unsupported)),
        ] {
            let taken = Err(Error::from(error));
            let took = instead(address, taken, async |other: SocketAddr| Ok(other.to_string())).await;
            assert_eq!(took.as_deref().map_err(Error::kind), expected, "{error}");
        }
    }
}
