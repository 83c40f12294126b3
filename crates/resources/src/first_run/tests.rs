//! First runs: what the three behaviors make of both ends, and what a destination does to names.

use std::collections::BTreeMap;

use keyloom_models::key_schema::KeySchema;
use keyloom_syntax::{Label, Severity};
use proptest::prelude::*;

use super::*;
use InitialSyncBehavior::{ImportPrioritizeDestination, ImportPrioritizeSource, OverwriteDestination};

fn sync(target: Target, behavior: InitialSyncBehavior, schema: Option<&str>) -> Sync {
    Sync {
        name: "ci".to_owned(),
        source: Source {
            host: None,
            project: "7d0c6f3e-1a2b-4c3d-9e8f-001122334455".to_owned(),
            environment: "prod".to_owned(),
            path: "/ci-cd".to_owned(),
        },
        target,
        github_server: None,
        behavior,
        key_schema: KeySchema::new(schema, "prod"),
        disable_secret_deletion: false,
        allow_deletions: BTreeSet::new(),
    }
}

fn github() -> Target {
    Target::GithubRepository { owner: "acme".to_owned(), repository: "my-app".to_owned() }
}

fn each() -> Target {
    Target::AwsSecrets { region: "us-east-1".to_owned() }
}

fn one() -> Target {
    Target::AwsSecret { region: "us-east-1".to_owned(), secret: "myapp-secrets".to_owned() }
}

fn parameters() -> Target {
    Target::AwsParameters { region: "us-east-1".to_owned(), path: "/app/".to_owned() }
}

fn names(source: &[&str], destination: &[&str]) -> Names {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Names { source: set(source), destination: set(destination) }
}

/// `+NAME`, `~NAME`, ...; foreign names with a `!`.
fn told(run: &FirstRun) -> Vec<String> {
    let foreign = |row: &Row| if row.foreign { "!" } else { "" };
    run.rows.iter().map(|row| format!("{}{}{}", row.action.mark(), row.name, foreign(row))).collect()
}

#[test]
fn seed_000_deletes_what_the_workflow_logs_in_with() {
    let sync = sync(github(), OverwriteDestination, Some("{{secretKey}}"));
    let both = names(&["DATABASE_URL", "STRIPE_KEY"], &["STRIPE_KEY", "AWS_ACTIONS_ROLE_ARN", "NPM_TOKEN"]);
    let run = simulate(&sync, &both);
    assert_eq!(told(&run), ["+DATABASE_URL", "~STRIPE_KEY", "-AWS_ACTIONS_ROLE_ARN!", "-NPM_TOKEN!"]);
    let words: Vec<_> = run.rows.iter().map(|row| sync.words(row)).collect();
    assert_eq!(words[0], "");
    assert_eq!(words[1], "overwritten (value cannot be compared: GitHub never shows it)");
    assert_eq!(words[2], "deleted: not in /ci-cd, and keySchema \"{{secretKey}}\" claims every name");
    let found = findings(&sync, &run, &Label::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity, Severity::Error);
    assert_eq!(found[0].message, "the first run of \"ci\" deletes 2 secrets that it did not write");
    assert_eq!(
        found[0].fix.as_deref(),
        Some(
            "set syncOptions.keySchema: \"INFISICAL_{{secretKey}}\", or disableSecretDeletion: true, \
             or allowDeletions: [AWS_ACTIONS_ROLE_ARN, NPM_TOKEN]"
        )
    );
}

#[test]
fn every_remedy_of_the_finding_mends_it() {
    let both = names(&["A"], &["B", "C"]);
    let broken = sync(each(), OverwriteDestination, None);
    let refused = |sync: &Sync| simulate(sync, &both).refused().count();
    assert_eq!(refused(&broken), 2);
    assert_eq!(refused(&sync(each(), OverwriteDestination, Some("INFISICAL_{{secretKey}}"))), 0);
    assert_eq!(refused(&sync(each(), ImportPrioritizeSource, None)), 0);
    assert_eq!(refused(&Sync { disable_secret_deletion: true, ..broken.clone() }), 0);
    let allow = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(refused(&Sync { allow_deletions: allow(&["B", "C", "GONE"]), ..broken.clone() }), 0);
    let half = Sync { allow_deletions: allow(&["B"]), ..broken };
    let run = simulate(&half, &both);
    assert_eq!(run.of(Action::Delete).count(), 2, "what is allowed is deleted all the same");
    let found = findings(&half, &run, &Label::default());
    assert_eq!(found[0].message, "the first run of \"ci\" deletes 1 secret that it did not write");
    assert!(found[0].fix.as_ref().unwrap().ends_with("or allowDeletions: [C]"), "{found:?}");
}

#[test]
fn one_secret_is_written_as_a_whole() {
    let whole = sync(one(), OverwriteDestination, Some("INFISICAL_{{secretKey}}"));
    let whole = Sync { disable_secret_deletion: true, ..whole };
    let run = simulate(&whole, &names(&["A", "B"], &["B", "FOREIGN"]));
    assert_eq!(told(&run), ["+A", "~B", "-FOREIGN!"], "neither schema nor option keeps a key");
    assert_eq!(whole.one_secret().as_deref(), Some("INFISICAL_myapp-secrets"));
    let fix = findings(&whole, &run, &Label::default())[0].fix.clone().unwrap();
    assert_eq!(
        fix,
        "set syncOptions.initialSyncBehavior: import-prioritize-source, or allowDeletions: [FOREIGN]"
    );
    let importing = Sync { behavior: ImportPrioritizeSource, ..whole };
    let run = simulate(&importing, &names(&["A", "B"], &["B", "FOREIGN"]));
    assert_eq!(told(&run), ["+A", "~B", "<FOREIGN!"]);
}

#[test]
fn what_a_schema_does_not_claim_is_left_alone() {
    let sync = sync(parameters(), OverwriteDestination, Some("{{environment}}/{{secretKey}}"));
    let run = simulate(&sync, &names(&["A", "B"], &["prod/A", "prod/OLD", "prod/team/X", "dev/A", "C"]));
    assert_eq!(told(&run), ["+prod/B", "~prod/A", "-prod/OLD!", "=C!", "=dev/A!", "=prod/team/X!"]);
    let keep = run.of(Action::Keep).next().unwrap();
    assert_eq!(sync.words(keep), "kept: not claimed by keySchema \"{{environment}}/{{secretKey}}\"");
    let deleted = run.of(Action::Delete).next().unwrap();
    assert_eq!(
        sync.words(deleted),
        "deleted: not in /ci-cd, and keySchema \"{{environment}}/{{secretKey}}\" claims it"
    );
}

#[test]
fn github_has_capitals_alone() {
    let upper = sync(github(), OverwriteDestination, Some("app_{{secretKey}}"));
    let run = simulate(&upper, &names(&["key", "Key", "other"], &["APP_OTHER", "APP_OLD"]));
    // Infisical compares the schema as it is written, so that APP_OLD is not taken for its own.
    assert_eq!(told(&run), ["+APP_KEY", "~APP_OTHER", "=APP_OLD!"]);
    assert_eq!(run.collisions, [("APP_KEY".to_owned(), vec!["Key".to_owned(), "key".to_owned()])]);
    let found = findings(&upper, &run, &Label::default());
    assert_eq!(found[0].severity, Severity::Warning);
    assert_eq!(found[0].message, "Key, key of /ci-cd all become APP_KEY");
}

#[test]
fn key_vault_has_neither_underscores_nor_case() {
    let vault = Target::AzureKeyVault { vault: "https://v.vault.azure.net".to_owned() };
    let sync = sync(vault, OverwriteDestination, Some("inf_{{secretKey}}"));
    let run = simulate(&sync, &names(&["DB_URL"], &["Inf-db-url", "inf-OLD", "other"]));
    assert_eq!(told(&run), ["~inf-DB-URL", "-inf-OLD!", "=other!"]);
}

#[test]
fn a_destination_that_has_priority_is_imported() {
    let sync = sync(each(), ImportPrioritizeDestination, None);
    let run = simulate(&sync, &names(&["A", "B"], &["B", "C"]));
    assert_eq!(told(&run), ["+A", "<B", "<C!"]);
    let words: Vec<_> = run.of(Action::Import).map(|row| sync.words(row)).collect();
    assert_eq!(words, ["imported: its value overwrites that in /ci-cd", "imported: not in /ci-cd"]);
    assert!(run.changes());
    assert!(!simulate(&sync, &names(&[], &[])).changes());
}

#[test]
fn a_long_list_is_cut_in_the_message_and_odd_names_are_quoted() {
    let many: Vec<String> = (0..30).map(|n| format!("N{n:02}")).collect();
    let mut at: Vec<&str> = many.iter().map(String::as_str).collect();
    at.extend(["10", "a, b", "null"]);
    let sync = sync(each(), OverwriteDestination, None);
    let run = simulate(&sync, &names(&[], &at));
    assert_eq!(run.of(Action::Delete).count(), 33);
    let fix = findings(&sync, &run, &Label::default())[0].fix.clone().unwrap();
    assert!(fix.contains("allowDeletions: [\"10\", N00, N01"), "{fix}");
    assert!(fix.ends_with("N08, ... and 23 more]"), "{fix}");
}

/// What Infisical's server does, written down once more and with values: the maps at both ends after the first run.
type Map = BTreeMap<String, u8>;

fn run_with_values(behavior: InitialSyncBehavior, source: &Map, destination: &Map) -> (Map, Map) {
    let mut source = source.clone();
    for (name, value) in destination {
        match behavior {
            OverwriteDestination => {}
            ImportPrioritizeSource => {
                source.entry(name.clone()).or_insert(*value);
            }
            ImportPrioritizeDestination => {
                source.insert(name.clone(), *value);
            }
        }
    }
    (source.clone(), source)
}

fn maps() -> impl Strategy<Value = (Map, Map)> {
    let map = || proptest::collection::btree_map("[A-E]{1,2}", any::<u8>(), 0..12);
    (map(), map())
}

fn behaviors() -> impl Strategy<Value = InitialSyncBehavior> {
    prop_oneof![Just(OverwriteDestination), Just(ImportPrioritizeSource), Just(ImportPrioritizeDestination)]
}

fn keys(map: &Map) -> BTreeSet<String> {
    map.keys().cloned().collect()
}

proptest! {
    #[test]
    fn the_rows_lead_to_what_the_server_would_leave((source, destination) in maps(), behavior in behaviors()) {
        let (source_after, destination_after) = run_with_values(behavior, &source, &destination);
        for target in [each(), one(), parameters()] {
            let run = simulate(
                &sync(target, behavior, None),
                &Names { source: keys(&source), destination: keys(&destination) },
            );
            let (mut at_source, mut at_destination) = (source.clone(), destination.clone());
            for row in &run.rows {
                match row.action {
                    Action::Add | Action::Change => {
                        at_destination.insert(row.name.clone(), source[&row.name]);
                    }
                    Action::Import => {
                        at_source.insert(row.name.clone(), destination[&row.name]);
                    }
                    Action::Delete => {
                        at_destination.remove(&row.name);
                    }
                    Action::Keep => {}
                }
            }
            prop_assert_eq!(&at_source, &source_after);
            prop_assert_eq!(&at_destination, &destination_after);
        }
    }

    #[test]
    fn every_name_has_one_row_and_no_name_is_lost_unsaid(
        (source, destination) in maps(), behavior in behaviors(), keep in any::<bool>(),
        schema in proptest::option::of(prop_oneof![
            Just("{{secretKey}}"), Just("A{{secretKey}}"), Just("{{secretKey}}B"), Just("{{environment}}/{{secretKey}}"),
        ]),
    ) {
        for target in [each(), github(), parameters()] {
            let sync = Sync { disable_secret_deletion: keep, ..sync(target, behavior, schema) };
            let names = Names { source: keys(&source), destination: keys(&destination) };
            let run = simulate(&sync, &names);
            let rows: BTreeSet<_> = run.rows.iter().map(|row| row.name.clone()).collect();
            prop_assert_eq!(rows.len(), run.rows.len(), "a name has two rows");
            let wanted: BTreeSet<_> = source.keys().map(|name| sync.key_schema.expand(name).to_uppercase()).collect();
            for row in &run.rows {
                prop_assert_eq!(row.foreign, !wanted.contains(&row.name.to_uppercase()));
                prop_assert_eq!(row.action == Action::Add, !destination.contains_key(&row.name));
                if row.action == Action::Delete {
                    prop_assert!(row.foreign && !keep && behavior == OverwriteDestination);
                    prop_assert!(sync.key_schema.claims(&row.name));
                }
            }
            prop_assert!(destination.keys().all(|name| rows.contains(name)));
            let order: Vec<_> = run.rows.iter().map(|row| row.action).collect();
            prop_assert!(order.is_sorted());
        }
    }
}

#[test]
fn what_a_declaration_says_is_taken_over() {
    let text = r#"
infisical: {host: "https://eu.infisical.com"}
appConnections:
- {name: hub, app: github, method: pat, credentialsInState: true, credentials: {instanceType: server, host: ghe.example, personalAccessToken: {variable: token}}}
- {name: aws, app: aws, id: 6f1f2c5e-6a8e-4f3a-9a5b-0d3c1f7e2b11}
secretSyncs:
- name: ci
  type: github
  appConnection: hub
  projectId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455
  environment: prod
  secretPath: /ci-cd
  destinationConfig: {scope: repository-environment, repositoryOwner: acme, repositoryName: my-app, repositoryEnvironment: production}
  syncOptions: {initialSyncBehavior: overwrite-destination, keySchema: "{{environment}}_{{secretKey}}", disableSecretDeletion: true}
  allowDeletions: [OLD]
- name: off
  type: aws-parameter-store
  appConnection: aws
  projectId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455
  environment: prod
  secretPath: /api
  destinationConfig: {awsRegion: us-east-1, path: /app/}
  syncOptions: {initialSyncBehavior: import-prioritize-source}
  enabled: false
"#;
    let mut sources = keyloom_syntax::Sources::new();
    sources.add("keyloom.yaml", text.to_owned()).unwrap();
    let outcome = keyloom_models::read::load(&sources, &Default::default());
    assert!(
        outcome.diagnostics.iter().all(|found| found.severity != Severity::Error),
        "{:?}",
        outcome.diagnostics
    );
    let config = outcome.config.unwrap();
    let syncs: Vec<Sync> = Sync::all(&config).into_iter().map(Result::unwrap).collect();
    assert_eq!(syncs.len(), 1, "what is not enabled is not planned");
    let sync = &syncs[0];
    assert_eq!(sync.github_server.as_deref(), Some("ghe.example"));
    assert_eq!(sync.source.host.as_deref(), Some("https://eu.infisical.com"));
    assert_eq!(sync.target.to_string(), "GitHub acme/my-app (secrets of environment production)");
    assert_eq!(sync.key_schema.expand("A"), "prod_A");
    assert!(sync.disable_secret_deletion && sync.allow_deletions.contains("OLD"));
    assert!(outcome.secret_syncs["ci"].span.is_some());
}
