//! What is told of details, in full, by examples.

use keyloom_connections::{Connection, Secret};

const CASES: &str = include_str!("data/cases.txt");

#[test]
fn each_case_is_told_like_that() {
    let mut told = String::new();
    for line in CASES.lines() {
        if line.starts_with("  ") {
            continue;
        }
        told += &format!("{line}\n");
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (word, details) = line.split_once(' ').unwrap();
        let text = format!(r#"{{"type": "{word}", "details": {details}}}"#);
        let problems = match Connection::parse("db", &Secret::new(text)) {
            Ok(read) => read.warnings,
            Err(problems) => problems,
        };
        for problem in problems {
            told += &format!("  {}: {problem}; {}\n", problem.code(), problem.remedy());
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cases.txt"), &told).unwrap();
    }
    assert!(told == CASES, "it is now:\n{told}");
}
