//! Credentials that a program hands over itself: they come in secret.

use keyloom_upstream::terraform::camel;
use keyloom_upstream::terraform::infisical::{app_connection, is_secret};

use crate::app_connection::App;
use crate::attributes::Fields;
use crate::code::INLINE_CREDENTIAL_PLAIN;
use crate::config::Argument;
use crate::finding::{Findings, Place};

/// Refuses those that are plain. What is not known yet is judged when it is; a document holds variables alone.
pub(super) fn refuse(app: App, fields: &Fields, place: &Place, findings: &mut Findings) {
    let schema = app_connection(app.as_str()).and_then(|connection| connection.schema());
    for (field, argument) in &fields.0 {
        let Argument::Text(text) = argument else { continue };
        // What no schema knows may be a secret, so that it is one.
        let secret = schema.and_then(|schema| schema.at(&["credentials", field])).is_none_or(is_secret);
        if secret && text.written().is_some() {
            let name = camel(field);
            findings
                .error(INLINE_CREDENTIAL_PLAIN, place.at(name.clone()), format!("`{name}` must be secret, and came in plain"))
                .why("what is plain in a program is plain in the state of its stack, for everybody who may read that")
                .fix("pass it as a secret: `pulumi config set --secret` and `requireSecret` (`require_secret`), or `pulumi.secret(...)` around it");
        }
    }
}
