//! Proxies that the environment names: plain HTTP stays in the cluster, whatever they are.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::process::Command;
use std::sync::atomic::Ordering;

use keyloom_runtime::http::{Http, Limits, Method, Request};
use support::{ok, serve};

/// What is asked for in a process whose environment names a proxy.
const ASKED: &str = "KEYLOOM_TEST_ASKED";
const VARIABLES: [&str; 3] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

#[tokio::test]
async fn asks() {
    let Ok(url) = std::env::var(ASKED) else { return };
    let http = Http::new(Limits::default()).unwrap();
    // Whether there is an answer is a matter of who is asked.
    let _ = http.once(Request::new(Method::GET, url.parse().unwrap())).await;
}

/// Asks in a process of its own, for the environment of this one cannot be changed safely.
fn ask(url: &str, proxy: &str) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "asks"]).env(ASKED, url).env_remove("NO_PROXY").env_remove("no_proxy");
    for variable in VARIABLES {
        child.env(variable, proxy).env(variable.to_lowercase(), proxy);
    }
    assert!(child.output().unwrap().status.success());
}

#[test]
fn plain_http_goes_straight_to_the_server_and_what_is_encrypted_through_the_proxy() {
    let (server, answered) = serve(ok("{}"));
    let (proxy, proxied) =
        serve("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned());
    ask(&server, &proxy);
    assert_eq!((answered.load(Ordering::SeqCst), proxied.load(Ordering::SeqCst)), (1, 0));
    ask("https://secrets.invalid", &proxy);
    assert_eq!((answered.load(Ordering::SeqCst), proxied.load(Ordering::SeqCst)), (1, 1));
}
