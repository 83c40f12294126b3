//! What must be known of each carried provider beyond its structure, a line each. It is read from the operator's
//! documentation and behaviour; where nothing is said, nothing is claimed.

use super::Carried;
use crate::address::{Abilities, Address, Complaint, Finds, PathClass, Version, WholeEntry};

/// What is known of one provider.
pub(super) struct Row {
    name: &'static str,
    /// How its addresses are read, and what else it can do.
    pub(super) address: Address,
    /// Whether a cluster-scoped store must name the namespace of every Secret and service account.
    pub(super) strict: bool,
    /// Whether anybody maintains it.
    pub(super) maintained: bool,
}

/// The row of a provider.
pub(super) fn row(provider: Carried) -> &'static Row {
    let at = TABLE.binary_search_by(|row| row.name.cmp(provider.as_str()));
    at.ok().and_then(|at| TABLE.get(at)).unwrap_or(&UNLISTED)
}

#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    TABLE.iter().map(|row| row.name).collect()
}

use Finds::{Everything, Names, NamesAndTags, NamesNeverTags, Nothing};

/// Sorted by name.
static TABLE: &[Row] = &[
    as_written("akeyless", "Akeyless").finds(NamesAndTags).writes().notices_missing(),
    entries("azurekv", "Azure Key Vault")
        .finds(NamesAndTags)
        .writes()
        .notices_missing()
        .metadata()
        .paths(azure),
    as_written("barbican", "OpenStack Barbican").finds(Names).strict().newest_only(),
    as_written("beyondtrust", "BeyondTrust Password Safe").writes().newest_only().whole_values(),
    as_written("beyondtrustworkloadcredentials", "BeyondTrust Workload Credentials")
        .finds(NamesAndTags)
        .strict(),
    flat("bitwardensecretsmanager", "Bitwarden Secrets Manager")
        .finds(Everything)
        .writes()
        .notices_missing()
        .newest_only(),
    as_written("chef", "Chef").strict().newest_only(),
    as_written("cloudrusm", "Cloud.ru Secret Manager").finds(NamesAndTags).notices_missing(),
    as_written("conjur", "CyberArk Conjur").finds(NamesAndTags).newest_only(),
    as_written("crd", "custom resources of Kubernetes").finds(Names).notices_missing(),
    as_written("delinea", "Delinea DevOps Secrets Vault"),
    flat("doppler", "Doppler").finds(Names).writes().strict().newest_only(),
    as_written("dvls", "Devolutions Server").writes().notices_missing().strict().newest_only(),
    as_written("fake", "values written out for tests").finds(Names).writes().notices_missing().unmaintained(),
    as_written("fortanix", "Fortanix").newest_only(),
    entries("gcpsm", "Google Secret Manager").finds(NamesAndTags).writes().notices_missing().metadata(),
    as_written("github", "GitHub Actions secrets").writes().never_read(),
    as_written("gitlab", "GitLab variables").finds(NamesAndTags).strict().newest_only(),
    as_written("ibm", "IBM Cloud Secrets Manager").metadata().strict().newest_only(),
    as_written("keepersecurity", "Keeper").finds(NamesNeverTags).writes().strict().newest_only(),
    as_written("nebiusmysterybox", "Nebius MysteryBox").notices_missing(),
    as_written("ngrok", "ngrok").writes().never_read(),
    as_written("onboardbase", "Onboardbase").finds(NamesNeverTags).strict().newest_only(),
    item_fields("onepasswordSDK", "1Password")
        .finds(NamesAndTags)
        .writes()
        .notices_missing()
        .strict()
        .versions(no_versions),
    entries("openBao", "OpenBao").finds(NamesNeverTags).versions(counted).whole_entries(),
    as_written("oracle", "Oracle Vault").finds(NamesAndTags).writes().notices_missing().strict(),
    as_written("ovh", "OVHcloud Secret Manager").finds(Names).writes().notices_missing().metadata(),
    as_written("passbolt", "Passbolt").finds(Names).newest_only(),
    as_written("passworddepot", "Password Depot").newest_only(),
    as_written("previder", "Previder").newest_only().whole_values(),
    as_written("pulumi", "Pulumi ESC").writes().newest_only(),
    as_written("scaleway", "Scaleway Secret Manager").finds(NamesAndTags).writes().notices_missing(),
    as_written("secretserver", "Delinea Secret Server").writes().notices_missing(),
    as_written("senhasegura", "Senhasegura DSM").notices_missing().newest_only(),
    as_written("volcengine", "Volcengine"),
    as_written("webhook", "a webhook").writes().notices_missing(),
    as_written("yandexcertificatemanager", "Yandex Certificate Manager"),
    as_written("yandexlockbox", "Yandex Lockbox"),
];

/// Of a provider that came with a newer operator: everything may be.
static UNLISTED: Row = Row {
    address: Address { abilities: Abilities::ALL, finds: NamesAndTags, fetches_metadata: true, ..NOTHING },
    ..as_written("", "the store")
};

const NOTHING: Address = Address {
    reader: "",
    class: PathClass::AsWritten,
    leading_slash: true,
    path: |path| {
        if path.is_empty() { Complaint::new("it is empty", "write the address of the secret") } else { None }
    },
    version: |_| Version::Heeded,
    whole_entry: WholeEntry::Never,
    fetches_metadata: false,
    search: |_| Vec::new(),
    finds: Nothing,
    abilities: Abilities { reads: true, writes: false, notices_missing: false, heeds_property: true },
};

/// Paths are handed on as they are written.
const fn as_written(name: &'static str, reader: &'static str) -> Row {
    Row { name, address: Address { reader, ..NOTHING }, strict: false, maintained: true }
}

/// A path is an entry, which may have fields.
const fn entries(name: &'static str, reader: &'static str) -> Row {
    let address =
        Address { reader, class: PathClass::Entries, whole_entry: WholeEntry::BesideFields, ..NOTHING };
    Row { address, ..as_written(name, reader) }
}

/// A path is a name, and its value is read as a whole.
const fn flat(name: &'static str, reader: &'static str) -> Row {
    Row { address: Address { reader, class: PathClass::Flat, ..NOTHING }, ..as_written(name, reader) }
        .whole_values()
}

/// A path is an item and one of its fields.
const fn item_fields(name: &'static str, reader: &'static str) -> Row {
    Row { address: Address { reader, class: PathClass::ItemField, ..NOTHING }, ..as_written(name, reader) }
        .whole_values()
}

impl Row {
    const fn finds(mut self, finds: Finds) -> Self {
        self.address.finds = finds;
        self
    }

    const fn writes(mut self) -> Self {
        self.address.abilities.writes = true;
        self
    }

    const fn never_read(mut self) -> Self {
        self.address.abilities.reads = false;
        self
    }

    const fn notices_missing(mut self) -> Self {
        self.address.abilities.notices_missing = true;
        self
    }

    /// `property` is passed over where one value is read.
    const fn whole_values(mut self) -> Self {
        self.address.abilities.heeds_property = false;
        self
    }

    /// Without `property` the fields of the entry are read, as JSON.
    const fn whole_entries(mut self) -> Self {
        self.address.whole_entry = WholeEntry::Always;
        self
    }

    /// `metadataPolicy` is heeded.
    const fn metadata(mut self) -> Self {
        self.address.fetches_metadata = true;
        self
    }

    /// `version` is passed over.
    const fn newest_only(self) -> Self {
        self.versions(|_| Version::Ignored)
    }

    const fn versions(mut self, version: fn(&str) -> Version) -> Self {
        self.address.version = version;
        self
    }

    const fn paths(mut self, path: fn(&str) -> Option<Complaint>) -> Self {
        self.address.path = path;
        self
    }

    const fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    const fn unmaintained(mut self) -> Self {
        self.maintained = false;
        self
    }
}

/// What stands before the first `/` says which kind of object is meant.
fn azure(path: &str) -> Option<Complaint> {
    let Some((kind, name)) = path.split_once('/') else { return (NOTHING.path)(path) };
    if !matches!(kind, "secret" | "cert" | "key") {
        return Complaint::new(
            format!("`{kind}` is no kind of object"),
            "write the name alone, or `secret/NAME`, `cert/NAME` or `key/NAME`",
        );
    }
    (NOTHING.path)(name)
}

fn no_versions(version: &str) -> Version {
    Version::Wrong {
        what: format!("1Password has no version `{version}` of an item"),
        why: "the operator refuses `version` here at every sync",
        fix: "leave `version` out".to_owned(),
    }
}

fn counted(version: &str) -> Version {
    if version.parse::<u32>().is_ok() {
        return Version::Heeded;
    }
    Version::Wrong {
        what: format!("`{version}` is not a version of OpenBao"),
        why: "OpenBao counts versions of an entry: 1, 2, 3 ...",
        fix: "write the number in quotes, or leave `version` out for the newest".to_owned(),
    }
}
