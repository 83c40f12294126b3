//! What a process has used so far, as Linux tells it.

use std::fs;
use std::io;
use std::time::Duration;

/// Processor time of all threads that still run. Hosts keep theirs.
pub(super) fn cpu(id: u32) -> io::Result<Duration> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{id}/task"))? {
        // One that ended in between has no file any more.
        let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        sum += nanoseconds(&text).unwrap_or_default();
    }
    Ok(Duration::from_nanos(sum))
}

/// Most memory that was resident at one time, in bytes.
pub(super) fn peak(id: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    high_water(&status).ok_or_else(|| io::Error::other("no VmHWM"))
}

fn nanoseconds(schedstat: &str) -> Option<u64> {
    schedstat.split(' ').next()?.parse().ok()
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_schedstat_is_time() {
        assert_eq!(nanoseconds("123456 7 8\n"), Some(123_456));
        assert_eq!(nanoseconds(""), None);
    }

    #[test]
    fn the_high_water_mark_is_in_kibibytes() {
        assert_eq!(high_water("VmPeak:\t  900 kB\nVmHWM:\t    12 kB\n"), Some(12 * 1024));
        assert_eq!(high_water("VmPeak:\t 900 kB\n"), None);
    }
}
