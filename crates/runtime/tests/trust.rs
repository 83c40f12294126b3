//! A server whose certificate an authority of one's own signed.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod heard;

use std::sync::Arc;
use std::time::Duration;

use keyloom_runtime::connections::{Backend, Infisical, InfisicalSettings};
use keyloom_runtime::http::{Http, Limits, Method, Request};
use keyloom_runtime::{Clock, Error, Secret};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Answers every request with nothing.
async fn serve(authority: &CertifiedIssuer<'static, KeyPair>) -> String {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A client that does not trust it goes away.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    url
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_where_it_is_said() {
    let ours = authority();
    let url = serve(&ours).await;
    let request = || Request::new(Method::GET, url.parse().unwrap());
    let trusting = Http::trusting(Limits::default(), ours.pem().as_bytes()).unwrap();
    assert_eq!(trusting.once(request()).await.unwrap().status, 204);
    let strangers = authority().pem();
    for http in [Http::new(Limits::default()), Http::trusting(Limits::default(), strangers.as_bytes())] {
        let refused = http.unwrap().once(request()).await;
        assert!(matches!(refused, Err(Error::Unreachable { .. })));
    }
}

#[cfg(feature = "vault")]
#[tokio::test]
async fn a_vault_of_an_authority_of_ones_own_wants_to_be_told_of_it() {
    use keyloom_runtime::connections::{Vault, VaultAuth, VaultSettings};
    let ours = authority();
    let url = serve(&ours).await;
    let said = async |authorities: Option<String>, url: &str| {
        let auth = VaultAuth::Token(Secret::new("canary".to_owned()));
        let usual = VaultSettings::new(url.parse().unwrap(), "secret", "x", auth);
        let authorities = authorities.map(String::into_bytes);
        let vault = Vault::new(VaultSettings { authorities, retries: 0, ..usual }).unwrap();
        vault.read("db").await.unwrap_err().to_string()
    };
    let untrusted = said(None, &url).await;
    assert!(untrusted.contains("the certificate of localhost:"), "{untrusted}");
    assert!(untrusted.ends_with("and name that in VAULT_CACERT"), "{untrusted}");
    let trusted = said(Some(ours.pem()), &url).await;
    assert!(trusted.contains("answers (204) is not Vault's"), "{trusted}");
    let plain = said(None, &plain().await).await;
    assert!(
        plain.contains(
            "cannot be reached: it does not talk TLS at that port; look at the port in BRUIN_VAULT_HOST"
        ),
        "{plain}"
    );
}

/// A server without TLS, whose address says otherwise.
async fn plain() -> String {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = plain.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = plain.accept().await.unwrap();
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let _ = stream.read(&mut [0; 4096]).await;
        }
    });
    format!("https://localhost:{port}")
}

/// What Infisical's backend says of a server, and how often it was tried.
async fn infisical(url: &str, authorities: Option<String>) -> (String, usize) {
    let clock = Clock::simulated(Duration::from_secs(1_800_000_000));
    let limits = Limits::default();
    let http = authorities.map_or(Http::new(limits), |pem| Http::trusting(limits, pem.as_bytes()));
    let secret = Secret::new("canary".to_owned());
    let settings =
        InfisicalSettings { host: url.to_owned(), ..InfisicalSettings::new("client", secret, "shop", "dev") };
    let backend = Infisical::with_http(settings, http.unwrap().on(clock.clone())).unwrap();
    let mut reads = Box::pin(backend.read("db"));
    for tries in 1.. {
        tokio::select! {
            read = &mut reads => {
                let told = read.unwrap_err().to_string();
                assert!(!told.contains("canary"), "{told}");
                return (told.replace(url.trim_start_matches("https://"), "HOST"), tries);
            }
            () = clock.asleep(1) => clock.advance(Duration::from_secs(10)),
        }
    }
    unreachable!("it has an end")
}

#[tokio::test]
async fn infisical_says_why_it_cannot_be_reached_and_tries_again_what_may_pass() {
    heard::listen();
    let ours = authority();
    let begin = "failed to authenticate with Infisical: ";
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_at = format!("https://{}", silent.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            drop(silent.accept().await.unwrap());
        }
    });
    let tls = serve(&ours).await;
    let tls = tls.trim_end_matches('/');
    let port = tls.rsplit_once(':').unwrap().1;
    for (url, authorities, words, tries) in [
        (
            format!("https://{closed}"),
            None,
            "HOST cannot be reached: connection refused; look at host and port of https://HOST (the program), and whether the server runs",
            5,
        ),
        (
            "https://nobody.invalid".to_owned(),
            None,
            "HOST cannot be reached: name resolution failed; look at the spelling of https://HOST (the program), and at the DNS of this machine",
            5,
        ),
        (
            silent_at,
            None,
            "HOST cannot be reached: the connection is closed before anything is said; look at https://HOST (the program), and whether",
            5,
        ),
        (
            plain().await,
            None,
            "HOST cannot be reached: it does not talk TLS at that port; look at the port in https://HOST (the program); does it listen for TLS there?",
            1,
        ),
        (
            tls.to_owned(),
            None,
            "the certificate of HOST is not of an authority that is trusted here; put the certificate of its authority into a file in PEM, and name that in SSL_CERT_FILE; ",
            1,
        ),
        (
            format!("https://127.0.0.1:{port}"),
            Some(ours.pem()),
            "the certificate of HOST is for another name; write the name that it is for in https://HOST (the program)",
            1,
        ),
    ] {
        let (told, tried) = infisical(&url, authorities).await;
        assert!(told.starts_with(&format!("{begin}{words}")), "{told}\nnot {words}");
        assert_eq!(tried, tries, "{told}");
        // Whoever waits is told why, once.
        let host = url.trim_start_matches("https://");
        let log = heard::text();
        let said = log.lines().filter(|line| line.contains(&format!("http: {host} cannot be reached")));
        let said: Vec<_> = said.collect();
        assert_eq!(said.len(), usize::from(tries > 1), "{said:?}");
        assert!(
            said.iter().all(|line| line.starts_with("WARN ") && line.ends_with("; trying again")),
            "{said:?}"
        );
    }
}
