//! `keyloom connection get`: a connection with its secrets hidden, or its values for whoever reads a pipe.

use std::io::{self, IsTerminal, Write};

use keyloom_connections::{Connection, Field, Secret, field_variable};
use keyloom_live::connections::{lacks_place, no_field, quoted};
use serde_json::{Map, Value, json};

use super::asking;
use crate::args::{Get, GetOutput};
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;
use crate::report::text::one_line;

const HIDDEN: &str = "(hidden)";

pub(super) fn run(args: &Get, io: &mut Io) -> Result<u8, Failure> {
    let terminal = io::stdout().is_terminal();
    // Whether a field is secret is known once it is read.
    let values = match (&args.field, args.output) {
        (None, GetOutput::Json | GetOutput::Env) => true,
        (Some(_), _) | (None, GetOutput::Text | GetOutput::Metadata) => false,
    };
    let is_guarded = terminal && !args.show;
    if values && is_guarded {
        return Err(no_terminal());
    }
    let all = match asking::backend(&args.backend) {
        Ok(all) => all,
        Err(error) => return Ok(asking::failed(&error, io)),
    };
    let read = async {
        match all.connection(&args.name).await {
            Ok(connection) => Ok(connection),
            Err(error) if error.is_not_found() && lacks_place(&all).await => Err((error, true)),
            Err(error) => Err((error, false)),
        }
    };
    let connection = match asking::block_on(read)? {
        Ok(connection) => connection,
        Err((error, lacks_place)) => {
            let code = asking::failed(&error, io);
            return Ok(if lacks_place { exit_code::USAGE } else { code });
        }
    };
    if let Some(name) = &args.field {
        let Some(field) = connection.kind().field(name) else {
            return Err(Failure::Usage(no_field(connection.kind(), &one_line(name))));
        };
        let Some(value) = connection.field_text(name) else {
            let at = connection.name();
            io.say(&format!(
                "error: connection '{at}' does not say its field `{name}`, which has no default"
            ));
            return Ok(exit_code::FINDINGS);
        };
        if is_guarded && whole(field, &value).is_none() {
            return Err(no_terminal());
        }
        let end = if terminal { "\n" } else { "" };
        io.write(|out| write!(out, "{}{end}", value.expose()))?;
        return Ok(exit_code::CLEAN);
    }
    match args.output {
        GetOutput::Text => io.write(|out| table(&connection, out))?,
        GetOutput::Metadata => io.write(|out| metadata(&connection, out))?,
        GetOutput::Json => io.write(|out| writeln!(out, "{}", connection.to_json().expose()))?,
        GetOutput::Env => {
            let lines = match lines(&connection) {
                Ok(lines) => lines,
                Err(field) => {
                    io.say(&format!("error: `{field}` holds a zero byte, which no variable can"));
                    return Ok(exit_code::FINDINGS);
                }
            };
            io.write(|out| lines.iter().try_for_each(|(name, value)| writeln!(out, "{name}={}", **value)))?;
        }
    }
    Ok(exit_code::CLEAN)
}

fn no_terminal() -> Failure {
    Failure::Usage(
        "values go to no terminal unless they are asked for; pipe them into a program or a file, or add --show".to_owned(),
    )
}

/// A value that may be shown whole. An address may hold a password, or a token in its path.
fn whole(field: &Field, value: &Secret) -> Option<String> {
    let text = value.expose();
    let hidden = field.sensitive || text.contains("://");
    (!hidden).then(|| one_line(text))
}

/// Scheme and host of an address that is not secret, where nobody can log in with what is before them.
fn server(field: &Field, value: &Secret) -> Option<String> {
    let (scheme, rest) = value.expose().split_once("://")?;
    let (host, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let plain = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    let is_shown = !field.sensitive && !rest.contains('@') && plain(scheme, "+.-") && plain(host, "_.-:[]");
    let more = if behind.trim_matches('/').is_empty() { "" } else { "/…" };
    is_shown.then(|| format!("{scheme}://{host}{more}"))
}

fn fields(connection: &Connection) -> impl Iterator<Item = (&'static Field, Secret)> {
    let there = |field: &'static Field| Some((field, connection.field_text(field.name)?));
    connection.kind().fields.iter().filter_map(there)
}

fn table(connection: &Connection, out: &mut dyn Write) -> io::Result<()> {
    let kind = connection.kind();
    writeln!(out, "{}  {}", one_line(connection.name()), kind.word)?;
    let width = fields(connection).map(|(field, _)| field.name.len()).max().unwrap_or_default();
    for (field, value) in fields(connection) {
        let value = whole(field, &value).or_else(|| server(field, &value));
        writeln!(out, "  {:width$}  {}", field.name, value.as_deref().unwrap_or(HIDDEN))?;
    }
    Ok(())
}

/// Type and fields; of a value that is not shown whole there is none.
fn metadata(connection: &Connection, out: &mut dyn Write) -> io::Result<()> {
    let field = |(field, value): (&'static Field, Secret)| {
        let mut row = Map::new();
        row.insert("name".to_owned(), field.name.into());
        row.insert("sensitive".to_owned(), field.sensitive.into());
        row.extend(whole(field, &value).map(|text| ("value".to_owned(), typed(field, text))));
        Value::Object(row)
    };
    let rows: Vec<_> = fields(connection).map(field).collect();
    let whole = json!({"name": connection.name(), "type": connection.kind().word, "fields": rows});
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

/// A value of the kind that its field takes. Whatever is no text was made of JSON.
fn typed(field: &Field, text: String) -> Value {
    let json = field.shape.is_json().then(|| serde_json::from_str(&text).ok());
    json.flatten().unwrap_or_else(|| text.into())
}

type Line = (String, zeroize::Zeroizing<String>);

/// A line for each field; the name of the first one whose value no variable can hold.
fn lines(connection: &Connection) -> Result<Vec<Line>, &'static str> {
    let line = |(field, value): (&'static Field, Secret)| {
        let quoted = quoted(&value).ok_or(field.name)?;
        Ok((field_variable(connection.name(), field.name), quoted))
    };
    fields(connection).map(line).collect()
}

#[cfg(test)]
mod tests {
    use keyloom_connections::Kind;

    use super::*;

    #[test]
    fn metadata_has_numbers_and_booleans_as_such() {
        let text = r#"{"type": "oracle", "details": {"host": "1521", "port": "1521", "username": "u", "password": "canary", "sid": "x", "ssl": true, "prefetch_rows": 5}}"#;
        let read = Connection::parse("db", &Secret::new(text.to_owned())).unwrap().connection;
        let mut out = Vec::new();
        metadata(&read, &mut out).unwrap();
        let said: Value = serde_json::from_slice(&out).unwrap();
        let of = |name: &str| {
            let fields = said["fields"].as_array().unwrap();
            fields.iter().find(|it| it["name"] == name).unwrap()["value"].clone()
        };
        assert_eq!(
            [of("port"), of("ssl"), of("prefetch_rows"), of("password")],
            [json!("1521"), json!(true), json!(5), Value::Null]
        );
    }

    #[test]
    fn of_an_address_scheme_and_host_are_shown() {
        let field = Kind::of("http").and_then(|kind| kind.field("url")).unwrap();
        for (address, shown) in [
            ("https://hooks.example/canary", Some("https://hooks.example/…")),
            ("https://hooks.example?token=canary", Some("https://hooks.example/…")),
            ("https://hooks.example:8443/", Some("https://hooks.example:8443")),
            ("https://canary:canary@hooks.example/", None),
            ("https://user:can/ary@hooks.example/", None),
            ("see canary https://hooks.example", None),
            ("[\"https://canary\"]", None),
        ] {
            let value = Secret::new(address.to_owned());
            assert_eq!(whole(field, &value), None, "{address}");
            assert_eq!(server(field, &value).as_deref(), shown, "{address}");
        }
    }
}
