//! Generators: their own rules, and which of them a reference means.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use keyloom_syntax::suggest::suggest;

use super::{Rules, newer, same, shown};
use crate::code::{
    CLUSTER_GENERATOR_NAMESPACE, INLINE_CREDENTIAL, SELECTOR_KEY, SELECTOR_NAMESPACE, UNKNOWN_GENERATOR,
    UNKNOWN_SECRET_KEY,
};
use crate::config::GeneratorRef;
use crate::data_from::GeneratorRef as Written;
use crate::document::{Item, SetAside};
use crate::finding::{Findings, List, Place};
use crate::generator::{GeneratorConfig, GeneratorSpec};
use crate::policy::GeneratorKind;
use crate::selector::SecretKeySelector;

/// Checks every generator.
pub(super) fn check(rules: &Rules, items: &[Item<GeneratorConfig>], findings: &mut Findings) {
    for (i, item) in items.iter().enumerate() {
        let place = Place::item(List::Generators, i);
        one(rules, &item.value, &place, findings);
    }
}

fn one(rules: &Rules, item: &GeneratorConfig, place: &Place, findings: &mut Findings) {
    if item.cluster_scoped && item.namespace.is_some() {
        findings
            .error(
                CLUSTER_GENERATOR_NAMESPACE,
                place.at("namespace"),
                "a cluster-scoped generator has no namespace",
            )
            .fix("leave `namespace` out, or leave `clusterScoped` out");
    }
    if item.external {
        return;
    }
    let at = place.at("spec");
    let selectors = match &item.spec {
        GeneratorSpec::Password(spec) => {
            spec.check(&at, findings);
            Vec::new()
        }
        GeneratorSpec::SshKey(spec) => {
            spec.check(&at, findings);
            Vec::new()
        }
        GeneratorSpec::EcrAuthorizationToken(spec) => spec.selectors(),
        GeneratorSpec::GithubAccessToken(spec) => spec.selectors(),
        // What is carried has been held against upstream's schema.
        GeneratorSpec::Uuid | GeneratorSpec::Carried(..) => Vec::new(),
    };
    for (field, selector) in selectors {
        let at = field.split('.').fold(at.clone(), |at, step| at.at(step.to_owned()));
        secret(&selector, item, &at, findings);
    }
    newer::generator(rules, item, place, findings);
}

/// A Secret that a generator reads: always in the namespace of whoever uses the generator.
fn secret(selector: &SecretKeySelector, item: &GeneratorConfig, place: &Place, findings: &mut Findings) {
    if selector.key.is_none() && selector.value.is_none() {
        findings
            .error(
                SELECTOR_KEY,
                place.clone(),
                format!("the key in Secret `{}` is not said", shown(&selector.name)),
            )
            .why("the generator looks for a key without a name, and fails at every sync")
            .fix(format!("write `{{name: {}, key: ...}}`", shown(&selector.name)));
    }
    if selector.value.is_some() {
        findings
            .error(
                INLINE_CREDENTIAL,
                place.at("value"),
                "a generator takes no credential in place of a reference",
            )
            .why("its Secret is read in each namespace that uses it, and belongs to whoever uses it")
            .fix("refer to a Secret with `name` and `key`");
    }
    let same_namespace = !item.cluster_scoped
        && item.namespace.is_some()
        && same(selector.namespace.as_ref(), item.namespace.as_ref()) != Some(false);
    if selector.namespace.is_some() && !same_namespace {
        findings
            .warning(
                SELECTOR_NAMESPACE,
                place.at("namespace"),
                "a generator reads the Secret of the namespace that it is used in",
            )
            .why("the operator ignores `namespace` here")
            .fix("leave `namespace` out");
    }
}

/// The declared generators by name.
pub(crate) struct Generators<'a> {
    by_name: IndexMap<&'a str, Vec<&'a GeneratorConfig>>,
    /// Names of generators that are reported already.
    aside: Vec<&'a Text>,
    /// Whether one of them has no name, so that it may be the one that is meant.
    nameless: bool,
}

impl<'a> Generators<'a> {
    pub(crate) fn new(items: &'a [Item<GeneratorConfig>], set_aside: &'a [SetAside]) -> Self {
        let mut by_name: IndexMap<&str, Vec<&GeneratorConfig>> = IndexMap::new();
        for item in items {
            if let Some(name) = item.value.name.written() {
                by_name.entry(name).or_default().push(&item.value);
            }
        }
        let aside = set_aside.iter().filter(|item| item.list == List::Generators);
        Self {
            by_name,
            aside: aside.clone().filter_map(|item| item.name.as_ref()).collect(),
            nameless: aside.clone().any(|item| item.name.is_none()),
        }
    }

    /// What a reference from `namespace` leads to. One that leads nowhere is reported, and taken at its word.
    pub(crate) fn resolve(
        &self,
        reference: &Written,
        namespace: Option<&Text>,
        place: &Place,
        findings: &mut Findings,
    ) -> GeneratorRef {
        let found = reference.name.written().and_then(|name| {
            if self.nameless || self.aside.iter().any(|aside| aside.written() == Some(name)) {
                return None;
            }
            self.find(reference, name, namespace, place, findings)
        });
        let alone = match reference.kind {
            GeneratorKind::Uuid => GeneratorSpec::Uuid.keys(),
            GeneratorKind::SshKey => GeneratorSpec::SshKey(Default::default()).keys(),
            _ => None,
        };
        GeneratorRef {
            kind: reference.kind,
            name: reference.name.clone(),
            makes: found.map_or(reference.kind, |found| found.spec.kind()),
            keys: match found {
                Some(found) if !found.external => found.spec.keys(),
                Some(_) | None => alone,
            },
        }
    }

    fn find(
        &self,
        reference: &Written,
        name: &str,
        namespace: Option<&Text>,
        place: &Place,
        findings: &mut Findings,
    ) -> Option<&'a GeneratorConfig> {
        let cluster = reference.kind == GeneratorKind::ClusterGenerator;
        let fits = |item: &&&'a GeneratorConfig| match cluster {
            true => item.cluster_scoped,
            false => {
                !item.cluster_scoped
                    && item.spec.kind() == reference.kind
                    && same(item.namespace.as_ref(), namespace) != Some(false)
            }
        };
        let declared = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let found = declared.iter().find(fits).copied();
        if found.is_none() {
            match declared.first() {
                Some(other) => self.another(reference, name, namespace, other, place, findings),
                None => self.unknown(reference, name, place, findings),
            }
        }
        found
    }

    /// There is a generator of that name, of another kind or elsewhere.
    fn another(
        &self,
        reference: &Written,
        name: &str,
        namespace: Option<&Text>,
        other: &GeneratorConfig,
        place: &Place,
        findings: &mut Findings,
    ) {
        let kind = if other.cluster_scoped { GeneratorKind::ClusterGenerator } else { other.spec.kind() };
        if kind != reference.kind {
            findings
                .error(
                    UNKNOWN_GENERATOR,
                    place.at("kind"),
                    format!("generator `{name}` is a {kind}, not a {}", reference.kind),
                )
                .fix(format!("write `kind: {kind}`"));
            return;
        }
        let scope = |namespace: Option<&Text>| {
            namespace.map_or_else(|| "no namespace".to_owned(), |name| format!("namespace `{}`", shown(name)))
        };
        findings
            .error(
                UNKNOWN_GENERATOR,
                place.at("name"),
                format!(
                    "{kind} `{name}` is in {}, and is used in {}",
                    scope(other.namespace.as_ref()),
                    scope(namespace)
                ),
            )
            .why("a generator serves its own namespace alone")
            .fix("move one of the two, or make it `clusterScoped: true` and write `kind: ClusterGenerator` here");
    }

    fn unknown(&self, reference: &Written, name: &str, place: &Place, findings: &mut Findings) {
        let aside = self.aside.iter().filter_map(|name| name.known());
        let near = suggest(name, self.by_name.keys().copied().chain(aside));
        let kind = reference.kind;
        let finding =
            findings.error(UNKNOWN_GENERATOR, place.at("name"), format!("{kind} `{name}` is not declared"));
        match near {
            Some(near) => finding.label(format!("did you mean `{near}`?")),
            None => finding.label("no such generator"),
        };
        finding.why("the operator looks for it at every sync, and writes nothing until it is there");
        finding.fix(match kind {
            GeneratorKind::ClusterGenerator => "declare it in `generators` with `clusterScoped: true`, and with `external: true` if it is somebody else's".to_owned(),
            kind => format!("declare it: `generators: [{{kind: {kind}, name: {name}}}]`, with `external: true` if it is somebody else's"),
        });
    }
}

/// Fields that are kept of what a generator makes must be among what it makes.
pub(super) fn selected(
    made: &GeneratorRef,
    keep: Option<&[(Text, Text)]>,
    place: &Place,
    findings: &mut Findings,
) {
    let Some(keys) = &made.keys else { return };
    let known = || keys.iter().filter_map(Text::known);
    for field in keep.into_iter().flatten().filter_map(|(_, field)| field.known()) {
        if keys.iter().any(|key| key.known().is_none_or(|key| key == field)) {
            continue;
        }
        let message = format!("{} `{}` makes no key `{field}`", made.makes, shown(&made.name));
        let finding = findings.error(UNKNOWN_SECRET_KEY, place.clone(), message);
        if let Some(near) = suggest(field, known()) {
            finding.label(format!("did you mean `{near}`?"));
        }
        finding.fix(format!("it makes {}", known().collect::<Vec<_>>().join(", ")));
    }
}
