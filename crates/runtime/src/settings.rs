//! What a subscriber is told before it starts.

mod annotations;
mod environment;

pub use environment::pod_annotations;

use std::net::{Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::base_url::BaseUrl;
use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::folder::Folder;
use crate::http::Limits;
use crate::replicas::Replicas;
use crate::webhook::LegacyEvents;
use keyloom_connections::Secret;

/// The port on which webhooks arrive.
pub(crate) const PORT: u16 = 8080;
/// How often it is asked whether a webhook was lost.
pub(crate) const RECONCILE: Duration = Duration::from_secs(300);
/// Secrets in the folders that sign webhooks, the newest first.
pub(crate) const KEY_NAMES: [&str; 2] = ["WEBHOOK_SECRET", "WEBHOOK_SECRET_PREVIOUS"];

/// What a subscriber is told before it starts: whom to ask, what for, and how it learns of changes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address of Infisical.
    pub base: BaseUrl,
    /// What to log in with.
    pub credentials: Credentials,
    /// Folders to load. Where a name stands in several, the folder that is named last counts.
    pub folders: Vec<Folder>,
    /// The server on which webhooks arrive. Default: port 8080 of all addresses. Without it changes are learned from the other
    /// replicas and from asking.
    pub webhook: Option<WebhookSettings>,
    /// How the other replicas of the application are told of webhooks, and tell of theirs. Default: there are none.
    pub replicas: Option<Arc<dyn Replicas>>,
    /// How often it is asked whether a webhook was lost, give or take a tenth. An answer that nothing changed carries no
    /// values. Default: 5 minutes; none asks never.
    pub reconcile: Option<Duration>,
    /// Whether to start although the first load fails, without secrets and not ready, and to go on trying. Default: no.
    pub degraded: bool,
    /// How patient the client is with one question.
    pub limits: Limits,
    /// The time. Default: the machine's.
    pub clock: Clock,
    /// What jitter is drawn from. Default: something else each time.
    pub seed: Option<u64>,
}

/// The server on which webhooks arrive.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Address and port; port 0 takes one that is free. Default: port 8080 of `[::]`, which is all addresses of IPv6 and IPv4, or
    /// those of IPv4 where there are no others.
    pub address: SocketAddr,
    /// Who is believed. Default: whoever has a key that stands in a folder as `WEBHOOK_SECRET` or
    /// `WEBHOOK_SECRET_PREVIOUS`.
    pub keys: WebhookKeys,
    /// What becomes of events of the applications' own form. Default: nothing.
    pub legacy: LegacyEvents,
}

/// Who is believed.
#[derive(Clone, Debug)]
pub enum WebhookKeys {
    /// Whoever has one of these keys.
    Given(Vec<Secret>),
    /// Whoever has a key that stands in a folder under one of these names. The application is not handed what stands there.
    Named(Vec<String>),
    /// Everybody who reaches the port.
    Unsigned,
}

impl Settings {
    /// The usual ones.
    pub fn new(base: BaseUrl, credentials: Credentials, folders: Vec<Folder>) -> Self {
        Self {
            base,
            credentials,
            folders,
            webhook: Some(WebhookSettings::default()),
            replicas: None,
            reconcile: Some(RECONCILE),
            degraded: false,
            limits: Limits::default(),
            clock: Clock::system(),
            seed: None,
        }
    }
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            address: (Ipv6Addr::UNSPECIFIED, PORT).into(),
            keys: WebhookKeys::Named(KEY_NAMES.map(str::to_owned).to_vec()),
            legacy: LegacyEvents::Off,
        }
    }
}
