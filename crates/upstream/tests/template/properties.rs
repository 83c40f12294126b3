//! Nothing that is written in a template makes the checker panic, and what is right has no faults.

use keyloom_upstream::template::{Given, Position, check};
use proptest::prelude::*;
use proptest::sample::select;

use crate::{corpus::corpus, given};

/// Pieces of templates, and of what damages them.
fn piece() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "{{",
        "}}",
        "{{- ",
        " -}}",
        " ",
        "|",
        "(",
        ")",
        ".",
        "$",
        "\"",
        "`",
        "'",
        "/*",
        "*/",
        ".user",
        " end ",
        " if ",
        "{{ end }}",
        "{{ else }}",
        "{{ else if .a }}",
        "{{ if .user }}",
        "{{ range $k, $v := . }}",
        "{{ with .user }}",
        ":=",
        "=",
        ",",
        "$x",
        "0",
        "1.5",
        "-",
        "true",
        " nil ",
        " upper ",
        " index . ",
        "\\",
        "ä",
        "{",
        "}",
        "{{ define \"a\" }}",
        "{{ template \"a\" . }}",
        "{{ block \"b\" . }}",
        "{{ break }}",
        "\n",
        "\u{a0}",
        "“",
    ];
    prop_oneof![4 => select(KNOWN).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

proptest! {
    #[test]
    fn any_text_is_checked_without_panic(pieces in prop::collection::vec(piece(), 0..40)) {
        let template: String = pieces.concat();
        for position in [Position::Value, Position::KeysAndValues, Position::Yaml, Position::Transform] {
            let faults = check(&template, &Given { position, ..given() });
            for fault in &faults {
                prop_assert!(template.get(fault.range.clone()).is_some(), "{template:?} {fault:?}");
            }
            prop_assert!(faults.windows(2).all(|pair| pair[0].range.start <= pair[1].range.start));
        }
    }

    #[test]
    fn damaged_templates_are_checked_without_panic(
        which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), cut in 0_usize..4, put in piece(),
    ) {
        let cases = corpus();
        let template: Vec<char> = which.get(cases).template.chars().collect();
        let at = at.index(template.len() + 1);
        let rest = template.iter().skip(at + cut);
        let damaged: String = template.iter().take(at).copied().chain(put.chars()).chain(rest.copied()).collect();
        for fault in check(&damaged, &given()) {
            prop_assert!(damaged.get(fault.range.clone()).is_some(), "{damaged:?} {fault:?}");
        }
    }

    /// What is built of right parts is right.
    #[test]
    fn right_templates_have_no_faults(template in right(3)) {
        prop_assert_eq!(check(&template, &given()), []);
    }
}

/// A text of the language: a value that is text.
fn text_value() -> BoxedStrategy<String> {
    let simple = prop_oneof![
        select(["user", "password", "host", "port"].as_slice()).prop_map(|key| format!(".{key}")),
        select(["my-key", "tls.crt"].as_slice()).prop_map(|key| format!("(index . \"{key}\")")),
        "[a-z{} ]{0,6}".prop_map(|text| format!("\"{text}\"")),
        "[a-z\\\\\"{} ]{0,6}".prop_map(|text| format!("`{text}`")),
    ];
    const CALLS: &[&str] = &[
        "upper",
        "b64enc",
        "quote",
        "trim",
        "indent 4",
        "replace \"a\" \"b\"",
        "urlquery",
        "toJson",
        "default \"x\"",
    ];
    simple
        .prop_recursive(3, 12, 2, |inner| {
            prop_oneof![
                (inner.clone(), select(CALLS)).prop_map(|(value, call)| format!("({value} | {call})")),
                (inner.clone(), inner).prop_map(|(a, b)| format!("(printf \"%s:%s\" {a} {b})")),
            ]
        })
        .boxed()
}

fn right(depth: u32) -> BoxedStrategy<String> {
    let action = text_value().prop_map(|value| format!("{{{{ {value} }}}}"));
    let text = "[a-z}: \n-]{0,8}";
    let leaf = prop_oneof![action, text.prop_map(String::from), Just("{{- /* words */ -}}".to_owned())];
    leaf.prop_recursive(depth, 24, 3, |inner| {
        let value = text_value();
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a + &b),
            (value.clone(), inner.clone(), inner.clone())
                .prop_map(|(value, a, b)| format!("{{{{ if {value} -}}}}{a}{{{{ else if eq {value} \"\" }}}}{b}{{{{ end }}}}")),
            value.prop_map(|value| format!("{{{{ with $x := {value} }}}}{{{{ . }}}}{{{{ $x }}}}{{{{ $.user }}}}{{{{ end }}}}")),
            inner.prop_map(|inner| format!("{{{{ range $i, $e := splitList \",\" .list }}}}{{{{ $e }}}}{{{{- continue }}}}{{{{ end }}}}{inner}")),
        ]
    })
    .boxed()
}
