//! Key schemas: how a secret sync makes names at its destination, and which names there it takes for its own.

pub mod names;

/// Where the name of the secret goes.
pub const SECRET_KEY: &str = "{{secretKey}}";
/// Where the slug of the environment goes.
pub const ENVIRONMENT: &str = "{{environment}}";

/// A key schema in one environment. It is read as Infisical reads it: what stands before the first `{{secretKey}}` and what
/// stands behind the last are all that a name at the destination is judged by.
///
/// ```
/// use keyloom_models::key_schema::KeySchema;
/// let schema = KeySchema::new(Some("{{environment}}/{{secretKey}}"), "prod");
/// assert_eq!(schema.expand("DB_URL"), "prod/DB_URL");
/// assert_eq!(schema.strip("prod/DB_URL"), Some("DB_URL"));
/// assert!(!schema.claims("prod/other/DB_URL"));
/// assert!(KeySchema::new(None, "prod").claims_all());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySchema {
    /// As it is written; none when there is none.
    written: Option<String>,
    /// What stands around each `{{secretKey}}`: one part more than there are of them.
    parts: Vec<String>,
}

impl KeySchema {
    /// The schema for an environment, which is named by its slug. Without a schema, or with an empty one, names stay as they are.
    pub fn new(schema: Option<&str>, environment: &str) -> Self {
        let written = schema.filter(|schema| !schema.trim().is_empty());
        let filled = written.unwrap_or(SECRET_KEY).replace(ENVIRONMENT, environment);
        let parts = filled.split(SECRET_KEY).map(str::to_owned).collect();
        Self { written: written.map(str::to_owned), parts }
    }

    /// As it is written; none when there is none.
    pub fn written(&self) -> Option<&str> {
        self.written.as_deref()
    }

    /// The name at the destination of a secret of that name.
    pub fn expand(&self, secret: &str) -> String {
        self.parts.join(secret)
    }

    /// Whether Infisical takes a name at the destination for one that the sync has written, and may import or delete it.
    pub fn claims(&self, name: &str) -> bool {
        self.strip(name).is_some()
    }

    /// Whether every name is taken for one's own: there is no schema, or it adds nothing to the name.
    pub fn claims_all(&self) -> bool {
        self.prefix().is_empty() && self.suffix().is_empty()
    }

    /// The name of the secret that a name at the destination is taken for; none of a name that is not claimed.
    pub fn strip<'n>(&self, name: &'n str) -> Option<&'n str> {
        let (prefix, suffix) = (self.prefix(), self.suffix());
        if let [only] = self.parts.as_slice() {
            // Nothing says where the name would go. Infisical refuses such a schema.
            return (name == only).then_some(name);
        }
        let secret = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
        let in_folders = prefix.contains('/') || suffix.contains('/');
        (!in_folders || !secret.contains('/')).then_some(secret)
    }

    /// The folders that the schema puts names into, with the `/` behind the last; empty where there are none.
    pub fn folder(&self) -> &str {
        let end = self.prefix().rfind('/').map_or(0, |at| at + 1);
        &self.prefix()[..end]
    }

    /// The schema with what surrounds the name put another way.
    fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let parts = self.parts.iter().map(|part| change(part)).collect();
        Self { written: self.written.clone(), parts }
    }

    /// Whether some name is claimed by both.
    pub fn meets(&self, other: &Self) -> bool {
        let (a, b) = (self.prefix(), other.prefix());
        let prefix = if a.len() < b.len() { b } else { a };
        let (a, b) = (self.suffix(), other.suffix());
        let suffix = if a.len() < b.len() { b } else { a };
        // A name of both begins with the longer beginning and ends with the longer end. What stands between can be left out,
        // and then only how far the two overlap is open.
        let overlaps = suffix.char_indices().map(|(at, _)| at).chain([suffix.len()]);
        let mut names =
            overlaps.filter(|at| prefix.ends_with(&suffix[..*at])).map(|at| [prefix, &suffix[at..]].concat());
        names.any(|name| self.claims(&name) && other.claims(&name))
    }

    /// What every name begins with.
    pub fn prefix(&self) -> &str {
        self.parts.first().map_or("", String::as_str)
    }

    /// What every name ends with.
    pub fn suffix(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn schema(text: &str) -> KeySchema {
        KeySchema::new(Some(text), "prod")
    }

    #[test]
    fn names_are_made() {
        let cases = [
            ("{{secretKey}}", "A"),
            ("INFISICAL_{{secretKey}}", "INFISICAL_A"),
            ("{{environment}}-{{secretKey}}-x", "prod-A-x"),
            ("{{secretKey}}_{{secretKey}}", "A_A"),
            ("{{environment}}/{{environment}}/{{secretKey}}", "prod/prod/A"),
            ("nothing", "nothing"),
        ];
        for (text, name) in cases {
            assert_eq!(schema(text).expand("A"), name, "{text}");
        }
        assert_eq!(KeySchema::new(Some(" "), "prod"), KeySchema::new(None, "prod"));
        assert_eq!(KeySchema::new(None, "prod").expand("A"), "A");
    }

    #[test]
    fn names_are_claimed_by_their_ends() {
        let claims = |text: &str, name: &str| schema(text).claims(name);
        assert!(claims("{{secretKey}}", "any/thing"));
        assert!(claims("INF_{{secretKey}}", "INF_A"));
        assert!(claims("INF_{{secretKey}}", "INF_"));
        assert!(!claims("INF_{{secretKey}}", "inf_A"));
        assert!(!claims("INF_{{secretKey}}", "AWS_ROLE"));
        assert!(!claims("ab{{secretKey}}ba", "aba"), "the ends may not overlap");
        assert!(claims("{{environment}}/{{secretKey}}", "prod/A"));
        assert!(
            !claims("{{environment}}/{{secretKey}}", "prod/team/A"),
            "a folder further down is somebody else's"
        );
        assert!(claims("a-{{secretKey}}", "a-b/c"));
        assert!(claims("x{{secretKey}}y{{secretKey}}z", "x1z"), "what stands between does not matter");
        assert!(!claims("fixed", "other") && claims("fixed", "fixed"));
    }

    #[test]
    fn a_schema_that_adds_nothing_claims_all() {
        assert!(schema("{{secretKey}}").claims_all());
        assert!(schema("{{secretKey}}{{secretKey}}").claims_all());
        assert!(!schema("x{{secretKey}}").claims_all());
        assert!(!schema("fixed").claims_all());
        assert!(KeySchema::new(Some("{{environment}}{{secretKey}}"), "").claims_all());
    }

    #[test]
    fn schemas_meet_when_some_name_is_of_both() {
        let meet = |a: &str, b: &str| (schema(a).meets(&schema(b)), schema(b).meets(&schema(a)));
        assert_eq!(meet("{{secretKey}}", "A_{{secretKey}}"), (true, true));
        assert_eq!(meet("A_{{secretKey}}", "A_B_{{secretKey}}_X"), (true, true));
        assert_eq!(meet("A_{{secretKey}}", "B_{{secretKey}}"), (false, false));
        assert_eq!(meet("{{secretKey}}_A", "{{secretKey}}_B"), (false, false));
        assert_eq!(meet("a/{{secretKey}}", "a/b/{{secretKey}}"), (false, false), "a folder further down");
        assert_eq!(meet("a/{{secretKey}}", "{{secretKey}}/b"), (true, true), "a/b");
        assert_eq!(meet("a/{{secretKey}}", "{{secretKey}}"), (true, true));
        assert_eq!(meet("a-{{secretKey}}", "a-b/{{secretKey}}"), (true, true));
        assert_eq!(meet("fixed", "fix{{secretKey}}"), (true, true));
        assert_eq!(meet("fixed", "other"), (false, false));
    }

    #[test]
    fn folders_are_told() {
        let folder = |text: &str| schema(text).folder().to_owned();
        assert_eq!(folder("{{secretKey}}"), "");
        assert_eq!(folder("{{environment}}/a-{{secretKey}}"), "prod/");
        assert_eq!(folder("a/{{environment}}/{{secretKey}}"), "a/prod/");
        assert_eq!(folder("a-{{secretKey}}/b"), "");
    }

    proptest! {
        #[test]
        fn what_is_made_is_claimed_and_comes_back(
            prefix in "[a-zA-Z0-9_/-]{0,8}", suffix in "[a-zA-Z0-9_-]{0,8}",
            environment in "[a-z0-9-]{1,8}", inside in any::<bool>(), secret in "[a-zA-Z0-9_.-]{1,12}",
        ) {
            let middle = if inside { ENVIRONMENT } else { "" };
            let text = format!("{prefix}{middle}{SECRET_KEY}{suffix}");
            let schema = KeySchema::new(Some(&text), &environment);
            let name = schema.expand(&secret);
            prop_assert_eq!(schema.strip(&name), Some(secret.as_str()));
            prop_assert!(schema.claims(&name));
            let all = prefix.is_empty() && middle.is_empty() && suffix.is_empty();
            prop_assert_eq!(schema.claims_all(), all);
        }

        #[test]
        fn schemas_meet_in_every_name_of_both(
            a in "[ab/]{0,3}\\{\\{secretKey\\}\\}[ab/]{0,2}", b in "[ab/]{0,3}\\{\\{secretKey\\}\\}[ab/]{0,2}",
            name in "[ab/]{0,6}",
        ) {
            let (a, b) = (schema(&a), schema(&b));
            prop_assert_eq!(a.meets(&b), b.meets(&a));
            if a.claims(&name) && b.claims(&name) {
                prop_assert!(a.meets(&b));
            }
        }

        #[test]
        fn what_is_not_claimed_is_left_alone(text in "[a-z{}/]{0,12}(\\{\\{secretKey\\}\\})?[a-z/]{0,6}", name in ".{0,16}") {
            // Whatever stands there: no panic, and a name that comes back is part of the one at the destination.
            let schema = KeySchema::new(Some(&text), "prod");
            if let Some(secret) = schema.strip(&name) {
                prop_assert!(name.contains(secret));
            }
        }
    }
}
