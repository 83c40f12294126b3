//! Verdicts on templates, against those of Go; and that nothing which is written in a template makes it panic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keyloom_syntax::Severity;
use keyloom_upstream::eso::EsoVersion;
use keyloom_upstream::template::{Fault, FaultKind, Given, Known, Position, check};

mod corpus;
mod properties;

use corpus::{Verdict, corpus};

const KEYS: [&str; 10] =
    ["user", "password", "host", "port", "tls.crt", "my-key", "json", "list", "empty", "tls"];

fn given() -> Given<'static> {
    Given {
        eso: Some(EsoVersion::newest()),
        position: Position::Value,
        keys: Known { known: &KEYS, complete: true },
    }
}

fn errors(faults: &[Fault]) -> Vec<&Fault> {
    faults.iter().filter(|fault| fault.severity == Severity::Error).collect()
}

#[test]
fn verdicts_are_those_of_go() {
    let mut wrong = String::new();
    let cases = corpus();
    for case in cases {
        let faults = check(&case.template, &given());
        let errors = errors(&faults);
        let parses = |fault: &&Fault| {
            matches!(
                fault.kind,
                FaultKind::Syntax | FaultKind::UnknownFunction | FaultKind::ForbiddenFunction
            )
        };
        let agrees = match case.verdict {
            Verdict::Works | Verdict::Unseen => errors.is_empty(),
            Verdict::Refused => errors.iter().any(parses),
            Verdict::Stops | Verdict::Dead => !errors.is_empty(),
        };
        if !agrees {
            wrong.push_str(&format!("{}\n  Go: {}\n  here: {errors:?}\n", case.template, case.says));
        }
    }
    assert!(cases.len() > 780, "only {}", cases.len());
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What is said, as a reader sees it: the template, a caret, the words.
fn said(template: &str, given: &Given<'_>) -> String {
    let mut out = String::new();
    for fault in check(template, given) {
        let before = template[..fault.range.start].chars().count();
        let width = template[fault.range.clone()].chars().count().max(1);
        let severity = fault.severity.as_str();
        out.push_str(&format!("{template}\n{}{}", " ".repeat(before), "^".repeat(width)));
        if let Some(label) = &fault.label {
            out.push_str(&format!(" {label}"));
        }
        out.push_str(&format!("\n{severity} {:?}: {}\n", fault.kind, fault.message));
        for (word, text) in [("why", &fault.why), ("fix", &fault.fix)] {
            if let Some(text) = text {
                out.push_str(&format!("  {word}: {text}\n"));
            }
        }
    }
    out
}

#[test]
fn what_is_said_of_mistakes() {
    let templates: Vec<_> = include_str!("mistakes.txt").lines().collect();
    let said: Vec<_> = templates.iter().map(|template| said(template, &given())).collect();
    for (template, said) in templates.iter().zip(&said) {
        assert!(!said.is_empty(), "{template}");
    }
    insta::with_settings!({prepend_module_to_snapshot => false, snapshot_path => "."}, {
        insta::assert_snapshot!("mistakes", said.join("\n"));
    });
}

#[test]
fn values_without_quotes_and_escapes() {
    let found = |position, template: &str| {
        let faults = check(template, &Given { position, ..given() });
        let words = |fault: &Fault| {
            format!("{} {:?} {}", fault.severity.as_str(), fault.kind, &template[fault.range.clone()])
        };
        faults.iter().map(words).collect::<Vec<_>>()
    };
    let unquoted = |severity: &str, at: &str| vec![format!("{severity} Unquoted {at}")];
    let literal = |template: &str| found(Position::KeysAndValues, template);
    assert_eq!(literal("a: {{ .user }}\n"), unquoted("warning", "{{ .user }}"));
    assert_eq!(literal("a: x\nb:  {{ .user | upper }} # c\n"), unquoted("warning", "{{ .user | upper }}"));
    assert_eq!(literal("mode: 0777"), unquoted("warning", "0777"));
    assert_eq!(literal("{{ if .user }}\nmode: {{ else }}\nmode: yes{{ end }}"), unquoted("warning", "yes"));
    for fine in [
        "a: \"{{ .user }}\"\n",
        "a: '{{ .user }}'",
        "a: {{ .user | quote }}",
        "a: {{ .user | toJson }}",
        "a: x{{ .user }}",
        "port: {{ .port }}",
        "a: true",
        "a: 5432",
        "a: |\n  b: {{ .user }}\n  c: yes\n",
        "{{ .user }}: x",
        "{{ range $k, $v := . }}{{ $k }}: {{ $v | quote }}\n{{ end }}",
        "a:{{ .user }}",
        "# a: {{ .user }}",
    ] {
        assert_eq!(literal(fine), Vec::<String>::new(), "{fine}");
    }
    let file = "db:\n  - password: {{ .password }}\n    mode: 0777\n";
    assert_eq!(found(Position::Yaml, file), unquoted("note", "{{ .password }}"));
    assert_eq!(found(Position::Value, file), Vec::<String>::new());

    let broken = "a: {{ .user | nofunction }}";
    assert_eq!(literal(broken), ["error UnknownFunction nofunction"]);

    let url = |template: &str| found(Position::Value, template);
    assert_eq!(
        url("a=postgres://{{ .user }}:{{ .password }}@{{ .host }}:{{ .port }}/x"),
        ["note UnescapedUrl {{ .password }}"]
    );
    for fine in [
        "postgres://{{ .user }}:{{ .password | urlquery }}@{{ .host }}/x",
        "postgres://{{ .user }}:{{ index . \"password\" | urlquery | replace \"+\" \"%20\" }}@{{ .host }}",
        "{{ $p := .password | urlquery }}redis://:{{ $p }}@{{ .host }}",
        "https://{{ .host }}:{{ .port }}/{{ .user }}@x",
        "redis://{{ .host }}:{{ .port }}",
        "https://{{ .user }}@{{ .host }}",
        "https://a, mail: {{ .user }}@{{ .host }}",
    ] {
        assert_eq!(url(fine), Vec::<String>::new(), "{fine}");
    }
}

#[test]
fn which_keys_are_read() {
    let reads = |template: &str| {
        let reads = keyloom_upstream::template::reads(template);
        let keys: Vec<_> = reads.keys.into_iter().map(|read| read.key).collect();
        (keys.join(" "), reads.all)
    };
    for (template, keys, all) in [
        ("{{ .a }}{{ index . \"b-c\" }}{{ $.d }}", "a b-c d", false),
        ("{{ with .a }}{{ . }}{{ $.b }}{{ end }}", "a b", false),
        ("{{ range $k, $v := . }}{{ $k }}{{ end }}", "", true),
        ("{{ . | toJson }}", "", true),
        ("{{ index . .a }}", "a", true),
        ("{{ $d := . }}{{ $d.a }}", "a", false),
        ("{{ define \"t\" }}{{ .a }}{{ end }}{{ template \"t\" . }}", "a", false),
        ("{{ (fromJson .a).b }}", "a", false),
        ("{{ broken-word }}{{ .a }}", "a", false),
        ("no action", "", false),
    ] {
        assert_eq!(reads(template), (keys.to_owned(), all), "{template}");
    }
}

#[test]
fn what_is_not_known_is_no_fault() {
    let open = Given { keys: Known { known: &KEYS, complete: false }, ..given() };
    assert_eq!(check("{{ .other }}{{ index . \"another\" }}", &open), []);
    assert_eq!(check("text without an action: } }} {", &given()), []);
    let any = Given { eso: None, ..open };
    assert_eq!(check("{{ certSANs .a }}{{ htpasswd .a .b \"sha\" }}{{ htpasswd .a .b }}", &any), []);
}

#[test]
fn what_a_version_does_not_have() {
    let at = |version: &str| Given { eso: version.parse().ok(), ..given() };
    let kinds = |template: &str, version: &str| {
        check(template, &at(version)).iter().map(|fault| (fault.kind, fault.severity)).collect::<Vec<_>>()
    };
    let newer = vec![(FaultKind::NewerFunction, Severity::Error)];
    let forbidden = |severity| vec![(FaultKind::ForbiddenFunction, severity)];
    assert_eq!(kinds("{{ certSANs .tls }}", "0.20"), newer);
    assert_eq!(kinds("{{ certSANs .tls }}", "2.9"), []);
    assert_eq!(
        kinds("{{ htpasswd .user .password \"sha\" }}", "0.20"),
        [(FaultKind::ArgumentCount, Severity::Error)]
    );
    assert_eq!(kinds("{{ getHostByName .host }}", "0.20"), forbidden(Severity::Warning));
    assert_eq!(kinds("{{ getHostByName .host }}", "2.9"), forbidden(Severity::Error));
    assert_eq!(kinds("{{ env \"HOME\" }}", "0.20"), forbidden(Severity::Error));
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = |open: &str, close: &str| open.repeat(20_000) + "x" + &close.repeat(20_000);
    for template in [
        deep("{{ if .user }}", "{{ end }}"),
        deep("{{ if .user }}a{{ else if .port }}", "{{ end }}"),
        format!("{{{{ {} }}}}", deep("(", ")")),
        deep("{{ define \"a\" }}", "{{ end }}"),
        "{{".repeat(20_000),
    ] {
        assert!(!errors(&check(&template, &given())).is_empty());
    }
}
