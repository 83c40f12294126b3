//! The words that ESO and its providers know for a choice: policies, strategies, kinds.
//!
//! One list a choice. A document is read with it, its JSON Schema is made from it, and a manifest is written with
//! it, always in upstream's own spelling.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Declares an enum of words: the variants with their upstream spelling and meaning, `ALL`, `as_str`, and a JSON
/// Schema that is one `enum` list (editors show the meaning beside each word).
macro_rules! words {
    ($(
        $(#[doc = $about:literal])+
        $name:ident { $( $(#[doc = $meaning:literal])+ $variant:ident = $word:literal, )+ }
    )+) => { $(
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $( $(#[doc = $meaning])+ #[serde(rename = $word)] $variant, )+
        }

        impl $name {
            /// Every choice, in the order of upstream's documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Upstream's word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "description": prose(concat!($($about, "\n"),+)),
                    "enum": [$($word),+],
                    "enumDescriptions": [$(prose(concat!($($meaning, "\n"),+))),+],
                })
            }
        }
    )+ };
}

mod infisical;
mod pipeline;

pub use infisical::{
    GcpScope, GithubInstance, GithubScope, GithubVisibility, InitialSyncBehavior, LoginMethod,
    MappingBehavior,
};
pub use pipeline::{OnConflict, PolicyScope, ValueWriter};

/// The lines of a doc comment as one paragraph.
fn prose(lines: &str) -> String {
    lines.split_whitespace().collect::<Vec<_>>().join(" ")
}

words! {
    /// Who owns the Secret that an external secret writes (`target.creationPolicy`, upstream default `Owner`).
    CreationPolicy {
        /// The operator creates the Secret, owns it, and removes it with the ExternalSecret.
        Owner = "Owner",
        /// The operator creates the Secret and leaves it behind when the ExternalSecret goes.
        Orphan = "Orphan",
        /// The operator adds its keys to a Secret that somebody else has made; without one nothing is written.
        Merge = "Merge",
        /// The operator fetches, but writes no Secret.
        None = "None",
        /// As `Merge`, but a missing Secret is created; nobody owns it.
        CreateOrMerge = "CreateOrMerge",
    }

    /// What happens to the Secret when the provider no longer has the values (`target.deletionPolicy`, upstream
    /// default `Retain`).
    DeletionPolicy {
        /// The Secret is deleted once every value is gone; a single missing value is left out without an error.
        Delete = "Delete",
        /// Keys that are gone are taken out of the Secret, the Secret stays; a missing value is no error.
        Merge = "Merge",
        /// The Secret keeps what it has, and a missing value is an error.
        Retain = "Retain",
    }

    /// When the operator reads the values again (`refreshPolicy`, absent means `Periodic`).
    RefreshPolicy {
        /// Once, when the ExternalSecret is created; later changes at the provider are not followed.
        CreatedOnce = "CreatedOnce",
        /// Every `refreshInterval`, and whenever the ExternalSecret changes.
        Periodic = "Periodic",
        /// Only when the ExternalSecret changes.
        OnChange = "OnChange",
    }

    /// Whether sync windows let the operator work or keep it from working (`syncWindows.kind`).
    SyncWindowKind {
        /// Refreshes happen only while a window is open.
        Allow = "allow",
        /// Refreshes do not happen while a window is open.
        Deny = "deny",
    }

    /// How a fetched value is decoded before it is written (`decodingStrategy`, absent means `None`).
    DecodingStrategy {
        /// Tries base64, then URL-safe base64, then takes the value as it is; plain text that looks like base64 is spoiled.
        Auto = "Auto",
        /// The value is base64 and is decoded.
        Base64 = "Base64",
        /// The value is URL-safe base64 and is decoded.
        Base64Url = "Base64URL",
        /// The value is taken as it is.
        None = "None",
    }

    /// How a fetched name becomes a legal key of a Secret (`conversionStrategy`, absent means `Default`).
    ConversionStrategy {
        /// Every character that a key may not hold becomes `_`.
        Default = "Default",
        /// Every character that a key may not hold becomes `_U` with its code point and `_`.
        Unicode = "Unicode",
    }

    /// Whether tags and labels are fetched in place of the value (`metadataPolicy`, absent means `None`).
    MetadataPolicy {
        /// The value is fetched.
        None = "None",
        /// The tags or labels of the remote secret are fetched, as JSON.
        Fetch = "Fetch",
    }

    /// What happens when a fetched value holds a NUL byte (`nullBytePolicy`, absent means `Ignore`).
    NullBytePolicy {
        /// The value is written as it is.
        Ignore = "Ignore",
        /// The sync fails.
        Fail = "Fail",
    }

    /// The template engine (`template.engineVersion`).
    TemplateEngineVersion {
        /// Go templates with sprig functions; the only one that the operator still has.
        V2 = "v2",
    }

    /// What a template does with the fetched keys (`template.mergePolicy`, upstream default `Replace`).
    TemplateMergePolicy {
        /// Only what the template makes is written.
        Replace = "Replace",
        /// What the template makes is laid over the fetched keys.
        Merge = "Merge",
    }

    /// How a template that is read from a ConfigMap or Secret is used (`templateAs`, upstream default `Values`).
    TemplateScope {
        /// The template's result is the value of the key it was read from.
        Values = "Values",
        /// The template's result is a YAML mapping of keys to values.
        KeysAndValues = "KeysAndValues",
    }

    /// How `rewrite.merge` brings the fetched secrets together (`strategy`, upstream default `Extract`).
    MergeStrategy {
        /// The keys of every secret are laid side by side.
        Extract = "Extract",
        /// Everything becomes one JSON value under the key `into`.
        Json = "JSON",
    }

    /// What `rewrite.merge` does when two secrets hold one key (`conflictPolicy`, upstream default `Error`).
    MergeConflictPolicy {
        /// One of them wins, by `priority`.
        Ignore = "Ignore",
        /// The sync fails.
        Error = "Error",
    }

    /// What `rewrite.merge` does when a name in `priority` was not fetched (`priorityPolicy`, upstream default `Strict`).
    MergePriorityPolicy {
        /// The name is passed over.
        IgnoreNotFound = "IgnoreNotFound",
        /// The sync fails.
        Strict = "Strict",
    }

    /// The kind of a store: which namespaces it serves.
    StoreKind {
        /// Serves its own namespace.
        SecretStore = "SecretStore",
        /// Serves every namespace that its conditions allow.
        ClusterSecretStore = "ClusterSecretStore",
    }

    /// The kind of a generator, which makes values instead of fetching them.
    GeneratorKind {
        /// A token for Azure Container Registry.
        AcrAccessToken = "ACRAccessToken",
        /// A dynamic secret of BeyondTrust Workload Credentials.
        BeyondtrustWorkloadCredentialsDynamicSecret = "BeyondtrustWorkloadCredentialsDynamicSecret",
        /// Any generator, declared once for the whole cluster.
        ClusterGenerator = "ClusterGenerator",
        /// A token for Cloudsmith.
        CloudsmithAccessToken = "CloudsmithAccessToken",
        /// A token for Amazon ECR.
        EcrAuthorizationToken = "ECRAuthorizationToken",
        /// Fixed values, for tests.
        Fake = "Fake",
        /// A token for Google's container registries.
        GcrAccessToken = "GCRAccessToken",
        /// A token of a GitHub App installation.
        GithubAccessToken = "GithubAccessToken",
        /// A deploy token of a GitLab project or group.
        GitlabDeployToken = "GitlabDeployToken",
        /// A robot account's token for Quay.
        QuayAccessToken = "QuayAccessToken",
        /// A random password.
        Password = "Password",
        /// An SSH key pair.
        SshKey = "SSHKey",
        /// Temporary AWS credentials from STS.
        StsSessionToken = "STSSessionToken",
        /// A random UUID.
        Uuid = "UUID",
        /// Credentials that one of Vault's dynamic engines makes.
        VaultDynamicSecret = "VaultDynamicSecret",
        /// The answer of a webhook.
        Webhook = "Webhook",
        /// A service account token of Grafana.
        Grafana = "Grafana",
        /// A one-time code of a second factor.
        Mfa = "MFA",
    }

    /// How a generated password is encoded (`encoding`, upstream default `raw`).
    PasswordEncoding {
        /// As base64.
        Base64 = "base64",
        /// As URL-safe base64.
        Base64Url = "base64url",
        /// As base32.
        Base32 = "base32",
        /// As hexadecimal digits.
        Hex = "hex",
        /// Not at all.
        Raw = "raw",
    }

    /// The kind of a generated SSH key (`keyType`, upstream default `rsa`).
    SshKeyType {
        /// RSA.
        Rsa = "rsa",
        /// ECDSA, on a curve of NIST.
        Ecdsa = "ecdsa",
        /// Ed25519.
        Ed25519 = "ed25519",
    }

    /// Which of Amazon's registries a token is for (`scope`, absent means `private`).
    EcrScope {
        /// The private registry of the account.
        Private = "private",
        /// Amazon ECR Public; its region is `us-east-1`.
        Public = "public",
    }

    /// What a push does with a value that is there already (`updatePolicy`, upstream default `Replace`).
    PushUpdatePolicy {
        /// The value is replaced.
        Replace = "Replace",
        /// The value is left alone.
        IfNotExists = "IfNotExists",
    }

    /// What happens at the store when a PushSecret goes (`deletionPolicy`, upstream default `None`).
    PushDeletionPolicy {
        /// What was pushed is deleted: when the PushSecret goes, or an entry, or a store, or the Secret itself.
        Delete = "Delete",
        /// What was pushed stays.
        None = "None",
    }

    /// How a pushed key becomes a name (`conversionStrategy`, upstream default `None`).
    PushConversionStrategy {
        /// The key is the name.
        None = "None",
        /// `_U`, a code point and `_` become the character again.
        ReverseUnicode = "ReverseUnicode",
    }

    /// Which AWS service a store reads (`aws.service`).
    AwsService {
        /// AWS Secrets Manager.
        SecretsManager = "SecretsManager",
        /// AWS Systems Manager Parameter Store.
        ParameterStore = "ParameterStore",
        /// AWS Certificate Manager.
        CertificateManager = "CertificateManager",
    }

    /// Which session tags the operator adds when it assumes a role (`aws.sessionTagsPolicy`, upstream default `None`).
    SessionTagsPolicy {
        /// None but those listed in `sessionTags`.
        None = "None",
        /// The namespace, name and kind of the store that is asked, in place of `sessionTags`.
        Simple = "Simple",
        /// As `Simple`, together with `customSessionTags`.
        Custom = "Custom",
    }

    /// The version of Vault's key-value engine (`vault.version`, upstream default `v2`).
    VaultVersion {
        /// Without versions of a value.
        V1 = "v1",
        /// With versions of a value.
        V2 = "v2",
    }

    /// Where a certificate authority's certificate lies (`caProvider.type`).
    CaProviderType {
        /// In a Secret.
        Secret = "Secret",
        /// In a ConfigMap.
        ConfigMap = "ConfigMap",
    }

    /// How a label selector's requirement compares a label with its values.
    SelectorOperator {
        /// The label has one of the values.
        In = "In",
        /// The label has none of the values, or is absent.
        NotIn = "NotIn",
        /// The label is present.
        Exists = "Exists",
        /// The label is absent.
        DoesNotExist = "DoesNotExist",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_writing_and_the_schema_know_the_same_words() {
        let schema = schemars::schema_for!(DecodingStrategy);
        assert_eq!(schema.get("enum"), Some(&serde_json::json!(["Auto", "Base64", "Base64URL", "None"])));
        for choice in DecodingStrategy::ALL {
            let written = serde_json::to_value(choice).unwrap();
            assert_eq!(written, choice.as_str());
            assert_eq!(&serde_json::from_value::<DecodingStrategy>(written).unwrap(), choice);
        }
    }

    #[test]
    fn the_schema_describes_every_word() {
        let schema = schemars::schema_for!(SyncWindowKind);
        let meanings = schema.get("enumDescriptions").and_then(|m| m.as_array()).unwrap();
        assert_eq!(meanings.len(), SyncWindowKind::ALL.len());
        assert_eq!(meanings[0], "Refreshes happen only while a window is open.");
    }
}
