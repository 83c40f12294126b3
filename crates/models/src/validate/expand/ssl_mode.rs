//! How TLS is used, in the connection strings of what speaks PostgreSQL's language.

use keyloom_connections::SSL_MODES;
use keyloom_syntax::Text;
use keyloom_syntax::suggest::suggest;

use crate::code::SSL_MODE;
use crate::finding::{Findings, Place};

/// The parameter of libpq, which all drivers with these schemes read.
const PARAMETER: &str = "sslmode";

/// Schemes of drivers that read it. Others, such as `postgresql+asyncpg`, refuse a parameter that they do not know.
const SCHEMES: [&str; 4] = ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"];

/// A word that the driver of Node has beside those of libpq.
const OF_NODE: &str = "no-verify";

/// Whether connection strings of that scheme say it in the parameter.
pub(super) fn is_read(scheme: &Text) -> bool {
    scheme.judge(|scheme| SCHEMES.contains(&scheme)) == Some(true)
}

/// Whether parameters say it already, as far as is known.
pub(super) fn is_said(parameters: Option<&Text>) -> bool {
    let text = parameters.and_then(|text| text.written().or_else(|| text.expose_secret()));
    text.is_some_and(|text| values(text).next().is_some())
}

/// Reports a word in parameters that no driver knows: an application would find out when it first connects.
pub(super) fn check(scheme: &Text, parameters: Option<&Text>, place: &Place, findings: &mut Findings) {
    let Some(text) = parameters.and_then(Text::known).filter(|_| is_read(scheme)) else { return };
    let words = || SSL_MODES.iter().copied().chain([OF_NODE]);
    for word in values(text).filter(|word| words().all(|known| known != *word)) {
        let finding = findings.error(
            SSL_MODE,
            place.at("url").at("parameters"),
            format!("`{PARAMETER}={word}` is none that PostgreSQL's clients know"),
        );
        match suggest(word, words()) {
            Some(near) => finding.label(format!("did you mean `{near}`?")),
            None => finding.label("no such word"),
        };
        finding.fix(format!("write one of {}", words().collect::<Vec<_>>().join(", ")));
    }
}

fn values(parameters: &str) -> impl Iterator<Item = &str> {
    let pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == PARAMETER).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_seen_though_another_tool_fills_in_its_value() {
        for text in ["sslmode=require", "a=b&sslmode=require", "sslmode="] {
            assert!(is_said(Some(&text.into())), "{text}");
        }
        assert!(is_said(Some(&Text::placeholder("sslmode=${MODE}"))));
        for text in ["", "sslmode", "notsslmode=require", "a=sslmode=require"] {
            assert!(!is_said(Some(&text.into())), "{text}");
        }
        assert!(!is_said(None) && !is_said(Some(&Text::placeholder("${PARAMETERS}"))));
    }

    #[test]
    fn drivers_that_read_it_are_known_by_their_scheme() {
        assert!(is_read(&"postgresql".into()) && !is_read(&"postgresql+asyncpg".into()));
        let secret = Text::secret("postgresql".to_owned().into(), keyloom_syntax::Origins::NONE);
        assert!(is_read(&secret), "what is secret is read all the same");
        assert!(!is_read(&"mysql".into()) && !is_read(&Text::placeholder("${SCHEME}")));
    }
}
