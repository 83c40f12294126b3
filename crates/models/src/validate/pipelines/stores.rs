//! The store that a pipeline's secrets are read through, where somebody names one: it must lead to where they are written.

use keyloom_syntax::Text;

use super::expand::Expanded;
use super::subject::Subject;
use crate::address::PathClass;
use crate::code::{PIPELINE_DISAGREES, PIPELINE_STORE};
use crate::config::{Store, StoreRef};
use crate::finding::{Findings, List, Place};
use crate::policy::AwsService;
use crate::store::{Backend, ProviderKind, StoreProvider};
use crate::validate::infisical::account_of;
use crate::validate::world::World;

/// Remedy that always helps.
const OWN: &str = "leave `secretStoreRef` out, and a store is made, or name one of AWS Secrets Manager in that region and account";

/// Checks every store that the reference leads to; there may be one in each namespace.
pub(super) fn check(subject: &Subject<'_>, expanded: &Expanded, world: &World<'_>, findings: &mut Findings) {
    let Some(written) = &subject.written.secret_store_ref else { return };
    let place = subject.place().at("secretStoreRef");
    let mut seen = Vec::new();
    for number in expanded.external_secrets(subject.number) {
        let Some(item) = world.external_secrets.get(number).and_then(Option::as_ref) else { continue };
        // What leads nowhere is reported.
        let found = |store: &&StoreRef| !matches!(store.address.class, PathClass::Unknown);
        let Some(reference) = item.store.as_ref().filter(found) else { continue };
        let found = world.numbered(reference, item.namespace.as_ref());
        let at = found.map(|(at, _)| at);
        if seen.contains(&at) {
            continue;
        }
        seen.push(at);
        let seen_as = Seen::of(reference, found.map(|(_, store)| store), written.service);
        seen_as.judge(subject, found.map(|(at, _)| Place::item(List::Stores, at)), &place, findings);
    }
}

/// What is known of a store.
struct Seen<'a> {
    name: &'a Text,
    provider: ProviderKind,
    service: Option<AwsService>,
    region: Option<&'a Text>,
    prefix: Option<&'a Text>,
    role: Option<&'a Text>,
}

impl<'a> Seen<'a> {
    fn of(reference: &'a StoreRef, store: Option<&'a Store>, service: Option<AwsService>) -> Self {
        let (name, provider) = (&reference.name, reference.provider);
        let nothing = Self { name, provider, service, region: None, prefix: None, role: None };
        match store.map(|store| &store.backend) {
            Some(Backend::Declared(StoreProvider::Aws(block))) => Self {
                service: Some(block.service),
                region: Some(&block.region),
                prefix: block.prefix.as_ref(),
                role: block.role.as_ref(),
                ..nothing
            },
            Some(Backend::External(external)) => Self {
                service: external.service,
                region: external.region.as_ref(),
                prefix: external.prefix.as_ref(),
                ..nothing
            },
            Some(Backend::Declared(_)) | None => nothing,
        }
    }

    fn judge(&self, subject: &Subject<'_>, store: Option<Place>, place: &Place, findings: &mut Findings) {
        let aws = &subject.made.aws;
        let name = self.name.shown();
        let field = |field: &'static str| store.as_ref().map(|store| store.path(field));
        let mut tell = |code, what: String, why: &str, also: Option<Place>| {
            let finding = findings.error(code, place.clone(), what);
            finding.why(why).fix(OWN);
            if let Some(also) = also {
                finding.and(also, "the store");
            }
        };
        let wrong = "the operator would look for the secrets where nobody writes them";
        if self.provider != ProviderKind::Aws {
            let what = format!(
                "store `{name}` is of provider {}, and the secrets are in AWS",
                self.provider.as_str()
            );
            return tell(PIPELINE_STORE, what, wrong, field("provider"));
        }
        if let Some(service) = self.service.filter(|service| *service != AwsService::SecretsManager) {
            let what =
                format!("store `{name}` reads {}, and the secrets are in SecretsManager", service.as_str());
            return tell(PIPELINE_STORE, what, wrong, field("aws.service"));
        }
        if let Some(region) = self.region.and_then(Text::known).filter(|region| *region != aws.region) {
            let what = format!("store `{name}` reads {region}, and the workflow writes to {}", aws.region);
            tell(PIPELINE_DISAGREES, what, wrong, field("aws.region"));
        }
        if let Some(prefix) = self.prefix.filter(|prefix| !prefix.is_empty()) {
            let what = format!("store `{name}` puts `{}` before every name", prefix.shown());
            tell(PIPELINE_STORE, what, "the names of a pipeline are whole already", field("aws.prefix"));
        }
        let account = self.role.and_then(Text::known).and_then(account_of);
        if let Some(account) = account.filter(|account| *account != aws.account) {
            let what =
                format!("store `{name}` reads account {account}, and the workflow writes to {}", aws.account);
            tell(PIPELINE_DISAGREES, what, wrong, field("aws.role"));
        }
    }
}
