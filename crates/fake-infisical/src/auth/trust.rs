//! Addresses from which a token is taken.

use std::net::IpAddr;

/// Whether an address is one of those, or in a network of those, that are trusted; no list trusts all.
pub(crate) fn trusts(trusted: &[String], address: &str) -> bool {
    let Ok(address) = address.trim().parse::<IpAddr>() else { return trusted.is_empty() };
    trusted.is_empty() || trusted.iter().any(|network| holds(network, address))
}

fn holds(network: &str, address: IpAddr) -> bool {
    let (base, length) = network.split_once('/').unwrap_or((network, "128"));
    let (Ok(base), Ok(length)) = (base.parse::<IpAddr>(), length.parse::<u32>()) else { return false };
    match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let differ = u128::from(base.to_bits() ^ address.to_bits());
            differ >> 32_u32.saturating_sub(length) == 0
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let differ = base.to_bits() ^ address.to_bits();
            differ.checked_shr(128_u32.saturating_sub(length)).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_addresses() {
        for (network, address, expected) in [
            ("0.0.0.0/0", "127.0.0.1", true),
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("::/0", "::1", true),
            ("fd00::/8", "fd12::1", true),
            ("::/0", "127.0.0.1", false),
        ] {
            assert_eq!(trusts(&[network.to_owned()], address), expected, "{network} {address}");
        }
        assert!(trusts(&[], "anything"));
    }
}
