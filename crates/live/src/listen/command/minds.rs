//! Whether a process has said what it does on a signal. One that has not is ended by most of them.

use std::fs;

use super::signal::Signal;

/// Whether a process catches or ignores a signal; none where the system does not tell.
pub(super) fn minds(process: u32, signal: Signal) -> Option<bool> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    in_status(&status, signal)
}

fn in_status(status: &str, signal: Signal) -> Option<bool> {
    let mask = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        u64::from_str_radix(line.trim_start_matches(':').trim(), 16).ok()
    };
    let number = u32::try_from(signal.number().as_raw()).ok()?.checked_sub(1)?;
    Some((mask("SigCgt")? | mask("SigIgn")?) >> number & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_read() {
        let status =
            "Name:\tsh\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000004\nSigCgt:\t0000000000000201\n";
        let minds = Signal::ALL.map(|signal| in_status(status, signal) == Some(true));
        // HUP and USR1 are caught, QUIT is ignored.
        assert_eq!(minds, [true, false, true, false, true, false, false]);
        assert_eq!(
            (in_status("", Signal::Hup), in_status("SigCgt:\tx\nSigIgn:\t0", Signal::Hup)),
            (None, None)
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_of_this_machine_is_looked_at() {
        assert_eq!(minds(std::process::id(), Signal::Usr2), Some(false));
        assert_eq!(minds(u32::MAX, Signal::Usr2), None);
    }
}
