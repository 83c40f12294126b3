//! A type of connection, or one of its fields, from the table against which connections are checked.

use std::io::{self, Write};

use keyloom_connections::{Field, Kind, Literal};

use crate::report::text::one_line;

/// The list of the document before whose types stand, as in `connections.postgres`.
const LIST: &str = "connections";

/// What a path of types means.
pub(super) enum Found {
    Kind(&'static Kind),
    Field(&'static Kind, &'static Field),
}

/// The type or field of a path, with the list before it or without.
pub(super) fn find(path: &[String]) -> Option<Found> {
    let path = behind_list(path).unwrap_or(path);
    let kind = kind(path.first()?)?;
    match path {
        [_] => Some(Found::Kind(kind)),
        [_, field] => kind.field(field).map(|field| Found::Field(kind, field)),
        _ => None,
    }
}

/// What may have been meant where a path of the list is none; nothing where it is not of the list, or names no type.
pub(super) fn unknown(path: &[String]) -> Option<String> {
    let path = behind_list(path)?;
    let word = path.first()?;
    let Some(kind) = kind(word) else {
        let near = Kind::suggest(word)?;
        return Some(format!(
            "there is no type of connection {}; did you mean {LIST}.{near}?",
            one_line(word)
        ));
    };
    let field = one_line(&path.get(1)?.clone());
    let word = kind.word;
    if kind.field(path.get(1)?).is_some() {
        return Some(format!("{LIST}.{word}.{field} has no fields"));
    }
    Some(match kind.suggest_field(path.get(1)?) {
        Some(near) => format!("{LIST}.{word} has no field {field}; did you mean {LIST}.{word}.{near}?"),
        None => format!("{LIST}.{word} has no field {field}; `keyloom explain {LIST}.{word}` shows all"),
    })
}

/// The path of the type that was most likely meant by a word alone.
pub(super) fn suggest(path: &[String]) -> Option<String> {
    let [word] = path else { return None };
    Kind::suggest(word).map(|near| format!("{LIST}.{near}"))
}

/// What stands behind the list; its items may be written, as in `connections[].postgres`.
fn behind_list(path: &[String]) -> Option<&[String]> {
    match path {
        [list, items, rest @ ..] if list == LIST && items == "[]" => Some(rest),
        [list, rest @ ..] if list == LIST => Some(rest),
        _ => None,
    }
}

fn kind(word: &str) -> Option<&'static Kind> {
    Kind::of(word).or_else(|| Kind::aliased(word))
}

/// Writes what there is to know.
pub(super) fn explain(found: &Found, out: &mut dyn Write) -> io::Result<()> {
    match found {
        Found::Kind(kind) => of_kind(kind, out),
        Found::Field(kind, field) => {
            writeln!(out, "{LIST}.{}.{}: {}\n\n{}", kind.word, field.name, takes(field), field.about)
        }
    }
}

fn of_kind(kind: &Kind, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{LIST}.{}: a type of connection\n\n{}", kind.word, kind.about)?;
    if kind.fields.is_empty() {
        writeln!(out, "\nIt takes no fields.")?;
    } else {
        writeln!(out, "\nFields of `details`:")?;
    }
    let names = kind.fields.iter().map(|field| field.name.len()).max().unwrap_or(0);
    let types = kind.fields.iter().map(|field| takes(field).len()).max().unwrap_or(0);
    for field in kind.fields {
        writeln!(out, "  {:<names$}  {:<types$}  {}", field.name, takes(field), field.about)?;
    }
    if !kind.rules.is_empty() {
        writeln!(out)?;
        kind.rules.iter().try_for_each(|rule| writeln!(out, "{}", rule.words()))?;
    }
    let aliases: Vec<_> =
        Kind::aliases().filter(|(_, meant)| meant.word == kind.word).map(|(alias, _)| alias).collect();
    if !aliases.is_empty() {
        writeln!(out, "\nAlso taken, with a warning: {}", aliases.join(", "))?;
    }
    Ok(())
}

/// What a field takes, and whether it must be there.
fn takes(field: &Field) -> String {
    let mut all = vec![field.shape.words().to_owned()];
    all.extend(field.sensitive.then(|| "secret".to_owned()));
    all.extend(field.required.then(|| "required".to_owned()));
    all.extend(field.default.map(|it| format!("default {}", default(it))));
    all.join(", ")
}

fn default(literal: Literal) -> String {
    match literal {
        Literal::Text(text) => text.to_owned(),
        Literal::Int(number) => number.to_string(),
        Literal::Bool(it) => it.to_string(),
        Literal::Texts(texts) => texts.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_page_with_all_its_fields() {
        for kind in Kind::all() {
            let path = [LIST.to_owned(), kind.word.to_owned()];
            let found = find(&path).unwrap();
            let mut page = Vec::new();
            explain(&found, &mut page).unwrap();
            let page = String::from_utf8(page).unwrap();
            for field in kind.fields {
                assert!(page.contains(&format!("\n  {} ", field.name)), "{page}");
            }
            // A field of the document would stand before it.
            assert!(super::super::describe(&path).is_none(), "{}", kind.word);
        }
    }
}
