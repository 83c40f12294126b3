//! What was measured of each receiver.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::bench::live::quantiles::quantile;
use crate::bench::report::median;

/// Who receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Host {
    /// Who asks for what is named, and does nothing else.
    Floor,
    Keyloom,
    Python,
    Node,
}

impl Host {
    pub(super) const ALL: [Self; 4] = [Self::Floor, Self::Keyloom, Self::Python, Self::Node];
}

/// What a receiver has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Work {
    /// So many events in a second, each in a folder that had none for a while.
    Rate { rate: u64, count: u64 },
    /// Many at once, of few folders.
    Storm,
    /// Nothing, with so many secrets in memory.
    Idle(usize),
}

/// What one run cost; the fields are those of the stand-in.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Cost {
    pub(super) ready: f64,
    pub(super) visible: Vec<u64>,
    pub(super) settled: u64,
    pub(super) lost: u64,
    pub(super) refused: u64,
    pub(super) server: Vec<u64>,
    pub(super) late: Vec<u64>,
    pub(super) cpu: f64,
    pub(super) resident: f64,
    pub(super) peak: f64,
}

/// All runs.
#[derive(Debug, Default)]
pub(in crate::bench) struct Figures(BTreeMap<(Work, Host), Vec<Cost>>);

impl Figures {
    pub(super) fn add(&mut self, host: Host, work: Work, cost: Cost) {
        self.0.entry((work, host)).or_default().push(cost);
    }

    /// All that was to be done, in an order that stays.
    pub(super) fn works(&self) -> Vec<Work> {
        let mut works: Vec<_> = self.0.keys().map(|(work, _)| *work).collect();
        works.dedup();
        works
    }

    /// A quantile over all runs, in microseconds.
    pub(super) fn quantile(&self, work: Work, host: Host, of: fn(&Cost) -> &[u64], part: f64) -> Option<f64> {
        let mut samples: Vec<u64> = self.runs(work, host)?.iter().flat_map(of).copied().collect();
        samples.sort_unstable();
        quantile(&samples, part).map(|it| it as f64)
    }

    /// The median of the runs.
    pub(super) fn median(&self, work: Work, host: Host, of: fn(&Cost) -> f64) -> Option<f64> {
        Some(median(&self.runs(work, host)?.iter().map(of).collect::<Vec<_>>()))
    }

    /// The worst of the runs.
    pub(super) fn most(&self, work: Work, host: Host, of: fn(&Cost) -> f64) -> Option<f64> {
        self.runs(work, host)?.iter().map(of).max_by(f64::total_cmp)
    }

    /// The sum of the runs.
    pub(super) fn sum(&self, work: Work, host: Host, of: fn(&Cost) -> f64) -> Option<f64> {
        Some(self.runs(work, host)?.iter().map(of).sum())
    }

    fn runs(&self, work: Work, host: Host) -> Option<&Vec<Cost>> {
        self.0.get(&(work, host))
    }

    /// All runs, in microseconds, seconds and bytes.
    pub(in crate::bench) fn json(&self) -> Value {
        let parts = |samples: &[u64]| {
            let of = |part| quantile(samples, part);
            json!({"p50": of(0.5), "p99": of(0.99), "p99.9": of(0.999), "most": of(1.0), "count": samples.len()})
        };
        let run = |cost: &Cost| {
            json!({
                "ready": cost.ready, "visible": parts(&cost.visible), "settled": cost.settled, "lost": cost.lost,
                "refused": cost.refused, "server": parts(&cost.server), "late": parts(&cost.late), "cpu": cost.cpu,
                "resident": cost.resident, "peak": cost.peak,
            })
        };
        let runs = |((work, host), costs): (&(Work, Host), &Vec<Cost>)| {
            json!({
                "work": format!("{work:?}"), "host": format!("{host:?}"),
                "runs": costs.iter().map(run).collect::<Vec<_>>(),
            })
        };
        self.0.iter().map(runs).collect()
    }
}
