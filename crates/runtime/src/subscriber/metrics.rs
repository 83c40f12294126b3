//! Figures for Prometheus. Neither values nor names of secrets and folders are in them.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::replicas::Told;
use crate::session::LoginStatus;
use crate::webhook::{Event, Refused};

/// What came of a question for a folder.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    Changed,
    Same,
    Failed,
}

const ASKED: [(Asked, &str); 3] =
    [(Asked::Changed, "loaded"), (Asked::Same, "unchanged"), (Asked::Failed, "failed")];

/// What is counted.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    fetches: [AtomicU64; ASKED.len()],
    events: [AtomicU64; Event::NAMES.len()],
    refused: [AtomicU64; Refused::ALL.len()],
    callbacks_failed: AtomicU64,
    panics: AtomicU64,
    replicas_reached: AtomicU64,
    replicas_missed: AtomicU64,
    last_webhook: AtomicU64,
    last_fetch: AtomicU64,
}

/// What is measured when it is asked for.
pub(crate) struct Gauges {
    pub(crate) ready: bool,
    pub(crate) secrets: usize,
    pub(crate) hidden: usize,
    pub(crate) version: u64,
    pub(crate) login: LoginStatus,
}

impl Metrics {
    pub(crate) fn asked(&self, asked: Asked, unix: Duration) {
        add(&self.fetches[asked as usize], 1);
        match asked {
            Asked::Changed | Asked::Same => self.last_fetch.store(unix.as_secs(), Ordering::Relaxed),
            Asked::Failed => {}
        }
    }

    pub(crate) fn event(&self, event: &Event, unix: Duration) {
        for (counter, _) in self.events.iter().zip(Event::NAMES).filter(|(_, name)| *name == event.name()) {
            add(counter, 1);
        }
        self.last_webhook.store(unix.as_secs(), Ordering::Relaxed);
    }

    pub(crate) fn refused(&self, refused: Refused) {
        for (counter, _) in self.refused.iter().zip(Refused::ALL).filter(|(_, it)| *it == refused) {
            add(counter, 1);
        }
    }

    pub(crate) fn callbacks_failed(&self, number: u64) {
        add(&self.callbacks_failed, number);
    }

    pub(crate) fn panicked(&self) {
        add(&self.panics, 1);
    }

    pub(crate) fn told(&self, told: Told) {
        add(&self.replicas_reached, told.reached);
        add(&self.replicas_missed, told.missed);
    }

    /// Prometheus' text format, in an order that stays.
    pub(crate) fn render(&self, gauges: &Gauges) -> String {
        let mut text = Text(String::new());
        let single = |value: u64| vec![(String::new(), value)];
        text.family("ready", "gauge", "Whether all folders were loaded.", single(gauges.ready.into()));
        text.family("secrets", "gauge", "Secrets that can be read.", single(gauges.secrets as u64));
        let about = "Secrets whose values the identity may not read.";
        text.family("secrets_hidden", "gauge", about, single(gauges.hidden as u64));
        let about = "Grows with every change of the secrets.";
        text.family("snapshot_version", "gauge", about, single(gauges.version));
        text.login(&gauges.login);
        let fetches = ASKED.iter().zip(&self.fetches);
        let fetches = fetches.map(|((_, name), it)| (format!("{{result=\"{name}\"}}"), get(it)));
        text.family("fetches_total", "counter", "Questions for a folder.", fetches.collect());
        let about = "When a folder was last seen as it is, in seconds since 1970.";
        text.family("last_fetch_timestamp_seconds", "gauge", about, single(get(&self.last_fetch)));
        let events = Event::NAMES.iter().zip(&self.events);
        let events = events.map(|(name, it)| (format!("{{event=\"{name}\"}}"), get(it)));
        text.family("webhooks_total", "counter", "Webhooks that were taken.", events.collect());
        let refused = Refused::ALL.iter().zip(&self.refused);
        let refused = refused.map(|(why, it)| (format!("{{reason=\"{}\"}}", why.name()), get(it)));
        text.family("webhooks_refused_total", "counter", "Webhooks that were not taken.", refused.collect());
        let about = "When a webhook was last taken, in seconds since 1970.";
        text.family("last_webhook_timestamp_seconds", "gauge", about, single(get(&self.last_webhook)));
        let about = "Calls of callbacks that failed or panicked.";
        text.family("callbacks_failed_total", "counter", about, single(get(&self.callbacks_failed)));
        let about = "Tasks of the subscriber that panicked.";
        text.family("panics_total", "counter", about, single(get(&self.panics)));
        let told = [("reached", &self.replicas_reached), ("missed", &self.replicas_missed)];
        let told = told.map(|(name, it)| (format!("{{result=\"{name}\"}}"), get(it)));
        let about = "Other replicas that were to be told of a webhook.";
        text.family("replicas_told_total", "counter", about, told.to_vec());
        text.0
    }
}

struct Text(String);

impl Text {
    /// What is not known has no line.
    fn login(&mut self, login: &LoginStatus) {
        let LoginStatus { age, left, logins, renewals, failures, is_refused } = *login;
        let seconds = |length: Option<Duration>| -> Vec<_> {
            length.map(|length| (String::new(), length.as_secs())).into_iter().collect()
        };
        self.family("token_age_seconds", "gauge", "Since the login that the token comes from.", seconds(age));
        self.family("token_left_seconds", "gauge", "How long the token lives yet.", seconds(left));
        let about = "Logins and renewals of tokens.";
        let results = [("login", logins), ("renewal", renewals), ("failure", failures)];
        let results = results.map(|(name, count)| (format!("{{result=\"{name}\"}}"), count));
        self.family("logins_total", "counter", about, results.to_vec());
        let about = "Whether the login was refused, and is not tried again for a while.";
        self.family("login_refused", "gauge", about, vec![(String::new(), is_refused.into())]);
    }

    fn family(&mut self, name: &str, kind: &str, about: &str, lines: Vec<(String, u64)>) {
        let text = &mut self.0;
        // Writing to a text cannot fail.
        let _ = writeln!(text, "# HELP keyloom_{name} {about}\n# TYPE keyloom_{name} {kind}");
        for (labels, value) in lines {
            let _ = writeln!(text, "keyloom_{name}{labels} {value}");
        }
    }
}

fn add(counter: &AtomicU64, number: u64) {
    counter.fetch_add(number, Ordering::Relaxed);
}

fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}
