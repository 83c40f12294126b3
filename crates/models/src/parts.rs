//! Work on many items, on all cores there are. Results come in the items' order, so that nothing depends on the timing.

use std::thread;

/// Fewer items than this are done faster than a thread is started.
const WORTH_A_THREAD: usize = 512;

/// Does the work on runs of items; each run is told the number of its first item.
pub fn of<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &[T]) -> R + Sync) -> Vec<R> {
    let size = size(items.len());
    in_threads(items.chunks(size).enumerate().map(|(i, run)| (i * size, run)), |(first, run)| {
        work(first, run)
    })
}

/// The same on items that are taken apart, each with the slot for what it becomes.
pub fn into<T: Send, S: Send, R: Send>(
    items: &mut [T],
    slots: &mut [S],
    work: impl Fn(usize, &mut [T], &mut [S]) -> R + Sync,
) -> Vec<R> {
    let size = size(items.len());
    let runs = items.chunks_mut(size).zip(slots.chunks_mut(size)).enumerate();
    in_threads(runs.map(|(i, run)| (i * size, run)), |(first, (items, slots))| work(first, items, slots))
}

fn size(items: usize) -> usize {
    // Asking how many cores there are reads files, and most documents are small.
    if items <= WORTH_A_THREAD {
        return WORTH_A_THREAD;
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    items.div_ceil(cores).max(WORTH_A_THREAD)
}

/// The first run is this thread's own.
fn in_threads<P: Send, R: Send>(mut runs: impl Iterator<Item = P>, work: impl Fn(P) -> R + Sync) -> Vec<R> {
    let Some(first) = runs.next() else { return Vec::new() };
    thread::scope(|scope| {
        let others: Vec<_> = runs.map(|run| scope.spawn(|| work(run))).collect();
        let mut results = vec![work(first)];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_come_in_order() {
        let items: Vec<usize> = (0..5000).collect();
        let whole = |runs: Vec<Vec<usize>>| runs.concat();
        assert_eq!(whole(super::of(&items, |_, run| run.to_vec())), items);
        let (mut taken, mut slots) = (items.clone(), vec![0; items.len()]);
        let firsts = super::into(&mut taken, &mut slots, |first, run, slots| {
            slots.copy_from_slice(run);
            assert_eq!(slots[0], first);
            first
        });
        assert!(firsts.is_sorted());
        assert_eq!(slots, items);
        assert!(super::of(&[0; 0], |_, run| run.len()).is_empty());
    }
}
