//! The rule of reads: every key that a pod reads is produced by somebody. Declared services and foreign pods alike.

use std::borrow::Cow;
use std::collections::BTreeMap;

use keyloom_syntax::suggest::suggest;
use keyloom_syntax::{Severity, Text};

use super::{same, shown};
use crate::config::{ExternalSecret, Keys};
use crate::finding::{Finding, Findings, Place};
use crate::name::is_env_name;
use crate::service::{SecretRead, Wanted};

/// A Secret that somebody writes.
#[derive(Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) namespace: Option<&'a Text>,
    pub(crate) name: &'a Text,
    pub(crate) keys: Held<'a>,
}

/// What is known of the keys of a Secret; those of an external secret are found out when they are asked for.
#[derive(Clone, Copy)]
pub(crate) enum Held<'a> {
    Of(&'a ExternalSecret),
    Known(&'a Keys),
}

impl<'a> Held<'a> {
    fn keys(self) -> Cow<'a, Keys> {
        match self {
            Self::Of(item) => Cow::Owned(item.keys()),
            Self::Known(keys) => Cow::Borrowed(keys),
        }
    }
}

impl<'a> Holder<'a> {
    /// None where the values are fetched, but no Secret is written.
    pub(crate) fn of(item: &'a ExternalSecret) -> Option<Self> {
        item.target.writes_a_secret().then_some(Self {
            namespace: item.namespace.as_ref(),
            name: &item.target.name,
            keys: Held::Of(item),
        })
    }
}

/// What is known of the Secrets that a pod may read.
#[derive(Default)]
pub(crate) struct Produced<'a> {
    named: BTreeMap<&'a str, Vec<Holder<'a>>>,
    /// Secrets whose names a later tool fills in.
    unnamed: Vec<Holder<'a>>,
    /// Targets of items that are reported already.
    aside: Vec<&'a str>,
    some_aside: bool,
}

/// What a pod finds under a Secret's name.
enum Found<'a> {
    Secret(Vec<Cow<'a, Keys>>),
    Nobody,
    Unsure,
}

impl<'a> Produced<'a> {
    pub(crate) fn new(holders: impl Iterator<Item = Holder<'a>>) -> Self {
        let mut produced = Self::default();
        for holder in holders {
            match holder.name.known() {
                Some(name) => produced.named.entry(name).or_default().push(holder),
                None => produced.unnamed.push(holder),
            }
        }
        produced
    }

    /// An item that is reported already: nothing is missing because of it. Which Secret it would have made is not
    /// sure, so that a name nobody writes is reported only where it looks like another's.
    pub(crate) fn set_aside(&mut self, target: Option<&'a Text>) {
        self.some_aside = true;
        self.aside.extend(target.and_then(Text::written));
    }

    fn find(&self, namespace: Option<&Text>, name: &Text) -> Found<'a> {
        let Some(written) = name.written() else { return Found::Unsure };
        if self.aside.contains(&written) {
            return Found::Unsure;
        }
        let mut keys = Vec::new();
        let mut unsure = self.some_aside;
        let named: Vec<Holder<'a>> = match name.known() {
            Some(known) => self.named.get(known).into_iter().flatten().copied().collect(),
            None => {
                unsure |= !self.named.is_empty();
                Vec::new()
            }
        };
        for holder in named.iter().chain(&self.unnamed) {
            // A namespace that is left out is filled in later, for both sides alike or not.
            let here = match (holder.namespace, namespace) {
                (None, Some(_)) | (Some(_), None) => None,
                (a, b) => same(a, b),
            };
            match (here, same(Some(holder.name), Some(name))) {
                (Some(false), _) | (_, Some(false)) => {}
                (Some(true), Some(true)) | (None, Some(true)) => keys.push(holder.keys.keys()),
                (_, None) => unsure = true,
            }
        }
        match (keys.is_empty(), unsure) {
            (false, _) => Found::Secret(keys),
            (true, true) if self.near(name).is_none() => Found::Unsure,
            (true, _) => Found::Nobody,
        }
    }

    /// A Secret of nearly that name.
    fn near(&self, name: &Text) -> Option<&'a str> {
        let aside = self.aside.iter().copied();
        suggest(name.known()?, self.named.keys().copied().chain(aside).filter(|near| name != near))
    }
}

/// Looks at the reads of one pod.
pub(crate) struct Reader<'p> {
    produced: &'p Produced<'p>,
    namespace: Option<&'p Text>,
    relaxed_env_names: bool,
}

impl<'p> Reader<'p> {
    pub(crate) fn new(
        produced: &'p Produced<'p>,
        namespace: Option<&'p Text>,
        relaxed_env_names: bool,
    ) -> Self {
        Self { produced, namespace, relaxed_env_names }
    }

    pub(crate) fn all(&self, reads: &[SecretRead], findings: &mut Findings) {
        let mut optional: Option<&Place> = None;
        for read in reads {
            self.one(read, findings);
            // A volume is optional as a whole, whatever the number of its keys.
            if read.optional && optional != Some(&read.at_optional) {
                optional = Some(&read.at_optional);
                findings
                    .warning(
                        "optional-secret",
                        read.at_optional.clone(),
                        "the pod starts without the secret, and nobody is told",
                    )
                    .fix("leave `optional` out");
            }
        }
    }

    /// The key must be there if somebody here writes the Secret; others may.
    pub(crate) fn key_if_written(&self, read: &SecretRead, findings: &mut Findings) {
        if let (Found::Secret(sources), Some(key)) =
            (self.produced.find(self.namespace, &read.secret), read.wanted.key())
        {
            has_key(read, key, &sources, findings);
        }
    }

    fn one(&self, read: &SecretRead, findings: &mut Findings) {
        match self.produced.find(self.namespace, &read.secret) {
            Found::Unsure => {}
            Found::Nobody => self.nobody(read, findings),
            Found::Secret(sources) => match &read.wanted {
                Wanted::Variable { key, .. } | Wanted::File { key, .. } | Wanted::Registry { key } => {
                    has_key(read, key, &sources, findings);
                }
                Wanted::Variables { prefix } => {
                    self.env_names(read, prefix.as_ref(), &sources, findings);
                }
                Wanted::Files => {}
            },
        }
    }

    fn nobody(&self, read: &SecretRead, findings: &mut Findings) {
        let namespace =
            self.namespace.map_or(String::new(), |namespace| format!(" in namespace `{}`", shown(namespace)));
        let message = format!("nobody writes Secret `{}`{namespace}", shown(&read.secret));
        let near = self.produced.near(&read.secret);
        let finding = report(read, "unknown-secret", &read.at_name, message, findings);
        if let Some(near) = near {
            finding.label(format!("did you mean `{near}`?"));
        }
        let why = match read.otherwise {
            Some(otherwise) => otherwise,
            None if read.optional => "the pod starts without it",
            None => "the pod does not start until the Secret is there",
        };
        finding.why(why).fix("declare an external secret with this target");
    }

    /// A whole Secret as variables: the names must be legal, or the variables are left out.
    fn env_names(
        &self,
        read: &SecretRead,
        prefix: Option<&Text>,
        sources: &[Cow<'_, Keys>],
        findings: &mut Findings,
    ) {
        let prefix = prefix.and_then(Text::known).unwrap_or_default();
        let mut keys = sources.iter().flat_map(|keys| &keys.known).filter_map(Text::known);
        if let Some(first) = keys.find(|key| !is_env_name(&format!("{prefix}{key}"), self.relaxed_env_names))
        {
            findings
                .error(
                    "env-name",
                    read.at_name.clone(),
                    format!(
                        "`{first}` is not the name of an environment variable, so the pod does not get it"
                    ),
                )
                .why("before Kubernetes 1.34 other names than C identifiers are left out silently")
                .fix("rename the key with `as`, `envPrefix` or `keys`, or read it as a file");
        }
    }
}

fn has_key(read: &SecretRead, key: &Text, sources: &[Cow<'_, Keys>], findings: &mut Findings) {
    let Some(wanted) = key.known() else { return };
    // One writer that is sure to have it, or one that may, is enough.
    let older = (wanted == ".dockerconfigjson").then_some(".dockercfg");
    let may_hold = |keys: &Cow<'_, Keys>, key| keys.holds(key) != Some(false);
    if sources.iter().any(|keys| [Some(wanted), older].into_iter().flatten().any(|key| may_hold(keys, key))) {
        return;
    }
    let known = || sources.iter().flat_map(|keys| &keys.known).filter_map(Text::known);
    let near = suggest(wanted, known());
    let message = format!("Secret `{}` has no key `{wanted}`", shown(&read.secret));
    let finding = report(read, "unknown-secret-key", &read.at_key, message, findings);
    if let Some(near) = near {
        finding.label(format!("did you mean `{near}`?"));
    }
    finding.why(match read.wanted {
        _ if read.otherwise.is_some() => read.otherwise.unwrap_or_default(),
        _ if read.optional => "the pod starts without it",
        Wanted::File { .. } | Wanted::Files => "the pod does not start: the volume cannot be mounted",
        Wanted::Registry { .. } => "the image is pulled without it",
        Wanted::Variable { .. } | Wanted::Variables { .. } => {
            "the container does not start: CreateContainerConfigError"
        }
    });
    let held: Vec<_> = known().take(8).collect();
    if !held.is_empty() {
        finding.fix(format!("it holds {}", held.join(", ")));
    }
}

/// What is missing is an error, unless the pod says that it can do without.
fn report<'f>(
    read: &SecretRead,
    code: &'static str,
    place: &Place,
    message: String,
    findings: &'f mut Findings,
) -> &'f mut Finding {
    let finding = findings.error(code, place.clone(), message);
    if read.optional {
        finding.diagnostic.severity = Severity::Warning;
    }
    finding
}
