//! A call that panics; alone in its process, because hiding what panics say is for the whole of it.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::sync::Arc;

use keyloom_wire::message::construct::{ConstructRequest, ConstructResponse};
use keyloom_wire::serve::Port;
use keyloom_wire::service::{ProviderClient, ResourceProvider, connect, hide_panics};
use tonic::{Code, Status};

struct Singer;

impl ResourceProvider for Singer {
    async fn construct(&self, request: ConstructRequest) -> Result<ConstructResponse, Status> {
        if request.name == "canary" {
            panic!("{} sings", request.name);
        }
        Ok(ConstructResponse { urn: request.name, ..Default::default() })
    }
}

#[tokio::test]
async fn a_panic_ends_the_call_and_shows_nothing() {
    hide_panics();
    let port = Port::open().await.unwrap();
    let address = port.address().to_string();
    tokio::spawn(port.serve(Arc::new(Singer).router(), std::future::pending()));
    let client = ProviderClient::new(connect(&address).await.unwrap());

    let named = |name: &str| ConstructRequest { name: name.to_owned(), ..Default::default() };
    let status = client.construct(named("canary")).await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    let message = status.message();
    assert!(message.starts_with("the plugin panicked at wire/tests/panic.rs:"), "{message}");
    assert!(!message.contains("canary"), "{message}");
    assert_eq!(client.construct(named("next")).await.unwrap().urn, "next");
}
