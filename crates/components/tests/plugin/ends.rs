//! Every way in which it ends: with code 0, soon, and without a word.

use std::io::Write;
use std::net::TcpStream;
use std::process::Stdio;

use tokio::sync::Barrier;
use tonic::Code;

use crate::ask;
use crate::deployment::{Children, Deployment};
use crate::process::{Ended, Process, command};

#[tokio::test]
async fn the_engine_asks_it_to() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    plugin.client().await.cancel(()).await.unwrap();
    assert_eq!(plugin.ended(), Ended::well());
}

#[tokio::test]
async fn the_system_asks_it_to() {
    for signal in ["TERM", "INT"] {
        let plugin = Process::start(&["127.0.0.1:2"]);
        let client = plugin.client().await;
        client.get_plugin_info(()).await.unwrap();
        plugin.signal(signal);
        assert_eq!(plugin.ended(), Ended::well(), "{signal}");
    }
}

#[tokio::test]
async fn the_engine_is_gone() {
    let mut plugin = Process::start(&["127.0.0.1:2"]);
    plugin.stdin.as_mut().unwrap().write_all(&[b'x'; 1000]).unwrap();
    let client = plugin.client().await;
    client.get_plugin_info(()).await.unwrap();
    drop(plugin.stdin.take());
    assert_eq!(plugin.ended(), Ended::well());
}

#[tokio::test]
async fn calls_that_run_are_given_up() {
    let (deployment, address) = Deployment::start(Children::Hang).await;
    for (round, end) in ["cancel", "signal", "gone"].into_iter().enumerate() {
        let mut plugin = Process::start(&[address.as_str()]);
        let client = plugin.client().await;
        let call = tokio::spawn({
            let (client, request) = (client.clone(), ask::database("db", &address));
            async move { client.construct(request).await }
        });
        deployment.asked_for(2 * (round + 1)).await;
        match end {
            "cancel" => client.cancel(()).await.unwrap(),
            "signal" => plugin.signal("TERM"),
            _ => drop(plugin.stdin.take()),
        }
        let status = call.await.unwrap().unwrap_err();
        assert_eq!(status.code(), Code::Cancelled, "{end}: {status:?}");
        assert!(status.message().contains("nothing is known to be wrong with it"), "{end}: {status:?}");
        assert_eq!(plugin.ended(), Ended::well(), "{end}");
    }
}

/// The engine is still listening when it asks plugins to stop, and would take an error for a fault of the component.
#[tokio::test]
async fn a_call_that_is_nearly_done_is_finished() {
    let (deployment, address) = Deployment::start(Children::Together(Barrier::new(2))).await;
    let plugin = Process::start(&[address.as_str()]);
    let client = plugin.client().await;
    let call = tokio::spawn({
        let (client, request) = (client.clone(), ask::database("db", &address));
        async move { client.construct(request).await }
    });
    deployment.asked_for(2).await;
    client.cancel(()).await.unwrap();
    deployment.come_together().await;
    call.await.unwrap().unwrap();
    assert_eq!(plugin.ended(), Ended::well());
}

#[tokio::test]
async fn connections_that_say_nothing_do_not_hold_it() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    let silent = TcpStream::connect(plugin.address()).unwrap();
    let mut half = TcpStream::connect(plugin.address()).unwrap();
    half.write_all(b"PRI * HTTP/2.0\r\n").unwrap();
    plugin.client().await.get_plugin_info(()).await.unwrap();
    plugin.signal("TERM");
    assert_eq!(plugin.ended(), Ended::well());
    drop((silent, half));
}

/// Started by hand for an engine to attach to, there is nobody at stdin.
#[tokio::test]
async fn without_an_engine_an_empty_stdin_is_no_end() {
    let mut plugin = Process::start(&[]);
    drop(plugin.stdin.take());
    let client = plugin.client().await;
    client.get_plugin_info(()).await.unwrap();
    plugin.signal("INT");
    assert_eq!(plugin.ended(), Ended::well());
}

#[test]
fn without_anybody_to_tell_the_port_it_fails() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let failed = command().arg("127.0.0.1:2").stdin(Stdio::null()).stdout(writer).output().unwrap();
    assert_eq!(failed.status.code(), Some(1));
    let words = String::from_utf8(failed.stderr).unwrap();
    assert!(words.starts_with("pulumi-resource-keyloom: "), "{words}");
}
