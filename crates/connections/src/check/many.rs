//! Of many problems of one kind the first are told, and how many more there are.

use std::collections::BTreeMap;

use crate::problem::Problem;

/// So many of one kind are told; nobody reads more.
pub(super) const MOST: usize = 20;

/// The first problems of each kind, in their order, with the rest of a kind as one behind the last of them.
pub(super) fn first(problems: Vec<Problem>) -> Vec<Problem> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in &problems {
        *counts.entry(problem.code()).or_default() += 1;
    }
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for problem in problems {
        let told = told.entry(problem.code()).or_default();
        *told += 1;
        let more = counts.get(problem.code()).map_or(0, |all| all.saturating_sub(MOST));
        if *told == MOST && more > 0 {
            kept.push(Problem::AndMore { last: Box::new(problem), more });
        } else if *told <= MOST {
            kept.push(problem);
        }
    }
    kept
}
