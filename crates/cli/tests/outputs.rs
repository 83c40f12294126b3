//! Findings in the forms that other programs read: each is whole, says the same, and depends on nothing but the input.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::path::Path;

use serde_json::Value;

mod support;

use support::{Run, cases, run, run_in, run_with, snapshot};

const FORMS: [&str; 5] = ["text", "json", "sarif", "junit", "github"];

fn output(form: &str, args: &[&str]) -> Run {
    run(&[&["check", "--output", form], args].concat())
}

fn sarif(args: &[&str]) -> Value {
    serde_json::from_str(&output("sarif", args).out).unwrap()
}

/// The documents among the cases.
fn documents() -> Vec<String> {
    let names = fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".yaml")).collect();
    names.sort();
    names
}

#[test]
fn every_form_shows_place_message_why_and_fix() {
    for form in ["sarif", "junit", "github"] {
        snapshot(form, &output(form, &["two-methods.yaml", "good.yaml"]));
    }
}

#[test]
fn every_form_says_the_same() {
    for name in documents() {
        let [json, sarif, junit, github] =
            ["json", "sarif", "junit", "github"].map(|form| output(form, &[&name]).out);
        let found: Value = serde_json::from_str(&json).unwrap();
        let found = found.as_array().unwrap().len();
        let sarif: Value = serde_json::from_str(&sarif).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let standing = results.iter().filter(|one| one.get("suppressions").is_none()).count();
        assert_eq!(standing, found, "{name}");
        assert_eq!(github.lines().count(), found, "{name}: {github}");
        assert!(github.lines().all(|line| line.starts_with("::")), "{name}: {github}");
        let junit = roxmltree::Document::parse(&junit).unwrap();
        let all = junit.descendants().filter(|node| node.has_tag_name("testcase"));
        let cases = all.filter(|case| !case.children().any(|node| node.has_tag_name("skipped"))).count();
        assert_eq!(cases, found.max(1), "{name}");
    }
}

#[test]
fn every_form_says_it_again() {
    for form in FORMS {
        let [one, two] = [(), ()].map(|()| output(form, &["twenty-mistakes.yaml", "good.yaml"]));
        assert_eq!((one.code, one.out, one.err), (two.code, two.out, two.err), "{form}");
    }
}

#[test]
fn rules_and_places_of_sarif_fit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for name in documents() {
        let log = sarif(&[&name]);
        let run = &log["runs"][0];
        let text = fs::read_to_string(cases().join(&name)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
            let page = rule["helpUri"].as_str().unwrap().split_once("/blob/main/").unwrap().1;
            assert!(root.join(page).is_file(), "{page}");
            assert!(rule["help"]["markdown"].as_str().unwrap().contains("Mend "), "{page}");
        }
        let mut fingerprints = Vec::new();
        for result in run["results"].as_array().unwrap() {
            let rule = &run["tool"]["driver"]["rules"]
                [usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            fingerprints
                .push(result["partialFingerprints"]["keyloomFinding/v1"].as_str().unwrap().to_owned());
            let related = result["relatedLocations"].as_array().into_iter().flatten();
            for place in result["locations"].as_array().unwrap().iter().chain(related) {
                let physical = &place["physicalLocation"];
                assert_eq!(physical["artifactLocation"]["uri"], name.as_str());
                if let Some(region) = physical.get("region") {
                    let at = |key: &str| usize::try_from(region[key].as_u64().unwrap()).unwrap();
                    let width = |line: usize| lines.get(line - 1).unwrap_or(&"").chars().count();
                    assert!(
                        (1..=width(at("startLine")) + 1).contains(&at("startColumn")),
                        "{name}: {result}"
                    );
                    assert!((1..=width(at("endLine")) + 1).contains(&at("endColumn")), "{name}: {result}");
                }
            }
        }
        let all = fingerprints.len();
        fingerprints.sort();
        fingerprints.dedup();
        assert_eq!(fingerprints.len(), all, "{name}: every finding has a fingerprint of its own");
    }
}

/// Somebody writes a comment and an item before a finding: for code scanning it is the same finding.
#[test]
fn fingerprints_outlive_an_edit() {
    const BEFORE: &str =
        "externalSecrets:\n- {name: api, secretStoreRef: none, data: [{key: a, path: a/b}]}\n";
    const AFTER: &str = "# about\nexternalSecrets:\n- {name: other, secretStoreRef: some, data: [{key: a, path: a/b}]}\n\
                         - {name: api, secretStoreRef: none, data: [{key: a, path: a/b}]}\n";
    let prints = |text: &str| -> Vec<String> {
        let log: Value = serde_json::from_str(&run_with(&["check", "-", "-o", "sarif"], text).out).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|one| one["partialFingerprints"].to_string()).collect()
    };
    let (before, after) = (prints(BEFORE), prints(AFTER));
    assert_eq!((before.len(), after.len()), (1, 2));
    assert!(after.contains(&before[0]), "{before:?} {after:?}");
}

#[test]
fn denied_warnings_are_errors_in_every_form() {
    for (form, lenient, strict) in [
        ("text", "warning[refresh-out-of-range]", "error[refresh-out-of-range]"),
        ("json", r#""severity":"warning""#, r#""severity":"error""#),
        ("sarif", r#""level": "warning""#, r#""level": "error""#),
        ("junit", r#"failures="0""#, r#"<failure type="refresh-out-of-range""#),
        ("github", "::warning ", "::error "),
    ] {
        let fine = output(form, &["warned.yaml"]);
        assert!(
            fine.code == 0 && fine.out.contains(lenient) && !fine.out.contains(strict),
            "{form}: {}",
            fine.out
        );
        let denied = output(form, &["warned.yaml", "--deny-warnings"]);
        assert!(
            denied.code == 1 && denied.out.contains(strict) && !denied.out.contains(lenient),
            "{form}: {}",
            denied.out
        );
        assert!(denied.err.contains("error"), "{form}: {}", denied.err);
    }
}

#[test]
fn every_form_says_how_many_are_not_shown() {
    for (form, words) in [
        ("text", " more; --max-problems shows more of them"),
        ("sarif", r#""notShown": "#),
        ("junit", " more\">\n      <skipped message=\"--max-problems shows more of them\"/>"),
        ("github", " more; --max-problems shows more of them"),
    ] {
        let cut = output(form, &["twenty-mistakes.yaml", "--max-problems", "2"]);
        assert!(cut.out.contains(words), "{form}: {}", cut.out);
        assert!(cut.err.contains(" errors"), "the summary counts all: {}", cut.err);
    }
    let cut = output("json", &["twenty-mistakes.yaml", "--max-problems", "2"]);
    assert!(cut.err.contains(" are not shown"), "the array cannot say it: {}", cut.err);
    let junit = output("junit", &["twenty-mistakes.yaml", "--max-problems", "2"]).out;
    let junit = roxmltree::Document::parse(&junit).unwrap();
    assert_eq!(junit.root_element().attribute("tests"), Some("3"));
    assert_eq!(junit.root_element().attribute("failures"), Some("2"));
}

#[test]
fn reports_hold_no_absolute_path_and_odd_names_are_encoded() {
    let dir = tempfile::tempdir().unwrap();
    let folder = fs::canonicalize(dir.path()).unwrap();
    let name = "a b#1%,:ü.yaml";
    let path = folder.join(name);
    fs::write(&path, "stores: [{name: aws, providr: aws}]").unwrap();
    fs::write(folder.join("nul.yaml"), "a: \0").unwrap();
    let elsewhere = cases();
    for (here, form) in FORMS[2..].iter().flat_map(|form| [(&folder, form), (&elsewhere, form)]) {
        let nul = folder.join("nul.yaml");
        for path in [&path, &nul] {
            let run = run_in(here, &["check", path.to_str().unwrap(), "--output", form]);
            assert_eq!(run.code, 1, "{}", run.err);
            assert!(!run.out.contains(folder.to_str().unwrap()), "{form}: {}", run.out);
        }
    }
    let run = |form| run_in(&folder, &["check", name, "--output", form]).out;
    assert!(run("sarif").contains(r#""uri": "a%20b%231%25%2C%3A%C3%BC.yaml""#), "{}", run("sarif"));
    assert!(run("github").contains("file=a b#1%25%2C%3Aü.yaml,line=1,"), "{}", run("github"));
    let text = run("junit");
    let junit = roxmltree::Document::parse(&text).unwrap();
    assert!(junit.descendants().any(|node| node.attribute("file") == Some(name)), "{text}");
}

#[test]
fn hostile_text_stays_text_in_every_form() {
    let text =
        "\"a\\u001b[2J\\u0000\\ufffe]]><&'::error::x%0A\\n::set-output name=x::y\": 1\nstoress: ['<b>&\"]\n";
    for form in &FORMS[1..] {
        let run = run_with(&["check", "-", "--output", form], text);
        assert_eq!(run.code, 1, "{}", run.err);
        let bad = run.out.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(bad, None, "{form}: {}", run.out);
        match *form {
            "junit" => drop(roxmltree::Document::parse(&run.out).unwrap()),
            "github" => assert!(run.out.lines().all(|line| line.starts_with("::error file=")), "{}", run.out),
            _ => drop(serde_json::from_str::<Value>(&run.out).unwrap()),
        }
    }
}

#[test]
fn what_a_comment_sets_aside_is_not_a_finding_but_can_be_read_in_reports() {
    for form in FORMS {
        let run = output(form, &["ignored.yaml", "--deny-warnings"]);
        assert_eq!(run.code, 1, "one comment is of no use: {}", run.err);
        assert!(run.err.starts_with("1 error, 2 ignored in ignored.yaml"), "{}", run.err);
        assert!(run.out.contains("suppression-unused"), "{form}: {}", run.out);
        let reported = matches!(form, "sarif" | "junit");
        assert_eq!(run.out.contains("rotates it once a year"), reported, "{form}: {}", run.out);
    }
    snapshot("ignored-sarif", &output("sarif", &["ignored.yaml"]));
    snapshot("ignored-junit", &output("junit", &["ignored.yaml"]));
    let render = run(&["render", "ignored.yaml", "--deny-warnings"]);
    assert!(render.code == 0 && render.out.contains("refreshInterval: 0s"), "{}", render.err);
    assert_eq!(render.err, "");
}

#[test]
fn findings_of_foreign_manifests_can_be_set_aside_even_errors() {
    let args = ["check", "good.yaml", "--manifests", "-"];
    let pod = |comment: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: web\n    env:\n    \
             - name: A\n      valueFrom:\n        secretKeyRef: {{name: none, key: a}}{comment}\n"
        )
    };
    let before = run_with(&args, &pod(""));
    assert!(before.code == 1 && before.out.contains("error[unknown-secret]"), "{}", before.out);
    let after = run_with(&args, &pod(" # keyloom: ignore unknown-secret -- made by hand in that cluster"));
    assert_eq!((after.code, after.out.as_str()), (0, ""), "{}", after.err);
}

#[test]
fn validate_has_the_same_forms() {
    for form in FORMS {
        let run = run(&["validate", "manifest.yaml", "--output", form]);
        assert_eq!(run.code, 1, "{}", run.err);
        assert!(run.err.starts_with("1 error, 1 ignored in manifest.yaml (1 object"), "{}", run.err);
        assert!(run.out.contains("unknown-field") && !run.out.contains("canary"), "{form}: {}", run.out);
        let reported = matches!(form, "sarif" | "junit");
        assert_eq!(run.out.contains("our admission webhook"), reported, "{form}: {}", run.out);
    }
}
