//! What time it is for the server: a clock that tests move, or the machine's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;

/// The first of January 2026, at midnight: when a clock that stands begins.
pub(crate) const START: i64 = 1_767_225_600_000;

/// What drives the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Time {
    /// It stands still, from the first of January 2026, until a test moves it. The default.
    #[default]
    Standing,
    /// The machine's, for programs that look at their own clock too.
    System,
}

/// A clock; clones of it are the same clock.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    time: Time,
    moved: Arc<AtomicI64>,
}

impl Clock {
    pub(crate) fn new(time: Time) -> Self {
        Self { time, moved: Arc::new(AtomicI64::new(0)) }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        let base = match self.time {
            Time::Standing => START,
            Time::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
        };
        base + self.moved.load(Ordering::SeqCst)
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.moved.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

/// A moment as the server writes it, such as `2026-01-01T00:00:00.000Z`.
pub(crate) fn iso(moment: i64) -> String {
    let (days, rest) = (moment.div_euclid(86_400_000), moment.rem_euclid(86_400_000));
    let (year, month, day) = date(days);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, fraction) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
}

/// The day of the calendar that is so many days after the first of January 1970. Years begin in March here, so that the
/// day that comes every four years is the last one.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_the_server_does() {
        for (moment, text) in [
            (START, "2026-01-01T00:00:00.000Z"),
            (START + 1_234, "2026-01-01T00:00:01.234Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (0, "1970-01-01T00:00:00.000Z"),
            (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(iso(moment), text);
        }
    }

    #[test]
    fn a_standing_clock_moves_when_it_is_moved() {
        let clock = Clock::new(Time::Standing);
        clock.clone().advance(Duration::from_secs(2));
        assert_eq!(clock.now(), START + 2000);
    }
}
