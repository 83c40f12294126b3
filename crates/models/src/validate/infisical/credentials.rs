//! What a connection logs in with: exactly what its method takes, and nothing that lies in the state unasked.

use keyloom_upstream::terraform::camel;
use keyloom_upstream::terraform::infisical::Case;

use crate::app_connection::{App, DeclaredConnection};
use crate::attributes::Fields;
use crate::code;
use crate::config::Argument;
use crate::finding::{Findings, Place};

/// Checks the method and its fields; the method, if there is such a one.
pub(super) fn check(
    item: &DeclaredConnection,
    fields: &Fields,
    place: &Place,
    findings: &mut Findings,
) -> Option<&'static Case> {
    let app = item.credentials.app();
    let method = method(app, item, place, findings)?;
    exactly(app, method, fields, &place.at("credentials"), findings);
    in_state(app, method, item, fields, place, findings);
    Some(method)
}

/// The method that is said, or the only one.
fn method(
    app: App,
    item: &DeclaredConnection,
    place: &Place,
    findings: &mut Findings,
) -> Option<&'static Case> {
    let methods = app.methods();
    let Some(written) = item.method.as_ref().filter(|method| !method.is_empty()) else {
        if let [only] = methods {
            return Some(only);
        }
        findings
            .error(
                "missing-field",
                place.at("method"),
                format!("a connection to {} says no method", app.title()),
            )
            .fix(format!("write `method`: {}", words(methods.iter().map(|method| method.name))));
        return None;
    };
    let found = methods.iter().find(|method| written.known() == Some(method.name));
    if found.is_none() && written.known().is_some() {
        findings
            .error(
                "unknown-value",
                place.at("method"),
                format!("`{}` is no method of a connection to {}", written.shown(), app.title()),
            )
            .fix(format!("write one of {}", words(methods.iter().map(|method| method.name))));
    }
    found
}

/// What the method needs is there, and what belongs to another is not.
fn exactly(app: App, method: &Case, fields: &Fields, place: &Place, findings: &mut Findings) {
    for missing in method.needs.iter().filter(|field| fields.get(field).is_none()) {
        findings
            .error(
                code::CREDENTIALS_OF_METHOD,
                place.clone(),
                format!("method `{}` of {} needs `{}`", method.name, app.title(), camel(missing)),
            )
            .why("Terraform's provider asks for it only when it applies")
            .fix(format!("write `{}`", camel(missing)));
    }
    for (field, _) in &fields.0 {
        if method.has(field) {
            continue;
        }
        let name = camel(field);
        let finding = findings.error(
            code::CREDENTIALS_OF_METHOD,
            place.at(name.clone()),
            format!("`{name}` does not belong to method `{}`", method.name),
        );
        finding.why("Terraform's provider does not send it, and says nothing");
        match app.methods().iter().find(|other| other.has(field)) {
            Some(other) => finding.fix(format!("leave it out, or write `method: {}`", other.name)),
            None => finding.fix("leave it out"),
        };
    }
}

/// Secrets lie in the state of Terraform in clear, so somebody must have said that they may.
fn in_state(
    app: App,
    method: &Case,
    item: &DeclaredConnection,
    fields: &Fields,
    place: &Place,
    findings: &mut Findings,
) {
    let secret = |argument: &Argument| match argument {
        Argument::Variable(_) => true,
        Argument::Text(text) => text.is_secret(),
        Argument::Bool(_) | Argument::Number(_) | Argument::List(_) => false,
    };
    let Some((field, _)) = fields.0.iter().find(|(field, argument)| method.has(field) && secret(argument))
    else {
        return;
    };
    if item.credentials_in_state {
        return;
    }
    let instead = if app == App::AWS { "`method: assume-role`, which needs no secret, or " } else { "" };
    findings
        .error(
            code::CREDENTIALS_IN_STATE,
            place.at("credentials").at(camel(field)),
            format!("`{}` would lie in the state of Terraform in clear", camel(field)),
        )
        .why("the provider keeps the credentials of connections there, for whoever can read the state")
        .fix(format!("use {instead}a connection made elsewhere, by its `id`; or write `credentialsInState: true` if the state is guarded like the credential"));
}

/// Words as a message lists them.
pub(super) fn words<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
