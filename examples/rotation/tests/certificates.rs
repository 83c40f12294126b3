//! A server whose certificate is exchanged while clients connect to it: every handshake succeeds, and connections stand.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyloom_example_rotation::{CertificateError, Certificates};
use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project as Seeded, Seed};
use keyloom_runtime::webhook::Hint;
use keyloom_runtime::{BaseUrl, Credentials, Folder, Project, Secret, Settings, Subscriber, UniversalAuth};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

const PLACE: (&str, &str, &str) = ("shop", "prod", "/tls");
const RELOADS: usize = 5;
const CLIENTS: usize = 8;

/// An authority, and certificates that it signs.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate and its key, in PEM.
    fn pair(&self) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }

    fn connector(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let mut config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        // A session that is resumed shows no certificate again.
        config.resumption = Resumption::disabled();
        TlsConnector::from(Arc::new(config))
    }
}

fn infisical(pair: &(String, String)) -> FakeInfisical {
    let prod = Environment::new("prod").folder("/tls", &[("TLS_CERTIFICATE", &pair.0), ("TLS_KEY", &pair.1)]);
    let identity = Identity::new("app").universal("client", "canary").may(Access::Read, "shop");
    FakeInfisical::start(Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity))
        .unwrap()
}

async fn subscriber(infisical: &FakeInfisical) -> Subscriber {
    let credentials = Credentials::Universal(UniversalAuth {
        client_id: "client".to_owned(),
        client_secret: Secret::new("canary".to_owned()),
        organization_slug: None,
    });
    let project = Project::new(&FakeInfisical::project_id("shop"));
    let folder = Folder { project, environment: "prod".to_owned(), path: "/tls".to_owned() };
    let base = BaseUrl::parse(infisical.url()).unwrap();
    let settings =
        Settings { webhook: None, reconcile: None, ..Settings::new(base, credentials, vec![folder]) };
    let subscriber = Subscriber::new(settings).unwrap();
    subscriber.start().await.unwrap();
    subscriber
}

fn open(secrets: &Subscriber) -> Arc<Certificates> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Arc::new(Certificates::open(provider, &secrets.snapshot()).unwrap())
}

/// Sends back whatever it is sent.
async fn serve(certificates: Arc<Certificates>) -> u16 {
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.unwrap();
                let mut byte = [0];
                while stream.read_exact(&mut byte).await.is_ok() {
                    stream.write_all(&byte).await.unwrap();
                }
            });
        }
    });
    port
}

async fn connect(connector: &TlsConnector, port: u16) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    connector.connect(ServerName::try_from("localhost").unwrap(), stream).await
}

async fn echoes(stream: &mut TlsStream<TcpStream>) -> std::io::Result<()> {
    stream.write_all(b"x").await?;
    stream.read_exact(&mut [0]).await.map(drop)
}

fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test]
async fn no_connection_fails_while_the_certificate_is_exchanged() {
    let authority = Authority::new();
    let infisical = infisical(&authority.pair());
    let secrets = subscriber(&infisical).await;
    let certificates = open(&secrets);
    let reloads = Arc::new(AtomicUsize::new(0));
    let follower = {
        let (certificates, changes, reloads) =
            (Arc::clone(&certificates), secrets.changes(), Arc::clone(&reloads));
        tokio::spawn(async move {
            let reloaded = |result: Result<(), _>| {
                result.unwrap();
                reloads.fetch_add(1, Ordering::SeqCst);
            };
            certificates.follow(changes, reloaded).await;
        })
    };
    let port = serve(certificates).await;
    let connector = authority.connector();
    let mut standing = connect(&connector, port).await.unwrap();
    let first = shown(&standing);
    let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(vec![first.clone()])));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (connector, stop, seen) = (connector.clone(), Arc::clone(&stop), Arc::clone(&seen));
            tokio::spawn(async move {
                let mut connected = 0;
                while !stop.load(Ordering::SeqCst) {
                    let mut stream = connect(&connector, port).await.unwrap();
                    echoes(&mut stream).await.unwrap();
                    let certificate = shown(&stream);
                    let mut seen = seen.lock().unwrap();
                    if !seen.contains(&certificate) {
                        seen.push(certificate);
                    }
                    connected += 1;
                }
                connected
            })
        })
        .collect();
    for reload in 1..=RELOADS {
        let pair = authority.pair();
        infisical.set_secrets(PLACE, &[("TLS_CERTIFICATE", &pair.0), ("TLS_KEY", &pair.1)]).unwrap();
        secrets.hint(&Hint::default());
        while reloads.load(Ordering::SeqCst) < reload || seen.lock().unwrap().len() <= reload {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let new = connect(&connector, port).await.unwrap();
        assert_ne!(shown(&new), first, "handshakes after a reload are made with the new certificate");
    }
    echoes(&mut standing).await.unwrap();
    stop.store(true, Ordering::SeqCst);
    for client in clients {
        assert!(client.await.unwrap() > RELOADS, "every connection of it succeeded");
    }
    secrets.stop().await;
    follower.await.unwrap();
}

#[tokio::test]
async fn a_pair_that_is_of_no_use_changes_nothing_and_is_not_quoted() {
    let authority = Authority::new();
    let (good, other) = (authority.pair(), authority.pair());
    let infisical = infisical(&good);
    let secrets = subscriber(&infisical).await;
    let certificates = open(&secrets);
    let port = serve(Arc::clone(&certificates)).await;
    let connector = authority.connector();
    let before = shown(&connect(&connector, port).await.unwrap());
    let mut changes = secrets.changes();
    for (certificate, key, told) in [
        (other.0.as_str(), good.1.as_str(), "the secret TLS_KEY is not the key of TLS_CERTIFICATE"),
        ("canary", good.1.as_str(), "the secret TLS_CERTIFICATE is not PEM of what it should be"),
        (good.0.as_str(), "canary", "the secret TLS_KEY is not PEM of what it should be"),
    ] {
        infisical.set_secrets(PLACE, &[("TLS_CERTIFICATE", certificate), ("TLS_KEY", key)]).unwrap();
        secrets.hint(&Hint::default());
        changes.next().await.unwrap();
        let error: CertificateError = certificates.reload(changes.snapshot()).unwrap_err();
        assert_eq!(error.to_string(), told);
        assert!(!format!("{error:?}").contains("canary"));
        assert_eq!(shown(&connect(&connector, port).await.unwrap()), before);
    }
    infisical.remove_secret(PLACE, "TLS_KEY").unwrap();
    secrets.hint(&Hint::default());
    changes.next().await.unwrap();
    let error = certificates.reload(changes.snapshot()).unwrap_err();
    assert_eq!(error.to_string(), "the secret TLS_KEY is not there");
    secrets.stop().await;
}
