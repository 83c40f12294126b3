//! What Flux does to `${NAME}` before a server reads a manifest.

use crate::Result;
use crate::e2e::manifests::{self, Manifest};

/// Fills in every placeholder: with its default, or else with its own name in small letters.
pub(super) fn fill_in(manifests: &[Manifest]) -> Result<Vec<Manifest>> {
    let mut filled = Vec::new();
    for manifest in manifests {
        filled.extend(manifests::parse(&fill(&manifest.text))?);
    }
    Ok(filled)
}

fn fill(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once("${").and_then(|(before, from)| Some((before, from.split_once('}')?)))
    {
        filled.push_str(before);
        match inside.split_once(":=") {
            Some((_, default)) => filled.push_str(default),
            None => filled.push_str(&inside.to_lowercase().replace('_', "-")),
        }
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_names_are_filled_in() {
        assert_eq!(fill("a: ${APP_NAME}/${X:=eu}$ {b} ${"), "a: app-name/eu$ {b} ${");
    }
}
