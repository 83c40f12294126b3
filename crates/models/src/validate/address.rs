//! Addresses: what a path, a property and a version mean to the store's provider, spelled as the provider reads them.

use keyloom_syntax::Text;

use crate::address::Version;
use crate::config::StoreRef;
use crate::data_from::Find;
use crate::finding::{Findings, Place};
use crate::policy::MetadataPolicy;

use super::literal;

const BAD_PATH: &str = "bad-path";
const IGNORED: &str = "ignored-by-provider";
const SEARCH: &str = "search-of-provider";

/// The path as the provider reads it. It neither gains nor loses a `/`, but for a leading one that has no meaning.
pub(crate) fn remote_key(path: &Text, store: &StoreRef, place: &Place, findings: &mut Findings) -> Text {
    let address = store.address;
    if let Some(what) = path.known().and_then(literal::scan) {
        literal::report(what, place, findings);
    } else if let Some(known) = path.known()
        && let Some(complaint) = (address.path)(known)
    {
        let message = format!("`{known}` is not a path of {}: {}", address.reader, complaint.what);
        findings.error(BAD_PATH, place.clone(), message).fix(complaint.fix);
    }
    if address.leading_slash {
        path.clone()
    } else {
        path.map(|path| path.trim_start_matches('/').to_owned())
    }
}

/// A secret in a folder: `FOLDER/NAME`.
pub(crate) fn in_folder(folder: &Text, name: &Text) -> Text {
    let separator = if folder.written().is_some_and(|folder| folder.ends_with('/')) { "" } else { "/" };
    folder.join(&separator.into()).join(name)
}

/// The version as the provider reads it; `latest` is the same as none.
pub(crate) fn version(
    version: Option<&Text>,
    store: &StoreRef,
    place: &Place,
    findings: &mut Findings,
) -> Option<Text> {
    let version = version?;
    let Some(known) = version.known() else { return Some(version.clone()) };
    if known.is_empty() || known.eq_ignore_ascii_case("latest") {
        return None;
    }
    let place = place.at("version");
    match (store.address.version)(known) {
        Version::Heeded => {}
        Version::Ignored => {
            let message = format!("{} ignores `version`: the newest value is read", store.address.reader);
            findings.warning(IGNORED, place, message).fix("leave `version` out");
            return None;
        }
        Version::Wrong { what, why, fix } => {
            findings.error("version-syntax", place, what).why(why).fix(fix);
        }
    }
    Some(version.clone())
}

/// What a provider does not heed, or reads in a way of its own.
pub(crate) fn heeded(
    property: Option<&Text>,
    metadata: Option<MetadataPolicy>,
    store: &StoreRef,
    place: &Place,
    findings: &mut Findings,
) {
    let address = store.address;
    if metadata == Some(MetadataPolicy::Fetch) && !address.fetches_metadata {
        let message = format!("{} ignores `metadataPolicy`: the value is read", address.reader);
        findings.warning(IGNORED, place.at("metadataPolicy"), message).fix("leave `metadataPolicy` out");
    }
    if property.is_some() && !address.abilities.heeds_property {
        let message = format!("{} ignores `property`: the whole value is read", address.reader);
        findings
            .warning(IGNORED, place.at("property"), message)
            .fix("leave `property` out, or take fields with `dataFrom: [{extract: ..., keys: ...}]`");
    }
    if address.class == crate::address::PathClass::Folders
        && let Some(property) = property.and_then(Text::known)
        && property.replace("\\.", "").contains('.')
    {
        let message = format!("on {} the dots of `{property}` lead into the JSON value", address.reader);
        findings
            .warning("property-dots", place.at("property"), message)
            .fix(format!("write `{}` if the dot belongs to the name", property.replace('.', "\\.")));
    }
}

/// The search as the provider reads it.
pub(crate) fn search(find: &Find, store: &StoreRef, place: &Place, findings: &mut Findings) -> Find {
    if let Some(name) = &find.name {
        super::regexp::check(&name.regexp, &place.at("name").at("regexp"), findings);
    }
    let mut complaints = (store.address.search)(find);
    let by_tags = find.tags.as_ref().is_some_and(|tags| !tags.is_empty());
    let narrowed = by_tags || find.name.is_some() || find.path.is_some();
    complaints.extend(store.address.search_complaint(by_tags, narrowed));
    for complaint in complaints {
        let at = complaint.field.map_or_else(|| place.clone(), |field| place.at(field));
        let finding = if complaint.ignored {
            findings.warning(SEARCH, at, complaint.what)
        } else {
            findings.error(SEARCH, at, complaint.what)
        };
        finding.fix(complaint.fix);
    }
    let mut find = find.clone();
    if !store.address.leading_slash {
        find.path = find.path.map(|path| path.map(|path| path.trim_matches('/').to_owned()));
    }
    find
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::List;
    use crate::policy::{AwsService, StoreKind};
    use crate::store::aws::AwsConfig;
    use crate::{InfisicalConfig, StoreProvider, VaultConfig};

    fn check(provider: impl Into<StoreProvider>, path: &str) -> (Text, usize) {
        let provider = provider.into();
        let (kind, address) = (provider.kind(), provider.address());
        let store =
            StoreRef { name: "s".into(), kind: StoreKind::SecretStore, provider: kind, address, mount: None };
        let mut findings = Findings::default();
        let key = remote_key(&path.into(), &store, &Place::item(List::ExternalSecrets, 0), &mut findings);
        (key, findings.0.len())
    }

    fn infisical() -> InfisicalConfig {
        InfisicalConfig::new("p", "e")
    }

    fn aws(service: AwsService) -> AwsConfig {
        AwsConfig::new(service, "eu-west-1")
    }

    #[test]
    fn paths_keep_their_slashes_but_for_vaults_leading_one() {
        use AwsService::{ParameterStore, SecretsManager};
        let arn = "arn:aws:secretsmanager:eu-west-1:1:secret:a-b";
        assert_eq!(check(infisical(), "/databases/postgres/host"), ("/databases/postgres/host".into(), 0));
        assert_eq!(check(infisical(), "API_KEY"), ("API_KEY".into(), 0));
        assert_eq!(
            check(VaultConfig::new("https://v"), "/databases/postgres"),
            ("databases/postgres".into(), 0)
        );
        assert_eq!(check(aws(SecretsManager), "/databases/postgres"), ("/databases/postgres".into(), 0));
        assert_eq!(check(aws(SecretsManager), arn), (arn.into(), 0));
        assert_eq!(check(aws(ParameterStore), "/a/b.c"), ("/a/b.c".into(), 0));
    }

    #[test]
    fn bad_paths_are_named() {
        for path in ["/a/", "/a//b", "../a", "/a b", "/", ""] {
            assert_eq!(check(infisical(), path).1, 1, "infisical {path}");
        }
        for path in ["a/./b", "/", "a/", ""] {
            assert_eq!(check(VaultConfig::new("https://v"), path).1, 1, "vault {path}");
        }
        assert_eq!(check(aws(AwsService::SecretsManager), "a b").1, 1);
        assert_eq!(check(aws(AwsService::CertificateManager), "my-cert").1, 1);
    }
}
