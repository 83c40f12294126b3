//! Searches: what a provider can search by, and regular expressions.

use keyloom_syntax::Text;

use crate::config::StoreRef;
use crate::data_from::Find;
use crate::finding::{Findings, Place};
use crate::policy::AwsService;
use crate::store::ProviderKind;

const UNSUPPORTED: &str = "search-of-provider";

pub(super) fn check(find: &Find, store: &StoreRef, place: &Place, findings: &mut Findings) {
    if let Some(name) = &find.name {
        regexp(&name.regexp, &place.at("name").at("regexp"), findings);
    }
    let tags = find.tags.as_ref().is_some_and(|tags| !tags.is_empty());
    match (store.provider, store.aws_service) {
        (ProviderKind::Infisical, _) if tags => {
            findings
                .error(UNSUPPORTED, place.at("tags"), "Infisical cannot be searched by tags")
                .fix("search by `name` or `path`");
        }
        (ProviderKind::Vault, _) if tags && find.name.is_some() => {
            findings
                .warning(UNSUPPORTED, place.at("tags"), "Vault ignores `tags` beside `name`")
                .fix("keep one of the two");
        }
        (ProviderKind::Aws, AwsService::CertificateManager) => {
            findings
                .error(UNSUPPORTED, place.clone(), "Certificate Manager cannot be searched")
                .fix("name the certificate by its ARN in `data`");
        }
        (ProviderKind::Aws, AwsService::SecretsManager) if !tags && find.name.is_none() => {
            findings
                .error(UNSUPPORTED, place.clone(), "Secrets Manager is searched by `name` or `tags`")
                .fix("write `name: {regexp: ...}` or `tags`");
        }
        _ => {}
    }
}

/// The search as the provider reads it: Vault's path has no `/` at either end.
pub(super) fn spelled(find: &Find, store: &StoreRef) -> Find {
    let mut find = find.clone();
    if store.provider == ProviderKind::Vault {
        find.path = find.path.map(|path| path.map(|path| path.trim_matches('/').to_owned()));
    }
    find
}

/// A regular expression must be one; ESO reads RE2, which is as good as what is used here.
pub(super) fn regexp(text: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = text.known() else { return };
    if let Err(error) = regex::Regex::new(known) {
        let words = error.to_string();
        let last = words.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        findings
            .error("bad-regexp", place.clone(), format!("`{known}` is not a regular expression: {last}"))
            .why("the operator would find that out at every sync, and nowhere else");
    }
}
