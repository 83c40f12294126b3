//! Addresses: what a path, a property and a version mean to each provider, spelled as the provider reads them.

use keyloom_syntax::Text;

use crate::config::StoreRef;
use crate::finding::{Findings, Place};
use crate::policy::{AwsService, MetadataPolicy};
use crate::store::ProviderKind;

const BAD_PATH: &str = "bad-path";
const IGNORED: &str = "ignored-by-provider";

/// How a provider keeps what belongs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathClass {
    /// Folders of single secrets.
    Folders,
    /// Entries with fields.
    Entries,
}

impl ProviderKind {
    /// How the provider keeps what belongs together.
    pub(crate) fn path_class(self) -> PathClass {
        match self {
            Self::Infisical => PathClass::Folders,
            Self::Vault | Self::Aws => PathClass::Entries,
        }
    }
}

/// The path as the provider reads it. It neither gains nor loses a `/`, but for Vault's leading one, which has no
/// meaning there and would become an empty segment.
pub(crate) fn remote_key(path: &Text, store: &StoreRef, place: &Place, findings: &mut Findings) -> Text {
    if let Some(known) = path.known() {
        let complaint = match store.provider {
            ProviderKind::Infisical => infisical(known),
            ProviderKind::Vault => vault(known),
            ProviderKind::Aws => aws(known, store.aws_service),
        };
        if let Some((what, fix)) = complaint {
            findings
                .error(
                    BAD_PATH,
                    place.clone(),
                    format!("`{known}` is not a path of {}: {what}", store.provider.as_str()),
                )
                .fix(fix);
        }
    }
    match store.provider {
        ProviderKind::Vault => path.map(|path| path.trim_start_matches('/').to_owned()),
        ProviderKind::Infisical | ProviderKind::Aws => path.clone(),
    }
}

/// A secret in a folder: `FOLDER/NAME`.
pub(crate) fn in_folder(folder: &Text, name: &Text) -> Text {
    let separator = if folder.written().is_some_and(|folder| folder.ends_with('/')) { "" } else { "/" };
    folder.join(&separator.into()).join(name)
}

type Complaint = Option<(String, &'static str)>;

/// Infisical puts the name into the address of the request as it is, and takes the path for folders.
fn infisical(path: &str) -> Complaint {
    if path.ends_with('/') {
        return Some((
            "it ends with `/`, so the name of the secret is empty".to_owned(),
            "write the folder and the name, as in /databases/postgres/host",
        ));
    }
    segments(path.strip_prefix('/').unwrap_or(path)).or_else(|| {
        let bad = path
            .chars()
            .find(|c| matches!(c, '?' | '#' | '%' | '\\') || c.is_whitespace() || c.is_control())?;
        Some((
            format!("it holds {bad:?}"),
            "rename the secret or folder in Infisical; the operator does not escape it",
        ))
    })
}

fn vault(path: &str) -> Complaint {
    if path.ends_with('/') {
        return Some(("it ends with `/`".to_owned(), "leave the `/` at the end out"));
    }
    segments(path.trim_start_matches('/'))
}

/// No empty segments, and none that climb.
fn segments(path: &str) -> Complaint {
    if path.is_empty() {
        return Some(("it is empty".to_owned(), "write the address of the secret"));
    }
    path.split('/').find_map(|segment| match segment {
        "" => Some(("it holds an empty segment".to_owned(), "write one `/` between segments")),
        "." | ".." => Some((format!("the segment `{segment}` is not resolved"), "write the whole path")),
        _ => None,
    })
}

fn aws(path: &str, service: AwsService) -> Complaint {
    if path.starts_with("arn:") {
        return None;
    }
    let (legal, words): (fn(char) -> bool, _) = match service {
        AwsService::SecretsManager => {
            (|c| c.is_ascii_alphanumeric() || "/_+=.@-!".contains(c), "letters, digits and /_+=.@-")
        }
        AwsService::ParameterStore => {
            (|c| c.is_ascii_alphanumeric() || "/_.-".contains(c), "letters, digits and /_.-")
        }
        AwsService::CertificateManager => {
            return Some((
                "Certificate Manager knows certificates by their ARN".to_owned(),
                "write the certificate's ARN",
            ));
        }
    };
    if let Some(bad) = path.chars().find(|c| !legal(*c)) {
        return Some((
            format!("it holds {bad:?}; names are made of {words}"),
            "write the name as AWS shows it",
        ));
    }
    let longest = if service == AwsService::SecretsManager { 512 } else { 1011 };
    (path.len() > longest)
        .then(|| (format!("it is longer than {longest} characters"), "write the name as AWS shows it"))
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
    match (store.provider, store.aws_service) {
        (ProviderKind::Infisical, _) => {
            findings
                .warning(IGNORED, place, "Infisical's reader ignores `version`: the newest value is read")
                .fix("leave `version` out");
            return None;
        }
        (ProviderKind::Vault, _) => {
            if known.parse::<u32>().is_err() {
                findings
                    .error("version-syntax", place, format!("`{known}` is not a version of Vault"))
                    .why("Vault counts versions of an entry: 1, 2, 3 ...")
                    .fix("write the number in quotes, or leave `version` out for the newest");
            }
        }
        (ProviderKind::Aws, AwsService::SecretsManager) => {
            if looks_like_uuid(known) {
                findings
                    .error("version-syntax", place, format!("`{known}` would be read as a staging label"))
                    .why("without the prefix the operator looks for a label of that name and reports the secret missing")
                    .fix(format!("write `uuid/{known}`"));
            }
        }
        (ProviderKind::Aws, AwsService::ParameterStore | AwsService::CertificateManager) => {}
    }
    Some(version.clone())
}

fn looks_like_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// What a provider does not heed, or reads in a way of its own.
pub(crate) fn heeded(
    property: Option<&Text>,
    metadata: Option<MetadataPolicy>,
    store: &StoreRef,
    place: &Place,
    findings: &mut Findings,
) {
    if store.provider != ProviderKind::Infisical {
        return;
    }
    if metadata == Some(MetadataPolicy::Fetch) {
        findings
            .warning(
                IGNORED,
                place.at("metadataPolicy"),
                "Infisical's reader ignores `metadataPolicy`: the value is read",
            )
            .fix("leave `metadataPolicy` out");
    }
    if let Some(property) = property.and_then(Text::known)
        && property.replace("\\.", "").contains('.')
    {
        findings
            .warning(
                "property-dots",
                place.at("property"),
                format!("on Infisical the dots of `{property}` lead into the JSON value"),
            )
            .fix(format!("write `{}` if the dot belongs to the name", property.replace('.', "\\.")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::List;
    use crate::policy::StoreKind;

    fn check(provider: ProviderKind, aws_service: AwsService, path: &str) -> (Text, usize) {
        let store = StoreRef { name: "s".into(), kind: StoreKind::SecretStore, provider, aws_service };
        let mut findings = Findings::default();
        let key = remote_key(&path.into(), &store, &Place::item(List::ExternalSecrets, 0), &mut findings);
        (key, findings.0.len())
    }

    #[test]
    fn paths_keep_their_slashes_but_for_vaults_leading_one() {
        use AwsService::{ParameterStore, SecretsManager};
        use ProviderKind::{Aws, Infisical, Vault};
        for (provider, service, path, key) in [
            (Infisical, SecretsManager, "/databases/postgres/host", "/databases/postgres/host"),
            (Infisical, SecretsManager, "API_KEY", "API_KEY"),
            (Vault, SecretsManager, "/databases/postgres", "databases/postgres"),
            (Aws, SecretsManager, "/databases/postgres", "/databases/postgres"),
            (
                Aws,
                SecretsManager,
                "arn:aws:secretsmanager:eu-west-1:1:secret:a-b",
                "arn:aws:secretsmanager:eu-west-1:1:secret:a-b",
            ),
            (Aws, ParameterStore, "/a/b.c", "/a/b.c"),
        ] {
            assert_eq!(check(provider, service, path), (key.into(), 0), "{provider:?} {path}");
        }
    }

    #[test]
    fn bad_paths_are_named() {
        use AwsService::{CertificateManager, SecretsManager};
        use ProviderKind::{Aws, Infisical, Vault};
        for (provider, service, path) in [
            (Infisical, SecretsManager, "/a/"),
            (Infisical, SecretsManager, "/a//b"),
            (Infisical, SecretsManager, "../a"),
            (Infisical, SecretsManager, "/a b"),
            (Vault, SecretsManager, "a/./b"),
            (Vault, SecretsManager, "/"),
            (Aws, SecretsManager, "a b"),
            (Aws, CertificateManager, "my-cert"),
        ] {
            assert_eq!(check(provider, service, path).1, 1, "{provider:?} {path}");
        }
    }
}
