//! Addresses in AWS: the name as AWS shows it, and the fields of a JSON value.

use crate::address::{Abilities, Address, Complaint, Finds, PathClass, SearchComplaint, Version, WholeEntry};
use crate::data_from::Find;
use crate::policy::AwsService;

use super::AwsConfig;

/// How its addresses are read; an external store that does not say its service is taken for Secrets Manager.
pub(crate) fn address(config: Option<&AwsConfig>) -> &'static Address {
    of_service(config.map_or(AwsService::SecretsManager, |config| config.service))
}

/// How the addresses of one service are read.
pub(crate) fn of_service(service: AwsService) -> &'static Address {
    match service {
        AwsService::SecretsManager => &SECRETS_MANAGER,
        AwsService::ParameterStore => &PARAMETER_STORE,
        AwsService::CertificateManager => &CERTIFICATE_MANAGER,
    }
}

static SECRETS_MANAGER: Address = Address {
    reader: "AWS Secrets Manager",
    class: PathClass::Entries,
    leading_slash: true,
    path: |path| name(path, "/_+=.@-!", "letters, digits and /_+=.@-", 512),
    version,
    whole_entry: WholeEntry::BesideFields,
    fetches_metadata: true,
    search: |find| {
        let nothing = find.name.is_none() && find.tags.as_ref().is_none_or(|tags| tags.is_empty());
        let complaint = SearchComplaint {
            field: None,
            ignored: false,
            what: "Secrets Manager is searched by `name` or `tags`".into(),
            fix: "write `name: {regexp: ...}` or `tags`",
        };
        nothing.then_some(complaint).into_iter().collect()
    },
    finds: Finds::NamesAndTags,
    abilities: Abilities::ALL,
};

static PARAMETER_STORE: Address = Address {
    reader: "AWS Parameter Store",
    class: PathClass::Entries,
    leading_slash: true,
    path: |path| name(path, "/_.-", "letters, digits and /_.-", 1011),
    version: |_| Version::Heeded,
    whole_entry: WholeEntry::BesideFields,
    fetches_metadata: true,
    search: both_ways,
    finds: Finds::NamesAndTags,
    abilities: Abilities::ALL,
};

static CERTIFICATE_MANAGER: Address = Address {
    reader: "AWS Certificate Manager",
    class: PathClass::Entries,
    leading_slash: true,
    path: |path| {
        if path.starts_with("arn:") {
            return None;
        }
        Complaint::new("certificates are known by their ARN", "write the certificate's ARN")
    },
    version: |_| Version::Ignored,
    whole_entry: WholeEntry::Never,
    fetches_metadata: false,
    search: |_: &Find| {
        vec![SearchComplaint {
            field: None,
            ignored: false,
            what: "Certificate Manager cannot be searched".into(),
            fix: "name the certificate by its ARN in `data`",
        }]
    },
    finds: Finds::NamesAndTags,
    abilities: Abilities::ALL,
};

fn both_ways(find: &Find) -> Vec<SearchComplaint> {
    let tags = find.tags.as_ref().is_some_and(|tags| !tags.is_empty());
    let complaint = SearchComplaint {
        field: Some("tags"),
        ignored: true,
        what: "Parameter Store ignores `tags` beside `name`".into(),
        fix: "keep one of the two",
    };
    (tags && find.name.is_some()).then_some(complaint).into_iter().collect()
}

fn name(path: &str, further: &str, words: &str, longest: usize) -> Option<Complaint> {
    const FIX: &str = "write the name as AWS shows it";
    if path.starts_with("arn:") {
        return None;
    }
    let bad = path.chars().find(|c| !c.is_ascii_alphanumeric() && !further.contains(*c));
    if let Some(bad) = bad {
        return Complaint::new(format!("it holds {bad:?}; names are made of {words}"), FIX);
    }
    if path.len() > longest {
        return Complaint::new(format!("it is longer than {longest} characters"), FIX);
    }
    None
}

fn version(version: &str) -> Version {
    if !looks_like_uuid(version) {
        return Version::Heeded;
    }
    Version::Wrong {
        what: format!("`{version}` would be read as a staging label"),
        why: "without the prefix the operator looks for a label of that name and reports the secret missing",
        fix: format!("write `uuid/{version}`"),
    }
}

fn looks_like_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}
