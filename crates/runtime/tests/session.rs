//! The token of the moment: one login for all that wait, whatever becomes of them, and no login that does not help.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::fs;
use std::sync::atomic::Ordering;
use std::time::Duration;

use keyloom_fake_infisical::{Planned, TokenSettings};
use keyloom_runtime::{Clock, Error, Folder, Secret, TokenSource};
use support::{
    CANARY, FIRST, client, credentials, drive, folder, kubernetes, logins, mounted, ok, said, serve,
    service_account, start, timed, universal,
};

const MINUTE: Duration = Duration::from_secs(60);

fn living(ttl: u64, max_ttl: u64) -> TokenSettings {
    TokenSettings { ttl, max_ttl, ..TokenSettings::default() }
}

#[tokio::test]
async fn a_thousand_callers_log_in_once_and_once_again_when_the_token_is_no_good() {
    let fake = start(universal(living(60, 60)));
    let client = client(fake.url(), credentials(CANARY));
    for logins_so_far in [1, 2] {
        let calls = (0..1000).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.names(&folder("/api")).await })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap().unwrap();
        }
        assert_eq!(logins(&fake).len(), logins_so_far);
        // Nobody but the server knows that the time has come.
        fake.advance(2 * MINUTE);
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_loses_no_login() {
    let fake = start(universal(living(60, 60)));
    let client = client(fake.url(), credentials(CANARY));
    for _ in 0..3 {
        let place = folder("/api");
        let call = client.names(&place);
        tokio::pin!(call);
        // It sets out, and is cancelled before anything came back.
        tokio::select! {
            biased;
            _ = &mut call => panic!("no answer comes that fast"),
            () = std::future::ready(()) => {}
        }
    }
    client.names(&folder("/api")).await.unwrap();
    assert_eq!(logins(&fake).len(), 1);
}

#[test]
fn a_runtime_that_ends_in_the_middle_of_a_login_keeps_nobody_waiting() {
    let fake = start(universal(living(60, 60)));
    let client = client(fake.url(), credentials(CANARY));
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    first.block_on(async {
        let place = folder("/api");
        tokio::select! {
            biased;
            _ = client.names(&place) => panic!("no answer comes that fast"),
            () = std::future::ready(()) => {}
        }
    });
    drop(first);
    runtime().block_on(client.names(&folder("/api"))).unwrap();
}

#[tokio::test]
async fn a_token_that_is_refused_again_and_again_is_an_error_and_no_storm_of_logins() {
    let fake = start(universal(living(600, 600)));
    let clock = Clock::simulated(Duration::ZERO);
    let client = timed(fake.url(), credentials(CANARY), &clock);
    client.names(&folder("/api")).await.unwrap();
    // Lists are refused and logins are granted.
    let refused = [Planned::Status(401), Planned::AsUsual, Planned::Status(401)];
    fake.plan(refused.clone());
    let error = client.names(&folder("/api")).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }) && error.is_denied(), "{error:?}");
    said(&error);
    assert_eq!(logins(&fake).len(), 2, "one more login, then an error");
    for _ in 0..1000 {
        fake.plan([Planned::AsUsual, Planned::Status(401), Planned::AsUsual, Planned::Status(401)]);
        let error = client.names(&folder("/api")).await.unwrap_err();
        assert!(error.is_denied(), "{error:?}");
    }
    assert!(logins(&fake).len() < 8, "{} logins", logins(&fake).len());
}

#[tokio::test]
async fn a_refused_login_waits_longer_and_longer_and_then_lets_in() {
    let fake = start(kubernetes(600, 600));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    fs::write(&path, "canary-unknown").unwrap();
    let clock = Clock::simulated(Duration::ZERO);
    let client = timed(fake.url(), mounted(&path), &clock);
    let keeper = client.keep();
    let callers = async || {
        let error = client.names(&folder("/api")).await.unwrap_err();
        assert!(matches!(error, Error::Login { .. }), "{error:?}");
        said(&error);
    };
    drive(&fake, &clock, 120 * MINUTE, callers).await;
    let all = logins(&fake);
    let pauses: Vec<_> = all.windows(2).map(|pair| (pair[1].at - pair[0].at).as_secs()).collect();
    for (pause, least) in pauses.iter().zip([60, 120, 240, 480].into_iter().chain(std::iter::repeat(960))) {
        assert!((least..=least * 5 / 4 + 1).contains(pause), "{pauses:?}");
    }
    assert!(client.status().is_refused && client.status().failures == u64::try_from(all.len()).unwrap());
    fs::write(&path, FIRST).unwrap();
    drive(&fake, &clock, 141 * MINUTE, async || {}).await;
    client.names(&folder("/api")).await.unwrap();
    assert!(!client.status().is_refused);
    drop(keeper);
}

#[tokio::test]
async fn a_server_that_is_away_while_a_token_is_due_is_asked_again_and_the_token_serves_on() {
    let fake = start(universal(living(3600, 0)));
    let clock = Clock::simulated(Duration::ZERO);
    let client = timed(fake.url(), credentials(CANARY), &clock);
    let keeper = client.keep();
    client.names(&folder("/api")).await.unwrap();
    fake.change_settings(|settings| settings.away = Some("/api/v1/auth".to_owned()));
    let serves = async || drop(client.names(&folder("/api")).await.unwrap());
    drive(&fake, &clock, 58 * MINUTE, serves).await;
    let tries: Vec<_> = logins(&fake).into_iter().skip(1).map(|login| login.at).collect();
    assert!(tries[0] >= 48 * MINUTE && tries[0] <= 54 * MINUTE, "{tries:?}");
    assert!((5..60).contains(&tries.len()), "{}", tries.len());
    assert!(tries.windows(2).all(|pair| pair[1] - pair[0] <= MINUTE), "{tries:?}");
    fake.change_settings(|settings| settings.away = None);
    drive(&fake, &clock, 59 * MINUTE, serves).await;
    assert_eq!(client.status().renewals, 1);
    assert!(client.status().left.unwrap() > 50 * MINUTE);
    drop(keeper);
}

#[tokio::test]
async fn a_server_that_is_away_past_the_end_of_a_token_is_not_stormed_and_lets_in_when_it_is_back() {
    let fake = start(universal(living(600, 0)));
    let clock = Clock::simulated(Duration::ZERO);
    let client = timed(fake.url(), credentials(CANARY), &clock);
    let keeper = client.keep();
    client.names(&folder("/api")).await.unwrap();
    fake.change_settings(|settings| settings.away = Some("/api".to_owned()));
    drive(&fake, &clock, 60 * MINUTE, async || {}).await;
    let tries = logins(&fake).len();
    assert!((50..1000).contains(&tries), "{tries}");
    fake.change_settings(|settings| settings.away = None);
    drive(&fake, &clock, 62 * MINUTE, async || {}).await;
    client.names(&folder("/api")).await.unwrap();
    drop(keeper);
}

#[tokio::test]
async fn what_a_server_says_of_the_time_may_be_absurd() {
    for (life, max) in [
        ("0", "0"),
        ("-7200", "-1"),
        ("1e300", "1e300"),
        ("18446744073709551615", "18446744073709551615"),
        ("null", "null"),
        ("\"soon\"", "{}"),
        ("0.25", "0.5"),
    ] {
        let body = format!(
            r#"{{"accessToken": "{CANARY}", "expiresIn": {life}, "accessTokenMaxTTL": {max}, "secrets": []}}"#
        );
        let (url, asked) = serve(ok(&body));
        let clock = Clock::simulated(Duration::ZERO);
        let client = timed(&url, credentials(CANARY), &clock);
        let keeper = client.keep();
        for _ in 0..20 {
            client.names(&folder("/api")).await.unwrap();
            clock.advance(Duration::from_secs(86_400));
        }
        // A login, and a list each time.
        assert_eq!(asked.load(Ordering::SeqCst), 21, "{life}");
        assert!(!format!("{client:?} {keeper:?} {:?}", client.status()).contains(CANARY));
    }
}

#[tokio::test]
async fn what_a_server_asks_to_wait_may_be_absurd() {
    for asked_for in [
        "retry-after: 18446744073709551615",
        "retry-after: Thu, 01 Jan 2099 00:00:00 GMT",
        "x-ratelimit-reset: 1792567680",
    ] {
        let busy = format!(
            "HTTP/1.1 429 Too Many Requests\r\n{asked_for}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let (url, asked) = serve(busy);
        let clock = Clock::simulated(Duration::ZERO);
        let client = timed(&url, credentials(CANARY), &clock);
        for quarters in 1..=3 {
            for _ in 0..100 {
                let error = client.names(&folder("/api")).await.unwrap_err();
                assert!(matches!(error, Error::Busy { pause, .. } if pause == 15 * MINUTE), "{error:?}");
            }
            assert_eq!(asked.load(Ordering::SeqCst), quarters, "{asked_for}");
            clock.advance(15 * MINUTE);
        }
    }
}

#[tokio::test]
async fn a_token_that_lives_a_second_is_no_reason_to_spin() {
    let fake = start(universal(living(1, 0)));
    let clock = Clock::simulated(Duration::ZERO);
    let client = timed(fake.url(), credentials(CANARY), &clock);
    let keeper = client.keep();
    drive(&fake, &clock, MINUTE, async || {}).await;
    // The server's tokens end at full seconds, so that some renewals are refused, and a login follows.
    let rounds = logins(&fake).iter().filter(|login| login.granted).count();
    assert!((59..=76).contains(&rounds) && logins(&fake).len() <= 2 * rounds, "{rounds}");
    drop(keeper);
}

#[tokio::test]
async fn nothing_is_renewed_when_nobody_holds_the_keeper() {
    let fake = start(kubernetes(60, 0));
    let clock = Clock::simulated(Duration::ZERO);
    let token = TokenSource::Given(Secret::new(FIRST.to_owned()));
    let client = timed(fake.url(), service_account(token), &clock);
    let keeper = client.keep();
    clock.asleep(1).await;
    drop(keeper);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(clock.next_wake(), None);
    // Whoever asks for something in the last fifth of its life has it renewed, and does not wait for that.
    fake.advance(Duration::from_secs(55));
    clock.advance(Duration::from_secs(55));
    let place = Folder { path: "/shared".to_owned(), ..folder("/api") };
    while client.status().renewals == 0 {
        client.names(&place).await.unwrap();
    }
    assert_eq!(logins(&fake).len(), 2);
}
