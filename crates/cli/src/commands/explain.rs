//! `keyloom explain`: what a code, a field or a type of connection means. Reads no document.

use std::io::{self, Write};

use keyloom_models::code::{Code, codes};
use keyloom_models::schema::describe_field;
use keyloom_syntax::schema::{FieldDoc, FieldLine};
use keyloom_syntax::suggest::suggest;

use crate::args::Explain;
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;
use crate::report::text::one_line;

mod connection;

pub(super) fn run(args: &Explain, io: &mut Io) -> Result<u8, Failure> {
    let Some(what) = args.what.as_deref().map(code_alone).filter(|what| !what.is_empty()) else {
        io.write(list)?;
        return Ok(exit_code::CLEAN);
    };
    if let Some(code) = codes().iter().find(|code| code.name == what) {
        io.write(|out| explain(code, out))?;
        return Ok(exit_code::CLEAN);
    }
    let path = steps(what);
    match describe(&path) {
        Some(doc) => {
            io.write(|out| field(what, &doc, out))?;
            Ok(exit_code::CLEAN)
        }
        None => match places(&path).as_slice() {
            [] => match connection::find(&path) {
                Some(found) => {
                    io.write(|out| connection::explain(&found, out))?;
                    Ok(exit_code::CLEAN)
                }
                None => Err(Failure::Usage(unknown(what, &path))),
            },
            [(only, doc)] => {
                io.write(|out| field(only, doc, out))?;
                Ok(exit_code::CLEAN)
            }
            several => {
                io.write(|out| choose(what, several, out))?;
                Ok(exit_code::CLEAN)
            }
        },
    }
}

/// `error[unknown-store]` is how a finding shows its code.
fn code_alone(what: &str) -> &str {
    let what = what.trim();
    let inside = |severity: &str| {
        what.strip_prefix(severity)?.strip_prefix('[')?.trim_end_matches(':').strip_suffix(']')
    };
    ["error", "warning", "note"].into_iter().find_map(inside).unwrap_or(what)
}

/// The deepest field that is looked for; some schemas contain themselves.
const DEEPEST: usize = 8;

/// Every field whose path ends like that, but for the overlays of environments, which repeat all of them.
fn places(wanted: &[String]) -> Vec<(String, FieldDoc)> {
    let mut found = Vec::new();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let Some(doc) = describe(&path) else { continue };
        let inner = doc.fields.iter().filter(|field| field.name != "environments");
        open.extend(
            inner
                .rev()
                .filter(|_| path.len() < DEEPEST)
                .map(|field| [&*path, std::slice::from_ref(&field.name)].concat()),
        );
        if !wanted.is_empty() && path.ends_with(wanted) {
            found.push((path.join("."), doc));
        }
    }
    found
}

/// The places of a field that stands in several.
fn choose(what: &str, several: &[(String, FieldDoc)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} stands in {} places; name one:\n", one_line(what), several.len())?;
    let width = several.iter().map(|(path, _)| path.len()).max().unwrap_or(0);
    for (path, doc) in several {
        let summary = doc.description.as_deref().unwrap_or_default().split("\n\n").next().unwrap_or_default();
        writeln!(out, "{}", format!("  {path:<width$}  {}", one_line(summary)).trim_end())?;
    }
    Ok(())
}

/// The page of a code, and its address for whoever wants to pass it on.
fn explain(code: &Code, out: &mut dyn Write) -> io::Result<()> {
    let Code { name, summary, text } = code;
    writeln!(out, "{name}: {summary}\n\n{}\n\n{}", text.trim(), crate::page_of(name))
}

/// All codes with their summaries, aligned.
fn list(out: &mut dyn Write) -> io::Result<()> {
    let width = codes().iter().map(|code| code.name.len()).max().unwrap_or(0);
    for Code { name, summary, .. } in codes() {
        writeln!(out, "{name:<width$}  {summary}")?;
    }
    Ok(())
}

/// The steps of a path as people write it: `stores.infisical`, `stores[0].infisical`, `stores[].infisical`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let (name, rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !name.is_empty() {
            steps.push(name.to_owned());
        }
        steps.extend(rest.matches('[').map(|_| "[]".to_owned()));
    }
    steps
}

fn describe(path: &[String]) -> Option<FieldDoc> {
    describe_field(&path.iter().map(String::as_str).collect::<Vec<_>>())
}

fn field(path: &str, doc: &FieldDoc, out: &mut dyn Write) -> io::Result<()> {
    let mut about = vec![doc.types.clone()];
    about.extend(doc.required.then(|| "required".to_owned()));
    about.extend(doc.deprecated.then(|| "deprecated".to_owned()));
    // What stands for a field that is left out where it may be is of no use where it may not.
    about.extend(doc.default.as_ref().filter(|_| !doc.required).map(|value| format!("default {value}")));
    writeln!(out, "{}: {}", one_line(path), about.join(", "))?;
    if let Some(description) = &doc.description {
        writeln!(out, "\n{}", description.trim())?;
    }
    if !doc.values.is_empty() {
        let values =
            doc.values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        writeln!(out, "\nOne of: {}", values.collect::<Vec<_>>().join(", "))?;
    }
    if !doc.fields.is_empty() {
        writeln!(out, "\nFields:")?;
        let names = doc.fields.iter().map(|line| line.name.len()).max().unwrap_or(0);
        let types = doc.fields.iter().map(|line| kind(line).len()).max().unwrap_or(0);
        for line in &doc.fields {
            let row = format!("  {:<names$}  {:<types$}  {}", line.name, kind(line), line.summary);
            writeln!(out, "{}", row.trim_end())?;
        }
    }
    Ok(())
}

fn kind(line: &FieldLine) -> String {
    if line.required { format!("{}, required", line.types) } else { line.types.clone() }
}

/// What may have been meant: a code, or a field where the path leaves the schema.
fn unknown(what: &str, path: &[String]) -> String {
    let known = (0..path.len()).rev().find_map(|depth| Some((depth, describe(&path[..depth])?)));
    let shown = one_line(what);
    if let Some(words) = connection::unknown(path) {
        return words;
    }
    if let Some((depth, doc)) = known.as_ref().filter(|(depth, _)| *depth > 0) {
        let names = doc.fields.iter().map(|field| field.name.as_str());
        let within = path[..*depth].join(".");
        let hint = match suggest(&path[*depth], names.clone()) {
            Some(near) => format!("did you mean {within}.{near}?"),
            None if doc.fields.is_empty() => "it has no fields".to_owned(),
            None => format!("its fields are {}", names.collect::<Vec<_>>().join(", ")),
        };
        return format!("{within} has no field {}; {hint}", one_line(&path[*depth]));
    }
    let fields = known.iter().flat_map(|(_, doc)| &doc.fields).map(|field| field.name.as_str());
    let near = suggest(what, codes().iter().map(|code| code.name));
    let near = near.map(str::to_owned).or_else(|| {
        let near = suggest(path.first()?, fields)?;
        let rest = path[1..].iter().map(|step| format!(".{step}"));
        Some(std::iter::once(near.to_owned()).chain(rest).collect())
    });
    let near = near.or_else(|| connection::suggest(path));
    match near {
        Some(near) => format!("nothing is known of {shown}; did you mean {near}?"),
        None => format!("nothing is known of {shown}; `keyloom explain` lists the codes"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_is_found_as_findings_show_it() {
        assert_eq!(super::code_alone("error[unknown-store]"), "unknown-store");
        assert_eq!(super::code_alone("warning[refresh-zero]:"), "refresh-zero");
        assert_eq!(super::code_alone("errors"), "errors");
    }

    #[test]
    fn fields_are_found_by_the_end_of_their_path() {
        let path =
            |text| super::places(&super::steps(text)).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
        assert_eq!(
            path("refreshInterval"),
            [
                "defaults.refreshInterval",
                "stores.refreshInterval",
                "externalSecrets.refreshInterval",
                "clusterExternalSecrets.externalSecretSpec.refreshInterval",
                "pushSecrets.refreshInterval",
                "clusterPushSecrets.pushSecretSpec.refreshInterval",
                "pipelines.refreshInterval"
            ]
        );
        assert_eq!(
            path("data.path"),
            [
                "externalSecrets.data.path",
                "clusterExternalSecrets.externalSecretSpec.data.path",
                "pushSecrets.data.path",
                "clusterPushSecrets.pushSecretSpec.data.path"
            ]
        );
        assert_eq!(path("nowhere"), [""; 0]);
    }

    #[test]
    fn paths_may_hold_the_numbers_of_items() {
        assert_eq!(super::steps("stores[0].infisical"), ["stores", "[]", "infisical"]);
        assert_eq!(super::steps("externalSecrets.data[]"), ["externalSecrets", "data", "[]"]);
    }
}
