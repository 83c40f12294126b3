//! Services: every key that a pod reads is produced by somebody.

use keyloom_syntax::Text;
use keyloom_syntax::suggest::suggest;

use super::{Rules, literal, same, shown};
use crate::config::{ExternalSecret, Keys};
use crate::document::SetAside;
use crate::finding::{Findings, List, Place};
use crate::name::is_env_name;
use crate::service::ServiceConfig;

/// What is known of the Secrets that a pod may read.
pub(crate) struct Produced<'a> {
    made: Vec<&'a ExternalSecret>,
    /// Targets of items that are reported already.
    aside: Vec<&'a Text>,
    some_aside: bool,
}

/// What a pod finds under a Secret's name.
enum Found<'a> {
    Secret(Vec<&'a Keys>),
    Nobody,
    Unsure,
}

impl<'a> Produced<'a> {
    pub(crate) fn new(made: &'a [Option<ExternalSecret>], set_aside: &'a [SetAside]) -> Self {
        let aside = set_aside.iter().filter(|item| item.list == List::ExternalSecrets);
        Self {
            made: made.iter().flatten().collect(),
            aside: aside.clone().filter_map(|item| item.target.as_ref().or(item.name.as_ref())).collect(),
            some_aside: aside.count() > 0 || made.iter().any(Option::is_none),
        }
    }

    fn find(&self, namespace: Option<&Text>, name: &Text) -> Found<'a> {
        let Some(written) = name.written() else { return Found::Unsure };
        if self.aside.iter().any(|aside| aside.written() == Some(written)) {
            return Found::Unsure;
        }
        let mut keys = Vec::new();
        let mut unsure = self.some_aside;
        for item in &self.made {
            // A namespace that is left out is filled in later, for both sides alike or not.
            let here = match (item.namespace.as_ref(), namespace) {
                (None, Some(_)) | (Some(_), None) => None,
                (a, b) => same(a, b),
            };
            match (here, same(Some(&item.target.name), Some(name))) {
                (Some(false), _) | (_, Some(false)) => {}
                (Some(true), Some(true)) | (None, Some(true)) => keys.push(&item.keys),
                (_, None) => unsure = true,
            }
        }
        match (keys.is_empty(), unsure) {
            (false, _) => Found::Secret(keys),
            (true, true) => Found::Unsure,
            (true, false) => Found::Nobody,
        }
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.made.iter().filter_map(|item| item.target.name.known())
    }
}

pub(super) fn check(
    rules: &Rules,
    services: &[ServiceConfig],
    made: &[Option<ExternalSecret>],
    set_aside: &[SetAside],
    findings: &mut Findings,
) {
    let produced = Produced::new(made, set_aside);
    for (i, service) in services.iter().enumerate() {
        let place = Place::item(List::Services, i);
        let mut reader =
            Reader { rules, produced: &produced, namespace: service.namespace.as_ref(), findings };
        reader.service(service, &place);
    }
}

struct Reader<'a, 'f> {
    rules: &'a Rules,
    produced: &'a Produced<'a>,
    namespace: Option<&'a Text>,
    findings: &'f mut Findings,
}

impl Reader<'_, '_> {
    fn service(&mut self, service: &ServiceConfig, place: &Place) {
        for (i, source) in service.env_from.iter().enumerate() {
            let Some(secret) = &source.secret_ref else { continue };
            let at = place.at("envFrom").at(i);
            self.env_from(&secret.name, source.prefix.as_ref(), &at);
            self.optional(secret.optional, &at.path("secretRef.optional"));
        }
        for (i, variable) in service.env.iter().enumerate() {
            let at = place.at("env").at(i);
            if let (Some(name), Some(value)) = (variable.name.known(), &variable.value) {
                literal::constant(name, value, &at.at("value"), self.findings);
            }
            let Some(key) = variable.value_from.as_ref().and_then(|from| from.secret_key_ref.as_ref()) else {
                continue;
            };
            let at = at.path("valueFrom.secretKeyRef");
            self.key(&key.name, &key.key, &at.at("name"), &at.at("key"));
            self.optional(key.optional, &at.at("optional"));
        }
        for (i, volume) in service.volumes.iter().enumerate() {
            let Some(secret) = &volume.secret else { continue };
            let at = place.at("volumes").at(i).at("secret");
            if secret.items.is_empty() {
                self.secret(&secret.secret_name, &at.at("secretName"));
            }
            for (n, item) in secret.items.iter().enumerate() {
                self.key(
                    &secret.secret_name,
                    &item.key,
                    &at.at("secretName"),
                    &at.at("items").at(n).at("key"),
                );
            }
            self.optional(secret.optional, &at.at("optional"));
        }
    }

    /// A Secret that somebody produces; what is known of its keys.
    fn secret(&mut self, name: &Text, place: &Place) -> Option<Vec<&Keys>> {
        match self.produced.find(self.namespace, name) {
            Found::Secret(keys) => Some(keys),
            Found::Unsure => None,
            Found::Nobody => {
                let namespace = self
                    .namespace
                    .map_or(String::new(), |namespace| format!(" in namespace `{}`", shown(namespace)));
                let near = name.known().and_then(|name| suggest(name, self.produced.names()));
                let finding = self.findings.error(
                    "unknown-secret",
                    place.clone(),
                    format!("nobody writes Secret `{}`{namespace}", shown(name)),
                );
                if let Some(near) = near {
                    finding.label(format!("did you mean `{near}`?"));
                }
                finding
                    .why("the pod does not start until the Secret is there")
                    .fix("declare an external secret with this target");
                None
            }
        }
    }

    fn key(&mut self, name: &Text, key: &Text, at_name: &Place, at_key: &Place) {
        let Some(sources) = self.secret(name, at_name) else { return };
        let Some(wanted) = key.known() else { return };
        // One writer that is sure to have it, or one that may, is enough.
        if sources.iter().any(|keys| keys.holds(wanted) != Some(false)) {
            return;
        }
        let near = suggest(wanted, sources.iter().flat_map(|keys| &keys.known).filter_map(Text::known))
            .map(str::to_owned);
        let held: Vec<_> =
            sources.iter().flat_map(|keys| &keys.known).filter_map(Text::known).take(8).collect();
        let held = format!("it holds {}", held.join(", "));
        let finding = self.findings.error(
            "unknown-secret-key",
            at_key.clone(),
            format!("Secret `{}` has no key `{wanted}`", shown(name)),
        );
        if let Some(near) = near {
            finding.label(format!("did you mean `{near}`?"));
        }
        finding.why("the container does not start: CreateContainerConfigError").fix(held);
    }

    /// A whole Secret as variables: the names must be legal, or the variables are left out.
    fn env_from(&mut self, name: &Text, prefix: Option<&Text>, place: &Place) {
        let relaxed = self.rules.relaxed_env_names;
        let at = place.at("secretRef").at("name");
        let Some(sources) = self.secret(name, &at) else { return };
        let prefix = prefix.and_then(Text::known).unwrap_or_default();
        let illegal: Vec<_> = sources
            .iter()
            .flat_map(|keys| &keys.known)
            .filter_map(Text::known)
            .filter(|key| !is_env_name(&format!("{prefix}{key}"), relaxed))
            .map(str::to_owned)
            .collect();
        if let [first, ..] = illegal.as_slice() {
            self.findings
                .error(
                    "env-name",
                    at,
                    format!(
                        "`{first}` is not the name of an environment variable, so the pod does not get it"
                    ),
                )
                .why("before Kubernetes 1.34 other names than C identifiers are left out silently")
                .fix("rename the key with `as`, `envPrefix` or `keys`, or read it as a file");
        }
    }

    fn optional(&mut self, optional: bool, place: &Place) {
        if optional {
            self.findings
                .warning(
                    "optional-secret",
                    place.clone(),
                    "the pod starts without the secret, and nobody is told",
                )
                .fix("leave `optional` out");
        }
    }
}
