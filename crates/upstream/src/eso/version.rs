//! Versions of the operator, and how well each is known here.

use std::fmt;
use std::str::FromStr;

/// A version of the operator, without its patch level: schemas change with minor versions only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EsoVersion {
    /// The 2 of 2.9.
    pub major: u16,
    /// The 9 of 2.9.
    pub minor: u16,
}

/// How well a version is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Its own schemas are here.
    Exact,
    /// It lies between two condensed versions and is answered by the earlier one; a field that only the later one
    /// knows may already be there.
    Between {
        /// The version that answers.
        used: EsoVersion,
        /// The next condensed one.
        next: EsoVersion,
    },
    /// It serves `external-secrets.io/v1` but is older than all that is condensed; the oldest answers, and may know
    /// fields which this version does not.
    Older {
        /// The version that answers.
        used: EsoVersion,
    },
    /// It is older than 0.17, where `external-secrets.io/v1` took the place of `v1beta1`: not supported.
    NoV1,
    /// It is newer than all that is condensed; the newest answers, and may miss fields.
    Newer {
        /// The version that answers.
        used: EsoVersion,
    },
}

/// The text is not a version such as `2.9`, `0.20` or `v0.20.4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a version: write MAJOR.MINOR, such as 2.9")]
pub struct ParseVersionError;

impl EsoVersion {
    /// The versions whose schemas are condensed here, oldest first.
    pub const KNOWN: [EsoVersion; 2] = [EsoVersion::new(0, 20), EsoVersion::new(2, 9)];

    /// The first version that serves `external-secrets.io/v1` and not `v1beta1`.
    pub const FIRST_V1: EsoVersion = EsoVersion::new(0, 17);

    /// The version of these two numbers.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// The newest condensed version.
    pub const fn newest() -> Self {
        Self::KNOWN[Self::KNOWN.len() - 1]
    }

    /// How well this version is known.
    pub fn coverage(self) -> Coverage {
        let used = self.condensed();
        match Self::KNOWN.iter().find(|known| **known > self) {
            _ if used == self => Coverage::Exact,
            _ if self < Self::FIRST_V1 => Coverage::NoV1,
            _ if self < used => Coverage::Older { used },
            Some(next) => Coverage::Between { used, next: *next },
            None => Coverage::Newer { used },
        }
    }

    /// The condensed version that answers for this one: the newest that is not newer, else the oldest.
    pub fn condensed(self) -> Self {
        Self::KNOWN.into_iter().rfind(|known| *known <= self).unwrap_or(Self::KNOWN[0])
    }
}

impl fmt::Display for EsoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for EsoVersion {
    type Err = ParseVersionError;

    /// Reads `2.9`, `0.20` or `v0.20.4`; a patch level is dropped.
    fn from_str(text: &str) -> Result<Self, ParseVersionError> {
        let number = |part: Option<&str>| {
            let part = part.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
            part.and_then(|part| part.parse().ok()).ok_or(ParseVersionError)
        };
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        let version = Self { major: number(parts.next())?, minor: number(parts.next())? };
        let patch: Option<u16> = parts.next().map(|patch| number(Some(patch))).transpose()?;
        match (patch, parts.next()) {
            (_, None) => Ok(version),
            (_, Some(_)) => Err(ParseVersionError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_written() {
        for (text, written) in [("2.9", "2.9"), ("0.20", "0.20"), ("v0.20.4", "0.20"), ("2.10.1", "2.10")] {
            assert_eq!(text.parse::<EsoVersion>().map(|version| version.to_string()), Ok(written.to_owned()));
        }
        for text in ["", "2", "v", "2.x", "2.9.", "2.9.1.1", "2.+9", "70000.1", " 2.9", "2.9-rc1"] {
            assert_eq!(text.parse::<EsoVersion>(), Err(ParseVersionError), "{text:?}");
        }
        assert!(EsoVersion::new(2, 10) > EsoVersion::new(2, 9));
        assert!(EsoVersion::KNOWN.is_sorted());
    }

    #[test]
    fn every_version_is_answered_by_a_neighbour() {
        let [old, new] = EsoVersion::KNOWN;
        for (version, coverage, used) in [
            ("0.9", Coverage::NoV1, old),
            ("0.17", Coverage::Older { used: old }, old),
            ("0.20", Coverage::Exact, old),
            ("1.0", Coverage::Between { used: old, next: new }, old),
            ("2.8", Coverage::Between { used: old, next: new }, old),
            ("2.9", Coverage::Exact, new),
            ("2.10", Coverage::Newer { used: new }, new),
        ] {
            let version: EsoVersion = version.parse().unwrap();
            assert_eq!((version.coverage(), version.condensed()), (coverage, used), "{version}");
        }
    }
}
