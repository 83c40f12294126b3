//! Codes: the stable name of every rule, in one table, with the page that `explain` shows.
//!
//! A code is one line here and one page in `code/NAME.md`. Rules name codes by these constants or by the same text; the
//! tests of this file and of the fixtures hold the two together.

use keyloom_upstream::template::FaultKind;

/// A rule's stable name and what there is to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable kebab-case name, as diagnostics show it.
    pub name: &'static str,
    /// What is wrong, in one line: a lower-case fragment.
    pub summary: &'static str,
    /// The page: what it means, why it matters, what is wrong and right, how to mend it. Markdown.
    pub text: &'static str,
}

/// Every code, by name.
pub fn codes() -> &'static [Code] {
    TABLE
}

/// The code of that name.
///
/// ```
/// let code = keyloom_models::code::code("two-owners").unwrap();
/// assert_eq!(code.summary, "one Secret is written by two external secrets");
/// assert!(keyloom_models::code::code("no-such-code").is_none());
/// ```
pub fn code(name: &str) -> Option<&'static Code> {
    let at = TABLE.binary_search_by(|code| code.name.cmp(name)).ok()?;
    TABLE.get(at)
}

/// The code of a fault in a template.
pub fn of_template(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Syntax => TEMPLATE_SYNTAX,
        FaultKind::UnknownFunction => TEMPLATE_FUNCTION,
        FaultKind::ForbiddenFunction => TEMPLATE_FORBIDDEN_FUNCTION,
        FaultKind::NewerFunction => NEWER_THAN_ESO,
        FaultKind::ArgumentCount => TEMPLATE_ARGUMENTS,
        FaultKind::WrongType => TEMPLATE_VALUE,
        FaultKind::UnknownKey | FaultKind::EmptyKey => TEMPLATE_KEY,
        FaultKind::Unquoted => TEMPLATE_QUOTING,
        FaultKind::UnescapedUrl => TEMPLATE_URL,
    }
}

macro_rules! codes {
    ($( $constant:ident = $name:literal, $summary:literal; )+) => {
        $(
            #[doc = $summary]
            pub const $constant: &str = $name;
        )+

        /// The table, sorted by name.
        const TABLE: &[Code] = &[
            $( Code { name: $name, summary: $summary, text: include_str!(concat!("code/", $name, ".md")) } ),+
        ];

        /// The names alone, for the checker of shapes.
        pub(crate) const CODES: &[&str] = &[$($name),+];
    };
}

codes! {
    ACCESS_KEY_LOGIN = "access-key-login", "a connection to AWS logs in with a long-lived key";
    ALIAS_BUDGET = "alias-budget", "aliases that stand for too much";
    AMBIGUOUS_OVERLAY = "ambiguous-overlay", "an overlay's name fits several items";
    AMBIGUOUS_STORE = "ambiguous-store", "no store is named, and several could be meant";
    APP_OF_DESTINATION = "app-of-destination", "a sync writes through a connection to another system";
    APP_ROLE_ID = "app-role-id", "an AppRole login needs its role id exactly once";
    AWS_REGION = "aws-region", "the region is not one that is known";
    AWS_TAGS = "aws-tags", "a tag that AWS does not take";
    BAD_DEPLOYMENT = "bad-deployment", "a service with an image makes no Deployment that works";
    BAD_DURATION = "bad-duration", "a length of time is not written as the operator reads it";
    BAD_FORMAT = "bad-format", "text that is not of the form wanted";
    BAD_LENGTH = "bad-length", "text that is empty or too long";
    BAD_MERGE = "bad-merge", "`<<` merges something that is no mapping";
    BAD_PATH = "bad-path", "the path does not exist in that kind of backend";
    BAD_REGEXP = "bad-regexp", "the text is not a regular expression";
    BAD_SCHEDULE = "bad-schedule", "a schedule that names no moment";
    BAD_SECRET_KEY = "bad-secret-key", "a key that a Kubernetes Secret cannot have";
    BAD_SERVER = "bad-server", "the address of a Vault server is not a URL";
    CHECK_AND_SET_V1 = "check-and-set-v1", "check-and-set on a key-value engine that has none";
    CHILD_NAME_TAKEN = "child-name-taken", "a namespace has an object of that name already";
    CLUSTER_GENERATOR_NAMESPACE = "cluster-generator-namespace", "a cluster-scoped generator with a namespace";
    CLUSTER_STORE_NAMESPACE = "cluster-store-namespace", "a cluster-scoped store with a namespace";
    CLUSTER_STORE_OPEN = "cluster-store-open", "every namespace may use the store";
    COMPLEX_KEY = "complex-key", "a list or mapping where a key is wanted";
    CONDITIONS_OF_NAMESPACE = "conditions-of-namespace", "conditions on a store of one namespace";
    CONNECTION_ALIAS = "connection-alias", "another word for a type of connection";
    CONNECTION_DETAILS = "connection-details", "the details of a connection stand in a declaration";
    CONNECTION_DETAILS_KIND = "connection-details-kind", "the details of a connection are no object";
    CONNECTION_DIFFERS = "connection-differs", "an external secret says something else than the connection";
    CONNECTION_FIELD_KIND = "connection-field-kind", "a field of a connection holds another kind of value";
    CONNECTION_FIELD_MISSING = "connection-field-missing", "a connection lacks what its type needs";
    CONNECTION_FIELD_PLACE = "connection-field-place", "a field of a connection stands beside its type";
    CONNECTION_FIELD_TWICE = "connection-field-twice", "a name stands twice in a connection";
    CONNECTION_FIELD_UNKNOWN = "connection-field-unknown", "the type of a connection knows no such name";
    CONNECTION_FIELDS_BOTH = "connection-fields-both", "fields of a connection exclude each other";
    CONNECTION_FILE_OPEN = "connection-file-open", "everybody may read a file of connections";
    CONNECTION_HOST = "connection-host", "a host that the connection must have, or must not";
    CONNECTION_INCOMPLETE = "connection-incomplete", "a secret has no type of connection, or no details";
    CONNECTION_MADE_ELSEWHERE = "connection-made-elsewhere", "a connection with an id says how it is made";
    CONNECTION_MERGED = "connection-merged", "a whole connection, password and all, would become a key";
    CONNECTION_NAME = "connection-name", "a connection has no name, or one that others read badly";
    CONNECTION_NOT_ENABLED = "connection-not-enabled", "a sync writes through a connection that is not made";
    CONNECTION_NOT_JSON = "connection-not-json", "the secret of a connection is not JSON";
    CONNECTION_PASSWORD_EMPTY = "connection-password-empty", "a connection whose password is empty";
    CONNECTION_TYPE = "connection-type", "no type of connection has that word";
    CONVERSION_IGNORED = "conversion-ignored", "a conversion strategy that the operator does not heed";
    CRD_RULE = "crd-rule", "a rule of the operator's own definitions is broken";
    CREDENTIALS_IN_STATE = "credentials-in-state", "a credential would lie in the state unasked";
    CREDENTIALS_OF_METHOD = "credentials-of-method", "credentials that are not those of the method";
    DATA_FROM_SOURCE = "data-from-source", "an entry of `dataFrom` has no source, or several";
    DEPRECATED_FIELD = "deprecated-field", "the field is on its way out";
    DESTINATION_FIELDS = "destination-fields", "fields of a destination that do not belong together";
    DESTINATION_NAME = "destination-name", "a sync makes names that its destination does not take";
    DUPLICATE_DESTINATION = "duplicate-destination", "two syncs write to one place";
    DUPLICATE_ITEM = "duplicate-item", "the same thing is declared twice";
    DUPLICATE_KEY = "duplicate-key", "one mapping has a key twice";
    DUPLICATE_REMOTE_KEY = "duplicate-remote-key", "two entries are pushed to one place";
    DUPLICATE_SECRET_KEY = "duplicate-secret-key", "one key of the Secret is written twice";
    DUPLICATE_SECTION = "duplicate-section", "a section that stands once stands twice";
    EDITED_OUTPUT = "edited-output", "a written file was edited by hand";
    EMPTY_CONDITION = "empty-condition", "a condition that no namespace fulfils";
    EMPTY_DEFAULT = "empty-default", "a secret of Terraform is empty when nobody sets its variable";
    EMPTY_SECRET_VALUE = "empty-secret-value", "a Secret among manifests has a key that holds nothing";
    ENV_NAME = "env-name", "a key that is no name of an environment variable";
    EXACTLY_ONE = "exactly-one", "one of several fields is wanted";
    FOREIGN_OUTPUT = "foreign-output", "a file that is not ours stands in the way";
    FOREIGN_PROVIDER_BLOCK = "foreign-provider-block", "the block of another provider";
    GENERATOR_ROTATES = "generator-rotates", "the generator makes a new value at every refresh";
    GITHUB_SECRET_NAME = "github-secret-name", "a name that no secret at GitHub has";
    GITHUB_SECRETS = "github-secrets", "more secrets than GitHub hands to a workflow";
    IGNORED_BY_PIPELINE = "ignored-by-pipeline", "a setting of a pipeline that nothing comes of";
    IGNORED_BY_PROVIDER = "ignored-by-provider", "a setting that this provider does not heed";
    IGNORED_WITHOUT_ROLE = "ignored-without-role", "a setting that is used only with a role";
    IMPORT_DIFFERS = "import-differs", "a declaration cannot say what a manifest says";
    IMPORT_NOT_SUPPORTED = "import-not-supported", "a sync imports from what cannot be read back";
    INFISICAL_ACCESS = "infisical-access", "what a service says of Infisical does not go together";
    INFISICAL_ADDRESS = "infisical-address", "an address of Infisical that is none, or that anybody can listen to";
    INLINE_CREDENTIAL = "inline-credential", "a credential handed over in place of a reference cannot become a Secret";
    INLINE_CREDENTIAL_PLAIN = "inline-credential-plain", "a credential is handed over in plain text";
    JSON_SYNTAX = "json-syntax", "the file is not JSON";
    JWT_TOKEN = "jwt-token", "a JWT login needs its token exactly once";
    KEY_OR_KEYS = "key-or-keys", "a reference has neither `key` nor `keys`, or both";
    KEY_SCHEMA = "key-schema", "the key schema is not one that Infisical takes";
    KUBERNETES_AUTHORITY = "kubernetes-authority", "no certificate authority of the API server is named";
    KUBERNETES_LOGIN = "kubernetes-login", "a Kubernetes store logs in exactly one way";
    KUSTOMIZE_PATCH = "kustomize-patch", "a patch that kustomize lays over an object";
    LABEL_TAKEN = "label-taken", "two names become one label in Terraform";
    LAYOUT_OF_PROVIDER = "layout-of-provider", "the provider does not keep values in that way";
    LITERAL_ALLOWED = "literal-allowed", "a store for tests holds its values in clear";
    LITERAL_SECRET = "literal-secret", "a credential stands where a reference belongs";
    MERGE_WITHOUT_OWNER = "merge-without-owner", "keys are merged into a Secret that nobody declares";
    METADATA_AS_TAGS = "metadata-as-tags", "metadata of many secrets as tags of one";
    MISSING_FIELD = "missing-field", "a field that must be there is missing";
    MISSING_STORE = "missing-store", "no store can serve the external secret";
    NEWER_THAN_ESO = "newer-than-eso", "the operator's version does not know this yet";
    NO_KEYS = "no-keys", "an external secret without any key";
    NO_MANIFEST = "no-manifest", "a file of manifests holds no object of Kubernetes";
    NO_NAMESPACES = "no-namespaces", "no namespace is selected";
    NOT_ALLOWED = "not-allowed", "something that may not stand there";
    NOT_UTF8 = "not-utf8", "the file is not UTF-8 text";
    NOTHING_DECLARED = "nothing-declared", "the declaration declares nothing";
    NOTHING_PUSHED = "nothing-pushed", "a push secret that pushes nothing";
    NUL_BYTE = "nul-byte", "the file holds a NUL byte";
    ONE_SOURCE_OF_KEYS = "one-source-of-keys", "no keys, or keys from a helper and from elsewhere";
    OPTION_OF_DESTINATION = "option-of-destination", "a sync has an option that its destination lacks";
    OPTIONAL_SECRET = "optional-secret", "the pod starts without its secret";
    OUT_OF_RANGE = "out-of-range", "a number that is too small or too large";
    OUTPUT_ALL_GONE = "output-all-gone", "everything that was written would be removed";
    OUTPUT_LINK = "output-link", "a link leads out of the output directory";
    OUTPUT_NAME_CLASH = "output-name-clash", "two outputs have the same file name";
    OUTPUT_NOT_A_FILE = "output-not-a-file", "a directory or device stands where a file belongs";
    OUTPUT_OF_OTHER_SET = "output-of-other-set", "the directory belongs to another declaration";
    OVERLAY_WITHOUT_BASE = "overlay-without-base", "an overlay of an item that the base does not have";
    PASSWORD_LENGTH = "password-length", "a password that cannot be made of what it asks for";
    PERPETUAL_DIFF = "perpetual-diff", "a value that every plan of Terraform wants to change again";
    PIPELINE_DISAGREES = "pipeline-disagrees", "parts of a pipeline are in different regions or accounts";
    PIPELINE_NAME = "pipeline-name", "a name that a pipeline cannot have";
    PIPELINE_NAME_TAKEN = "pipeline-name-taken", "two secrets or pipelines have one name at a station";
    PIPELINE_STORE = "pipeline-store", "a store through which a pipeline's secrets cannot be read";
    PIPELINE_TARGET = "pipeline-target", "a secret of a pipeline that goes to no Kubernetes Secret";
    POLICY_CONFLICT = "policy-conflict", "a deletion policy that does not go with the creation policy";
    POLICY_SCOPE = "policy-scope", "a prefix that covers the secrets of others";
    PROPERTY_BESIDE_KEYS = "property-beside-keys", "`property` and `keys` in one reference";
    PROPERTY_DOTS = "property-dots", "on Infisical the dots of a property lead into the value";
    PROPERTY_NEEDED = "property-needed", "the helper needs the name of a field";
    PROVIDER_NOT_KNOWN = "provider-not-known", "a store whose provider nobody told";
    PROVIDER_RULE = "provider-rule", "a provider asks for something else";
    PUSH_DELETES = "push-deletes", "a push that deletes what people made";
    PUSH_LOOP = "push-loop", "a key is pushed to where it is read from";
    PUSH_STORE = "push-store", "an entry of `dataTo` names a store that the push secret does not";
    READER_NOT_ALLOWED = "reader-not-allowed", "no policy lets the operator read a pipeline's secret";
    RECOVERY_WINDOW = "recovery-window", "AWS does not keep a deleted secret for that long";
    RECURSIVE_ALIAS = "recursive-alias", "an alias inside the node it names";
    REFRESH_OUT_OF_RANGE = "refresh-out-of-range", "an interval that does not suit this kind of secret";
    REFRESH_ZERO = "refresh-zero", "an interval of zero freezes the Secret";
    RESERVED_SESSION_TAG = "reserved-session-tag", "a session tag that the operator sets itself";
    REWRITE_BESIDE_PATH = "rewrite-beside-path", "renames of keys that all go into one value";
    REWRITE_MERGE = "rewrite-merge", "a merge of secrets that lacks something, or says too much";
    ROTATION_STRATEGY = "rotation-strategy", "what is to happen at a change does not go with what is read";
    SEARCH_OF_PROVIDER = "search-of-provider", "the provider cannot be searched like that";
    SECRET_ACCESS = "secret-access", "a service that reads from Infisical itself reads a Kubernetes Secret too";
    SELECTION_NEEDS_KNOWN_KEYS = "selection-needs-known-keys", "a selection beside keys that are not known";
    SELECTOR_KEY = "selector-key", "a reference to a Secret does not name the key";
    SELECTOR_NAMESPACE = "selector-namespace", "a reference whose namespace does not fit the store's scope";
    SERVICE_TOKEN = "service-token", "Infisical's service tokens are retired";
    SET_BY_KEYLOOM = "set-by-keyloom", "a service says what Keyloom sets for it";
    SHARED_BY_ENVIRONMENTS = "shared-by-environments", "two environments have one secret, role or state of a pipeline";
    SHARED_IDENTITY = "shared-identity", "everybody who uses the store logs in as the operator's pod";
    SSH_KEY_SIZE = "ssh-key-size", "a size that a key of that kind does not have";
    SSL_MODE = "ssl-mode", "a word for TLS in a connection string that no client knows";
    STATIC_TOKEN = "static-token", "an access token that is never renewed";
    STORE_CANNOT_PUSH = "store-cannot-push", "the operator cannot write to that provider";
    STORE_CONDITIONS = "store-conditions", "the store does not serve that namespace";
    STORE_IN_OTHER_NAMESPACE = "store-in-other-namespace", "the store is in another namespace";
    STORE_KIND = "store-kind", "the reference says another kind or provider than the store has";
    STORE_PER_NAMESPACE = "store-per-namespace", "a store of one namespace is used in several";
    STORE_REFRESH_INTERVAL = "store-refresh-interval", "a store's interval is whole seconds";
    SUPPRESSION_OF_ERROR = "suppression-of-error", "a comment ignores what cannot be ignored";
    SUPPRESSION_SYNTAX = "suppression-syntax", "a comment to keyloom that does not say what to ignore";
    SUPPRESSION_UNKNOWN_CODE = "suppression-unknown-code", "a comment ignores a code that there is not";
    SUPPRESSION_UNUSED = "suppression-unused", "a comment ignores what is not found";
    SUPPRESSION_WITHOUT_REASON = "suppression-without-reason", "a comment ignores something and does not say why";
    SYNC_DELETES_FOREIGN_SECRETS = "sync-deletes-foreign-secrets", "the first run of a sync deletes secrets of others";
    SYNC_LOOP = "sync-loop", "what a sync writes comes back to where it was read";
    SYNC_MAY_DELETE = "sync-may-delete", "the first run of a sync may delete what it did not write";
    SYNC_NAMES_COLLIDE = "sync-names-collide", "two secrets become one name at the destination";
    TAB_INDENTATION = "tab-indentation", "a tab indents a line";
    TEMPLATE_ARGUMENTS = "template-arguments", "a function of a template gets too few or too many arguments";
    TEMPLATE_DROPS_KEYS = "template-drops-keys", "keys are fetched that the template leaves out";
    TEMPLATE_FORBIDDEN_FUNCTION = "template-forbidden-function", "a function that the operator does not let templates call";
    TEMPLATE_FUNCTION = "template-function", "a function that the operator's templates do not have";
    TEMPLATE_KEY = "template-key", "a template reads a key that is not fetched";
    TEMPLATE_QUOTING = "template-quoting", "a value in YAML without quotes";
    TEMPLATE_SYNTAX = "template-syntax", "a template that the operator cannot parse";
    TEMPLATE_TARGET = "template-target", "a template's result is put where a Secret has nothing";
    TEMPLATE_TYPE = "template-type", "a type of Secret that cannot be written";
    TEMPLATE_URL = "template-url", "a value in an address that is not escaped";
    TEMPLATE_VALUE = "template-value", "a value of a type that cannot stand there";
    TEMPLATED_MANIFEST = "templated-manifest", "a file for a template engine";
    TOO_DEEP = "too-deep", "lists and mappings nest too deep";
    TOO_FEW = "too-few", "a list or mapping holds too little";
    TOO_LARGE = "too-large", "the file is too large";
    TOO_MANY = "too-many", "a list or mapping holds too much";
    TOO_MANY_POLICIES = "too-many-policies", "more policies than a role of IAM takes";
    TRUST_TOO_WIDE = "trust-too-wide", "a role lets in more than one branch or environment of a repository";
    TWO_AUTH_METHODS = "two-auth-methods", "not exactly one way to log in";
    TWO_CA_SOURCES = "two-ca-sources", "the server's certificate authority is given twice";
    TWO_OWNERS = "two-owners", "one Secret is written by two external secrets";
    TWO_WRITERS = "two-writers", "two things write to one place";
    UNFILLED_PLACEHOLDER = "unfilled-placeholder", "`${...}` that nobody fills in";
    UNKNOWN_APP_CONNECTION = "unknown-app-connection", "no app connection has that name";
    UNKNOWN_CONNECTION = "unknown-connection", "no connection has that name";
    UNKNOWN_CONNECTION_FIELD = "unknown-connection-field", "the type of connection has no such field";
    UNKNOWN_ENVIRONMENT = "unknown-environment", "the environment is not declared";
    UNKNOWN_ESO_VERSION = "unknown-eso-version", "not a version of External Secrets Operator that can be written for";
    UNKNOWN_FIELD = "unknown-field", "a field that is not known there";
    UNKNOWN_GENERATOR = "unknown-generator", "no generator of that kind and name is declared there";
    UNKNOWN_KIND = "unknown-kind", "a kind that the operator does not have";
    UNKNOWN_REFERENCE = "unknown-reference", "an expression refers to something that nobody declares";
    UNKNOWN_RESOURCE = "unknown-resource", "a type of resource that the provider does not have";
    UNKNOWN_SECRET = "unknown-secret", "nobody writes that Secret";
    UNKNOWN_SECRET_KEY = "unknown-secret-key", "the Secret has no such key";
    UNKNOWN_STORE = "unknown-store", "the store is not declared";
    UNKNOWN_VALUE = "unknown-value", "a word that is not one of the choices";
    UNMAINTAINED_PROVIDER = "unmaintained-provider", "nobody maintains the operator's provider";
    UNSERVED_VERSION = "unserved-version", "a version of the API that is not served";
    UNSUPPORTED_TAG = "unsupported-tag", "a YAML tag that is not known";
    UNUSED_CONNECTION = "unused-connection", "no sync writes through the connection";
    URL_NEEDS_FIELDS = "url-needs-fields", "something made of fields misses one of them";
    VARIABLE_NAME = "variable-name", "a name that no variable of Terraform can have";
    VAULT_MOUNT = "vault-mount", "the mount of the key-value engine";
    VAULT_ORDER = "vault-order", "two vaults of 1Password have the same place in the order";
    VERSION_SYNTAX = "version-syntax", "not a version as the provider writes it";
    WEBHOOK_FROM = "webhook-from", "nobody may deliver a service's webhook";
    WHOLE_ENTRY = "whole-entry", "a whole entry, as JSON, becomes one key";
    WRITE_ONLY_STORE = "write-only-store", "an external secret reads from a store that is only written to";
    WRONG_TYPE = "wrong-type", "text, number, list or mapping where something else is wanted";
    YAML_SYNTAX = "yaml-syntax", "the file is not YAML";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_sorted() {
        assert!(TABLE.windows(2).all(|pair| pair[0].name < pair[1].name), "sorted, each once");
        for code in TABLE {
            assert!(
                code.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                code.name
            );
        }
    }

    /// People silence, search and link codes: a rename is an act of its own.
    #[test]
    fn names_stay() {
        insta::assert_snapshot!(CODES.join("\n"));
    }

    #[test]
    fn the_checker_and_its_schema_know_no_other_codes() {
        let unknown: Vec<_> =
            keyloom_syntax::check::CODES.iter().filter(|name| code(name).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn what_is_wrong_with_a_connection_has_pages() {
        let unknown: Vec<_> =
            keyloom_connections::Problem::CODES.iter().filter(|name| code(name).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    /// What the pages show as wrong is found under their code, and what they show as right is right.
    #[test]
    fn pages_of_connections_show_what_they_say() {
        let read = |text: &str| {
            let text = keyloom_connections::Secret::new(text.to_owned());
            match keyloom_connections::Connection::parse("db", &text) {
                Ok(read) => read.warnings,
                Err(problems) => problems,
            }
        };
        for code in
            TABLE.iter().filter(|code| code.text.contains("```json") && code.name.starts_with("connection-"))
        {
            let mut blocks =
                code.text.split("```json\n").skip(1).filter_map(|block| block.split("```").next());
            let wrong = blocks.next().map(read).unwrap_or_default();
            assert!(wrong.iter().any(|problem| problem.code() == code.name), "{}: {wrong:?}", code.name);
            assert_eq!(blocks.next().map(read), Some(Vec::new()), "{}", code.name);
        }
    }

    #[test]
    fn pages_are_short_and_say_how_to_mend() {
        for code in TABLE {
            let lines: Vec<_> = code.text.lines().collect();
            assert!((3..=30).contains(&lines.len()), "{} has {} lines", code.name, lines.len());
            assert!(lines.iter().all(|line| line.chars().count() <= 120), "{} is too wide", code.name);
            assert!(code.text.contains("Mend "), "{} says how to mend", code.name);
            assert_eq!(code.text.contains("Wrong:"), code.text.contains("Right:"), "{}", code.name);
        }
    }

    /// A literal of kebab-case in a file that reports is a code, and stands in the table.
    #[test]
    fn every_code_that_rules_name_is_in_the_table() {
        let literal = regex::Regex::new(
            r#"(?:(?:error|warning|note)\(\s*|"?(?:x-)?code"? ?[=:] |-none": |one_of_two\(\s*|_: &str = |pattern": )"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)""#,
        )
        .unwrap();
        let mut seen = 0;
        for (file, text) in sources(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
            for found in literal.captures_iter(&text) {
                seen += 1;
                assert!(code(&found[1]).is_some(), "{file}: `{}` is not in the table", &found[1]);
            }
        }
        assert!(seen > 60, "only {seen} codes found: the pattern no longer fits");
    }

    fn sources(folder: std::path::PathBuf) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all.extend(sources(path));
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                all.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
        all
    }
}
