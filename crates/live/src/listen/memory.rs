//! Whether files lie in memory alone, and so end with the machine.

use std::io;
use std::path::Path;

/// What the kernel calls a file system that lies in memory: tmpfs (a volume with `medium: Memory`) and ramfs.
#[cfg(target_os = "linux")]
const MEMORY: [u64; 2] = [0x0102_1994, 0x8584_58f6];

/// Whether what is written there lies in memory.
///
/// # Errors
/// What the system says.
#[cfg(target_os = "linux")]
pub(super) fn is_memory(path: &Path) -> io::Result<bool> {
    let kind = rustix::fs::statfs(path)?.f_type;
    Ok(u64::try_from(kind).is_ok_and(|kind| MEMORY.contains(&kind)))
}

/// Whether what is written there lies in memory: not known here.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_memory(path: &Path) -> io::Result<bool> {
    std::fs::metadata(path).map(|_| false)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn shared_memory_is_memory_and_sources_are_not() {
        assert!(is_memory(Path::new("/dev/shm")).unwrap());
        assert!(!is_memory(Path::new("/proc")).unwrap());
        assert!(is_memory(Path::new("/not/there")).is_err());
    }
}
