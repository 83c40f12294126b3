//! Values that every body is made of.

use indexmap::IndexMap;
use keyloom_models::policy;
use keyloom_models::selector::{
    CaProvider, LabelSelector, LabelSelectorRequirement, SecretKeySelector, ServiceAccountSelector,
    StoreCondition,
};
use keyloom_syntax::Text;

use super::{IsEmpty, Sink, Walk, map};

impl Walk for Text {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        sink.text(self)
    }
}

impl Walk for str {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        sink.str(self)
    }
}

impl Walk for bool {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        sink.bool(*self)
    }
}

impl Walk for u32 {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        sink.int(i64::from(*self))
    }
}

impl Walk for i64 {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        sink.int(*self)
    }
}

impl<T: Walk> Walk for [T] {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        sink.begin_seq()?;
        for item in self {
            item.walk(sink)?;
        }
        sink.end_seq()
    }
}

impl<T: Walk> Walk for Vec<T> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        self.as_slice().walk(sink)
    }
}

impl<T> IsEmpty for Vec<T> {
    fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

impl<T: Walk + ?Sized> Walk for &T {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        (**self).walk(sink)
    }
}

impl<T: Walk + ?Sized> Walk for Box<T> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        (**self).walk(sink)
    }
}

impl<T: Walk> Walk for IndexMap<String, T> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| self.iter().try_for_each(|(key, value)| m.field(key, value)))
    }
}

impl<T> IsEmpty for IndexMap<String, T> {
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

macro_rules! words {
    ($($word:ident)*) => { $(
        impl Walk for policy::$word {
            fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
                sink.str(self.as_str())
            }
        }
    )* };
}

words! {
    CreationPolicy DeletionPolicy RefreshPolicy SyncWindowKind DecodingStrategy ConversionStrategy MetadataPolicy
    NullBytePolicy TemplateEngineVersion TemplateMergePolicy TemplateScope MergeStrategy MergeConflictPolicy
    MergePriorityPolicy PushUpdatePolicy PushDeletionPolicy PushConversionStrategy PasswordEncoding SshKeyType EcrScope StoreKind GeneratorKind AwsService SessionTagsPolicy VaultVersion CaProviderType
    SelectorOperator
}

impl Walk for SecretKeySelector {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.optional("namespace", &self.namespace)?;
            m.optional("key", &self.key)
        })
    }
}

impl Walk for ServiceAccountSelector {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.optional("namespace", &self.namespace)?;
            m.nonempty("audiences", &self.audiences)
        })
    }
}

impl Walk for CaProvider {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("type", &self.kind)?;
            m.field("name", &self.name)?;
            m.optional("key", &self.key)?;
            m.optional("namespace", &self.namespace)
        })
    }
}

impl Walk for StoreCondition {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("namespaceSelector", &self.namespace_selector)?;
            m.nonempty("namespaces", &self.namespaces)?;
            m.nonempty("namespaceRegexes", &self.namespace_regexes)
        })
    }
}

impl Walk for LabelSelector {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.nonempty("matchLabels", &self.match_labels)?;
            m.nonempty("matchExpressions", &self.match_expressions)
        })
    }
}

impl Walk for LabelSelectorRequirement {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("key", &self.key)?;
            m.field("operator", &self.operator)?;
            m.nonempty("values", &self.values)
        })
    }
}
