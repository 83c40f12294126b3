//! Fields that the operator's version does not have yet.

use keyloom_syntax::{Block, Text};
use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{EsoVersion, Kind, Presence, enum_introduced, introduced, presence, spec};

use super::Rules;
use crate::data_from::Rewrite;
use crate::external_secret::{Content, ExternalSecretConfig};
use crate::finding::{Findings, Place};
use crate::generator::{GeneratorConfig, GeneratorSpec};
use crate::policy::GeneratorKind;
use crate::push_secret::{PushSecretConfig, PushSecretSource, PushSelector};
use crate::store::StoreProvider;
use crate::template::Template;

const CODE: &str = "newer-than-eso";

/// Asks upstream's schema of one kind about fields that are there.
pub(crate) struct Asker<'a> {
    rules: &'a Rules,
    kind: Kind,
    findings: &'a mut Findings,
}

impl Asker<'_> {
    /// The field at `path` of the spec, if it is there.
    pub(crate) fn field(&mut self, present: bool, path: &str, place: impl FnOnce() -> Place) {
        if !present {
            return;
        }
        let steps: Vec<_> = path.split('.').collect();
        if presence(self.rules.eso, self.kind, &steps) == Presence::No {
            let since = introduced(self.kind, &steps);
            self.report(
                &format!("`{}`", steps.last().unwrap_or(&path)),
                since.map(|since| since.to_string()),
                place(),
            );
        }
    }

    /// A block in the operator's own words: every field that is there, and every word of an enum. `schema` is that of the
    /// newest version; what stands below a field that is not known is not asked for.
    pub(crate) fn block(&mut self, path: &str, schema: Cursor<'_>, block: &Block, place: &Place) {
        let steps: Vec<_> = path.split('.').filter(|step| !step.is_empty()).collect();
        if !steps.is_empty() && presence(self.rules.eso, self.kind, &steps) == Presence::No {
            self.field(true, path, || place.clone());
            return;
        }
        if let Some(word) =
            block.text().and_then(Text::known).filter(|_| schema.enum_values().next().is_some())
        {
            self.word(path, word, || place.clone());
        }
        for (key, value) in block.entries() {
            let (step, field) = match schema.property(key) {
                Some(field) => (key.as_str(), Some(field)),
                None => ("{}", schema.value()),
            };
            if let Some(field) = field {
                self.block(&joined(path, step), field, value, &place.at(key.to_string()));
            }
        }
        for (index, item) in block.items().iter().enumerate() {
            if let Some(field) = schema.item() {
                self.block(&joined(path, "[]"), field, item, &place.at(index));
            }
        }
    }

    /// A word at `path` of the spec.
    pub(crate) fn word(&mut self, path: &str, word: &str, place: impl FnOnce() -> Place) {
        let steps: Vec<_> = path.split('.').collect();
        if let Some(since) =
            enum_introduced(self.kind, &steps, word).filter(|since| *since > self.rules.eso.condensed())
        {
            self.report(&format!("`{word}`"), Some(since.to_string()), place());
        }
    }

    fn report(&mut self, what: &str, since: Option<String>, place: Place) {
        let eso = self.rules.eso;
        let finding =
            self.findings.error(CODE, place, format!("External Secrets Operator {eso} does not know {what}"));
        finding.why("the API server drops a field it does not know, or refuses the object");
        match since {
            Some(since) => finding.fix(format!(
                "leave it out, or write `versions: {{eso: \"{since}\"}}` once the operator is updated"
            )),
            None => finding.fix("leave it out"),
        };
    }
}

fn joined(path: &str, step: &str) -> String {
    if path.is_empty() { step.to_owned() } else { [path, ".", step].concat() }
}

/// Fields of an external secret that some known version lacks.
pub(super) fn external_secret(
    rules: &Rules,
    item: &ExternalSecretConfig,
    place: &Place,
    findings: &mut Findings,
) {
    let mut ask = Asker { rules, kind: Kind::ExternalSecret, findings };
    let options = &item.options;
    ask.field(options.sync_windows.is_some(), "syncWindows", || place.at("syncWindows"));
    ask.field(options.manifest.is_some(), "target.manifest", || place.at("manifest"));
    if let Some(policy) = options.creation_policy {
        ask.word("target.creationPolicy", policy.as_str(), || place.at("creationPolicy"));
    }
    if let Some(template) = &options.template {
        self::template(&mut ask, template, "target.template", &place.at("template"));
    }
    let Content::Entries(entries) = &item.content else { return };
    for (i, entry) in entries.data.iter().enumerate() {
        ask.field(entry.null_byte_policy.is_some(), "data.[].remoteRef.nullBytePolicy", || {
            place.at("data").at(i).at("nullBytePolicy")
        });
    }
    for (i, entry) in entries.data_from.iter().enumerate() {
        let at = || place.at("dataFrom").at(i);
        let extract = entry.extract.as_ref().is_some_and(|extract| extract.null_byte_policy.is_some());
        ask.field(extract, "dataFrom.[].extract.nullBytePolicy", || at().path("extract.nullBytePolicy"));
        let find = entry.find.as_ref().is_some_and(|find| find.null_byte_policy.is_some());
        ask.field(find, "dataFrom.[].find.nullBytePolicy", || at().path("find.nullBytePolicy"));
        let merge = entry.rewrite.iter().flatten().any(|rewrite| matches!(rewrite, Rewrite::Merge(_)));
        ask.field(merge, "dataFrom.[].rewrite.[].merge", || at().at("rewrite"));
        if let Some(generator) = &entry.generator {
            generator_kind(&mut ask, generator.kind, at);
        }
    }
}

fn generator_kind(ask: &mut Asker<'_>, kind: GeneratorKind, at: impl Fn() -> Place) {
    ask.word("dataFrom.[].sourceRef.generatorRef.kind", kind.as_str(), || at().path("generator.kind"));
}

/// Fields of a push secret that some known version lacks.
pub(super) fn push_secret(rules: &Rules, item: &PushSecretConfig, place: &Place, findings: &mut Findings) {
    let mut ask = Asker { rules, kind: Kind::PushSecret, findings };
    ask.field(!item.data_to.is_empty(), "dataTo", || place.at("dataTo"));
    if let Some(template) = &item.template {
        self::template(&mut ask, template, "template", &place.at("template"));
    }
    let source = &item.selector;
    if let PushSelector::Secret(PushSecretSource::Labelled(_)) = source {
        ask.field(true, "selector.secret.selector", || place.path("selector.secret.selector"));
    }
    if let PushSelector::Generator(generator) = source {
        ask.word("selector.generatorRef.kind", generator.kind.as_str(), || {
            place.path("selector.generator.kind")
        });
    }
}

/// Fields of a template at `path` of the spec.
fn template(ask: &mut Asker<'_>, template: &Template, path: &str, at: &Place) {
    let finalizers = template.metadata.as_ref().is_some_and(|metadata| !metadata.finalizers.is_empty());
    ask.field(finalizers, &format!("{path}.metadata.finalizers"), || at.path("metadata.finalizers"));
    for (i, from) in template.template_from.iter().flatten().enumerate() {
        ask.field(
            from.values_decoding_strategy.is_some(),
            &format!("{path}.templateFrom.[].valuesDecodingStrategy"),
            || at.at("templateFrom").at(i).at("valuesDecodingStrategy"),
        );
    }
}

/// A generator's kind, and fields of it, that some known version lacks.
pub(super) fn generator(rules: &Rules, item: &GeneratorConfig, place: &Place, findings: &mut Findings) {
    let kind = item.spec.kind();
    let mut ask = Asker { rules, kind: kind.upstream(), findings };
    if spec(rules.eso.condensed(), kind.upstream()).root().type_name().is_none() {
        ask.report(&format!("generators of kind {kind}"), None, place.at("kind"));
        return;
    }
    let at = place.at("spec");
    match &item.spec {
        GeneratorSpec::Password(spec) => {
            ask.field(spec.encoding.is_some(), "encoding", || at.at("encoding"));
            ask.field(spec.secret_keys.is_some(), "secretKeys", || at.at("secretKeys"));
        }
        GeneratorSpec::GithubAccessToken(_)
        | GeneratorSpec::EcrAuthorizationToken(_)
        | GeneratorSpec::SshKey(_)
        | GeneratorSpec::Uuid => {}
        GeneratorSpec::Carried(_, block) => {
            let newest = spec(EsoVersion::newest(), kind.upstream()).root();
            ask.block("", newest, block, &at);
        }
    }
    if item.cluster_scoped {
        ask.kind = Kind::ClusterGenerator;
        ask.word("kind", kind.as_str(), || place.at("kind"));
    }
}

/// Fields of a store's block that some known version lacks.
pub(super) fn store(rules: &Rules, provider: &StoreProvider, place: &Place, findings: &mut Findings) {
    provider.newer(&mut Asker { rules, kind: Kind::SecretStore, findings }, place);
}
