//! A plan over many names: what the first run of a sync does with them, beside reading them.
//!
//! Reading is the least that it can be: pages as GitHub gives them, in memory already, are parsed and put together, of both ends. No
//! network is that fast, so a plan that keeps up with it waits for nothing but names.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;
use std::time::Instant;

use keyloom_models::key_schema::KeySchema;
use keyloom_models::policy::InitialSyncBehavior;
use keyloom_resources::first_run::{Names, Source, Sync, Target, simulate};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bench::report::median;
use crate::bench::sizes;
use crate::{Outcome, Result};

/// The word after `bench` that measures one size.
pub(super) const WORD: &str = "names";
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const PER_PAGE: usize = 100;
const ROUNDS: usize = 9;

/// Seconds that each part took.
#[derive(Debug, Deserialize, Serialize)]
struct Times {
    /// Pages to names.
    read: f64,
    /// Names to rows.
    simulate: f64,
    /// Rows to words.
    words: f64,
}

/// The times at each size.
pub(super) struct Plans(Vec<(usize, Times)>);

/// Measures every size, or the smaller ones.
pub(super) fn measure(quick: bool) -> Result<Plans> {
    sizes::measure(WORD, if quick { &SIZES[..2] } else { &SIZES }).map(Plans)
}

/// Measures that many names in this process.
pub(super) fn run(args: &[String]) -> Result<Outcome> {
    sizes::run(WORD, args, times)
}

impl Plans {
    /// A line for each size.
    pub(super) fn table(&self) -> String {
        let mut text = String::from("keyloom plan: names at the destination, milliseconds\n");
        for (size, Times { read, simulate, words }) in &self.0 {
            let (read, plan) = (read * 1e3, (simulate + words) * 1e3);
            let ratio = plan / read;
            let _ = writeln!(
                text,
                "{size:>8}  read {read:>8.2}  plan {plan:>8.2}  plan / read {ratio:.2} (target: at most 1)"
            );
        }
        text
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        self.0.iter().map(|(size, times)| json!({"names": size, "seconds": times})).collect()
    }
}

#[derive(Deserialize)]
struct Page {
    secrets: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

fn times(count: usize) -> Result<Times> {
    // A tenth of the destination's names are the source's, and as many are not there yet.
    let (at_destination, at_source) = (pages(0..count, 1), pages(0..count + count / 10, 10));
    let sync = sync();
    let (mut reads, mut simulations, mut tellings) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let names = Names { source: read(&at_source)?, destination: read(&at_destination)? };
        reads.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let run = simulate(&sync, &names);
        simulations.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let length: usize = run.rows.iter().map(|row| sync.words(row).len()).sum();
        tellings.push(start.elapsed().as_secs_f64());
        let all = names.source.union(&names.destination).count();
        if run.rows.len() != all || length == 0 {
            return Err(format!("{} rows of {all} names", run.rows.len()).into());
        }
    }
    Ok(Times { read: median(&reads), simulate: median(&simulations), words: median(&tellings) })
}

fn read(pages: &[String]) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for page in pages {
        let page: Page = serde_json::from_str(page)?;
        names.extend(page.secrets.into_iter().map(|secret| secret.name));
    }
    Ok(names)
}

/// Pages of every so many of these names, as GitHub gives them.
fn pages(numbers: Range<usize>, step: usize) -> Vec<String> {
    let secret = |number: usize| {
        let at = "2026-01-01T00:00:00Z";
        json!({"name": format!("SERVICE_{number:06}_TOKEN"), "created_at": at, "updated_at": at, "visibility": "all"})
    };
    let secrets: Vec<Value> = numbers.step_by(step).map(secret).collect();
    let page = |page: &[Value]| json!({"total_count": secrets.len(), "secrets": page}).to_string();
    secrets.chunks(PER_PAGE).map(page).collect()
}

fn sync() -> Sync {
    Sync {
        name: "bench".to_owned(),
        source: Source {
            host: None,
            project: String::new(),
            environment: "prod".to_owned(),
            path: "/ci-cd".to_owned(),
        },
        target: Target::GithubOrganization { organization: "acme".to_owned() },
        github_server: None,
        behavior: InitialSyncBehavior::OverwriteDestination,
        key_schema: KeySchema::new(Some("{{secretKey}}"), "prod"),
        disable_secret_deletion: false,
        allow_deletions: BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_and_planned() {
        assert_eq!(pages(0..250, 1).len(), 3);
        assert_eq!(read(&pages(0..250, 1)).unwrap().len(), 250);
        times(250).unwrap();
    }

    #[test]
    fn the_table_says_how_the_two_compare() {
        let plans = Plans(vec![(1_000, Times { read: 0.002, simulate: 0.0005, words: 0.0005 })]);
        assert!(plans.table().contains("    1000  read     2.00  plan     1.00  plan / read 0.50"));
        assert_eq!(plans.json()[0]["names"], 1_000);
    }
}
