//! TLS of databases, with as much doubt as somebody asked for.

use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use rustls_native_certs::CertificateResult;

use super::place::chain;

/// What is asked of a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Nothing: nobody on the way can listen, and whoever answers may be anybody.
    Anybody,
    /// That an authority made it which this machine trusts.
    Authority,
    /// That, and that it is for this host.
    Host,
}

/// TLS with that trust. Authorities are those of this machine, or those in the file that `SSL_CERT_FILE` names.
///
/// # Errors
/// Why there is none, in words.
pub(super) fn config(trust: Trust) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Anybody => Arc::new(Lenient { provider: provider.clone(), chain: None }),
        Trust::Authority => {
            Arc::new(Lenient { provider: provider.clone(), chain: Some(verifier(&provider)?) })
        }
        Trust::Host => verifier(&provider)?,
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| error.to_string())?;
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

fn verifier(provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, String> {
    let file = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty()).map(PathBuf::from);
    let roots = roots(rustls_native_certs::load_native_certs(), file.as_deref())?;
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| format!("no authority can be trusted: {error}; name their file in SSL_CERT_FILE"))
}

/// The authorities that were found, where there are some.
fn roots(found: CertificateResult, file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added > 0 {
        return Ok(roots);
    }
    let why = found.errors.first().map(|error| chain(error));
    Err(match (file, why) {
        (Some(file), Some(why)) => format!(
            "SSL_CERT_FILE names {}, of which no authority can be read: {why}; name a file with certificates in PEM",
            file.display()
        ),
        (Some(file), None) => format!(
            "SSL_CERT_FILE names {}, which holds no certificate; name a file with certificates in PEM",
            file.display()
        ),
        (None, _) => {
            "this machine has no authorities to trust; name a file with certificates in PEM in SSL_CERT_FILE"
                .to_owned()
        }
    })
}

/// What to do about a certificate that is not trusted, in the words of whoever asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remedy {
    /// No authority that is trusted made it.
    pub(super) unknown: &'static str,
    /// It is trusted as an authority, and the server shows that very one.
    pub(super) itself: &'static str,
    /// It is for another host.
    pub(super) name: &'static str,
}

/// What is wrong with the certificate of a server, if that is the cause of an error, and what to do.
pub(super) fn fault(error: &(dyn StdError + 'static), remedy: Remedy) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(Error::InvalidCertificate(why)) = rustls_error(error) {
            return Some(refused(why, remedy));
        }
        next = error.source();
    }
    None
}

/// An error of the system may carry one of TLS, and its own source is that of what it carries.
fn rustls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    let carried = || error.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref();
    error.downcast_ref().or_else(carried)
}

fn refused(why: &CertificateError, remedy: Remedy) -> String {
    // The words of the crate that looks at certificates; it is none of ours, and has no type for them here.
    let is_authority = |other: &OtherError| other.0.to_string() == "CaUsedAsEndEntity";
    let (what, remedy) = match why {
        CertificateError::UnknownIssuer => ("no authority that is trusted made it", remedy.unknown),
        CertificateError::Other(other) if is_authority(other) => {
            ("it says of itself that it is an authority, as self-signed ones do, not a server", remedy.itself)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            ("it is for another host", remedy.name)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ("it has expired", "have the server's certificate renewed, and see that the clock here is right")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ("it is not valid yet", "see that the clock here is right")
        }
        other => {
            return format!(
                "the certificate of the server is not trusted: {other}; have the server get another one"
            );
        }
    };
    format!("the certificate of the server is not trusted: {what}; {remedy}")
}

/// Asks for an authority or for nothing at all, but always for a handshake that was not tampered with.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is looked at last.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REMEDY: Remedy = Remedy { unknown: "unknown", itself: "itself", name: "name" };

    #[test]
    fn what_is_wrong_with_a_certificate_is_found_below_and_said_in_words() {
        #[derive(Debug)]
        struct CaUsedAsEndEntity;
        impl std::fmt::Display for CaUsedAsEndEntity {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("CaUsedAsEndEntity")
            }
        }
        impl StdError for CaUsedAsEndEntity {}
        for (why, remedy) in [
            (CertificateError::UnknownIssuer, "unknown"),
            (CertificateError::Other(OtherError(Arc::new(CaUsedAsEndEntity))), "itself"),
            (CertificateError::NotValidForName, "name"),
        ] {
            let error = io::Error::other(Error::InvalidCertificate(why));
            let said = fault(&error, REMEDY).unwrap();
            assert!(
                said.starts_with("the certificate of the server is not trusted: ") && said.ends_with(remedy),
                "{said}"
            );
            assert!(!said.contains("CaUsed") && !said.contains("OtherError"), "{said}");
        }
        assert_eq!(fault(&io::Error::other("canary"), REMEDY), None);
    }

    #[test]
    fn a_file_of_authorities_that_is_none_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let (missing, empty) = (dir.path().join("missing.pem"), dir.path().join("empty.pem"));
        std::fs::write(&empty, "no certificate").unwrap();
        for (file, words) in [(&missing, "can be read"), (&empty, "holds no certificate")] {
            let found = rustls_native_certs::load_certs_from_paths(Some(file), None);
            let said = roots(found, Some(file)).unwrap_err();
            assert!(said.contains(&file.display().to_string()) && said.contains(words), "{said}");
        }
    }
}
