//! Proxies that the environment names: plain HTTP stays in the cluster, whatever they are.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::net::TcpListener;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::Duration;

use keyloom_runtime::Secret;
use keyloom_runtime::connections::{Backend, Infisical, InfisicalSettings};
use keyloom_runtime::http::{Http, Limits, Method, Request};
use support::{ok, serve};

/// What is asked for in a process whose environment names a proxy.
const ASKED: &str = "KEYLOOM_TEST_ASKED";
/// What is read there.
const READ: &str = "KEYLOOM_TEST_READ";
const VARIABLES: [&str; 3] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

#[tokio::test]
async fn asks() {
    let Ok(url) = std::env::var(ASKED) else { return };
    let http = Http::new(Limits::default()).unwrap();
    // Whether there is an answer is a matter of who is asked.
    let _ = http.once(Request::new(Method::GET, url.parse().unwrap())).await;
}

/// Reads a connection of an Infisical in such a process.
#[tokio::test]
async fn reads() {
    let Ok(url) = std::env::var(READ) else { return };
    let limits = Limits { pause: Duration::ZERO, ..Limits::default() };
    let secret = Secret::new("canary".to_owned());
    let settings = InfisicalSettings { host: url, ..InfisicalSettings::new("client", secret, "shop", "dev") };
    let backend = Infisical::with_http(settings, Http::new(limits).unwrap()).unwrap();
    let shown = backend.settings().into_iter().find(|setting| setting.name == "proxy");
    println!("{shown:?}");
    println!("{}", backend.read("db").await.unwrap_err());
}

/// What is said there, with the proxy among the settings.
fn read(url: &str, variable: &str, proxy: &str) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "reads", "--nocapture"])
        .env(READ, url)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for variable in VARIABLES {
        child.env_remove(variable).env_remove(variable.to_lowercase());
    }
    let output = child.env(variable, proxy).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && !said.contains("canary"), "{said}");
    said
}

#[test]
fn a_proxy_that_does_not_lead_there_is_named_without_its_credentials() {
    let shown = |address: &str, variable: &str| {
        format!(
            "Some(Setting {{ name: \"proxy\", shown: Value(\"{address}\"), origin: Variable(\"{variable}\") }})\n"
        )
    };
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (refusing, refused) =
        serve("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned());
    let (wanting, wanted) = serve(
        "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            .to_owned(),
    );
    let address = |url: &str| url.trim_start_matches("http://").to_owned();
    for (variable, proxy, why) in [
        ("HTTPS_PROXY", closed, "the proxy refuses connections; look at HTTPS_PROXY; "),
        (
            "ALL_PROXY",
            "nobody.invalid:3128".to_owned(),
            "name resolution of the proxy failed; look at ALL_PROXY; ",
        ),
        (
            "https_proxy",
            address(&refusing),
            "the proxy does not lead there; look at what https_proxy lets through",
        ),
        (
            "HTTPS_PROXY",
            address(&wanting),
            "the proxy wants a user and a password, or others; write them into HTTPS_PROXY",
        ),
    ] {
        let said = read("https://secrets.invalid", variable, &format!("http://canary:canary@{proxy}"));
        let words =
            format!("secrets.invalid cannot be reached through the proxy {proxy} ({variable}): {why}");
        assert!(said.contains(&words), "{said}\nnot {words}");
        assert!(said.contains(&shown(&proxy, variable)), "{said}");
    }
    let counts = (refused.load(Ordering::SeqCst), wanted.load(Ordering::SeqCst));
    assert_eq!(counts, (5, 1), "it may lead there in a while; it does not get to know us");
    // What is misspelt does not count, and neither does one for what is not encrypted.
    for (variable, proxy) in [("HTTPS_PROXY", "htp://canary"), ("HTTP_PROXY", "http://canary.invalid")] {
        let said = read("https://nobody.invalid", variable, proxy);
        assert!(said.contains("None\n"), "{said}");
        assert!(said.contains("nobody.invalid cannot be reached: name resolution failed"), "{said}");
    }
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
