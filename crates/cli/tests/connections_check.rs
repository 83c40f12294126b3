//! `keyloom connection check`: files of connections, in every build.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

const CASES: &str = include_str!("cases/connections.txt");

/// All mistakes at once, each at its place, and no value.
#[test]
fn a_file_of_connections_is_checked_where_it_is() {
    let text = r#"{
  "good": {"type": "generic", "details": {"value": "canary"}},
  "my-db": {
    "type": "postgres",
    "details": {"host": "h", "port": "canary", "username": "u", "password": "canary", "pasword": "canary"}
  },
  "other": {"type": "postgress", "details": {"value": "canary"}},
\t"good": {"type": "generic", "details": {}}
}
"#
    .replace("\\t", "\t");
    let run = support::run_with(&["connection", "check", "-"], &text);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(!run.out.contains("canary") && !run.err.contains("canary"), "{}", run.out);
    for words in [
        "connection 'my-db': `details.port` is a text",
        "connection 'my-db': `details.database` is missing",
        "`postgres` has no field `pasword`",
        "<stdin>:5:38",
        "connection 'other'",
        "did you mean `postgres`?",
        "connection 'good' stands twice",
        "connection 'good': `details.value` is missing",
    ] {
        assert!(run.out.contains(words), "{words}: {}", run.out);
    }
    let one = support::run_with(
        &["connection", "check", "-"],
        r#"{"type": "generic", "details": {"value": "canary"}}"#,
    );
    assert_eq!((one.code, one.out.as_str()), (0, ""), "{}", one.err);
    assert!(one.err.contains("no problems in standard input (1 connection)"), "{}", one.err);
    let with_schema = support::run_with(
        &["connection", "check", "-"],
        r#"{"$schema": "connections.schema.json", "one": {"type": "generic", "details": {"value": "canary"}}}"#,
    );
    assert_eq!((with_schema.code, with_schema.out.as_str()), (0, ""), "{}", with_schema.err);
    assert!(with_schema.err.contains("no problems in standard input (1 connection)"), "{}", with_schema.err);
    let broken = support::run_with(&["connection", "check", "-", "--output", "json"], "{\"a\": canary}\n");
    assert_eq!(broken.code, 1);
    assert!(broken.out.contains("connection-not-json") && !broken.out.contains("canary"), "{}", broken.out);
}

/// Which file is meant is said as for the backend `file`, and what is no file as by `keyloom check`.
#[test]
fn the_file_of_the_backend_is_checked_where_none_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let check = |args: &[&str], variable: &str| {
        let mut command = support::command(dir, &[&["connection", "check"], args].concat());
        support::finished(command.env("KEYLOOM_CONNECTIONS_FILE", variable).output().unwrap())
    };
    let missing = check(&[], "");
    assert_eq!(missing.code, 2, "{}", missing.err);
    let words = "there is no connections.json here; name a file, or write one with `keyloom connection put`";
    assert!(missing.err.contains(words), "{}", missing.err);
    let good = r#"{"a": {"type": "generic", "details": {"value": "canary"}}}"#;
    for name in ["connections.json", "other.json"] {
        private(&dir.join(name), good);
    }
    for (args, variable, code, words) in [
        (&[][..], "", 0, "no problems in connections.json (1 connection)"),
        (&[], "other.json", 0, "no problems in other.json (1 connection)"),
        (&["connections.json"], "other.json", 0, "no problems in connections.json"),
        (&[], "othr.json", 2, "cannot read othr.json"),
        (&["othr.json"], "", 2, "did you mean other.json?"),
        (&["."], "", 2, ". is a directory; name its files, such as ./*.json"),
    ] {
        let run = check(args, variable);
        assert_eq!((run.code, run.out.as_str()), (code, ""), "{args:?} {variable}: {}", run.err);
        assert!(run.err.contains(words) && !run.err.contains("canary"), "{args:?} {variable}: {}", run.err);
    }
}

fn private(path: &std::path::Path, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// A checkout has no other modes, so it is no error.
#[cfg(unix)]
#[test]
fn what_everybody_may_read_is_warned_of() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("connections.json");
    private(&path, r#"{"a": {"type": "generic", "details": {"value": "canary"}}}"#);
    for (mode, warned) in [(0o600, false), (0o640, false), (0o644, true), (0o602, true)] {
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let run = support::run_in(dir.path(), &["connection", "check", "connections.json"]);
        let words =
            format!("connections.json: everybody on this machine may read or write it (mode {mode:03o})");
        assert_eq!((run.code, run.out.contains(&words)), (0, warned), "{}", run.out);
    }
}

/// As large as the backend takes it, and no larger.
#[test]
fn the_size_is_that_of_the_backend() {
    let text = |more: usize| {
        let text = r#"{"a": {"type": "generic", "details": {"value": "canary"}}}"#;
        text.to_owned() + &" ".repeat(4 * 1024 * 1024 - text.len() + more)
    };
    for (more, code) in [(0, 0), (1, 1)] {
        let run = support::run_with(&["connection", "check", "-"], &text(more));
        assert_eq!(run.code, code, "{}{}", run.out, run.err);
        assert_eq!(run.out.contains("it is larger than 4194304 bytes"), code == 1, "{}", run.out);
        assert!(!run.out.contains("raise"), "{}", run.out);
    }
}

/// What is told of a text and where, in one line each; nothing where it is right.
#[test]
fn what_is_told_of_a_text_and_where() {
    let mut told = String::new();
    for line in CASES.lines().filter(|line| !line.starts_with("  ")) {
        told += &format!("{line}\n");
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let text: String = serde_json::from_str(&format!("\"{}\"", line.replace('"', "\\\""))).unwrap();
        let run = support::run_with(&["connection", "check", "-", "--output", "json"], &text);
        let found: Vec<serde_json::Value> = serde_json::from_str(&run.out).unwrap();
        assert_eq!(run.code, i32::from(found.iter().any(|it| it["severity"] == "error")), "{}", run.out);
        for it in found {
            let word = |name: &str| it[name].as_str().unwrap_or_default().replace('\n', "\\n");
            let place = format!("{}:{}-{}:{}", it["line"], it["column"], it["endLine"], it["endColumn"]);
            told += &format!(
                "  {place} {} {}: {}; {}\n",
                word("severity"),
                word("code"),
                word("message"),
                word("fix")
            );
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/connections.txt"), &told).unwrap();
    }
    assert!(told == CASES.replace("\r\n", "\n"), "it is now:\n{told}");
}

/// Neither an address with a user in it, which every process could read, nor a name that no list would have.
#[cfg(feature = "live")]
#[test]
fn what_is_no_argument_of_put_is_refused() {
    let put = ["connection", "put", "--secrets-backend", "file", "--type", "http", "--set"];
    for (name, set) in
        [("a", "url=https://u:canary@h.example/x"), ("", "url=https://h"), (" ", "url=https://h")]
    {
        let run = support::run(&[&put[..], &[set, "--", name]].concat());
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(!run.err.contains("canary"), "{}", run.err);
    }
}

/// What the page shows of the cluster is a whole document, of which exactly the keys come that stand below it.
#[test]
fn what_the_page_shows_of_the_cluster_passes_and_makes_what_it_says() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/connections.md")).unwrap();
    let section = page.split_once("\n## In the cluster\n").unwrap().1;
    let (_, block) = section.split_once("```yaml\n").unwrap();
    let (document, below) = block.split_once("```\n").unwrap();
    let checked = support::run_with(&["check", "-", "--deny-warnings"], document);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let rendered = support::run_with(&["render", "-"], document);
    let keys = rendered.out.lines().map(str::trim_start).filter_map(|line| line.split_once(": '{{ $c := "));
    let mut keys: Vec<_> = keys.map(|(key, _)| key).collect();
    let (told, _) = below.split_once(". [`").unwrap();
    let mut told: Vec<_> = told
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|it| it.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    keys.sort_unstable();
    told.sort_unstable();
    assert_eq!(keys, told);
}
