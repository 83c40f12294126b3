//! What a process has used so far, as Linux tells it.

use std::fs;
use std::io;
use std::time::Duration;

/// Processor time of all threads that still run. Hosts keep theirs.
pub(crate) fn cpu(id: u32) -> io::Result<Duration> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{id}/task"))? {
        // One that ended in between has no file any more.
        let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        sum += nanoseconds(&text).unwrap_or_default();
    }
    Ok(Duration::from_nanos(sum))
}

/// Most memory that was resident at one time, in bytes.
pub(crate) fn peak(id: u32) -> io::Result<u64> {
    memory(id, "VmHWM:")
}

/// Memory that is resident, in bytes.
pub(crate) fn resident(id: u32) -> io::Result<u64> {
    memory(id, "VmRSS:")
}

fn memory(id: u32, name: &str) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    bytes(&status, name).ok_or_else(|| io::Error::other(format!("no {name}")))
}

fn nanoseconds(schedstat: &str) -> Option<u64> {
    schedstat.split(' ').next()?.parse().ok()
}

fn bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
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
    fn memory_is_in_kibibytes() {
        assert_eq!(bytes("VmPeak:\t  900 kB\nVmHWM:\t    12 kB\n", "VmHWM:"), Some(12 * 1024));
        assert_eq!(bytes("VmPeak:\t 900 kB\n", "VmHWM:"), None);
    }
}
