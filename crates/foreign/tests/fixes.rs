//! Mending by example: `fix/CASE.yaml` becomes `fix/CASE.fixed.yaml`, or stays as it is where there is none. `UPDATE=1`
//! writes them; the difference is then read in review.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use keyloom_foreign::fix::fix;
use keyloom_foreign::{Options, validate};
use keyloom_syntax::Sources;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fix");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| !path.to_string_lossy().ends_with(".fixed.yaml"));
    paths.sort();
    paths
}

fn sources(text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add("case.yaml", text.to_owned()).unwrap();
    sources
}

/// Codes and lines of what is found.
fn found(text: &str) -> Vec<(&'static str, u32)> {
    let sources = sources(text);
    let outcome = validate(&sources, &Options::default());
    let line = |one: &keyloom_syntax::Diagnostic| {
        one.primary.span.and_then(|span| sources.locate(span)).map_or(0, |at| at.line)
    };
    outcome.diagnostics.iter().map(|one| (one.code, line(one))).collect()
}

#[test]
fn cases_are_mended_as_written() {
    for path in cases() {
        let text = fs::read_to_string(&path).unwrap();
        let fixed = fix(&sources(&text), &Options::default());
        let twin = path.with_extension("fixed.yaml");
        let mended = fixed.files.first().map(|(_, text)| text.clone());
        if std::env::var_os("UPDATE").is_some() {
            match &mended {
                Some(text) => fs::write(&twin, text).unwrap(),
                None => drop(fs::remove_file(&twin)),
            }
        }
        assert_eq!(mended, fs::read_to_string(&twin).ok(), "{}", path.display());
        let Some(mended) = mended else { continue };
        let again = fix(&sources(&mended), &Options::default());
        assert_eq!((again.files.len(), again.mended), (0, 0), "{} twice", path.display());
        let (before, after) = (found(&text), found(&mended));
        assert!(after.len() < before.len(), "{}: {before:?} became {after:?}", path.display());
    }
}

#[test]
fn everything_but_the_edits_stays_byte_for_byte() {
    let text = "\u{feff}# first\r\n'apiVersion': \"external-secrets.io/v1beta1\"   # old\r\nkind:  ExternalSecret\r\n\
        metadata: { name: a ,}\r\nspec:\r\n   refreshInterval:   1d\t# a day\r\n   data: [ ]\r\n\r\n...\r\n";
    let fixed = fix(&sources(text), &Options::default());
    let expected = text.replace("v1beta1", "v1").replace("1d", "24h");
    assert_eq!(fixed.files[0].1, expected);
}
