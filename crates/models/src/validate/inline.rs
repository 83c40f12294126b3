//! Inline credentials: what a program hands over in place of a reference to a Secret becomes a Secret beside the store,
//! and a reference to it. This comes before all other rules, which then see references alone.

use keyloom_syntax::{Diagnostic, Text};

use super::shown;
use crate::code::{INLINE_CREDENTIAL, INLINE_CREDENTIAL_PLAIN};
use crate::config::{Credentials, ExternalSecret};
use crate::document::Item;
use crate::finding::{Findings, List, Place, Step};
use crate::name::{OBJECT_NAME, SECRET_KEY};
use crate::selector::SecretKeySelector;
use crate::store::{Backend, SecretStoreConfig};

/// What follows the store's name in that of the Secret.
const SUFFIX: &str = "-credentials";
/// Names of objects and keys of Secrets have at most so many characters.
const LONGEST: usize = 253;

/// Takes the inline credentials out of every store; each list is that of one store.
pub(super) fn take(stores: &mut [Item<SecretStoreConfig>], findings: &mut Findings) -> Vec<Vec<Credentials>> {
    let of_store = |(i, item): (usize, &mut Item<SecretStoreConfig>)| {
        of_store(&mut item.value, &Place::item(List::Stores, i), findings)
    };
    stores.iter_mut().enumerate().map(of_store).collect()
}

/// That a credential came in plain, without its place.
pub fn plain_credential() -> Diagnostic {
    Diagnostic::error(INLINE_CREDENTIAL_PLAIN, "the credential came in plain")
        .why("what is plain in a program is plain in the state of its stack, for everybody who may read that")
        .fix("pass it as a secret: `pulumi config set --secret` and `requireSecret` (`require_secret`), or `pulumi.secret(...)` around it")
}

fn of_store(store: &mut SecretStoreConfig, place: &Place, findings: &mut Findings) -> Vec<Credentials> {
    let Backend::Declared(provider) = &mut store.backend else { return Vec::new() };
    let at = place.at(provider.kind().as_str());
    let mut taker = Taker {
        store: &store.name,
        cluster: store.cluster_scoped,
        namespace: store.namespace.as_ref(),
        block: at.steps.len(),
        made: Vec::new(),
        findings,
    };
    provider.selectors_mut(&at, &mut |place, selector| taker.take(place, selector));
    taker.made
}

struct Taker<'a> {
    store: &'a Text,
    cluster: bool,
    namespace: Option<&'a Text>,
    /// So many steps lead to the provider's block.
    block: usize,
    made: Vec<Credentials>,
    findings: &'a mut Findings,
}

impl Taker<'_> {
    fn take(&mut self, place: &Place, selector: &mut SecretKeySelector) {
        let Some(value) = selector.value.take() else { return };
        self.judge(&value, &place.at("value"));
        for (field, said) in [("name", !selector.name.is_empty()), ("key", selector.key.is_some())] {
            if said {
                self.findings
                    .error(INLINE_CREDENTIAL, place.at(field), format!("`{field}` beside `value`"))
                    .fix("keep `value`, which becomes a Secret of its own, or leave it out");
            }
        }
        if self.cluster && selector.namespace.is_none() {
            self.findings
                .error(
                    INLINE_CREDENTIAL,
                    place.clone(),
                    "a cluster-scoped store must say the namespace of the Secret that is made of `value`",
                )
                .fix("write `namespace` beside `value`");
            // Said once: to the rules that follow it is there.
            selector.namespace = Some(Text::unknown(false, keyloom_syntax::Origins::NONE));
        }
        let key = self.key(place);
        let name = self.name(place);
        selector.name = name.clone();
        selector.key = Some(key.as_str().into());
        let namespace = if self.cluster { selector.namespace.as_ref() } else { self.namespace };
        self.put(name, namespace.cloned(), key, *value, place);
    }

    /// A credential comes in secret, and is there. One that is not known yet is judged when it is.
    fn judge(&mut self, value: &Text, place: &Place) {
        if value.written().is_some() {
            self.findings.push(plain_credential(), place.clone());
        } else if value.judge(str::is_empty) == Some(true) {
            self.findings
                .error(INLINE_CREDENTIAL, place.clone(), "the credential is empty")
                .fix("pass the value, or refer to a Secret with `name` and `key`");
        }
    }

    /// The way to the field in the provider's block, without the `auth` that nearly all have.
    fn key(&mut self, place: &Place) -> String {
        let steps = place.steps.get(self.block..).unwrap_or_default();
        let steps = match steps {
            [Step::Key(first), rest @ ..] if first == "auth" && !rest.is_empty() => rest,
            _ => steps,
        };
        let spelled = |step: &Step| match step {
            Step::Key(key) => key.to_string(),
            Step::Index(index) => index.to_string(),
            Step::Part(_) => String::new(),
        };
        let key = steps.iter().map(spelled).collect::<Vec<_>>().join(".");
        if !SECRET_KEY.is_match(&key) || key.len() > LONGEST {
            self.findings
                .error(INLINE_CREDENTIAL, place.clone(), "the way to this field is no legal key of a Secret")
                .fix("refer to a Secret with `name` and `key`");
        }
        key
    }

    fn name(&mut self, place: &Place) -> Text {
        let name = self.store.join(&SUFFIX.into());
        let store_is_legal = self.store.judge(|store| OBJECT_NAME.is_match(store)).unwrap_or(true);
        if store_is_legal && name.judge(|name| name.len() <= LONGEST).unwrap_or(true) {
            return name;
        }
        if store_is_legal {
            self.findings
                .error(
                    INLINE_CREDENTIAL,
                    place.clone(),
                    format!(
                        "the name of the Secret, `{}`, is longer than {LONGEST} characters",
                        shown(&name)
                    ),
                )
                .fix("give the store a shorter name");
        }
        // Reported, here or at the store's name.
        Text::unknown(false, keyloom_syntax::Origins::NONE)
    }

    fn put(&mut self, name: Text, namespace: Option<Text>, key: String, value: Text, place: &Place) {
        let at = self.made.iter().position(|made| made.namespace == namespace).unwrap_or_else(|| {
            self.made.push(Credentials { name, namespace, values: Default::default() });
            self.made.len() - 1
        });
        if self.made[at].values.insert(key, value).is_some() {
            self.findings
                .error(INLINE_CREDENTIAL, place.clone(), "another credential gets the same key in the Secret")
                .fix("refer to a Secret with `name` and `key`");
        }
    }
}

/// Secrets that are made of credentials have names that nothing else takes.
pub(super) fn names_taken(
    credentials: &[Vec<Credentials>],
    made: &[Option<ExternalSecret>],
    findings: &mut Findings,
) {
    let all = || credentials.iter().enumerate().flat_map(|(i, of)| of.iter().map(move |one| (i, one)));
    for (i, one) in all() {
        let Some(name) = one.name.known() else { continue };
        let same = |other: &Text, namespace: Option<&Text>| {
            other.known() == Some(name) && super::same(namespace, one.namespace.as_ref()) == Some(true)
        };
        let store = all().find(|(j, other)| *j < i && same(&other.name, other.namespace.as_ref()));
        let target = made.iter().enumerate().find(|(_, item)| {
            item.as_ref().is_some_and(|item| {
                item.target.writes_a_secret() && same(&item.target.name, item.namespace.as_ref())
            })
        });
        let other = store
            .map(|(j, _)| Place::item(List::Stores, j).at("name"))
            .or_else(|| target.map(|(j, _)| Place::item(List::ExternalSecrets, j).at("targetSecretName")));
        if let Some(other) = other {
            findings
                .error(
                    INLINE_CREDENTIAL,
                    Place::item(List::Stores, i).at("name"),
                    format!("the credentials of the store become Secret `{name}`, which is made here too"),
                )
                .fix("give one of the two another name")
                .and(other, "here");
        }
    }
}
