//! How long to wait before a request is sent again: what doubles each time, and what the server asks for.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use super::Limits;

/// The longest pause that a server can ask for. Longer ones are slips of it or of a proxy, such as a date in another unit:
/// heeded, one answer would keep a client away for years.
const LONGEST_ASKED: Duration = Duration::from_secs(15 * 60);
/// Seconds until the limit of requests begins anew, as Infisical's server says it.
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

impl Limits {
    /// How long to wait after so many tries: what the server asks for, at least what doubles each time.
    pub(super) fn pause_after(&self, tried: u32, asked: Option<Duration>) -> Duration {
        let pause = doubled(self.pause, tried.saturating_sub(1), self.longest_pause);
        pause.max(asked.unwrap_or_default())
    }
}

/// The pause after so many failures before this one: the first, doubled by each of them, up to the longest.
pub fn doubled(first: Duration, failures: u32, longest: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(failures)).min(longest)
}

/// How long the server asks to wait, at most a quarter of an hour: seconds, or a date. A date is held against that of the answer, for the clocks of two
/// machines may differ; `unix` is the time here, for an answer without one.
pub(super) fn asked(headers: &HeaderMap, unix: Duration) -> Option<Duration> {
    said(headers, unix).map(|pause| pause.min(LONGEST_ASKED))
}

fn said(headers: &HeaderMap, unix: Duration) -> Option<Duration> {
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(after) = text(&RETRY_AFTER) {
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds));
        }
        if let Some(until) = date(after) {
            let now = text(&DATE).and_then(date).unwrap_or(unix);
            return Some(until.saturating_sub(now));
        }
    }
    text(&RESET)?.parse().ok().map(Duration::from_secs)
}

/// A moment as HTTP writes it today, such as `Wed, 21 Oct 2026 07:28:00 GMT`, since the beginning of 1970.
fn date(text: &str) -> Option<Duration> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<_> = text.split(' ').collect();
    let &[_, day, month, year, time, "GMT"] = parts.as_slice() else { return None };
    let number = |text: &str, most: u64| text.parse::<u64>().ok().filter(|number| *number <= most);
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let days = days(number(year, 9999)?, month, number(day, 31)?)?;
    let time: Vec<_> = time.split(':').collect();
    let &[hour, minute, second] = time.as_slice() else { return None };
    let seconds = number(hour, 23)? * 3600 + number(minute, 59)? * 60 + number(second, 60)?;
    Some(Duration::from_secs(days * 86_400 + seconds))
}

/// Days since the beginning of 1970. Years begin in March here, so that the day that comes every four years is the last one.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(pairs: &[(HeaderName, &str)]) -> Option<u64> {
        let pairs = pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap()));
        asked(&pairs.collect(), Duration::from_secs(1_792_567_680 - 5)).map(|length| length.as_secs())
    }

    #[test]
    fn pauses_double_and_heed_what_is_asked_for() {
        let limits = Limits::default();
        let pauses: Vec<_> = (1..=4).map(|tried| limits.pause_after(tried, None).as_millis()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000]);
        assert_eq!(limits.pause_after(1, Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(limits.pause_after(90, None), limits.longest_pause);
        assert!(limits.pause_after(1, Some(Duration::from_secs(61))) > limits.longest_pause);
    }

    #[test]
    fn seconds_and_dates_are_read() {
        let date = "Wed, 21 Oct 2026 07:28:00 GMT";
        assert_eq!(after(&[(RETRY_AFTER, " 12"), (RESET, "30")]), Some(12));
        assert_eq!(after(&[(RETRY_AFTER, date), (DATE, "Wed, 21 Oct 2026 07:27:30 GMT")]), Some(30));
        assert_eq!(after(&[(RETRY_AFTER, date)]), Some(5), "by the clock here");
        assert_eq!(after(&[(RETRY_AFTER, date), (DATE, "Wed, 21 Oct 2026 07:29:00 GMT")]), Some(0));
        assert_eq!(after(&[(RESET, "30")]), Some(30));
        for none in ["-1", "soon", "Wed, 21 Oct 2026 07:28:00 CET", "Wed, 32 Oct 2026 07:28:00 GMT", ""] {
            assert_eq!(after(&[(RETRY_AFTER, none)]), None, "{none}");
        }
    }

    #[test]
    fn nobody_is_sent_away_for_longer_than_a_quarter_of_an_hour() {
        let seconds = u64::MAX.to_string();
        for (name, said) in [
            (RETRY_AFTER, seconds.as_str()),
            (RETRY_AFTER, "Thu, 01 Jan 2099 00:00:00 GMT"),
            (RETRY_AFTER, "901"),
            (RESET, "1792567680"),
            (RESET, seconds.as_str()),
        ] {
            assert_eq!(after(&[(name, said)]), Some(900), "{said}");
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
            ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
            ("Thu, 01 Jan 2026 00:00:00 GMT", 1_767_225_600),
        ] {
            assert_eq!(date(text), Some(Duration::from_secs(seconds)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_a_server_writes_makes_it_panic(text in "[ -~]{0,40}", day in 0u64..99, year in 0u64..99_999) {
            assert!(after(&[(RETRY_AFTER, &text), (DATE, &text)]).is_none_or(|pause| pause <= 900));
            date(&format!("Wed, {day} Jan {year} 00:00:00 GMT"));
        }
    }
}
