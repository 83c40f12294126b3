//! What the External Secrets Operator adds, and what it takes away.

/// Functions of sprig that no version of the operator lets through: they read the controller's environment.
pub(super) const TAKEN_OUT: [&str; 2] = ["env", "expandenv"];
/// Functions that some versions let through, before it was noticed that they carry secrets out of the cluster or between
/// namespaces.
pub(super) const LEAKING: [&str; 2] = ["getHostByName", "getSecretKey"];

functions! {
    "certSANs"(certificate: Text) -> Texts, since 2 2;
    "filterCertChain"(kind: Text, certificates: Text) -> Text;
    "filterPEM"(kind: Text, text: Text) -> Text;
    "fromYaml"(text: Text) -> Map;
    "fullPemToPkcs12"(certificates: Text, key: Text) -> Text;
    "fullPemToPkcs12Pass"(certificates: Text, key: Text, password: Text) -> Text;
    "getHostByName"(host: Text) -> Text, until 2 3;
    "getSecretKey"(secret: Text, namespace: Text, key: Text) -> Text, since 0 20, until 1 2;
    "jwkPrivateKeyPem"(key: Text) -> Text;
    "jwkPublicKeyPem"(key: Text) -> Text;
    "pemToPkcs12"(certificate: Text, key: Text) -> Text;
    "pemToPkcs12Pass"(certificate: Text, key: Text, password: Text) -> Text;
    "pemTruststoreToPKCS12"(certificates: Text) -> Text, since 0 20;
    "pemTruststoreToPKCS12Pass"(certificates: Text, password: Text) -> Text, since 0 20;
    "pkcs12cert"(store: Text) -> Text;
    "pkcs12certPass"(password: Text, store: Text) -> Text;
    "pkcs12key"(store: Text) -> Text;
    "pkcs12keyPass"(password: Text, store: Text) -> Text;
    "rsaDecrypt"(scheme: Text, hash: Text, text: Text, key: Text) -> Text, since 0 20;
    "toYaml"(value: Any) -> Text;
}
