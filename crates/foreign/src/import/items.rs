//! The whole text: what is said once, then the lists with their items.

use keyloom_syntax::{Node, Span};
use keyloom_upstream::eso::{self, Kind};

use super::stores::{StoreId, namespace};
use super::written::{Field, Item, Map, Notes, Written};
use super::{
    Context, Level, Work, cluster, external_secret, generator, plain, push_secret, store, writer::Writer,
};
use crate::object::{LAST_APPLIED, Object};

/// The text of a declaration, and which bytes of it belong to which object.
pub(super) struct Declaration {
    pub(super) text: String,
    /// In the order of the text.
    items: Vec<(usize, Span)>,
}

impl Declaration {
    /// The number of the object at a place.
    pub(super) fn object_at(&self, span: Span) -> Option<usize> {
        let before = self.items.partition_point(|(_, item)| item.start <= span.start).checked_sub(1)?;
        self.items.get(before).filter(|(_, item)| span.start < item.end).map(|(number, _)| *number)
    }
}

/// Whether objects of a kind are items of a list.
type IsIn = fn(Kind) -> bool;

/// The lists, in the order in which they are written.
const LISTS: [(&str, IsIn); 6] = [
    ("stores", |kind| matches!(kind, Kind::SecretStore | Kind::ClusterSecretStore)),
    ("generators", |kind| kind.is_generator()),
    ("externalSecrets", |kind| matches!(kind, Kind::ExternalSecret)),
    ("clusterExternalSecrets", |kind| matches!(kind, Kind::ClusterExternalSecret)),
    ("pushSecrets", |kind| matches!(kind, Kind::PushSecret)),
    ("clusterPushSecrets", |kind| matches!(kind, Kind::ClusterPushSecret)),
];

/// Writes all objects, each at its level.
pub(super) fn declaration(work: &Work<'_, '_>, levels: &[Level], substitution: bool) -> Declaration {
    work.comments.reset();
    let mut writer = Writer::default();
    work.options.header.iter().for_each(|line| writer.line(line));
    let mut once = Map::default();
    if let Some(eso) = work.options.eso {
        let mut versions = Map::default();
        versions.put("eso", Written::text(eso.to_string()));
        once.put("versions", versions.into());
    }
    if substitution {
        once.put("substitution", Written::text("flux"));
    }
    if let Some(defaults) = work.usual.section(&work.stores) {
        once.put("defaults", defaults.into());
    }
    once.fields.iter().for_each(|field| writer.section(field));
    let mut items = Vec::new();
    let mut begun = !once.is_empty();
    for (list, is_in) in LISTS {
        let mut own: Vec<(Option<usize>, Item)> = Vec::new();
        for (number, object) in work.objects.iter().enumerate() {
            if let Some(kind) = object.eso().filter(|kind| is_in(*kind)) {
                let level = levels.get(number).copied().unwrap_or(Level::Plain);
                own.push((Some(number), item(object, kind, level, &work.context(number))));
            }
        }
        if list == "stores" {
            own.extend(work.stores.external.iter().map(|(id, provider)| {
                (None, external(id, provider.as_str(), work.usual.namespace.as_deref()))
            }));
        }
        if list == "generators" {
            let elsewhere = generator::elsewhere(&work.objects);
            own.extend(
                elsewhere.iter().map(|id| (None, generator::external(id, work.usual.namespace.as_deref()))),
            );
        }
        if own.is_empty() {
            continue;
        }
        if begun {
            writer.line("");
        }
        begun = true;
        writer.line(&format!("{list}:"));
        for (at, (number, item)) in own.iter().enumerate() {
            if at > 0 && !item.notes.above.is_empty() {
                writer.line("");
            }
            let start = writer.len();
            writer.item(item);
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            items.extend(number.map(|number| (number, Span::new(place(start), place(writer.len())))));
        }
    }
    Declaration { text: writer.into_text(), items }
}

fn item(object: &Object<'_>, kind: Kind, level: Level, context: &Context<'_, '_>) -> Item {
    let mut map = Map::default();
    let spec = object.node.get("spec");
    let mut generator = kind.is_generator().then(|| generator::kind_and_spec(kind, spec, level, context));
    if let Some(Field { key, notes, value }) = generator.as_mut().and_then(|generator| generator.take_first())
    {
        map.put_with(&key, notes, value);
    }
    let metadata = object.node.get("metadata");
    let field =
        |name: &str| metadata.into_iter().flat_map(Node::entries).find(|(key, _)| key.scalar() == Some(name));
    map.extend("name", field("name").map(|(key, value)| plain::field(key, value, None, context.comments)));
    let cluster_scoped = kind.cluster_scoped();
    if let Some((key, value)) = field("namespace").filter(|_| !cluster_scoped)
        && (namespace(object) != context.usual.namespace.as_deref())
    {
        map.extend("namespace", Some(plain::field(key, value, None, context.comments)));
    }
    if cluster_scoped && (kind.is_generator() || kind == Kind::ClusterSecretStore) {
        map.put("clusterScoped", Written::Word("true".to_owned()));
    }
    let rest = match (kind, spec) {
        _ if kind.is_generator() => generator.unwrap_or_default(),
        (_, None) => Map::default(),
        (Kind::SecretStore | Kind::ClusterSecretStore, Some(spec)) => {
            store::spec(spec, eso::spec(context.eso, kind).root(), level, context)
        }
        (Kind::ExternalSecret, Some(spec)) => {
            external_secret::spec(spec, object.name.and_then(Node::as_str), level, context)
        }
        (Kind::PushSecret, Some(spec)) => {
            push_secret::spec(spec, Some(eso::spec(context.eso, kind).root()), context)
        }
        (Kind::ClusterExternalSecret | Kind::ClusterPushSecret, Some(spec)) => {
            cluster::spec(kind, spec, object.name.and_then(Node::as_str), level, context)
        }
        (_, Some(_)) => Map::default(),
    };
    for (name, usual) in [("labels", &context.usual.labels), ("annotations", &context.usual.annotations)] {
        if let Some((key, value)) = field(name) {
            let wanted = |key: &str| {
                key != LAST_APPLIED
                    && usual.get(key).is_none_or(|text| value.get(key).and_then(Node::as_str) != Some(text))
            };
            let own = plain::fields(value, None, context.comments, wanted);
            if !own.is_empty() {
                map.put_with(name, context.comments.of_key(key), own.into());
            }
        }
    }
    map.fields.extend(rest.fields);
    // Comments that have found no place stand above the item, in their order.
    let span = object.node.span();
    let above = context.comments.take(span.start..=span.end).lines();
    Item { notes: Notes { above, beside: None }, value: map.into() }
}

/// Somebody else's store, of which only the provider matters.
fn external(id: &StoreId, provider: &str, usual: Option<&str>) -> Item {
    let mut map = Map::default();
    map.put("name", Written::text(&id.name));
    if let Some(namespace) = id.namespace.as_deref().filter(|own| Some(*own) != usual) {
        map.put("namespace", Written::text(namespace));
    }
    if id.cluster {
        map.put("clusterScoped", Written::Word("true".to_owned()));
    }
    map.put("provider", Written::text(provider));
    map.put("external", Written::Word("true".to_owned()));
    Item { notes: Notes::default(), value: map.into() }
}
