//! What import says of manifests that it cannot hold: `import/CODE.yaml` with what is reported in `import/CODE.txt`, and
//! `import/CODE.ok.yaml`, a near miss with the declaration it becomes in `import/CODE.ok.txt`. `UPDATE=1` writes the
//! texts; the difference is then read in review.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

mod common;

use common::{imported, mended};
use keyloom_foreign::import::Options;
use keyloom_models::ProviderKind;
use keyloom_syntax::Sources;

fn sources(text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add("manifests.yaml", text.to_owned()).unwrap();
    sources
}

/// What a text comes to: the declaration, then what is reported.
fn outcome(text: &str, options: &Options) -> String {
    let sources = mended(&sources(text));
    let imported = imported(&sources, options);
    let mut said = imported.text.clone().unwrap_or_else(|| "nothing is written\n".to_owned());
    for one in &imported.diagnostics {
        let at = one.primary.span.and_then(|span| sources.locate(span));
        let at = at.map(|at| format!("{}:{}", at.line, at.column)).unwrap_or_default();
        let _ = writeln!(said, "{}[{}] {at} {}", one.severity.as_str(), one.code, one.message);
        for (name, text) in [("why", &one.why), ("fix", &one.fix)] {
            if let Some(text) = text {
                let _ = writeln!(said, "  {name}: {text}");
            }
        }
    }
    said
}

#[test]
fn cases_come_to_what_is_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let said = outcome(&fs::read_to_string(&path).unwrap(), &Options::default());
        let twin = path.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&twin, &said).unwrap();
        }
        assert_eq!(said, fs::read_to_string(&twin).unwrap_or_default(), "{}", path.display());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".ok.yaml") {
            assert!(!said.contains("\nerror["), "{name}: {said}");
        } else {
            assert!(said.starts_with("nothing is written\n"), "{name}: {said}");
            let code = name.split('.').next().unwrap();
            assert!(said.contains(&format!("[{code}]")), "{name}: {said}");
        }
        assert!(!said.contains("canary"), "{name}: {said}");
    }
}

const SECRET: &str = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: a, namespace: b}\n\
    spec: {secretStoreRef: {name: s, kind: ClusterSecretStore}, data: [{secretKey: k, remoteRef: {key: p, property: q}}]}\n";

#[test]
fn a_provider_may_be_told() {
    let told = [("s".to_owned(), ProviderKind::Vault)].into();
    let declaration = "stores:\n- {name: s, clusterScoped: true, provider: vault, external: true}\n";
    for options in [
        Options { stores: told, ..Options::default() },
        Options { others: Some(ProviderKind::Vault), ..Options::default() },
    ] {
        assert!(outcome(SECRET, &options).starts_with(declaration));
    }
}

#[test]
fn a_version_that_is_told_is_said() {
    let text =
        SECRET.replace("property: q", "property: q, conversionStrategy: Default, decodingStrategy: None");
    let options = |eso: &str| Options {
        eso: Some(eso.parse().unwrap()),
        others: Some(ProviderKind::Vault),
        ..Options::default()
    };
    // The older API server adds what the newer one does not.
    let old = outcome(&text, &options("0.20"));
    assert!(old.starts_with("versions: {eso: \"0.20\"}\n") && !old.contains("Strategy"), "{old}");
    let new = outcome(&text, &options("2.9"));
    assert!(new.contains("conversionStrategy: Default") && new.contains("decodingStrategy: None"), "{new}");
}
