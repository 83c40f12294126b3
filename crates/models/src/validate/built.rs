//! Documents built in Rust have not been through the structural checker: the same limits, by `validator`. Items from
//! text have, and are left alone.

use validator::{ValidationErrors, ValidationErrorsKind};

use crate::document::Item;
use crate::finding::{Findings, Place, Step};
use crate::list::{Declared, Items, Visit};

pub(super) fn check(items: &mut Items, findings: &mut Findings) {
    items.visit(&mut Built { findings });
}

struct Built<'f> {
    findings: &'f mut Findings,
}

impl Visit for Built<'_> {
    fn list<T: Declared>(&mut self, items: &mut Vec<Item<T>>) {
        for (index, item) in items.iter().enumerate().filter(|(_, item)| item.place.is_none()) {
            report(&item.value.limits(), &Place::item(T::LIST, index), self.findings);
        }
    }
}

/// Says each error at its place. The error's parameters hold the value itself and are dropped.
fn report(errors: &ValidationErrors, place: &Place, findings: &mut Findings) {
    let mut fields: Vec<_> = errors.errors().iter().collect();
    fields.sort_by(|a, b| a.0.cmp(b.0));
    for (field, kind) in fields {
        let at = place.at(spelled(field));
        match kind {
            ValidationErrorsKind::Struct(inner) => report(inner, &at, findings),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    report(inner, &at.at(*index), findings);
                }
            }
            ValidationErrorsKind::Field(errors) => {
                for error in errors {
                    let (code, what) = match error.code.as_ref() {
                        "length" => ("bad-length", "is empty or too long"),
                        "regex" => ("bad-format", "is not a legal name"),
                        "range" => ("out-of-range", "is out of its range"),
                        _ => ("bad-format", "is not legal"),
                    };
                    findings.error(code, at.clone(), format!("`{}` {what}", spelled_name(field)));
                }
            }
        }
    }
}

/// A Rust field in the document's spelling. What holds items together in Rust only has no spelling of its own.
fn spelled(field: &str) -> Step {
    Step::Key(spelled_name(field).into())
}

fn spelled_name(field: &str) -> String {
    match field {
        "host_api" => return "hostAPI".to_owned(),
        "names" => return "as".to_owned(),
        "external_id" => return "externalID".to_owned(),
        _ => {}
    }
    let mut name = String::with_capacity(field.len());
    let mut upper = false;
    for c in field.chars() {
        if c == '_' {
            upper = true;
        } else if std::mem::take(&mut upper) {
            name.extend(c.to_uppercase());
        } else {
            name.push(c);
        }
    }
    name
}
