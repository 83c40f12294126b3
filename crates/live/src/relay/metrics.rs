//! What is counted, in Prometheus' text format.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use keyloom_runtime::webhook::{Event, Refused};

/// What is counted. No name of a folder or an object is in it.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// By name of the event.
    taken: Mutex<BTreeMap<&'static str, u64>>,
    /// By what is wrong with it.
    refused: Mutex<BTreeMap<&'static str, u64>>,
    pub(crate) looks: Count,
    pub(crate) failed_looks: Count,
    pub(crate) syncs: Count,
    pub(crate) failed_syncs: Count,
    pub(crate) given_up: Count,
}

/// A number that grows.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(crate) fn take(&self, event: &Event) {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner).entry(event.name()).or_default() += 1;
    }

    pub(crate) fn refuse(&self, refused: Refused) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner).entry(refused.name()).or_default() += 1;
    }

    /// All of it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (name, label, about, counts) in [
            ("webhooks_total", "event", "Webhooks that were taken", &self.taken),
            ("webhooks_refused_total", "reason", "Webhooks that were refused", &self.refused),
        ] {
            head(&mut text, name, about);
            for (value, count) in &*counts.lock().unwrap_or_else(PoisonError::into_inner) {
                let _ = writeln!(text, "keyloom_relay_{name}{{{label}=\"{value}\"}} {count}");
            }
        }
        for (name, about, Count(count)) in [
            ("looks_total", "Lists of stores and ExternalSecrets", &self.looks),
            ("looks_failed_total", "Such lists that failed, each tried again", &self.failed_looks),
            ("syncs_total", "Objects that were annotated", &self.syncs),
            ("syncs_failed_total", "Annotations that failed, each tried again", &self.failed_syncs),
            ("syncs_given_up_total", "Annotations that failed too often", &self.given_up),
        ] {
            head(&mut text, name, about);
            let _ = writeln!(text, "keyloom_relay_{name} {}", count.load(Ordering::Relaxed));
        }
        text
    }
}

fn head(text: &mut String, name: &str, about: &str) {
    let _ = writeln!(text, "# HELP keyloom_relay_{name} {about}.\n# TYPE keyloom_relay_{name} counter");
}
