//! Keys of a typed connection, each a template over its whole JSON. A secret that is none, is of another type or lacks a field that
//! a key is made of fails the sync, in words that hold no value; so does a value of another kind, as in the programs that read it.
//!
//! `fromJson` makes every number a float: whole ones are written in digits again, and one that a float cannot hold is refused.

use keyloom_connections::{Field, Literal, Shape};
use keyloom_models::config::{ConnectionKey, ConnectionKeys, ConnectionUrl};
use keyloom_syntax::Text;

use super::{escaped, named, quoted};

/// Up to here a float holds every whole number, however it is rounded.
const LARGEST: &str = "999999999999999.0";

/// Keys and their templates.
pub(super) fn made(keys: &ConnectionKeys) -> Vec<(String, Text)> {
    let maker = Maker { keys };
    let of_field = |made: &ConnectionKey| named(&made.key, || maker.start().join(&maker.value(made.field)));
    let mut made: Vec<_> = keys.fields.iter().filter_map(of_field).collect();
    if let Some(url) = &keys.url {
        made.extend(named(&url.key, || maker.start().join(&maker.url(url))));
    }
    made
}

struct Maker<'a> {
    keys: &'a ConnectionKeys,
}

impl Maker<'_> {
    /// Reads the JSON into `$c`.
    fn start(&self) -> Text {
        let said = "get $c \"type\" | toString | trim";
        let other = match self.keys.words.as_slice() {
            [word] => format!("ne ({said}) \"{word}\""),
            words => format!("not (has ({said}) (list \"{}\"))", words.join("\" \"")),
        };
        join([
            format!("{{{{ $c := index . \"{}\" | fromJson | default dict }}}}", self.keys.fetched).into(),
            format!("{{{{ if {other} }}}}").into(),
            self.fail(&format!("the secret is no JSON with type {}", self.keys.kind)),
            "{{ end }}".into(),
        ])
    }

    fn fail(&self, what: &str) -> Text {
        let message = Text::from("connection ").join(&self.keys.name).join(&format!(": {what}").into());
        join(["{{ fail ".into(), quoted(&message), " }}".into()])
    }

    /// The value of a field as text, or its default.
    fn value(&self, field: &Field) -> Text {
        self.with(field, written(field.shape))
    }

    /// The same, as that writes it.
    fn with(&self, field: &Field, written: &str) -> Text {
        let name = field.name;
        let (right, what) = right(field);
        let what = match (field.default, refuses_empty(field)) {
            (Some(_), _) => format!("no {what}"),
            (None, true) => format!("missing, empty or no {what}"),
            (None, false) => format!("missing or no {what}"),
        };
        let absent = match field.default {
            Some(default) => {
                join(["{{ if kindIs \"invalid\" $v }}".into(), literal(default), "{{ else if not (".into()])
            }
            None => "{{ if not (".into(),
        };
        join([
            format!("{{{{ {} }}}}", read(name)).into(),
            absent,
            format!("{right}) }}}}").into(),
            self.fail(&format!("details.{name} is {what}")),
            format!("{{{{ else }}}}{{{{ {written} }}}}{{{{ end }}}}").into(),
        ])
    }

    /// A host is not escaped: an address of IPv6 gets its brackets, and what would end the host fails, for it would lead elsewhere.
    fn host(&self, field: &Field) -> Text {
        const BRACKETED: &str =
            "ternary (printf \"[%s]\" $v) $v (and (contains \":\" $v) (not (hasPrefix \"[\" $v)))";
        join([
            format!(
                "{{{{ {} }}}}{{{{ if regexMatch \"[/@?#[:space:]]\" (toString $v) }}}}",
                read(field.name)
            )
            .into(),
            self.fail(&format!("details.{} holds more than a host", field.name)),
            "{{ end }}".into(),
            self.with(field, BRACKETED),
        ])
    }

    /// User name, password and database are escaped. Go's `urlquery` writes a space as `+`, which is only right behind `?`.
    fn url(&self, url: &ConnectionUrl) -> Text {
        const ESCAPED: &str = "urlquery $v | replace \"+\" \"%20\"";
        let mut text = join([
            escaped(&url.scheme),
            "://".into(),
            self.with(url.username, ESCAPED),
            ":".into(),
            self.with(url.password, ESCAPED),
            "@".into(),
            self.host(url.host),
        ]);
        let port = url.port.map(|port| (":", port, written(port.shape)));
        let database = url.database.map(|database| ("/", database, ESCAPED));
        for (before, field, written) in port.into_iter().chain(database) {
            let part = Text::from(before).join(&self.with(field, written));
            let optional = !field.required && field.default.is_none();
            text = text.join(&match optional {
                true => join([
                    format!("{{{{ {} }}}}{{{{ if not (kindIs \"invalid\" $v) }}}}", read(field.name)).into(),
                    part,
                    "{{ end }}".into(),
                ]),
                false => part,
            });
        }
        text.join(&self.query(url, ESCAPED))
    }

    /// How TLS is used comes first: libpq takes the last of two, so parameters that are filled in later may say it otherwise.
    fn query(&self, url: &ConnectionUrl, how: &str) -> Text {
        let given = |before: &str| match &url.parameters {
            Some(parameters) if !parameters.is_empty() => Text::from(before).join(&escaped(parameters)),
            _ => Text::default(),
        };
        let Some(field) = url.ssl_mode else { return given("?") };
        let mode = Text::from("?sslmode=").join(&self.with(field, how));
        if field.default.is_some() || field.required {
            return join([mode, given("&")]);
        }
        let otherwise = given("?");
        let or_else = if otherwise == Text::default() {
            Text::default()
        } else {
            join(["{{ else }}".into(), otherwise])
        };
        join([
            format!("{{{{ {} }}}}{{{{ if not (kindIs \"invalid\" $v) }}}}", read(field.name)).into(),
            mode,
            given("&"),
            or_else,
            "{{ end }}".into(),
        ])
    }
}

/// Puts a field into `$v`; what is not there is as `null` is, an invalid value.
fn read(name: &str) -> String {
    format!("$v := index (get $c \"details\" | default dict) \"{name}\"")
}

/// What is right for `$v`, and the word for it.
fn right(field: &Field) -> (String, &'static str) {
    let kind = |kind: &str| format!("kindIs \"{kind}\" $v");
    let whole = "(kindIs \"float64\" $v) (eq (floor $v) $v)";
    match field.shape {
        Shape::Text if refuses_empty(field) => ("and (kindIs \"string\" $v) (trim $v)".to_owned(), "text"),
        Shape::Text => (kind("string"), "text"),
        Shape::Integer => {
            (format!("and {whole} (ge $v -{LARGEST}) (le $v {LARGEST})"), "whole number of at most 15 digits")
        }
        Shape::Port => (format!("and {whole} (ge $v 1.0) (le $v 65535.0)"), "port"),
        Shape::Number => (kind("float64"), "number"),
        Shape::Bool => (kind("bool"), "boolean"),
        Shape::Texts => (kind("slice"), "list"),
        Shape::TextMap | Shape::TextsMap | Shape::Object => (kind("map"), "mapping"),
    }
}

/// Whether an empty text is as good as none there, as to the programs that read the secret themselves.
fn refuses_empty(field: &Field) -> bool {
    field.required && field.shape == Shape::Text && !field.takes_empty()
}

/// How `$v` of that shape is written.
fn written(shape: Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::Bool => "$v",
        Shape::Integer | Shape::Port => "int64 $v",
        Shape::Number | Shape::Texts | Shape::TextMap | Shape::TextsMap | Shape::Object => "toRawJson $v",
    }
}

/// A default as it is written.
fn literal(default: Literal) -> Text {
    match default {
        Literal::Text(text) => escaped(&text.into()),
        Literal::Int(number) => number.to_string().into(),
        Literal::Bool(it) => it.to_string().into(),
        Literal::Texts(list) => escaped(&serde_json::Value::from(list).to_string().into()),
    }
}

fn join<const N: usize>(parts: [Text; N]) -> Text {
    parts.iter().fold(Text::default(), |text, part| text.join(part))
}

#[cfg(test)]
mod tests {
    use keyloom_connections::Kind;
    use keyloom_upstream::template::{Given, Known, Position, check};

    use super::*;

    fn keys(kind: &'static Kind, name: &str) -> ConnectionKeys {
        let field = |name| kind.field(name);
        let url = field("username").zip(field("password")).zip(field("host"));
        ConnectionKeys {
            name: name.into(),
            kind: kind.word,
            words: vec![kind.word],
            fetched: "connection",
            fields: kind
                .fields
                .iter()
                .map(|field| ConnectionKey { key: field.name.into(), field, named: false })
                .collect(),
            url: url.map(|((username, password), host)| ConnectionUrl {
                key: "THE_URL".into(),
                scheme: "scheme".into(),
                username,
                password,
                host,
                port: field("port"),
                database: field("database"),
                ssl_mode: field("ssl_mode"),
                parameters: Some("a={{b}}".into()),
            }),
        }
    }

    /// The cluster and the programs that read the secret themselves take the same empty texts.
    #[test]
    fn what_may_be_empty_is_what_the_reader_takes() {
        use keyloom_connections::{Connection, Problem, Secret};
        let mut passwords = 0;
        for kind in Kind::all() {
            let keys = keys(kind, "db");
            let maker = Maker { keys: &keys };
            for field in kind.fields.iter().filter(|field| field.shape == Shape::Text) {
                let text = format!(r#"{{"type": "{}", "details": {{"{}": ""}}}}"#, kind.word, field.name);
                let told = match Connection::parse("db", &Secret::new(text)) {
                    Ok(read) => read.warnings,
                    Err(problems) => problems,
                };
                let of_field = |problem: &&Problem| matches!(problem, Problem::MissingField { field: it, empty: true, .. } if *it == field.name);
                let refused = told.iter().find(of_field).is_some();
                let template = maker.value(field);
                assert_eq!(
                    template.written().unwrap().contains("(trim $v)"),
                    refused,
                    "{}.{}",
                    kind.word,
                    field.name
                );
                passwords += usize::from(field.required && !refused && field.default.is_none());
            }
        }
        assert!(passwords > 10, "{passwords}");
    }

    /// Whatever type and name: the operator takes the template, which reads the JSON and nothing else.
    #[test]
    fn what_is_made_is_what_the_operator_takes() {
        let known = Known { known: &["connection"], complete: true };
        let given = Given { eso: None, position: Position::Value, keys: known };
        for kind in Kind::all() {
            for (key, template) in made(&keys(kind, "odd \"name\" {{ }}")) {
                let text = template.written().unwrap();
                assert_eq!(check(text, &given), [], "{key} of {}: {text}", kind.word);
                let reads = keyloom_upstream::template::reads(text);
                assert_eq!(
                    reads.keys.iter().map(|read| read.key.as_str()).collect::<Vec<_>>(),
                    ["connection"]
                );
            }
        }
    }
}
