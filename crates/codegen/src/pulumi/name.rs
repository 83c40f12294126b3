//! Names of types: what generated code is full of, so they are chosen for its reader, and stay.

/// Ends the name of a block that would be called like a component.
const HELPER: &str = "Helper";

/// The name of the type that a definition of the schema becomes. A component's own name is left to the component: its
/// arguments and the fields of such a block would be called alike.
pub(super) fn object(definition: &str, components: &[&str]) -> String {
    let name = definition.strip_prefix("Written").unwrap_or(definition);
    if components.contains(&name) { format!("{name}{HELPER}") } else { name.to_owned() }
}

/// The name of a mapping that is written where it is used. In a helper's block it is that of the component.
pub(super) fn inner(owner: &str, property: &str) -> String {
    format!("{}{}", owner.strip_suffix(HELPER).unwrap_or(owner), pascal(property))
}

/// The name of an enum: that of its property where this says enough, with its owner's before it where not.
pub(super) fn words(owner: &str, property: &str) -> String {
    match (owner, property) {
        (_, "provider") => "StoreProvider".to_owned(),
        (_, "layout") => "Layout".to_owned(),
        ("GeneratorRef", "kind") => "GeneratorKind".to_owned(),
        _ if property.contains(|c: char| c.is_ascii_uppercase()) => pascal(property),
        _ => inner(owner.strip_suffix("Config").unwrap_or(owner), property),
    }
}

/// The text as an identifier with capitals: `tls.crt` is `TlsCrt`, and `1password` is `OnePassword`.
pub(super) fn pascal(text: &str) -> String {
    const DIGITS: [&str; 10] =
        ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    let digit = text.chars().next().and_then(|first| first.to_digit(10));
    let spelled = digit.and_then(|digit| DIGITS.get(digit as usize)).copied().unwrap_or_default();
    let rest = if digit.is_some() { text.get(1..).unwrap_or_default() } else { text };
    spelled.split(' ').chain(rest.split(|c: char| !c.is_ascii_alphanumeric())).map(capital).collect()
}

fn capital(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + rest.as_str())
}

/// Whether every language can call a field that.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_chosen_for_their_reader() {
        let components = ["ApiKey", "SecretStore"];
        assert_eq!(object("VaultConfig", &components), "VaultConfig");
        assert_eq!(object("WrittenExtract", &components), "Extract");
        assert_eq!(object("ApiKey", &components), "ApiKeyHelper");
        assert_eq!(inner("TlsCertificate", "keys"), "TlsCertificateKeys");
        assert_eq!(inner("TlsCertificateHelper", "keys"), "TlsCertificateKeys");
        assert_eq!(words("ExternalSecret", "refreshPolicy"), "RefreshPolicy");
        assert_eq!(words("VaultConfig", "version"), "VaultVersion");
        assert_eq!(words("GeneratorRef", "kind"), "GeneratorKind");
        assert_eq!((pascal("tls.crt").as_str(), pascal("1password").as_str()), ("TlsCrt", "OnePassword"));
    }

    #[test]
    fn a_key_with_a_dot_is_no_identifier() {
        for name in ["host", "onepasswordSDK", "s3"] {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["tls.crt", "", "Host", "9p", "access-key"] {
            assert!(!is_identifier(name), "{name}");
        }
    }
}
