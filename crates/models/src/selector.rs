//! Pointers to what already exists in the cluster: a key of a Secret, a service account, a CA certificate,
//! namespaces. The shapes are those of ESO and Kubernetes, in documents and manifests alike.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::name::{NAMESPACE, OBJECT_NAME, SECRET_KEY};
use crate::policy::{CaProviderType, SelectorOperator};

/// A key of a Secret in the cluster; never the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-on" = {"type": {
    "code": "literal-secret",
    "message": "{field} wants a reference to a Kubernetes Secret, never the value",
    "why": "what is written here ends in git and in manifests, for everybody to read",
    "fix": "write {name: SECRET, key: KEY} there; if a value has been committed, replace it where it is used"
}}), transform = crate::schema::needs_name)]
pub struct SecretKeySelector {
    /// Name of the Secret.
    #[serde(default)]
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Namespace of the Secret. Only a ClusterSecretStore may point to a namespace that is not its user's own.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Key in the Secret. Some fields have a default for it, which stands at the field.
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Option<Text>,
    /// The value itself, as a secret, in place of name and key: it becomes a Secret beside the store. No document has the
    /// field.
    #[schemars(skip)]
    pub value: Option<Box<Text>>,
}

impl SecretKeySelector {
    /// The key `key` of the Secret `name`, in the namespace of whoever asks.
    pub fn new(name: impl Into<Text>, key: impl Into<Text>) -> Self {
        Self { name: name.into(), key: Some(key.into()), ..Self::default() }
    }

    /// A credential in place of a reference, in the selectors of a store: it must be secret, and becomes a Secret beside the
    /// store, which then refers to that. A cluster-scoped store's needs a [`namespace`](Self::namespace).
    pub fn inline(value: impl Into<Text>) -> Self {
        Self { value: Some(Box::new(value.into())), ..Self::default() }
    }

    /// The same key in another namespace.
    #[must_use]
    pub fn namespace(self, namespace: impl Into<Text>) -> Self {
        Self { namespace: Some(namespace.into()), ..self }
    }
}

/// A service account in the cluster, whose token the operator asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccountSelector {
    /// Name of the ServiceAccount.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Namespace of the ServiceAccount. Only a ClusterSecretStore may point to a namespace that is not its user's own.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Further audiences of the token (claim `aud`), beside those the provider needs.
    #[serde(default)]
    pub audiences: Vec<Text>,
}

impl ServiceAccountSelector {
    /// The service account `name`, in the namespace of whoever asks.
    pub fn new(name: impl Into<Text>) -> Self {
        Self { name: name.into(), namespace: None, audiences: Vec::new() }
    }
}

/// A CA certificate that lies in a Secret or ConfigMap.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaProvider {
    /// The kind of object that holds it.
    #[serde(rename = "type")]
    pub kind: CaProviderType,
    /// Name of the object.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Key in the object.
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Option<Text>,
    /// Namespace of the object; a ClusterSecretStore needs it, a SecretStore must not have it.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
}

/// One condition of a ClusterSecretStore: which namespaces may use it. Everything in it is joined by *or*, and an
/// empty one matches no namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoreCondition {
    /// Namespaces with these labels. An empty selector matches every namespace.
    #[validate(nested)]
    pub namespace_selector: Option<LabelSelector>,
    /// Namespaces with these names.
    #[serde(default)]
    pub namespaces: Vec<Text>,
    /// Namespaces whose name matches one of these regular expressions (RE2, not anchored: `prod` matches `nonprod`).
    #[serde(default)]
    pub namespace_regexes: Vec<Text>,
}

/// A selector of Kubernetes objects by their labels; all that it holds must be true.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LabelSelector {
    /// Labels that must have these values.
    #[serde(default)]
    pub match_labels: IndexMap<String, Text>,
    /// Requirements of labels.
    #[serde(default)]
    #[validate(nested)]
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// One requirement of a label.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LabelSelectorRequirement {
    /// The label's key.
    #[validate(length(min = 1))]
    pub key: Text,
    /// How the label is compared.
    pub operator: SelectorOperator,
    /// What it is compared with: at least one value for `In` and `NotIn`, none for `Exists` and `DoesNotExist`.
    #[serde(default)]
    pub values: Vec<Text>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_in_the_schema_and_are_checked() {
        let schema = schemars::schema_for!(SecretKeySelector);
        let name = &schema.as_value()["properties"]["name"];
        assert_eq!((&name["maxLength"], &name["pattern"]), (&253.into(), &OBJECT_NAME.as_str().into()));
        assert_eq!(schema.as_value()["required"], serde_json::json!(["name"]));
        assert!(SecretKeySelector::new("infisical-identity", "clientId").validate().is_ok());
        assert!(SecretKeySelector::new("Infisical", "clientId").validate().is_err());
        assert!(SecretKeySelector::new("infisical", "client id").validate().is_err());
    }
}
