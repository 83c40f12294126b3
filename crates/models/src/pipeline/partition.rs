//! Partitions of AWS: worlds of their own, of which each has its ARNs, its host names and its regions.

/// A partition.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// What its regions begin with.
    regions: &'static str,
    /// Its name, as ARNs have it.
    pub(crate) name: &'static str,
    /// What its services' names end in.
    pub(crate) suffix: &'static str,
    /// For whom GitHub makes the token that is given to its STS. Only China's is documented to be another than the default:
    /// <https://github.com/aws-actions/configure-aws-credentials#oidc-audience>.
    pub(crate) audience: &'static str,
}

const fn partition(regions: &'static str, name: &'static str, suffix: &'static str) -> Partition {
    Partition { regions, name, suffix, audience: "sts.amazonaws.com" }
}

/// Where a region is that none of the others has.
const STANDARD: Partition = partition("", "aws", "amazonaws.com");

/// The others, as the AWS SDKs have them.
const OTHERS: [Partition; 7] = [
    Partition { audience: "sts.amazonaws.com.cn", ..partition("cn-", "aws-cn", "amazonaws.com.cn") },
    partition("us-gov-", "aws-us-gov", "amazonaws.com"),
    partition("eusc-", "aws-eusc", "amazonaws.eu"),
    partition("us-iso-", "aws-iso", "c2s.ic.gov"),
    partition("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    partition("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    partition("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
];

impl Partition {
    /// That of a region.
    pub(crate) fn of(region: &str) -> &'static Self {
        OTHERS.iter().find(|one| region.starts_with(one.regions)).unwrap_or(&STANDARD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_tells_its_partition() {
        for (region, name, suffix) in [
            ("us-east-2", "aws", "amazonaws.com"),
            ("eu-central-1", "aws", "amazonaws.com"),
            ("xx-nowhere-1", "aws", "amazonaws.com"),
            ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
            ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
            ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
            ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
            ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
            ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
            ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
        ] {
            let found = Partition::of(region);
            assert_eq!((found.name, found.suffix), (name, suffix), "{region}");
        }
    }

    #[test]
    fn china_has_an_audience_of_its_own() {
        assert_eq!(Partition::of("cn-northwest-1").audience, "sts.amazonaws.com.cn");
        assert_eq!(Partition::of("us-gov-west-1").audience, "sts.amazonaws.com");
    }
}
