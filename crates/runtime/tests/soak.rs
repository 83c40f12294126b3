//! Months of a client's life, in a moment: its clock and the server's are moved together.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::cell::Cell;
use std::fs;
use std::time::Duration;

use keyloom_fake_infisical::{FakeInfisical, TokenSettings};
use keyloom_runtime::{Client, Clock};
use support::{
    CANARY, FIRST, Login, SECOND, credentials, drive, folder, kubernetes, logins, mounted, start, timed,
    universal,
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Lives so long in a pod: keeps its token, reads whenever something happened, and finds another token of its service
/// account whenever it looks. What logged in or renewed.
async fn live(ttl: u64, max_ttl: u64, length: u64) -> Vec<Login> {
    let fake = start(kubernetes(ttl, max_ttl));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    let turn = Cell::new(false);
    let exchange = || fs::write(&path, if turn.replace(!turn.get()) { FIRST } else { SECOND }).unwrap();
    exchange();
    let clock = Clock::simulated(Duration::ZERO);
    let client = timed(fake.url(), mounted(&path), &clock);
    let keeper = client.keep();
    let each = async || {
        exchange();
        client.names(&folder("/api")).await.unwrap();
    };
    drive(&fake, &clock, Duration::from_secs(length), each).await;
    drop(keeper);
    let requests = fake.requests();
    assert!(requests.iter().all(|request| request.status == 200), "no token was ever refused");
    assert!(requests.iter().any(|request| request.method == "GET"));
    logins(&fake)
}

/// Each is replaced between 80 and 100 % of its life.
fn assert_in_time(all: &[Login], life: u64) {
    for pair in all.windows(2) {
        let after = (pair[1].at - pair[0].at).as_secs_f64() / life as f64;
        assert!((0.8..=1.0).contains(&after), "after {after} of its life: {pair:?}");
    }
}

fn days_of_logins(all: &[Login]) -> Vec<u64> {
    all.iter().filter(|it| !it.renews).map(|it| it.at.as_secs() / DAY).collect()
}

#[tokio::test]
async fn a_week_is_renewed_until_half_a_year_is_over_and_then_there_is_a_login() {
    let all = live(7 * DAY, 180 * DAY, 400 * DAY).await;
    assert_in_time(&all, 7 * DAY);
    let days = days_of_logins(&all);
    assert_eq!(days.len(), 3, "{days:?}");
    assert!(days.windows(2).all(|pair| (165..=180).contains(&(pair[1] - pair[0]))), "{days:?}");
}

#[tokio::test]
async fn a_token_of_a_minute_is_kept_for_hours() {
    let all = live(60, 180 * DAY, 3 * HOUR).await;
    assert_in_time(&all, 60);
    assert_eq!(days_of_logins(&all).len(), 1);
    assert!((200..=226).contains(&all.len()), "{}", all.len());
}

#[tokio::test]
async fn a_token_of_two_hours_is_kept_for_a_month() {
    let all = live(2 * HOUR, 180 * DAY, 30 * DAY).await;
    assert_in_time(&all, 2 * HOUR);
    assert_eq!(days_of_logins(&all).len(), 1);
}

#[tokio::test]
async fn a_token_of_a_month_that_cannot_be_renewed_is_exchanged_in_time() {
    let all = live(30 * DAY, 30 * DAY, 400 * DAY).await;
    assert_in_time(&all, 30 * DAY);
    assert!(all.iter().all(|it| !it.renews && it.granted));
}

#[tokio::test]
async fn a_month_of_half_a_year_is_renewed_a_few_times() {
    let all = live(30 * DAY, 180 * DAY, 400 * DAY).await;
    assert_in_time(&all, 30 * DAY);
    let days = days_of_logins(&all);
    assert!(days.windows(2).all(|pair| (130..=180).contains(&(pair[1] - pair[0]))), "{days:?}");
}

#[tokio::test]
async fn a_periodic_token_is_renewed_for_ever() {
    let fake = start(universal(TokenSettings { period: HOUR, ..TokenSettings::default() }));
    let (clock, client) = beginning(&fake);
    let keeper = client.keep();
    drive(&fake, &clock, Duration::from_secs(20 * DAY), async || {}).await;
    let all = logins(&fake);
    assert_in_time(&all, HOUR);
    assert!(all[1..].iter().all(|it| it.renews && it.granted));
    drop(keeper);
}

#[tokio::test]
async fn an_older_server_that_renews_nothing_near_the_end_costs_one_refused_renewal() {
    let fake = start(universal(TokenSettings { ttl: HOUR, max_ttl: 10 * HOUR, ..TokenSettings::default() }));
    fake.change_settings(|settings| settings.legacy_tokens = true);
    let (clock, client) = beginning(&fake);
    let keeper = client.keep();
    let serves = async || drop(client.names(&folder("/api")).await.unwrap());
    drive(&fake, &clock, Duration::from_secs(5 * DAY), serves).await;
    let all = logins(&fake);
    let refused = all.iter().filter(|it| !it.granted).count();
    assert!(refused <= count_of_logins(&all), "{refused} renewals refused");
    assert!(fake.requests().iter().all(|it| it.path.contains("/auth/") || it.status == 200));
    drop(keeper);
}

fn count_of_logins(all: &[Login]) -> usize {
    all.iter().filter(|it| !it.renews).count()
}

#[tokio::test]
async fn lives_that_a_server_cuts_short_end_in_a_login_and_not_in_ever_shorter_renewals() {
    let fake = start(universal(TokenSettings { ttl: 10 * DAY, max_ttl: 0, ..TokenSettings::default() }));
    let (clock, client) = beginning(&fake);
    let keeper = client.keep();
    client.names(&folder("/api")).await.unwrap();
    let mut ceiling = 10 * DAY;
    for round in 1..=6 {
        ceiling /= 3;
        fake.change_settings(|settings| settings.max_token_age = ceiling);
        drive(&fake, &clock, Duration::from_secs(round * 20 * DAY), async || {}).await;
    }
    let all = logins(&fake);
    assert!(all.iter().all(|it| it.granted));
    // Every cut is noticed in a renewal that gave less than half, and the one after it is a login.
    assert_eq!(count_of_logins(&all), 1 + 6, "{:?}", days_of_logins(&all));
    assert_eq!(client.status().logins, 7);
    drop(keeper);
}

fn beginning(fake: &FakeInfisical) -> (Clock, Client) {
    let clock = Clock::simulated(Duration::ZERO);
    let client = timed(fake.url(), credentials(CANARY), &clock);
    (clock, client)
}
