//! The page of connections has every variable that a backend reads, and no other.

#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Those that Kubernetes sets.
const OF_PODS: [&str; 1] = ["KUBERNETES_SERVICE_HOST"];

/// The section of the page with this title.
fn section(title: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../../docs/connections.md")).unwrap();
    let begin = page.find(&format!("\n### {title}\n")).unwrap();
    let section = &page[begin + 1..];
    section[..section[1..].find("\n##").unwrap()].to_owned()
}

/// What a table or the words around it name in backticks and that is spelled as variables of these backends are.
fn named(text: &str, begins: &[&str]) -> BTreeSet<String> {
    let ticked = text.split('`').skip(1).step_by(2);
    let is_variable = |word: &&str| begins.iter().any(|begin| word.starts_with(begin) && !word.contains(' '));
    ticked.filter(is_variable).map(str::to_owned).collect()
}

/// What is asked for, whatever is answered.
fn asked(runs: &[&[(&str, &str)]], begin: impl Fn(&dyn Fn(&str) -> Option<String>)) -> BTreeSet<String> {
    let asked = RefCell::new(BTreeSet::new());
    for set in runs {
        begin(&|name: &str| {
            asked.borrow_mut().insert(name.to_owned());
            set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned())
        });
    }
    let mut asked = asked.into_inner();
    asked.retain(|name| !OF_PODS.contains(&name.as_str()));
    asked
}

#[cfg(feature = "vault")]
#[test]
fn every_variable_of_vault_is_in_the_page() {
    let runs: &[&[(&str, &str)]] = &[
        &[("BRUIN_VAULT_ROLE", "app")],
        &[("BRUIN_VAULT_HOST", "http://vault.vault.svc"), ("BRUIN_VAULT_TOKEN", "canary")],
        &[],
    ];
    let read = asked(runs, |get| drop(keyloom_runtime::connections::Vault::from_env(get)));
    assert!(read.len() > 10, "{read:?}");
    assert_eq!(named(&section("Vault and OpenBao"), &["BRUIN_VAULT_", "VAULT_"]), read);
    let source = include_str!("../src/connections/vault.rs");
    let doc: String = source.lines().filter(|line| line.trim_start().starts_with("///")).collect();
    assert_eq!(named(&doc, &["BRUIN_VAULT_", "VAULT_"]), read);
}

#[cfg(feature = "aws")]
#[test]
fn every_variable_of_aws_is_in_the_page() {
    let read = asked(&[&[("BRUIN_AWS_SESSION_TOKEN", "canary")], &[]], |get| {
        drop(keyloom_runtime::connections::AwsSecretsManager::from_env(get));
    });
    let page = named(&section("AWS Secrets Manager"), &["BRUIN_AWS_", "AWS_"]);
    // AWS's own SDK reads these.
    let of_chain = ["AWS_REGION".to_owned()];
    assert_eq!(page, read.iter().cloned().chain(of_chain).collect());
    let source = include_str!("../src/connections/aws.rs");
    let doc: String = source.lines().filter(|line| line.trim_start().starts_with("///")).collect();
    assert_eq!(named(&doc, &["BRUIN_AWS_", "AWS_"]), read);
}

#[test]
fn every_variable_of_infisical_is_in_the_page() {
    let read = asked(&[&[]], |get| drop(keyloom_runtime::connections::Infisical::from_env(get)));
    let page = named(&section("Infisical"), &["BRUIN_INFISICAL_", "INFISICAL_"]);
    assert_eq!(page, read);
}

#[test]
fn features_are_shown_to_programs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../../docs/connections.md")).unwrap();
    let (_, rust) = page.split_once("## In Rust").unwrap();
    let (rust, _) = rust.split_once("\n## ").unwrap();
    assert!(rust.contains(r#"features = ["vault"]"#) && rust.contains(r#"["aws"]"#));
}
