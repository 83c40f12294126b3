//! Names that cannot be: of pipelines, and of secrets at GitHub.

use super::subject::Subject;
use crate::code::{BAD_FORMAT, GITHUB_SECRET_NAME, PIPELINE_NAME, PIPELINE_TARGET};
use crate::config::pipeline::Login;
use crate::config::pipeline::places::{INFISICAL, TERRAFORM};
use crate::finding::{Findings, Place};
use crate::name::is_reserved_variable;
use crate::policy::ValueWriter;

/// Every name that is written by hand.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    own(subject, findings);
    branch(subject, findings);
    targets(subject, findings);
    for (i, secret) in subject.written.secrets.iter().enumerate() {
        let place = subject.secret(i);
        if !is_name(&secret.name) {
            entry(&secret.name, &place.at("name"), findings);
        }
        if subject.made.terraform.values == ValueWriter::WriteOnly {
            variable(&subject.made.secrets[i].label, &place.at("name"), findings);
        }
        let at = if secret.github.is_some() { "github" } else { "name" };
        reserved(secret.github.as_ref().unwrap_or(&secret.name), &place.at(at), findings);
    }
    for Login { setting, path } in subject.made.logins() {
        reserved(setting.name(), &subject.place().path(path).at(setting.kind()), findings);
    }
}

fn own(subject: &Subject<'_>, findings: &mut Findings) {
    let place = subject.place().at("name");
    match subject.written.name.known() {
        Some(INFISICAL) => {
            findings
                .error(PIPELINE_NAME, place, format!("a pipeline cannot be called `{INFISICAL}`"))
                .why(format!("`{TERRAFORM}/{INFISICAL}/` holds app connections and secret syncs"))
                .fix("give it another name, such as that of the repository");
        }
        // A placeholder is reported where the text is looked at.
        None if subject.written.name.written().is_none() => {
            findings
                .error(PIPELINE_NAME, place, "the name of a pipeline must be known at once")
                .why("its files and roles are called after it")
                .fix("write a name that is no output");
        }
        _ => {}
    }
}

/// A ref is no branch, and some names are none to Git.
fn branch(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(branch) = &subject.written.github.branch else { return };
    if branch.split('/').any(|step| step.ends_with(".lock")) {
        let place = subject.place().path("github.branch");
        findings
            .error(BAD_FORMAT, place, format!("`{branch}` cannot be a branch"))
            .why("Git takes no step of a name that ends with `.lock`")
            .fix("write the name of a branch that is there");
    }
    let Some(name) = branch.strip_prefix("refs/heads/").or_else(|| branch.strip_prefix("refs/")) else {
        return;
    };
    findings
        .error(
            BAD_FORMAT,
            subject.place().path("github.branch"),
            format!("`{branch}` is a ref, not the name of a branch"),
        )
        .label(format!("did you mean `{name}`?"))
        .why("the role is assumed by `refs/heads/` and that name")
        .fix("write the name alone");
}

/// The Secrets that it fills: external secrets are made of these names, one for each Secret.
fn targets(subject: &Subject<'_>, findings: &mut Findings) {
    let own = subject.written.secret.iter().map(|target| (target, subject.place().at("secret")));
    let entries = subject.written.secrets.iter().enumerate().flat_map(|(i, secret)| {
        let each = secret.targets.iter().enumerate();
        each.map(move |(number, target)| (target, subject.secret(i).at("targets").at(number)))
    });
    for (target, place) in own.chain(entries) {
        for (field, text) in [("namespace", &target.namespace), ("name", &target.name)] {
            if text.as_ref().is_some_and(|text| text.written().is_none()) {
                findings
                    .error(
                        PIPELINE_TARGET,
                        place.at(field),
                        format!("the {field} of the Secret must be known at once"),
                    )
                    .why("whether two entries go into one Secret could not be told")
                    .fix("write one that is no output");
            }
        }
    }
}

/// Whether a name leads to names at every station and back.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn entry(name: &str, place: &Place, findings: &mut Findings) {
    let finding = findings.error(
        GITHUB_SECRET_NAME,
        place.clone(),
        format!("`{name}` is not written as GitHub shows the names of secrets"),
    );
    finding.why("all other names are made of this one, which has capitals, digits and `_` alone");
    let meant = screaming(name);
    if is_name(&meant) {
        finding.label(format!("did you mean `{meant}`?"));
        finding.fix(format!(
            "write `{meant}`; what is called otherwise somewhere has a field there: `github`, `aws`, `property`, `key`"
        ));
    } else {
        finding.fix("write it in capitals, with a letter first");
    }
}

/// `resend-api-key`, `resend_api_key` and `resendApiKey` as GitHub writes them.
fn screaming(name: &str) -> String {
    let mut made = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            made.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        made.push(if c == '-' || c == '.' { '_' } else { c.to_ascii_uppercase() });
    }
    made
}

/// GitHub keeps a beginning for itself.
fn reserved(name: &str, place: &Place, findings: &mut Findings) {
    if name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("GITHUB_")) {
        findings
            .error(
                GITHUB_SECRET_NAME,
                place.clone(),
                format!("GitHub takes no secret or variable called `{name}`"),
            )
            .why("names that begin with `GITHUB_` are its own")
            .fix("call it otherwise, such as `GH_...`, there and here");
    }
}

/// Where Terraform writes the values, each comes in by a variable.
fn variable(label: &str, place: &Place, findings: &mut Findings) {
    if is_reserved_variable(label) {
        findings
            .error(PIPELINE_NAME, place.clone(), format!("Terraform takes no variable called `{label}`"))
            .why("with `values: writeOnly` the value comes in by a variable of the entry's name, and the block of a module uses this one itself")
            .fix(format!("give the entry another name, and say what it is called elsewhere: `{{name: APP_{label}, github: {label}, ...}}`", label = label.to_ascii_uppercase()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_meant_is_found() {
        for (written, meant) in [
            ("resend-api-key", "RESEND_API_KEY"),
            ("resend_api_key", "RESEND_API_KEY"),
            ("resendApiKey", "RESEND_API_KEY"),
            ("Stripe", "STRIPE"),
            ("s3Key2", "S3_KEY2"),
        ] {
            assert_eq!(screaming(written), meant);
        }
    }

    proptest! {
        #[test]
        fn names_stay_as_they_are(name in "[A-Z][A-Z_]{0,20}") {
            prop_assert_eq!(screaming(&name), name);
        }

        #[test]
        fn what_the_shape_lets_through_has_a_name_that_is_meant(name in "[A-Za-z][A-Za-z0-9_-]{0,20}") {
            prop_assert!(is_name(&screaming(&name)));
        }
    }
}
