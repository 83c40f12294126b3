//! How long the slowest of so many took.

/// The value that so large a part of the samples does not exceed (the nearest rank), from samples with the smallest first; none
/// where there are too few for it to be another one than the largest.
pub(super) fn quantile(sorted: &[u64], part: f64) -> Option<u64> {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    let is_told = part == 1.0 || rank < sorted.len();
    sorted.get(rank.saturating_sub(1)).copied().filter(|_| is_told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples() {
        let sorted: Vec<u64> = (1..=1_000).collect();
        let told = [0.5, 0.99, 0.998, 1.0].map(|part| quantile(&sorted, part));
        assert_eq!(told, [Some(500), Some(990), Some(998), Some(1_000)]);
        assert_eq!([0.5, 1.0].map(|part| quantile(&[3, 4, 9], part)), [Some(4), Some(9)]);
    }

    #[test]
    fn of_few_samples_nothing_is_told_of_the_slowest() {
        let sorted: Vec<u64> = (1..=60).collect();
        assert_eq!(quantile(&sorted, 0.99), None);
        assert_eq!(quantile(&sorted, 0.5), Some(30));
        assert_eq!([0.5, 0.99, 1.0].map(|part| quantile(&[], part)), [None; 3]);
        assert_eq!(quantile(&[7], 0.5), None);
    }
}
