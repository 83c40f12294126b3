//! A server whose certificate an authority of one's own signed.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::sync::Arc;

use keyloom_runtime::Error;
use keyloom_runtime::http::{Http, Limits, Method, Request};
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
    use keyloom_runtime::Secret;
    use keyloom_runtime::connections::{Backend, Vault, VaultAuth, VaultSettings};
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
    // A server without TLS, asked for it.
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = plain.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
    });
    let plain = said(None, &format!("https://localhost:{port}")).await;
    assert!(plain.contains("does not talk TLS as it is talked here"), "{plain}");
}
